import assert from "node:assert/strict";
import { findAbsentWords } from "../../../../src/models/offline/absent-words.js";

const TEXTS = [
  "Kettle: the kettle boils the water in three minutes.",
  "Kettle: a timer switches the kettle off. It speaks HTTP/1.1.",
];

function wordsOf(question: string): string[] {
  return findAbsentWords(question, TEXTS).words;
}

describe("the absent words of a question", () => {
  it("are never small words, comparatives, adverbs, describing words or verbs that anything may do", () => {
    for (const question of [
      "What is the difference between the kettle and the timer?",
      "Why does the kettle boil the water longer than the original timer?",
      "How do I automatically boil the water without watching what is typed?",
      "Which timer is faster, cheaper or simply better?",
      "Was ist der Unterschied zwischen kettle und timer, und welcher ist schneller?",
      "Warum ist der kettle größer als der ursprüngliche timer?",
    ])
      assert.deepEqual(wordsOf(question), [], question);
  });

  it("are no words about people, looks or what went before, and none but for a prefix", () => {
    for (const question of [
      "A colleague gave me a huge white kettle that went off: how does the timer work?",
      "How do I reboil the water?",
    ])
      assert.deepEqual(wordsOf(question), [], question);
    assert.deepEqual(wordsOf("Where is the subway of the kettle?"), ["subway"]);
  });

  it("are no verbs of everyday speech, amounts or times in words", () => {
    for (const question of [
      "How do I stop the kettle from grabbing everything, and get it to swap the water once a week?",
      "The timer keeps the water alive for ten days, and I'd like it to quit and tidy up.",
    ])
      assert.deepEqual(wordsOf(question), [], question);
  });

  it("are the subjects that stand nowhere", () => {
    assert.deepEqual(wordsOf("How do I connect the kettle to a thermostat?"), ["thermostat"]);
    assert.deepEqual(wordsOf("Wie verbinde ich den kettle mit einem Thermostat?").at(-1), "Thermostat");
  });

  it("are not there in another number", () => {
    const { words } = findAbsentWords("How long does a glacier mouse move?", [
      "Glacier mice move for years.",
    ]);
    assert.deepEqual(words, []);
  });

  it("are names that only their number tells from what is there", () => {
    const { words, isDecisive } = findAbsentWords("Does the kettle support HTTP/3?", TEXTS);
    assert.deepEqual(words, ["HTTP/3"]);
    assert.ok(isDecisive);
    for (const question of ["Does the kettle support HTTP/1.1?", "Does the kettle speak HTTP?"])
      assert.deepEqual(wordsOf(question), [], question);
  });

  it("tell that what is found is only near the answer, unless a name is known", () => {
    assert.ok(findAbsentWords("How does the kettle boil the water with a thermostat?", TEXTS).isTelling);
    assert.ok(!findAbsentWords("How does the kettle boil the water?", TEXTS).isTelling);
  });
});
