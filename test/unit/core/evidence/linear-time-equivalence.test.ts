import assert from "node:assert/strict";
import fc from "fast-check";
import { findMissingNumbers } from "../../../../src/core/evidence/numbers.js";
import { createQuoteLocator, locateQuote } from "../../../../src/core/evidence/locate-quote.js";
import { locateBefore } from "../../../fakes/quadratic-locate-quote.js";

/** Texts made of what the search treats in a way of its own. */
const piece = fc.oneof(
  fc.constantFrom(
    ...Array.from("ab ab  \t\n\u00a0`'\"-’“”–…"),
    "word ",
    "e\u0301",
    "é",
    "\u0301\u0323",
    "\u0301".repeat(70),
    "ﬁ",
    "\ufdfa",
    "\u200b",
    "\u00ad",
    "\u1112\u1161\u11ab",
    "한",
    "😀",
    "\ud800",
    "\u00a8",
    "\u007f",
    "\u0000",
  ),
  fc.string({ unit: "binary", maxLength: 3 }),
);
const text = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(""));

const figure = fc.constantFrom(
  ...Array.from("1579"),
  ...Array.from(" .,:-/%"),
  "two ",
  "the two ",
  "one ",
  "twenty-five ",
  "million ",
  "hundred ",
  "1,000",
  "10:15",
  "22.11.2026",
  "2026-11-22",
  "https://a.b/c1.",
  "third ",
  "٣",
  "\u202f",
  "x",
);
const sentence = fc.array(figure, { maxLength: 30 }).map((parts) => parts.join(""));

describe("what is linear now finds what it found", () => {
  it("a quote in a text", () => {
    fc.assert(
      fc.property(text, text, fc.nat(), fc.nat(), (whole, other, a, b) => {
        const [start, end] = [a % (whole.length + 1), b % (whole.length + 1)].sort((x, y) => x - y);
        const slice = whole.slice(start, end);
        const find = createQuoteLocator(whole);
        for (const quote of [
          other,
          slice,
          slice.replace(/\s+/g, " \n"),
          slice.normalize("NFD"),
          slice.normalize("NFKC").replaceAll("’", "'"),
        ]) {
          const before = locateBefore(quote, whole);
          assert.deepEqual(locateQuote(quote, whole), before);
          assert.deepEqual(find(quote), before);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("all figures of a sentence in the sentence itself, among other quotes", () => {
    fc.assert(
      fc.property(sentence, fc.array(sentence, { maxLength: 3 }), (said, quotes) => {
        assert.deepEqual(findMissingNumbers(said, [...quotes, said]), []);
      }),
      { numRuns: 1000, examples: [["https://a.b/c1.one million ", []]] },
    );
  });

  it("and in seconds what took minutes", function () {
    this.timeout(60_000);
    const long = "Some words of a text that goes on and on. ".repeat(120_000);
    const began = process.cpuUsage();
    assert.equal(locateQuote("words that do not stand “there”", long), null);
    assert.deepEqual(locateQuote("goes  on and\non.", long), { start: 26, end: 41, check: "normalized" });
    const figures = Array.from({ length: 2000 }, (_, n) => `${n}`).join(", ");
    assert.deepEqual(findMissingNumbers(figures, [figures]), []);
    const { user, system } = process.cpuUsage(began);
    assert.ok(user + system < 10e6, `${(user + system) / 1e6} seconds of processor time`);
  });
});
