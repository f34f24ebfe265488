import assert from "node:assert/strict";
import { checkSentence, verdictByCode } from "../../../../src/core/evidence/check-sentence.js";
import { readTruthSets } from "../../../bench/truth.js";

/* Floors under what code alone finds in the sets of the benchmark. Nobody tuned the check on the sets that are held out. */

describe("the sets of true rewordings and of falsehoods", function () {
  this.timeout(60_000);
  const { truths, falsehoods } = readTruthSets();
  const isFlagged = ({ sentence, quote }: { sentence: string; quote: string }): boolean =>
    verdictByCode(checkSentence(sentence, [quote])) !== null;
  const isHeldOut = ({ set }: { set: string }): boolean => set.endsWith("-held-out");

  it("are large enough to tell", () => {
    assert.ok(truths.length >= 1500 && falsehoods.length >= 2000);
    assert.ok(truths.filter(isHeldOut).length >= 120 && falsehoods.filter(isHeldOut).length >= 200);
  });

  for (const [what, isOf, mostFlagged, leastCaught] of [
    ["tuned", (each: { set: string }) => !isHeldOut(each), 0.02, 0.92],
    ["held out", isHeldOut, 0.05, 0.83],
  ] as const) {
    it(`${what}: hardly a true rewording is flagged, and most falsehoods are caught`, () => {
      const [own, wrong] = [truths.filter(isOf), falsehoods.filter(isOf)];
      const flagged = own.filter(isFlagged).map(({ sentence }) => sentence);
      assert.ok(flagged.length <= mostFlagged * own.length, `${flagged.length} of ${own.length}`);
      const caught = wrong.filter(isFlagged).length;
      assert.ok(caught >= leastCaught * wrong.length, `${caught} of ${wrong.length}`);
    });
  }
});
