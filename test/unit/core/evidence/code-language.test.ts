import assert from "node:assert/strict";
import { findCodeLanguage } from "../../../../src/core/evidence/code-language.js";
import type { SourceLocation } from "../../../../src/core/domain/schema.js";

const page: SourceLocation = { kind: "page", url: "https://example.org/" };

function languageOf(text: string, quote: string, place: SourceLocation = page): string | null {
  const start = text.indexOf(quote);
  assert.ok(start >= 0, quote);
  return findCodeLanguage(text, { start, end: start + quote.length }, place);
}

describe("the language of a quote of code", () => {
  const text = [
    "Before.", "", "```ts", "const a = 1;", "", "const b = 2;", "```", "", "Between.", "", "~~~~ python", "```",
    "x = 1", "~~~~", "", "```", "plain", "```", "After.",
  ].join("\n"); // prettier-ignore

  it("is that of the fence around it", () => {
    assert.equal(languageOf(text, "const a = 1;"), "ts");
    assert.equal(languageOf(text, "const a = 1;\n\nconst b = 2;"), "ts");
    assert.equal(languageOf(text, "x = 1"), "python");
    assert.equal(languageOf(text, "```\nx"), "python");
    assert.equal(languageOf(text, "plain"), "");
  });

  it("is none outside of fences", () => {
    for (const quote of ["Before.", "Between.", "After."]) assert.equal(languageOf(text, quote), null);
  });

  it("is Markdown where the quote holds a fence", () => {
    assert.equal(languageOf(text, "Before.\n\n```ts\nconst a = 1;"), "markdown");
    assert.equal(languageOf(text, "```ts\nconst a = 1;\n\nconst b = 2;\n```"), "markdown");
    assert.equal(languageOf(text, "const b = 2;\n```\n\nBetween."), "markdown");
  });

  it("is the ending of a file of code", () => {
    const file = (path: string): SourceLocation => ({ kind: "workspace", path });
    assert.equal(languageOf("let x = 1;\n", "let x", file("src/a.RS")), "rs");
    assert.equal(languageOf("# A\n\nText here.\n", "Text here.", file("docs/a.md")), null);
  });
});
