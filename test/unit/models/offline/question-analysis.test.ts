import assert from "node:assert/strict";
import { asksForCode, comparedItems } from "../../../../src/models/offline/question-analysis.js";

describe("the form of a question", () => {
  it("asks for code where it asks what to write or to run", () => {
    for (const question of [
      "What do my users have to put in their profile?",
      "What should our script return then?",
      "What must I run first?",
    ])
      assert.ok(asksForCode(question), question);
    for (const question of ["What is the kettle made of?", "Why does it boil?"])
      assert.ok(!asksForCode(question), question);
  });

  it("compares the two things that it opens with", () => {
    assert.deepEqual(comparedItems("pour or drip, how do they differ?"), ["pour", "drip"]);
    assert.deepEqual(comparedItems("The kettle and the pot, which one is faster?"), ["kettle", "pot"]);
    assert.deepEqual(comparedItems("With salt and pepper, how long does it cook?"), []);
  });
});
