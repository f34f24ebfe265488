import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { isArmed, makeHostileWorkspace, removeHostile } from "../../fakes/hostile-workspace.js";

describe("the stranger's folder of the tests", () => {
  const top = mkdtempSync(path.join(os.tmpdir(), "deep-research-trap-"));
  after(() => removeHostile(top));

  it("runs its programs by plain git, so that a test of it can fail", function () {
    if (process.platform === "win32") this.skip();
    assert.equal(isArmed(path.join(top, "armed")), true);
  }).timeout(30_000);

  it("leaves no trace by being made", function () {
    if (process.platform === "win32") this.skip();
    const made = makeHostileWorkspace(path.join(top, "made"), { port: 9, env: "fifo" });
    assert.deepEqual(made.ran(), []);
    assert.equal(made.hash(), made.hash());
  }).timeout(30_000);
});
