import assert from "node:assert/strict";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { locateQuote } from "../../../../src/core/evidence/locate-quote.js";
import { parseReport, splitReportLines } from "../../../../src/core/report/parse-report.js";
import {
  parseQuoteBlock,
  renderBlockQuote,
  renderQuoteBlock,
} from "../../../../src/core/report/quote-block.js";
import { findFormProblems } from "../../../../src/core/report/report-form.js";
import { renderReport } from "../../../../src/core/report/render-report.js";
import type { Claim, Report } from "../../../../src/core/domain/schema.js";
import { aReport } from "../../../fakes/report.js";

const LINKS = { workspace: "../..", session: "../sessions/s" };

/** A report whose summary shows each quote as a block, with a sentence after the first. */
function blockReport(quotes: { text: string; language: string | null }[]): Report {
  const base = aReport({ quotes: quotes.map(({ text }) => text) });
  const blocks = base.summary.map((claim, at): Claim => {
    const { text = "", language = null } = quotes[at] ?? {};
    return { ...claim, text, asBlock: true, ...(language === null ? {} : { language }) };
  });
  const sentence: Claim = { text: "It is so.", evidence: ["e1"], verdict: "supported", reason: "" };
  return { ...base, summary: [...blocks.slice(0, 1), sentence, ...blocks.slice(1)] };
}

const piece = fc.constantFrom(
  ..."\\`*_[]<>&|~$^=@#+-:.)(\"'!1 a\n\r\t\u00a0\u3000é日\u200b\u202e".split(""),
  "&#10;", "http://", "www.", "```", "````", "~~~", "\\\n", "\n\n", "\n   ", "\n     - ", "\n- ", "\n1. ", "## Sources", "\n---\n",
  "---\nsession: x\n---\n", "### Source 9", "[[1.1]](#source-1)", "[a]: http://evil.example", "<b>", "<!--", "![a](http://evil.example/x.png)",
  "| a | b |", "\n| --- | --- |\n", "| | |\n| --- | --- |", "`c`", "`](#source-1)`", "4\ufe0f5", "*(unsupported)*", "me@evil.example", "> ", "[^1]",
); // prettier-ignore
const text = fc
  .oneof(
    fc.string({ unit: "grapheme" }),
    fc.array(piece, { maxLength: 14 }).map((parts) => parts.join("")),
    // Tables and lists as snapshots have them.
    fc
      .array(fc.constantFrom("| a | b |", "| --- | --- |", "| | |", "| `x` | *y* |", "| c |", "- d", "  - e `f`", ""), { maxLength: 6 })
      .map((lines) => lines.join("\n")),
  ); // prettier-ignore
const language = fc.option(fc.constantFrom("", "ts", "c++", "a`b", "[x](y)", "python", "```"), { nil: null });

