/** 1, 2, 4 … seconds for the first, second, third … attempt, half to all of it, so that callers spread out. In ms. */
export function backoffMilliseconds(attempt: number): number {
  return 1000 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}

/** Waits, in milliseconds. Rejects with the signal's reason as soon as it is aborted, and leaves no timer behind. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(abortReason(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
    // A signal that is aborted already tells nobody.
    if (signal.aborted) stop();
  });
}

/** Why it was aborted, as an error. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException("Cancelled", "AbortError");
}

/** Runs `work` with a signal of its own, which `signal` or the timer aborts; neither outlives the work. */
export async function withTimeout<T>(
  milliseconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal, timedOut: () => boolean) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    controller.abort();
  }, milliseconds);
  const stop = (): void => controller.abort();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await work(controller.signal, () => late);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** The time, given from outside so that tests need not sleep. */
export interface TimeSource {
  /** Milliseconds on a clock that never jumps, from any beginning. */
  now(): number;
  /** The date of the day. */
  date(): Date;
  /** Waits, in milliseconds. Rejects as soon as the signal is aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemTime: TimeSource = { now: () => performance.now(), date: () => new Date(), wait: sleep };

const HOUR_MS = 3_600_000;

/** The next midnight in California, where Google's days begin: there a day's quota is new. */
export function nextQuotaReset(from: Date): Date {
  const hourInCalifornia = new Intl.DateTimeFormat("en-US", {
    timeZone: "America/Los_Angeles",
    hour: "numeric",
    hourCycle: "h23",
  });
  // California is whole hours away from UTC, and no midnight is skipped when its clocks are changed.
  let hour = Math.floor(from.getTime() / HOUR_MS) * HOUR_MS;
  do hour += HOUR_MS;
  while (Number(hourInCalifornia.format(hour)) !== 0);
  return new Date(hour);
}
