/*
 * A process that does nothing but look at its event loop: what it finds blocked is the machine's doing,
 * and tells how far the other figures can be trusted.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";

process.once("message", () => {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  process.once("message", () => process.send?.({ block: Math.max(0, loop.max / 1e6 - 1) }));
  process.send?.({});
});
process.once("disconnect", () => process.exit());
