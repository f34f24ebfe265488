import assert from "node:assert/strict";
import {
  hasMissingFile,
  createRetrySchedule,
} from "../../../../src/vscode/report-editor/retry-missing-files.js";
import type { Finding } from "../../../../src/core/report/findings.js";
import { setTimeout as wait } from "node:timers/promises";

describe("what is missing in a report", () => {
  const finding = (kind: Finding["kind"]): Finding =>
    ({
      kind,
      says: [],
      severity: "error",
      line: 1,
      start: 0,
      endLine: 1,
      end: 1,
      n: null,
      quoteAt: null,
    }) as never;

  it("is a snapshot or a file that is not there, and nothing that was changed", () => {
    assert.equal(hasMissingFile([finding("facts"), finding("snapshot-missing")]), true);
    assert.equal(hasMissingFile([finding("gone")]), true);
    assert.equal(hasMissingFile([finding("snapshot-changed"), finding("changed")]), false);
  });

  it("is looked for with pauses that double, as far as the longest, until it is found", async () => {
    const looks = createRetrySchedule(20, 80);
    const at: number[] = [];
    const began = performance.now();
    const look = (): void => {
      at.push(performance.now() - began);
      if (at.length < 4) looks.later("a", look);
    };
    looks.later("a", look);
    // Whoever checks besides does not make it come sooner, or twice.
    looks.later("a", look);
    while (at.length < 4) await wait(10);
    for (const [n, least] of [20, 60, 140, 220].entries()) assert.ok((at[n] ?? 0) >= least - 2, at.join(" "));
    looks.stop("a");
    // What is missing later begins anew.
    const again = performance.now();
    await new Promise<void>((resolve) => looks.later("a", resolve));
    assert.ok(performance.now() - again < 79);
    looks.later("a", () => assert.fail("it was stopped"));
    looks.later("b", () => assert.fail("all were stopped"));
    looks.stop("a");
    looks.dispose();
    await wait(100);
  });
});
