import assert from "node:assert/strict";
import { parseReport } from "../../../../src/core/report/parse-report.js";
import { renderReport } from "../../../../src/core/report/render-report.js";
import {
  diffReportLines,
  parseHashedLine,
  serializeReportLines,
} from "../../../../src/storage/reports/report-line-hashes.js";
import { aReport } from "../../../fakes/report.js";

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
    const parts = serializeReportLines(markdown).map((line) => parseHashedLine(line).part);
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
