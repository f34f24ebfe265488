import { reportError, EXIT } from "./output.js";

/*
 * Output that goes nowhere: its reader has ended, as in `deep-research sessions | head -1`, or its disk is full. The
 * command goes on all the same: what it writes to files is worth more than what it says, and may have been paid for.
 */

/** Installs what a program of the terminal does with errors that nobody waits for. */
export function ignoreClosedOutput(isJson: boolean): void {
  let lost = "";
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has read enough is no error of ours.
    if (error.code === "EPIPE" || lost !== "") return;
    lost = error.code ?? "EIO";
    const why = lost === "ENOSPC" ? "the disk is full" : lost;
    process.stderr.write(`The output could not be written: ${why}.\n`);
  });
  // Nobody reads what is said of a run; the run itself is in its files.
  process.stderr.on("error", () => undefined);
  process.on("exit", () => {
    if (lost !== "" && (process.exitCode ?? EXIT.done) === EXIT.done) process.exitCode = EXIT.failed;
  });
  const end = (error: unknown): void => {
    process.exit(reportError(error, isJson));
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
}
