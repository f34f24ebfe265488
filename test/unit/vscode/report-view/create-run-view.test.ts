import assert from "node:assert/strict";
import { ENGLISH_LOCALIZER, toMessage } from "../../../../src/common/messages.js";
import { initialProgress, type RunProgress } from "../../../../src/core/progress/run-progress.js";
import { createRunView } from "../../../../src/vscode/report-view/create-run-view.js";
import { HostMessage } from "../../../../src/vscode/report-view/page-messages.js";

const context = {
  l10n: ENGLISH_LOCALIZER,
  step: "Reading",
  facts: ["1 source"],
  estimate: "",
  canSteer: true,
  added: [],
  ended: null,
};
const live: RunProgress = {
  ...initialProgress("Who pays?"),
  phase: "gathering",
  questions: [
    { id: "q1", question: "Who?", state: "read" },
    { id: "q2", question: "When?", state: "waiting" },
  ],
  sources: [
    { place: { kind: "workspace", path: "docs/a.md" }, title: "docs/a.md", state: "read", why: null, quotes: 2, sha256: null },
    { place: { kind: "page", url: "https://www.example.org/b" }, title: "B", state: "read", why: null, quotes: 0, sha256: null },
    { place: { kind: "page", url: "https://example.org/c" }, title: "C", state: "failed", why: toMessage("It timed out."), quotes: null, sha256: null },
    { place: { kind: "page", url: "https://example.org/d" }, title: "D", state: "copy", why: null, quotes: null, sha256: null },
  ],
  sections: [{ heading: "Costs", state: "verified", paragraphs: [[{ text: "The sender pays.", verdict: "supported" }, { text: "The fee is high.", verdict: "qualified" }]] }],
  verdicts: { supported: 3, qualified: 1, contradicted: 0, unsupported: 0, "not-checked": 0 },
}; // prettier-ignore

describe("the data of the live view", () => {
  const run = createRunView(live, context);

  it("ticks off the phases and the plan", () => {
    assert.deepEqual(
      run.phases.map(({ state }) => state),
      ["done", "now", "next", "next", "next"],
    );
    assert.deepEqual(
      run.questions.map(({ state, canSkip }) => [state, canSkip]),
      [
        ["done", false],
        ["next", true],
      ],
    );
    assert.equal(HostMessage.safeParse({ type: "run", run }).success, true);
  });

  it("has the questions that the user added, until the run has them", () => {
    const { questions } = createRunView(live, { ...context, added: ["When?", "Where?"] });
    assert.deepEqual(
      questions.map(({ question, state, canSkip }) => [question, state, canSkip]),
      [
        ["Who?", "done", false],
        ["When?", "next", true],
        ["Where?", "next", false],
      ],
    );
  });

  it("says which sources were kept and dropped, and why", () => {
    assert.deepEqual(
      run.sources.map(({ place, state, word, reason }) => [place, state, word, reason]),
      [
        ["docs/a.md", "done", "2 quotes", ""],
        ["example.org/b", "dropped", "0 quotes", "Nothing in it answers the questions."],
        ["example.org/c", "failed", "not readable", "It timed out."],
        ["example.org/d", "dropped", "duplicate", "Another source has the same text."],
      ],
    );
    assert.equal(run.verdicts, "3 of 4 sentences supported");
  });

  it("has the text of verified sections, with the doubts", () => {
    assert.deepEqual(run.sections[0]?.paragraphs, [
      [
        { text: "The sender pays.", note: "" },
        { text: "The fee is high.", note: "qualified" },
      ],
    ]);
  });

  it("has the text of a section only once all before it are verified", () => {
    const text = (words: string): RunProgress["sections"][number]["paragraphs"] => [
      [{ text: words, verdict: "supported" }],
    ];
    const sections: RunProgress["sections"] = [
      { heading: "One", state: "verified", paragraphs: text("First.") },
      { heading: "Two", state: "written", paragraphs: [] },
      { heading: "Three", state: "verified", paragraphs: text("Third.") },
    ];
    const shown = createRunView({ ...live, sections }, context).sections;
    assert.deepEqual(
      shown.map(({ word, paragraphs }) => [word, paragraphs.length]),
      [
        ["verified", 1],
        ["being verified", 0],
        ["verified", 0],
      ],
    );
  });

  it("says of the offline engine that its quotes were found, not that sentences are supported", () => {
    assert.equal(createRunView({ ...live, engine: "offline" }, context).verdicts, "3 of 4 quotes found");
  });

  it("says how a run ended without a report", () => {
    const end = { isNoAnswer: true, isCancelled: false, reason: "No readable sources were found." };
    assert.deepEqual(createRunView(live, { ...context, ended: end }).ended, {
      title: "No answer was found",
      reason: "No readable sources were found.",
      isNoAnswer: true,
    });
    const cancelled = createRunView(live, { ...context, ended: { ...end, isCancelled: true } });
    assert.match(cancelled.ended?.title ?? "", /was cancelled/);
    assert.equal(cancelled.ended?.isNoAnswer, false);
  });
});
