import assert from "node:assert/strict";
import {
  afterCpuTime,
  countedTime,
  readMachineTimes,
  type MachineTimes,
} from "../../../src/common/cpu-time-limit.js";

const at = (seconds: number, idle: number, own: number): MachineTimes => ({
  at: seconds * 1000,
  idle: idle * 1000,
  total: seconds * 2000,
  own: own * 1000,
});

describe("time as a limit counts it", () => {
  it("is the clock's where a processor was free", () => {
    assert.equal(countedTime(at(0, 0, 0), at(10, 9, 10)), 10_000);
  });

  it("is less where others took the machine, and never nothing", () => {
    // Two processors, no idle time: this process got one second of ten, or all there was.
    assert.equal(Math.round(countedTime(at(0, 0, 0), at(10, 0, 1))), 1667);
    assert.equal(countedTime(at(0, 0, 0), at(10, 0, 20)), 4000);
    assert.equal(countedTime(at(0, 0, 0), { ...at(10, 0, 1), total: 0 }), 10_000);
  });

  it("ends what takes too long, later on a busy machine", async () => {
    const wait = async (busy: boolean): Promise<number> => {
      const start = performance.now();
      const times = (): MachineTimes => {
        const now = performance.now() - start;
        return { at: now, idle: busy ? 0 : now, total: now * 2, own: 0 };
      };
      await new Promise<void>((resolve) => afterCpuTime(60, resolve, times));
      return performance.now() - start;
    };
    assert.ok((await wait(false)) >= 59);
    assert.ok((await wait(true)) >= 350);
  });

  it("can be stopped, and the machine can be asked", async () => {
    let called = false;
    afterCpuTime(10, () => (called = true))();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(called, false);
    const { total, own } = readMachineTimes();
    assert.ok(total > 0 && own > 0);
  });
});
