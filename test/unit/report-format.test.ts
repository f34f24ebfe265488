import assert from "node:assert/strict";
import fc from "fast-check";
import { readReport } from "../../src/research/read-report.js";
import { renderReport, citationsOf } from "../../src/research/report.js";
import {
  quoteFromMarkdown,
  quoteToMarkdown,
  sentenceFromMarkdown,
  sentenceToMarkdown,
} from "../../src/research/markdown.js";
import { aReport } from "../fakes/report.js";

describe("the report's format", () => {
  const nasty = fc.string({ unit: "grapheme" });
  const markdownish = fc
    .array(
      fc.constantFrom(
        ..."\\`*_[]<>&|~$^=@#+-:.)(\"'!1 a\n\r\t\u00a0é日".split(""),
        "&#10;",
        "http://",
        "www.",
        "```",
        "\\\n",
        '"\n',
        "\n   ",
        "## Sources",
        "### Source 9",
        "[[1.1]](#source-1)",
      ),
    )
    .map((parts) => parts.join(""));

  it("gives back every quote to the letter", () => {
    fc.assert(
      fc.property(fc.oneof(nasty, markdownish), (quote) => {
        assert.equal(quoteFromMarkdown(quoteToMarkdown(quote)), quote);
      }),
      { numRuns: 3000 },
    );
  });

  it("gives back every quote through a whole report, whatever the quotes hold", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(nasty, markdownish), { minLength: 1, maxLength: 4 }), (quotes) => {
        const report = aReport({ quotes });
        const read = readReport(renderReport(report, { workspace: "../..", session: "../sessions/s" }));
        const distinct = [...new Set(quotes)];
        assert.deepEqual(read.sources.get(1)?.quotes, distinct);
        assert.equal(read.sources.size, 1);
        assert.equal(read.citations.length, citationsOf(report).length);
      }),
      { numRuns: 1000 },
    );
  });

  it("gives back sentences, with code spans kept", () => {
    for (const sentence of [
      "Use `a|b` and *stars* [x](y).",
      "1. not a list",
      "# no heading",
      "A_b and _c_ & &amp; <b>",
    ]) {
      assert.equal(sentenceFromMarkdown(sentenceToMarkdown(sentence)), sentence);
    }
  });
});
