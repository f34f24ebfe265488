import assert from "node:assert/strict";
import fc from "fast-check";
import { isTooShort, locateQuote } from "../../../../src/core/evidence/locate-quote.js";

describe("finding a quote", () => {
  const text =
    "# Title\n\nA session that was killed\ngoes on where its journal ends. It’s “safe” – always.\nCafe\u0301 costs 1,000 €.";

  it("finds it to the letter, with offsets", () => {
    const found = locateQuote("goes on where its journal ends.", text);
    assert.deepEqual(found?.check, "exact");
    assert.equal(text.slice(found.start, found.end), "goes on where its journal ends.");
  });

  it("finds it over white space, quotation marks, dashes and Unicode form, and says so", () => {
    for (const quote of [
      "A session that was killed goes on where its journal ends.",
      `It's "safe" - always.`,
      "Café costs 1,000 €.",
    ]) {
      const found = locateQuote(quote, text);
      assert.equal(found?.check, "normalized", quote);
      assert.notEqual(locateQuote(text.slice(found.start, found.end), text)?.check, undefined);
    }
  });

  it("does not find what is changed by a word, a number or a sign", () => {
    for (const quote of [
      "goes on where its journal ended.",
      "A session that was not killed goes on",
      "Café costs 1,001 €.",
      "goes on … journal ends.",
      "",
      "   ",
    ]) {
      assert.equal(locateQuote(quote, text), null, quote);
    }
  });

  it("finds every slice of any text, exactly there or earlier", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }),
        fc.nat(),
        fc.nat(),
        (any, a, b) => {
          const [start, end] = [a % any.length, b % any.length].sort((x, y) => x - y) as [number, number];
          const slice = any.slice(start, end + 1);
          if (slice.trim() === "") return;
          const found = locateQuote(slice, any);
          assert.equal(found?.check, "exact");
          assert.equal(any.slice(found.start, found.end), slice.trim());
        },
      ),
    );
  });

  it("finds Korean that was taken apart into its letters", () => {
    const text = "세션은 일지가 끝난 곳에서 계속됩니다.";
    assert.equal(locateQuote(text.normalize("NFD"), text)?.check, "normalized");
    assert.equal(locateQuote(text, text.normalize("NFD"))?.check, "normalized");
  });

  it("takes a few letters for too short", () => {
    assert.equal(isTooShort("Yes."), true);
    assert.equal(isTooShort("a killed session"), false);
    assert.equal(isTooShort("セッションは再開できますから"), false);
  });
});
