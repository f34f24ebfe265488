// Required by a program under test: an error that nobody waits for, as a fault in it would be.
const kind = process.env.FAILING;
if (require("node:worker_threads").isMainThread && kind !== undefined) {
  setTimeout(() => {
    const error = new Error("something broke\n    at a place");
    if (kind === "rejection") void Promise.reject(error);
    else throw error;
  }, 150);
}
