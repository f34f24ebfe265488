import { EXIT } from "./output.js";

/* Signals that end a command: Ctrl-C, a stop by the system, a terminal that was closed. */

const STOPS = ["SIGINT", "SIGTERM"] as const;

let isHungUp = false;

/** The exit code of a command that was cancelled: a closed terminal has one of its own, as shells count. */
export function cancelledCode(): number {
  return isHungUp ? EXIT.hangup : EXIT.cancelled;
}

/**
 * Cancels a command by a signal. A second Ctrl-C ends the program at once; a terminal that is closed may send its
 * signal twice, and that is no impatience.
 * @returns stops listening
 */
export function cancelBySignals(controller: AbortController): () => void {
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(cancelledCode());
    controller.abort();
  };
  const hangUp = (): void => {
    isHungUp = true;
    controller.abort();
  };
  for (const signal of STOPS) process.on(signal, stop);
  process.on("SIGHUP", hangUp);
  return () => {
    for (const signal of STOPS) process.off(signal, stop);
    process.off("SIGHUP", hangUp);
  };
}
