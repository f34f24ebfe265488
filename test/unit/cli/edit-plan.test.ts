import assert from "node:assert/strict";
import type { Plan } from "../../../src/core/domain/schema.js";
import { applyPlanEdit } from "../../../src/cli/edit-plan.js";

const PLAN: Plan = {
  title: "T",
  kind: "lookup",
  questions: [
    { id: "q1", question: "What is one?", query: "own words" },
    { id: "q2", question: "What is two?", query: "two" },
  ],
  cover: ["c"],
};
const asked = (plan: Plan | string): string[] => {
  if (typeof plan === "string") assert.fail(plan);
  return plan.questions.map(({ id, question, query }) => `${id} ${question} [${query}]`);
};

describe("a plan that is changed on a terminal", () => {
  it("loses, gets and rewords questions, and keeps the search words of the others", () => {
    assert.deepEqual(asked(applyPlanEdit(PLAN, "1", "quick")), ["q1 What is two? [two]"]);
    assert.deepEqual(
      asked(applyPlanEdit(PLAN, "+  And the third one?", "quick")).at(-1),
      "q3 And the third one? [third]",
    );
    assert.deepEqual(asked(applyPlanEdit(PLAN, "2: Which is the other?", "quick")), [
      "q1 What is one? [own words]",
      "q2 Which is the other? [Which is the other?]",
    ]);
  });

  it("stays as it is where it could not be run, and says why", () => {
    const full = applyPlanEdit(PLAN, "+ c?", "quick");
    assert.ok(typeof full !== "string");
    assert.equal(
      applyPlanEdit(full, "+ d?", "quick"),
      "The depth quick allows 3 questions. Remove one first.",
    );
    assert.equal(applyPlanEdit(PLAN, "1 2", "quick"), "A plan needs at least one question.");
    assert.equal(applyPlanEdit(PLAN, "7", "quick"), "There is no question 7.");
    assert.equal(applyPlanEdit(PLAN, "0: a?", "quick"), "There is no question 0.");
    assert.equal(applyPlanEdit(PLAN, "what?", "quick"), "Unrecognized input.");
  });
});