describe("a quote as a block", () => {
  it("is read back to the letter, whatever it holds", () => {
    fc.assert(
      fc.property(text, language, (quote, named) => {
        assert.equal(parseQuoteBlock(renderQuoteBlock({ text: quote, language: named }))?.text, quote);
      }),
      { numRuns: 6000 },
    );
  });

  it("is read back through a whole report, in the form of a report, with no other citation, source or heading", () => {
    // The text of a quote has no white space around it.
    const trimmed = fc
      .record({ text: text.map((each) => each.trim()), language })
      .filter((quote) => quote.text !== "");
    fc.assert(
      fc.property(
        fc.uniqueArray(trimmed, { minLength: 1, maxLength: 3, selector: (each) => each.text }),
        (quotes) => {
          const markdown = renderReport(blockReport(quotes), LINKS);
          const read = parseReport(markdown);
          assert.deepEqual(
            read.sentences.map((sentence) => sentence.text),
            [
              ...quotes.slice(0, 1).map((each) => each.text),
              "It is so.",
              ...quotes.slice(1).map((each) => each.text),
            ],
            markdown,
          );
          assert.deepEqual(
            read.sentences.map(({ block }) => block !== null),
            read.sentences.map((_, at) => at !== 1),
          );
          assert.deepEqual(
            read.sources.get(1)?.quotes,
            quotes.map((each) => each.text),
          );
          assert.equal(read.sources.size, 1);
          const problems = findFormProblems(splitReportLines(markdown), read);
          assert.deepEqual(
            problems.map(({ kind, at }) => `${kind} ${at.line}`),
            [],
            markdown,
          );
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("becomes no HTML, link, image or heading, in any viewer", () => {
    const markdown = new MarkdownIt({ html: true, linkify: true });
    fc.assert(
      fc.property(text, language, (quote, named) => {
        const block = renderQuoteBlock({ text: quote.trim(), language: named }).join("\n");
        const around = `A sentence.\n\n${block}\n\n[[1.1]](#source-1)\n\n## Sources\n`;
        const tokens = markdown.parse(around, {}).flatMap((token) => [token, ...(token.children ?? [])]);
        const bad = tokens
          .filter(({ type }) => /^html|^image$|^hr$/.test(type))
          .map(({ content }) => content);
        assert.deepEqual(bad, [], around);
        assert.equal(tokens.filter(({ type }) => type === "heading_open").length, 1, around);
        assert.equal(tokens.filter(({ type }) => type === "link_open").length, 1, around);
      }),
      { numRuns: 4000 },
    );
  });

  it("is code with its language, a table with a head, a list, and text", () => {
    const rendered = (quote: string, named: string | null = null): string =>
      renderQuoteBlock({ text: quote, language: named }).join("\n");
    assert.equal(rendered("a = `b`\n\n\tc", "py"), "```py\na = `b`\n\n\tc\n```");
    assert.equal(rendered("```\nx\n```", "markdown"), "````markdown\n```\nx\n```\n````");
    assert.equal(rendered("x", ""), "```text\nx\n```");
    assert.equal(
      rendered("| Name | What |\n| --- | --- |\n| `a` | the <first> |"),
      "| Name | What |\n| --- | --- |\n| `a` | the \\<first> |",
    );
    assert.equal(rendered("| Name: a | What: b |"), "| | |\n| --- | --- |\n| Name: a | What: b |");
    assert.equal(rendered("| a | b |\n| c |"), "> \\| a \\| b \\|\n> \\| c \\|");
    assert.equal(
      rendered("It takes:\n- `--keep`: days\n  - *30* by default\n- # one"),
      "It takes:\n- `--keep`: days\n  - \\*30\\* by default\n- \\# one",
    );
    assert.equal(rendered("In version\n2. of it"), "> In version\n> 2\\. of it");
    assert.equal(
      rendered("- `--keep`: days\n  - *30* by default\n\n1. # one"),
      "> - `--keep`: days\n>   - \\*30\\* by default\n>\n> 1. \\# one",
    );
    assert.equal(rendered("text\n---"), "> text\n> \\---");
    assert.equal(rendered("| `a|b` | c |"), "> \\| `a|b` \\| c \\|");
    assert.match(rendered("| ``a|b`` | `c` |"), /^> /);
    assert.equal(rendered("| `a` | `b`, `c` |"), "| | |\n| --- | --- |\n| `a` | `b`, `c` |");
  });

  it("is read as earlier versions wrote it: lists and tables as block quotes", () => {
    for (const quote of [
      "- a\n- `b`",
      "It takes:\n- a",
      "| a | b |\n| --- | --- |\n| c | d |",
      "| a | b |",
      "| `a` | `b`, `c` |",
    ]) {
      const report = blockReport([{ text: quote, language: null }]);
      const markdown = renderReport(report, LINKS);
      const lines = renderQuoteBlock({ text: quote, language: null });
      const earlier = markdown.replace(lines.join("\n"), renderBlockQuote(quote).join("\n"));
      assert.notEqual(earlier, markdown);
      const read = parseReport(earlier);
      assert.equal(read.sentences[0]?.block?.text, quote);
      assert.equal(read.sentences[0].block.isCanonical, true);
      assert.deepEqual(findFormProblems(splitReportLines(earlier), read), []);
    }
  });

  it("is shown without the signs that escape it, however it is indented", () => {
    const markdown = new MarkdownIt({ html: true, linkify: true });
    const line = fc
      .tuple(
        fc.nat(9),
        fc.constantFrom("", "", "- ", "1. ", "* "),
        fc.constantFrom("a[0]", "<b>", "*c*", "d_", "e", "# f"),
      )
      .map(([indent, marker, word]) => " ".repeat(indent) + marker + word);
    const lines = fc.array(fc.oneof(line, line, fc.constant("")), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(lines, (all) => {
        const quote = all.join("\n").trim();
        const html = markdown.render(renderQuoteBlock({ text: quote, language: null }).join("\n"));
        assert.ok(!html.includes("\\"), `${quote}\n${html}`);
      }),
      { numRuns: 3000 },
    );
  });

  it("with characters that nobody sees is a block quote, even as code", () => {
    assert.deepEqual(renderQuoteBlock({ text: "a\u200bb", language: "ts" }), ["> a&#8203;b"]);
  });
});

describe("a quote of code in its snapshot", () => {
  const code = "def keep(days):\n\tif days > 30:\n\n\t    return  days   # trailing\n    return 30";
  const snapshot = `# Keeping\n\nText.\n\n\`\`\`py\n${code}\n\`\`\`\n\nMore.\n`;

  it("is found to the letter, over lines, with its indentation", () => {
    const found = locateQuote(code, snapshot);
    assert.equal(found?.check, "exact");
    assert.equal(snapshot.slice(found.start, found.end), code);
  });

  it("goes through the list of quotes unchanged", () => {
    const read = parseReport(renderReport(blockReport([{ text: code, language: "py" }]), LINKS));
    assert.equal(read.sources.get(1)?.quotes[0], code);
    assert.equal(read.sentences[0]?.text, code);
    assert.equal(read.sentences[0].block?.language, "py");
  });
});
