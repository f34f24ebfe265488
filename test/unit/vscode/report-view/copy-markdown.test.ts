import assert from "node:assert/strict";
import { parseReport } from "../../../../src/core/report/parse-report.js";
import { copyReportText } from "../../../../src/vscode/report-view/copy-markdown.js";
import { SAMPLE_MARKDOWN, SAMPLE_SENTENCES } from "../../../fakes/sample-report.js";

describe("a copied report", () => {
  const read = parseReport(SAMPLE_MARKDOWN);

  it("has its citations as footnotes with quote and source", () => {
    const text = copyReportText(SAMPLE_MARKDOWN, read, "footnotes");
    assert.match(text, /^# What happens to a job whose worker dies\n/);
    assert.match(text, /keeps its worker\.\[\^1-2\]\n/);
    assert.match(
      text,
      /\n\[\^1-2\]: “While it works it renews the lease every 20 seconds, so a long job keeps its worker\.” Workers \(docs\/workers\.md\), docs\/workers\.md, \d{4}-\d\d-\d\d\n/,
    );
    assert.doesNotMatch(text, /## Sources|session:|#source-/);
    assert.equal(text.match(/^\[\^/gm)?.length, SAMPLE_SENTENCES);
  });

  it("has none where none is wanted, and keeps its verdicts", () => {
    const markdown = SAMPLE_MARKDOWN.replace("[[2.2]](#source-2)", "[[2.2]](#source-2) *(qualified: once)*");
    const text = copyReportText(markdown, parseReport(markdown), "none");
    assert.match(text, /keeps its worker\.\n/);
    assert.match(text, /looks at it\. {1,2}\*\(qualified: once\)\*/);
    assert.doesNotMatch(text, /\[\^|#source-|\[\[/);
  });
});
