import assert from "node:assert/strict";
import { germanKeywords, isGermanQuestion } from "../../../../src/models/offline/german-question.js";
import { planOffline } from "../../../../src/models/offline/plan.js";

describe("a German question", () => {
  const german = [
    "Wie werden fehlgeschlagene Anfragen wiederholt?",
    "Was ist der Unterschied zwischen Ledger und Kurier?",
    "Wo ist das Hauptbuch definiert?",
    "Was passiert, wenn ein Kurier nicht antwortet?",
  ];
  const english = [
    "How are failed requests retried?",
    "Was the bridge built in 1883?",
    "When was the man in Die an actor?",
    "What will the war do?",
  ];

  it("is told from an English one", () => {
    for (const question of german) assert.equal(isGermanQuestion(question), true, question);
    for (const question of english) assert.equal(isGermanQuestion(question), false, question);
  });

  it("stays whole in the plan, and is searched for without small words", () => {
    for (const question of german) {
      const { questions } = planOffline({ question, questions: 5, scope: ["the workspace"] });
      assert.deepEqual(
        questions.map((each) => each.question),
        [question],
      );
    }
    assert.deepEqual(germanKeywords(german[1] ?? ""), ["Unterschied", "Ledger", "Kurier"]);
  });
});
