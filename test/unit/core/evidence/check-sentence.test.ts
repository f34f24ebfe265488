import assert from "node:assert/strict";
import { checkSentence, checkSentenceInTurns } from "../../../../src/core/evidence/check-sentence.js";

const QUOTES = ["The cache is emptied after 12 hours, unless `keep` is set."];

describe("the check of a sentence in turns", () => {
  it("finds what the check in one go finds, and lets other work go on between its parts", async () => {
    for (const sentence of [
      "The cache is emptied after twelve hours.",
      "The cache is emptied after 24 hours.",
      "Alice empties the cache after 12 hours.",
      "The cache is never emptied after 12 hours.",
    ]) {
      let turns = 0;
      const turn = (): Promise<void> => {
        turns++;
        return Promise.resolve();
      };
      const found = await checkSentenceInTurns(sentence, QUOTES, turn);
      assert.deepEqual(found, checkSentence(sentence, QUOTES), sentence);
      assert.equal(turns, found.missing.length > 0 ? 2 : 3);
    }
  });
});
