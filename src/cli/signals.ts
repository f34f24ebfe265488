import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";
import { EXIT } from "./output.js";

/* Signals that end a command: Ctrl-C, a termination request, a closed terminal. */

const STOPS = ["SIGINT", "SIGTERM"] as const;

let isHungUp = false;

/** Commands that end by themselves after a signal. */
let listening = 0;

/**
 * The first process of a container gets only signals that it handles, so it handles them from its start. A command that
 * is running is left to end by itself.
 */
export function exitOnSignalsAsFirstProcess(): void {
  if (process.pid !== 1) return;
  for (const signal of STOPS) {
    process.on(signal, () => {
      if (listening === 0) process.exit(EXIT.cancelled);
    });
  }
}

/** The exit code of a command; 129 (128 + SIGHUP, as in shells) if a closed terminal ended it early. */
export function exitCodeAfterSignal(code: number): number {
  return isHungUp && code !== EXIT.done ? EXIT.hangup : code;
}

/** On exit Node restores the terminal's mode, and aborts if the terminal no longer exists. */
function leaveTerminal(descriptors: number[]): void {
  for (const descriptor of descriptors) {
    closeSync(descriptor);
    // Opens at the lowest free descriptor, which is the one just closed.
    openSync("/dev/null", "r+");
  }
}

/**
 * Cancels a command on a signal. A second Ctrl-C ends the program immediately; a closed terminal may send its
 * signal twice, which does not count as a second Ctrl-C.
 * @returns a function that stops listening
 */
export function cancelBySignals(controller: AbortController): () => void {
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCodeAfterSignal(EXIT.cancelled));
    controller.abort();
  };
  // Ask now: once the terminal is gone, the system no longer reports it as one.
  const terminals = process.platform === "win32" ? [] : [0, 1, 2].filter((descriptor) => isatty(descriptor));
  const hangUp = (): void => {
    if (!isHungUp) process.once("exit", () => leaveTerminal(terminals));
    isHungUp = true;
    controller.abort();
  };
  for (const signal of STOPS) process.on(signal, stop);
  process.on("SIGHUP", hangUp);
  listening += 1;
  return () => {
    listening -= 1;
    for (const signal of STOPS) process.off(signal, stop);
    process.off("SIGHUP", hangUp);
  };
}
