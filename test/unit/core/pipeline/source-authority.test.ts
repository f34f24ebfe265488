import assert from "node:assert/strict";
import { authorityOfPlace } from "../../../../src/core/pipeline/source-authority.js";
import { findFormProblems } from "../../../../src/core/report/report-form.js";
import { parseReport, splitReportLines } from "../../../../src/core/report/parse-report.js";
import { renderReport } from "../../../../src/core/report/render-report.js";
import { SourceAuthority } from "../../../../src/core/domain/schema.js";
import { aReport } from "../../../fakes/report.js";

const of = (url: string): SourceAuthority | null => authorityOfPlace({ kind: "page", url });

describe("whose word a source is", () => {
  it("is told by its place, and is unknown where that tells nothing", () => {
    const known: [SourceAuthority | null, string[]][] = [
      ["documentation", ["https://docs.example.org/a", "https://x.readthedocs.io/", "https://www.rfc-editor.org/rfc/rfc9110", "https://developer.mozilla.org/en-US/docs/Web"]],
      ["repository", ["https://github.com/a/b", "https://github.com/a/b/blob/main/README.md", "https://github.com/a/b/releases/tag/v1"]],
      ["forum", ["https://github.com/a/b/issues/3", "https://stackoverflow.com/q/1", "https://unix.stackexchange.com/q/1", "https://forum.example.org/t/1"]],
      ["blog", ["https://blog.example.org/x", "https://example.org/blog/x", "https://someone.medium.com/x"]],
      ["encyclopedia", ["https://en.wikipedia.org/wiki/Moss"]],
      [null, ["https://example.org/docs", "https://notdocs.example.org/", "https://github.com/", "https://evilstackoverflow.com/q/1", "no address"]],
    ]; // prettier-ignore
    for (const [authority, urls] of known) for (const url of urls) assert.equal(of(url), authority, url);
    assert.equal(authorityOfPlace({ kind: "workspace", path: "docs/a.md" }), null);
  });

  it("stands in the list of sources, is read back, and is no line that anything else may have", () => {
    for (const authority of SourceAuthority.options) {
      const report = aReport({ quotes: ["A quote."] });
      const sources = report.sources.map((source) => ({ ...source, authority }));
      const text = renderReport({ ...report, sources }, { workspace: "../..", session: "../sessions/s" });
      assert.match(text, /^Kind: [a-z][^\n]+\.$/m);
      const read = parseReport(text);
      assert.ok([...read.sources.values()].every((each) => each.grounded || each.authority === authority));
      assert.deepEqual(findFormProblems(splitReportLines(text), read), []);
      const forged = text.replace(/^Kind: .*$/m, "Kind: the truth itself.");
      assert.notDeepEqual(findFormProblems(splitReportLines(forged), parseReport(forged)), []);
    }
  });
});
