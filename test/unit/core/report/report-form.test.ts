import assert from "node:assert/strict";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { diffSequences } from "../../../../src/common/diff-sequences.js";
import { findNumbers, findMissingNumbers } from "../../../../src/core/evidence/numbers.js";
import { maskInline } from "../../../../src/core/text/markdown-mask.js";
import { locateQuote } from "../../../../src/core/evidence/locate-quote.js";
import { parseReport, splitReportLines } from "../../../../src/core/report/parse-report.js";
import { findFormProblems, findReportLinks } from "../../../../src/core/report/report-form.js";
import { renderReport } from "../../../../src/core/report/render-report.js";
import { aReport } from "../../../fakes/report.js";

const LINKS = { workspace: "../..", session: "../sessions/s" };
const pieces = fc
  .array(
    fc.constantFrom(
      ..."\\`*_[]<>&|~$^=@#+-:.)(\"'!1 aé日".split(""),
      "&#10;", "http://", "```", "[[1.1]](#source-1)", "*(qualified)*", "<b>", "<!--", "[a]: b", "[^1]", "](x)", "`c`",
    ), // prettier-ignore
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

describe("the form of a report", () => {
  const problems = (markdown: string): string[] =>
    findFormProblems(splitReportLines(markdown), parseReport(markdown)).map(
      ({ kind, at }) => `${kind} ${at.line}`,
    );

  const isReadable = (markdown: string): boolean => {
    try {
      return parseReport(markdown).sentences.length > 0;
    } catch {
      return false;
    }
  };

  it("is found in whatever code writes", () => {
    fc.assert(
      fc.property(pieces, pieces, pieces, (quote, sentence, heading) => {
        fc.pre(quote.trim() !== "" && /[a-z]/.test(sentence) && /[a-z]/.test(heading));
        const base = aReport({
          quotes: [quote],
          claims: [{ text: sentence, verdict: "qualified", reason: heading }],
        });
        const row = { ...base.summary[0]!, cells: [sentence, heading] };
        const markdown = renderReport(
          {
            ...base,
            title: heading,
            question: sentence,
            sections: [
              { heading, paragraphs: [base.summary], table: { columns: [sentence, "b"], rows: [row] } },
            ],
          },
          LINKS,
        );
        assert.deepEqual(problems(markdown), [], markdown);
      }),
      { numRuns: 1500 },
    );
  });

  it("shows each citation that is read, and no other, wherever it passes", () => {
    const markdown = new MarkdownIt({ html: true, linkify: true });
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 4 }), (lines) => {
        const text = renderReport(aReport({ quotes: ["A quote."] }), LINKS).replace(
          "\n## Sources\n",
          `\n${lines.join("\n")}\n\n## Sources\n`,
        );
        // What cannot be read has failed; so has what is not in the form.
        if (!isReadable(text) || problems(text).length > 0) return;
        const shown = markdown
          .parse(text.replace(/^---\n[^]*?\n---\n/, ""), {})
          .flatMap(({ children }) => children ?? [])
          .filter(
            (token) => token.type === "link_open" && String(token.attrGet("href")).startsWith("#source-"),
          );
        assert.equal(shown.length, parseReport(text).citations.length, text);
      }),
      { numRuns: 4000 },
    );
  });

  it("reads no citation and no mark in code, fences or the front matter", () => {
    const text = renderReport(aReport({ quotes: ["A quote."] }), LINKS)
      .replace("depth: standard", 'depth: standard\nnote: "[[1.1]](#source-1) *(qualified)*"')
      .replace(
        "\n## Sources\n",
        "\nSo `[[1.1]](#source-1) *(qualified)*` it is.\n\n```\nIt is. [[1.1]](#source-1)\n## Sources\n```\n\n## Sources\n",
      );
    const { citations, sentences } = parseReport(text);
    assert.equal(citations.length, 1);
    assert.deepEqual(
      sentences.map(({ mark }) => mark),
      [null],
    );
  });

  it("knows where links lead", () => {
    const text = renderReport(aReport({ quotes: ["A quote."] }), LINKS);
    assert.deepEqual(
      findReportLinks(splitReportLines(text), parseReport(text)).map(({ target }) =>
        target.replace(/sources\/.*/, "sources/…"),
      ),
      ["../../docs/a%20file%20%281%29.md#L1", "../sessions/s/sources/…"],
    );
  });

  it("reads a link up to a limit, and says which one is longer", () => {
    const of = (target: string) => {
      const text = renderReport(aReport({ quotes: ["A quote."] }), LINKS).replace(
        "\n## ",
        `\n[x](${target})\n\n## `,
      );
      return findReportLinks(splitReportLines(text), parseReport(text)).slice(0, 1);
    };
    const longest = `a/${"b".repeat(3998)}`;
    assert.deepEqual(
      of(longest).map(({ target, isTooLong }) => [target, isTooLong]),
      [[longest, false]],
    );
    assert.deepEqual(
      of(`${longest}c`).map(({ target, isTooLong }) => [target, isTooLong]),
      [[longest.slice(0, 200), true]],
    );
  });

  it("masks what is only shown, sign by sign", () => {
    assert.deepEqual(
      ["a \\[b", "`[c]` d", "``a ` b`` [", "\\`[a]`", "`a"].map((line) =>
        maskInline(line).text.replaceAll("\u0001", "·"),
      ),
      ["a ··b", "····· d", "········· [".replace("·········", "·········"), "··[a]`", "`a"],
    );
    assert.deepEqual(
      ["`a", "a `b` c", "\\`"].map((line) => maskInline(line).isClosed),
      [false, true, true],
    );
  });
});

