import assert from "node:assert/strict";
import fc from "fast-check";
import {
  removeInvisibleDeep,
  describeRemovedCharacters,
  removeInvisibleCharacters,
} from "../../../src/common/invisible-characters.js";

describe("invisible characters", () => {
  const gone: [string, string, string, number][] = [
    ["controls of direction", "a\u202eb\u202cc\u2066d\u2069\u200e\u200f\u061c", "abcd", 7],
    ["zero-width characters", "pay\u200bload\u2060\ufeff", "payload", 3],
    ["joiners between Latin letters", "pay\u200cload\u200d", "payload", 2],
    ["tag characters", "hi\u{e0069}\u{e0067}\u{e006e}!", "hi!", 3],
    ["terminal colours and titles", "\u001b[31mred\u001b[0m \u001b]0;title\u0007x", "red x", 3],
    ["the short form of a terminal's sequences", "a\u009b31mb", "ab", 1],
    ["NUL and other controls", "a\u0000b\u0008c\u007f", "abc", 3],
    ["soft hyphens", "hy\u00adphen", "hyphen", 1],
    ["variants that hide data", "a\ufe01\ufe02\u{e0100}b", "ab", 3],
    ["fillers", "a\u3164\u115fb", "ab", 2],
  ];
  for (const [what, text, clean, removed] of gone) {
    it(`loses ${what}, counted`, () =>
      assert.deepEqual(removeInvisibleCharacters(text), { text: clean, removed }));
  }

  const kept = [
    "Line\n\tand tab",
    "می\u200cخواهم",
    "क्\u200dष",
    "👩\u200d👩\u200d👧 and ❤\ufe0f and 1\ufe0f\u20e3",
    "葛\u{e0100}城",
    "Grüße, 日本語, العربية",
  ];
  for (const text of kept) {
    it(`leaves what a script needs: ${text}`, () => assert.equal(removeInvisibleCharacters(text).text, text));
  }

  it("are taken out of every text of a value", () => {
    assert.deepEqual(removeInvisibleDeep({ a: ["x\u200b", 1, null], b: { c: "\u202ey" } }), {
      value: { a: ["x", 1, null], b: { c: "y" } },
      removed: 2,
    });
    assert.equal(describeRemovedCharacters(0, "it"), null);
    assert.match(
      describeRemovedCharacters(2, "the text") ?? "",
      /^2 invisible characters were removed from the text\.$/,
    );
  });

  it("leave nothing behind for a second look", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const once = removeInvisibleCharacters(text).text;
        assert.doesNotMatch(once, /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u);
        assert.ok(!once.includes("\u0000") && !once.includes("\u001b"));
      }),
    );
  });
});
