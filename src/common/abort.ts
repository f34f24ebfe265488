/** Waits for a promise unless the signal is aborted first; the promise itself continues for its other users. */
export async function rejectOnAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason instanceof Error ? signal.reason : new DOMException("", "AbortError"));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * A signal that aborts with "TimeoutError" after a time, or with the given signal. Use it in place of AbortSignal.timeout: in
 * Node 20, a collection of garbage takes that together with its timer where AbortSignal.any alone refers to it, and what
 * waits for the combined signal waits for ever.
 */
export function abortAfter(milliseconds: number, signal?: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const expire = (): void =>
    controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  // The timer holds the controller, and keeps no process alive.
  setTimeout(expire, milliseconds).unref();
  return signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
}
