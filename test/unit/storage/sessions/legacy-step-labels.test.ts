import { formatMessage, toMessage } from "../../../../src/common/messages.js";
import assert from "node:assert/strict";
import { describeStepTask, type StepTask } from "../../../../src/core/domain/step-task.js";
import { JournalLine } from "../../../../src/storage/sessions/journal-schema.js";
import { parseStepLabel } from "../../../../src/storage/sessions/legacy-step-labels.js";

describe("the labels of journals up to version 3", () => {
  const labels: [string, StepTask][] = [
    ["Planning", { type: "plan", withAnswers: false }],
    ["Planning with your answers", { type: "plan", withAnswers: true }],
    ["Searching web: a: b?", { type: "search", search: "web", question: "a: b?" }],
    ["Reading docs/a b.md", { type: "read", place: { kind: "workspace", path: "docs/a b.md" } }],
    ["Reading https://a.example/x", { type: "read", place: { kind: "page", url: "https://a.example/x" } }],
    ["Extracting from A: b", { type: "extract", title: "A: b" }],
    ["Outlining", { type: "outline", round: 1 }],
    ["Outlining, round 2", { type: "outline", round: 2 }],
    ["Writing “A”", { type: "write", heading: "A" }],
    ["Writing the summary", { type: "summarize" }],
    ["Checking “A: b”", { type: "check", heading: "A: b", again: false }],
    ["Checking “A: b”, again", { type: "check", heading: "A: b", again: true }],
    ["Checking the summary", { type: "check", heading: null, again: false }],
    ["Rewriting 2 of “A”", { type: "rewrite", sentences: 2, heading: "A" }],
    ["Checking a sentence again", { type: "recheck" }],
    ["Thinking", { type: "other", label: "Thinking" }],
  ];
  for (const [label, task] of labels) {
    it(`are read: ${label}`, () => {
      assert.deepEqual(parseStepLabel(label), task);
      assert.equal(formatMessage(describeStepTask(task)), label, "and worded as before");
    });
  }

  it("are read in a journal's lines, whose other values stay", () => {
    const step = { key: "k", kind: "model", at: "2026-11-24T10:00:00.000Z" };
    const line = { type: "failure", ...step, label: "Planning", code: "timeout", error: "It took too long." };
    const { label, ...rest } = line;
    assert.deepEqual(JournalLine.parse(line), {
      ...rest,
      task: parseStepLabel(label),
      error: toMessage("It took too long."),
    });
    assert.equal(JournalLine.safeParse({ type: "intent", ...step }).success, false, "neither label nor task");
  });
});
