import assert from "node:assert/strict";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { parseReport } from "../../../../src/core/report/parse-report.js";
import { renderReport, listCitations } from "../../../../src/core/report/render-report.js";
import {
  quoteFromMarkdown,
  quoteToMarkdown,
  sentenceFromMarkdown,
  sentenceToMarkdown,
} from "../../../../src/core/text/markdown-escape.js";
import type { Report } from "../../../../src/core/domain/schema.js";
import { aReport } from "../../../fakes/report.js";

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
        const read = parseReport(renderReport(report, { workspace: "../..", session: "../sessions/s" }));
        const distinct = [...new Set(quotes)];
        assert.deepEqual(read.sources.get(1)?.quotes, distinct);
        assert.equal(read.sources.size, 1);
        assert.equal(read.citations.length, listCitations(report).length);
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

  it("lets no invisible character out, whatever came in", () => {
    const hidden = "a\u202eb\u200bc\u{e0041}d";
    const base = aReport({ quotes: ["x"], claims: [{ text: hidden, verdict: "qualified", reason: hidden }] });
    const text = renderReport(
      {
        ...base,
        title: hidden,
        question: hidden,
        sections: [{ heading: `${hidden} e`, paragraphs: [base.summary], table: null }],
        limits: base.summary,
        sources: base.sources.map((source) => ({ ...source, title: hidden, warnings: [hidden] })),
      },
      { workspace: "../..", session: "../sessions/s" },
    );
    assert.match(text, /# abcd/);
    assert.doesNotMatch(text, /[\u202e\u200b\u{e0041}]/u);
  });

  it("lets nothing that a source, a model or a user wrote become HTML, a link, an image or a heading", () => {
    const hostile = fc
      .array(
        fc.constantFrom(
          "<b>", "<img src=x onerror=y>", "<!--", "![a](http://evil.example/x.png)", "[a](http://evil.example)", "\n# Heading",
          "\n\n", "http://evil.example/x", "www.evil.example", "<http://evil.example>", "[a]: http://evil.example", "`", "\\", " a ",
          "*b*", "\n- c", "\n1. d", "\n> e", "&lt;b&gt;", "| f |", "\n---\n", "me@evil.example", "](http://evil.example)",
        ), // prettier-ignore
        { minLength: 1, maxLength: 8 },
      )
      .map((parts) => parts.join(""));
    const markdown = new MarkdownIt({ html: true, linkify: true });
    const ours = { headings: 4, links: /^(#source-1$|\.\.\/)/ };
    fc.assert(
      fc.property(hostile, hostile, hostile, (quote, sentence, heading) => {
        fc.pre(quote.trim() !== "" && /[a-z]/.test(heading) && /[a-z]/.test(sentence));
        const base = aReport({
          quotes: [quote],
          claims: [{ text: sentence, verdict: "qualified", reason: sentence }],
        });
        const report: Report = {
          ...base,
          title: heading,
          question: sentence,
          sections: [{ heading, paragraphs: [base.summary], table: null }],
        };
        const text = renderReport(report, { workspace: "../..", session: "../sessions/s" }).replace(
          /^---\n[^]*?\n---\n/,
          "",
        );
        const tokens = markdown.parse(text, {}).flatMap((token) => [token, ...(token.children ?? [])]);
        assert.deepEqual(
          tokens.filter(({ type }) => /^html|^image$/.test(type)).map(({ content }) => content),
          [],
        );
        assert.equal(tokens.filter(({ type }) => type === "heading_open").length, ours.headings, text);
        for (const token of tokens.filter(({ type }) => type === "link_open")) {
          assert.match(String(token.attrGet("href")), ours.links, text);
        }
      }),
      { numRuns: 1500 },
    );
  });
});
