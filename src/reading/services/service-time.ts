import { setTimeout } from "node:timers/promises";

/** The time by which services are asked; tests have it pass faster. */
export const serviceTime = {
  /** Milliseconds on a clock that never jumps. */
  now: (): number => performance.now(),
  /** Waits, in milliseconds. Rejects with an AbortError at a cancel. */
  wait: (milliseconds: number, signal: AbortSignal): Promise<void> =>
    setTimeout(milliseconds, undefined, { signal }),
};
