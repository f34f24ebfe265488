import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { pool } from "workerpool";
import { closeThreads } from "../../../src/common/close-threads.js";

describe("closing threads", () => {
  it("settles where the program of the threads is missing, and they ended by themselves", async () => {
    const threads = pool("/nowhere/worker.js", { workerType: "thread", minWorkers: 1, maxWorkers: 2 });
    await assert.rejects(async () => {
      await threads.exec("read", []);
    });
    // The thread that takes the place of the first one ends, too.
    await wait(500);
    await closeThreads(threads);
  }).timeout(10_000);
});
