import { abortReason, type TimeSource } from "../../src/models/rate-limit/timing.js";

/** A clock that stands still until a test lets time pass. */
export interface FakeTime extends TimeSource {
  /** Lets so many milliseconds pass: what is due happens in its order, each at its own moment. */
  pass: (milliseconds: number) => Promise<void>;
}

export function openFakeTime(start = new Date("2026-11-22T12:00:00Z")): FakeTime {
  let now = 0;
  const timers = new Set<{ at: number; ring: () => void }>();
  /** Lets what has been set going run as far as it can without the time. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    date: () => new Date(start.getTime() + now),
    wait: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          timers.delete(timer);
          reject(abortReason(signal));
        };
        const timer = {
          at: now + milliseconds,
          ring: () => {
            signal.removeEventListener("abort", stop);
            resolve();
          },
        };
        timers.add(timer);
        signal.addEventListener("abort", stop, { once: true });
        if (signal.aborted) stop();
      }),
    async pass(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        await settle();
        const [next] = [...timers].sort((a, b) => a.at - b.at);
        if (next === undefined || next.at > end) break;
        now = Math.max(now, next.at);
        timers.delete(next);
        next.ring();
      }
      now = end;
    },
  };
}
