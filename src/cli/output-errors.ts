import { reportError, EXIT } from "./output.js";

/*
 * Handles closed output: the reader has ended, as in `deep-research sessions | head -1`, or its disk is full.
 * The command continues, because its files matter more than its output and may already have been paid for.
 */

/** Installs handlers for output errors and for unhandled errors. */
export function ignoreClosedOutput(isJson: boolean): void {
  let lost = "";
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that stops early is not an error.
    if (error.code === "EPIPE" || lost !== "") return;
    lost = error.code ?? "EIO";
    const why = lost === "ENOSPC" ? "the disk is full" : lost;
    process.stderr.write(`The output could not be written: ${why}.\n`);
  });
  // Progress output may be lost; the run's results are in its files.
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
