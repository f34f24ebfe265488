import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import v8 from "node:v8";
import vm from "node:vm";
import { abortAfter } from "../../../src/common/abort.js";

describe("a signal that aborts after a time", () => {
  it("does so though garbage was collected, and with the signal that was given", async () => {
    v8.setFlagsFromString("--expose-gc");
    const collect = vm.runInNewContext("gc") as () => void;
    const given = new AbortController();
    const [late, both, cancelled] = [
      abortAfter(300),
      abortAfter(300, new AbortController().signal),
      abortAfter(60_000, given.signal),
    ];
    for (let n = 0; n < 3; n++) {
      await wait(20);
      collect();
    }
    assert.deepEqual([late.aborted, both.aborted], [false, false]);
    await wait(500);
    for (const signal of [late, both]) assert.equal((signal.reason as Error).name, "TimeoutError");
    assert.equal(cancelled.aborted, false);
    given.abort();
    assert.equal((cancelled.reason as Error).name, "AbortError");
  });
});
