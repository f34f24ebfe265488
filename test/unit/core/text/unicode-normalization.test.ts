import assert from "node:assert/strict";
import fc from "fast-check";
import { normalizeUnicode } from "../../../../src/core/text/unicode-normalization.js";

describe("a text in a Unicode form", () => {
  it("is as JavaScript gives it", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom("NFC", "NFD", "NFKC", "NFKD"),
        (text, form) => {
          assert.equal(normalizeUnicode(text, form), text.normalize(form));
        },
      ),
    );
    assert.equal(
      normalizeUnicode("a\u0301\u0323".repeat(200), "NFC"),
      "a\u0301\u0323".repeat(200).normalize("NFC"),
    );
    assert.equal(normalizeUnicode(`a${"\u0323".repeat(300)}\u1112\u1161\u11ab`, "NFC").slice(-1), "한");
  });

  it("comes in linear time, however many marks follow each other", () => {
    const began = process.cpuUsage();
    const marked = normalizeUnicode(`a${"\u0301\u0323".repeat(300_000)}`, "NFC");
    const { user } = process.cpuUsage(began);
    assert.equal(marked.length, 600_000);
    assert.ok(user < 3e6, `${user / 1e6} seconds`);
  });
});
