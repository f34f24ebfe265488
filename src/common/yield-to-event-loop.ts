import { setImmediate } from "node:timers/promises";

/** Lets timers, signals and other work run before a long computation goes on. */
export async function yieldToEventLoop(): Promise<void> {
  await setImmediate();
}

/** For long loops: yields to the event loop whenever `ms` milliseconds have passed since it last did. */
export function createYieldTimer(ms: number): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < ms) return;
    await yieldToEventLoop();
    since = performance.now();
  };
}
