/* A process that keeps a core busy with nothing, until whoever began it is gone. */
process.send?.({});
process.once("disconnect", () => process.exit());

function spin(): void {
  for (const until = performance.now() + 50; performance.now() < until;);
  setImmediate(spin);
}
spin();
