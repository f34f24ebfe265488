import assert from "node:assert/strict";
import type { RunResult } from "../../../src/app/run-result.js";
import { describeAnswer } from "../../../src/cli/print-answer.js";

describe("the answer in the terminal", () => {
  const source = { kind: "workspace" as const, path: "docs/a.md", lines: [1, 2] as [number, number] };
  const result: RunResult = {
    session: "20261122-101500-a-b",
    status: "done",
    engine: "gemini",
    report: "data/reports/a.md",
    calls: { model: 9, search: 1, read: 1 },
    tokens: { in: 1, out: 1 },
    usd: 0.0123,
    seconds: 64,
    evidence: ["e1", "e2", "e3"].map((id) => ({ id, quote: "q", check: "exact", at: null, source })),
    citations: [
      { n: "1.1", claim: "One.", evidence: ["e1"], verdict: "supported" },
      { n: "1.2", claim: "One.", evidence: ["e2"], verdict: "supported" },
      { n: "1.2", claim: "Two.", evidence: ["e2"], verdict: "qualified" },
    ],
    answer: { title: "A title", summary: ["One.", "Two."], unanswered: ["Nothing here speaks of x."] },
  };

  it("has title, summary, what stays open, verdicts, sources and time", () => {
    const lines = describeAnswer(result);
    assert.deepEqual(
      lines.filter((line) => line !== ""),
      [
        "A title",
        "  One.",
        "  Two.",
        "Nothing here speaks of x.",
        "1 of 2 sentences supported, 1 qualified · 1 source cited · 1 min 4 s · $0.0123",
      ],
    );
  });

  it("says of the offline engine that quotes were found, and names no cost", () => {
    const last = describeAnswer({ ...result, engine: "offline", usd: 0 }).at(-1);
    assert.equal(last, "1 of 2 quotes found, 1 qualified · 1 source cited · 1 min 4 s");
  });

  it("says what to try where nothing was found, and nothing without a report", () => {
    const none = { ...result, citations: [], answer: { title: "T", summary: [], unanswered: [] } };
    assert.ok(describeAnswer(none).some((line) => line.startsWith("To get an answer, use words")));
    assert.deepEqual(describeAnswer({ ...result, answer: null }), []);
  });
});