describe("digits that are not plain", () => {
  it("are no plain ones, in quotes and in sentences", () => {
    for (const [quote, text] of [
      ["The limit is 106 rows.", "The limit is 10⁶ rows."],
      ["The limit is 10⁶ rows.", "The limit is 106 rows."],
      ["It takes 11/2 hours.", "It takes 1½ hours."],
      ["It has 4 parts.", "It has ④ parts."],
      ["Water is CO2 here.", "Water is CO₂ here."],
      ["It has 45 parts.", "It has 𝟒𝟓 parts."],
    ] as const) {
      assert.equal(locateQuote(quote, text), null, quote);
    }
    assert.deepEqual(findMissingNumbers("It has 106 rows.", ["It has 10⁶ rows."]), ["106"]);
    assert.deepEqual(findMissingNumbers("It has 10⁶ rows.", ["It has 106 rows."]), ["10^6"]);
    assert.deepEqual(findMissingNumbers("It has 10 rows.", ["It has 10⁶ rows."]), ["10"]);
    assert.deepEqual(findMissingNumbers("It has 10^6 rows.", ["It has 10⁶ rows."]), []);
    assert.deepEqual(findMissingNumbers("It is 2 to the power of 32.", ["It is 2^32."]), []);
    // A note's mark is no part of a year.
    assert.deepEqual(findMissingNumbers("It was built in 2019.", ["It was built in 2019¹."]), []);
    assert.deepEqual(findNumbers("１２ and ٣٤"), new Set(["12", "34"]));
  });
});

describe("where two sequences differ", () => {
  it("is told so that the one becomes the other", () => {
    const sequence = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });
    fc.assert(
      fc.property(sequence, sequence, (first, second) => {
        const now = [...first];
        for (const { from, to, at, end } of diffSequences(first, second).reverse())
          now.splice(from, to - from, ...second.slice(at, end));
        assert.deepEqual(now, second);
      }),
    );
  });

  it("is found in long ones in little time", () => {
    const first = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
    const second = first.filter((_, index) => index % 100 !== 7);
    const began = performance.now();
    assert.equal(diffSequences(first, second).length, 500);
    assert.equal(
      diffSequences(
        first,
        Array.from({ length: 50_000 }, () => "same"),
      ).length,
      1,
    );
    assert.ok(performance.now() - began < 5000);
  });
});
