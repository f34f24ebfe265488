// What was started is ended again, however this process ends.
import { constants } from "node:os";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

/**
 * Promises that `end` runs once: when it is called, or else when the process ends (Ctrl-C and a failure
 * included). It must be synchronous, since a process that ends waits for nothing.
 * @param {() => void} end
 * @returns {() => void} to be called in `finally`
 */
export function runAtExit(end) {
  const once = () => {
    process.removeListener("exit", once);
    end();
  };
  process.once("exit", once);
  return once;
}
