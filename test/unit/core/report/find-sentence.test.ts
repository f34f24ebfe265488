import assert from "node:assert/strict";
import { findSentenceAt } from "../../../../src/core/report/find-sentence.js";
import { parseReport, splitReportLines } from "../../../../src/core/report/parse-report.js";
import { renderReport } from "../../../../src/core/report/render-report.js";
import { aReport } from "../../../fakes/report.js";

describe("the sentence at a position", () => {
  const base = aReport({ quotes: ["a = 1\n\nb = 2", "Second."], claims: [{}, { text: "It is so." }] });
  const [code, sentence] = base.summary;
  const text = renderReport(
    { ...base, summary: [{ ...code!, asBlock: true, language: "py" }, sentence!] },
    { workspace: "../..", session: "../sessions/s" },
  ).replace("It is so. [[1.2]](#source-1)", "It is so. [[1.2]](#source-1) Twice so. [[1.2]](#source-1)");
  const lines = splitReportLines(text);
  const read = parseReport(text);
  const at = (start: string, column: number): string | undefined =>
    findSentenceAt(read, lines.findIndex((line) => line.startsWith(start)) + 1, column)?.text;

  it("is that of a block on each of its lines, and on the line of its citation", () => {
    const first = lines.indexOf("```py") + 1;
    for (let line = first; line < first + 5; line++) {
      assert.equal(findSentenceAt(read, line, 0)?.text, "a = 1\n\nb = 2", `line ${line}`);
    }
    assert.equal(at("[[1.1]]", 3), "a = 1\n\nb = 2");
    assert.equal(findSentenceAt(read, first - 1, 0), null);
    assert.equal(findSentenceAt(read, first + 5, 0), null);
  });

  it("is the one around the column, else the line's first", () => {
    assert.equal(at("It is so.", 2), "It is so.");
    assert.equal(at("It is so.", 35), "Twice so.");
    assert.equal(at("It is so.", 999), "It is so.");
    assert.equal(at("# A title", 0), undefined);
  });
});
