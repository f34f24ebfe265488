import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";
import { EXIT } from "./output.js";

/* Signals that end a command: Ctrl-C, a stop by the system, a terminal that was closed. */

const STOPS = ["SIGINT", "SIGTERM"] as const;

let isHungUp = false;

/** The exit code of a command: one that a closed terminal kept from its end has one of its own, as shells count. */
export function exitCodeAfterSignal(code: number): number {
  return isHungUp && code !== EXIT.done ? EXIT.hangup : code;
}

/** At its end Node sets the terminal back to what it was, and aborts where there is none any more. */
function leaveTerminal(descriptors: number[]): void {
  for (const descriptor of descriptors) {
    closeSync(descriptor);
    // The lowest number that is free, hence the same.
    openSync("/dev/null", "r+");
  }
}

/**
 * Cancels a command by a signal. A second Ctrl-C ends the program at once; a terminal that is closed may send its
 * signal twice, and that is no impatience.
 * @returns stops listening
 */
export function cancelBySignals(controller: AbortController): () => void {
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCodeAfterSignal(EXIT.cancelled));
    controller.abort();
  };
  // Asked now: of one that is gone the system says that it is none.
  const terminals = process.platform === "win32" ? [] : [0, 1, 2].filter((descriptor) => isatty(descriptor));
  const hangUp = (): void => {
    if (!isHungUp) process.once("exit", () => leaveTerminal(terminals));
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
