import assert from "node:assert/strict";
import fc from "fast-check";
import { parseReport } from "../../../../src/core/report/parse-report.js";
import { renderReport, renderReportLines } from "../../../../src/core/report/render-report.js";
import {
  diffReportLines,
  parseHashedLine,
  serializeReportLines,
} from "../../../../src/storage/reports/report-line-hashes.js";
import type { Report } from "../../../../src/core/domain/schema.js";
import { toWrittenSentences } from "../../../../src/verification/checked-sentences.js";
import { recordOfReport } from "../../../fakes/report-record.js";
import { aReport } from "../../../fakes/report.js";

describe("the lines of a rendered report", () => {
  const links = { workspace: "../..", session: "../sessions/s" };
  const pieces = fc
    .array(
      fc.constantFrom(
        ..."\\`*_[]<>&|~$^=@#+-:.)(\"'!1 aé日".split(""),
        "&#10;", "http://", "```", "[[1.1]](#source-1)", "*(qualified)*", "<b>", "a\nb", "| c |", "> d", "- e",
      ), // prettier-ignore
      { maxLength: 12 },
    )
    .map((parts) => parts.join(""));

  it("are recorded as they are read from its Markdown, whatever they hold", () => {
    fc.assert(
      fc.property(
        pieces,
        pieces,
        pieces,
        fc.boolean(),
        fc.boolean(),
        (quote, sentence, heading, isBlock, isGrounded) => {
          fc.pre(quote.trim() !== "" && /[a-z]/.test(sentence) && /[a-z]/.test(heading));
          const base = aReport({
            quotes: [quote, "Another quote."],
            claims: [{ text: sentence, verdict: "qualified", reason: heading }, { text: "Plain." }],
          });
          const [first, second] = base.summary;
          const block = isBlock
            ? [{ ...second!, text: quote, asBlock: true as const, language: "sh", evidence: first!.evidence }]
            : [];
          const evidence = base.evidence.map((each, at) =>
            isGrounded && at === 1 ? { ...each, check: "grounded" as const } : each,
          );
          const report: Report = {
            ...base,
            evidence,
            title: heading,
            question: sentence,
            status: "partial",
            partial: heading,
            summary: [...base.summary, ...block, first!],
            sections: [
              {
                heading,
                paragraphs: [base.summary, block],
                table: { columns: [sentence, "b"], rows: [{ ...first!, cells: [sentence, heading] }] },
              },
            ],
            limits: [{ ...first!, evidence: [] }],
          };
          const lines = renderReportLines(report, links);
          const read = recordOfReport(renderReport(report, links));
          assert.deepEqual(serializeReportLines(lines), read.lines);
          assert.deepEqual(toWrittenSentences(lines), read.sentences);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe("the lines of a report with blocks", () => {
  const base = aReport({ quotes: ["# not a title\n\n> no note\n| no row |", "- one\n- two"] });
  const [code, list] = base.summary;
  const markdown = renderReport(
    {
      ...base,
      summary: [
        { ...code!, asBlock: true, language: "sh" },
        { ...list!, asBlock: true },
      ],
    },
    { workspace: "../..", session: "../sessions/s" },
  );

  it("are parts of a block, whatever they look like, with the citation below as the sentence", () => {
    const parts = recordOfReport(markdown).lines.map((line) => parseHashedLine(line).part);
    const from = parts.indexOf("block");
    assert.deepEqual(parts.slice(from, from + 9), [
      "block", "block", "block", "block", "block", "sentence", "block", "block", "sentence",
    ]); // prettier-ignore
    assert.equal(parts.filter((part) => part === "block").length, 7);
  });

  it("count as checked again together with their citation", () => {
    const cited = parseReport(markdown).sentences[0];
    assert.ok(cited?.block != null);
    assert.equal(cited.block.endLine, cited.line - 2);
    const checked = diffReportLines(markdown, markdown, cited.line);
    assert.equal(checked.length, 6);
    assert.ok(checked.every(({ was, now }) => was === now));
    assert.deepEqual(diffReportLines(markdown, markdown), []);
  });
});
