import assert from "node:assert/strict";
import { ENGLISH_LOCALIZER } from "../../../../src/common/messages.js";
import { suggestQuestions } from "../../../../src/vscode/report-view/suggested-questions.js";

const question = (id: string, text: string): { id: string; question: string; query: string } => ({
  id,
  question: text,
  query: text,
});
const plan = {
  title: "T",
  kind: "lookup" as const,
  questions: [question("q1", "Who pays?"), question("q2", "When?"), question("q3", "How much?")],
  cover: [],
};
const quotes = (...ids: string[]): { questions: string[] }[] => ids.map((id) => ({ questions: [id] }));

describe("suggested questions", () => {
  it("are first those that no quote answers, then the gaps, then those with the fewest quotes", () => {
    const evidence = quotes("q1", "q1", "q3");
    assert.deepEqual(suggestQuestions({ plan, gaps: ["“zebra”"], evidence }, ENGLISH_LOCALIZER), [
      "When?",
      "What is known about zebra?",
      "How much?",
    ]);
  });

  it("name each once, and are three at most", () => {
    const gaps = ["When?", "costs", "the team", "the place"];
    assert.deepEqual(suggestQuestions({ plan, gaps, evidence: quotes("q1", "q3") }, ENGLISH_LOCALIZER), [
      "When?",
      "What is known about costs?",
      "What is known about the team?",
    ]);
  });

  it("do not repeat the user's only question", () => {
    const only = { ...plan, questions: plan.questions.slice(0, 1) };
    assert.deepEqual(
      suggestQuestions({ plan: only, gaps: [], evidence: quotes("q1") }, ENGLISH_LOCALIZER),
      [],
    );
  });
});
