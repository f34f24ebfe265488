import assert from "node:assert/strict";
import fc from "fast-check";
import type { Configuration } from "markdownlint";
import { renderReport } from "../../../../src/core/report/render-report.js";
import type { Report } from "../../../../src/core/domain/schema.js";
import { aReport } from "../../../fakes/report.js";

const LINKS = { workspace: "../..", session: "../sessions/s" };

describe("markdownlint on reports", () => {
  const lint = async (text: string, config: Configuration): Promise<string[]> => {
    const { lint: run } = await import("markdownlint/sync");
    return (run({ strings: { report: text }, config })["report"] ?? []).map(
      ({ lineNumber, ruleNames, errorContext }) =>
        `${ruleNames[0] ?? ""} line ${lineNumber}: ${errorContext ?? ""}`,
    );
  };

  it("finds nothing in a plain report", async () => {
    const base = aReport({
      quotes: ["A killed session goes on.", "It keeps 30 days.\nNo more than that."],
      claims: [
        { text: "It goes on." },
        { text: "It keeps 30 days.", verdict: "qualified", reason: "no more" },
      ],
    });
    const report: Report = {
      ...base,
      sections: [
        { heading: "Going on", paragraphs: [base.summary, base.summary], table: null },
        {
          heading: "Compared",
          paragraphs: [],
          table: {
            columns: ["what", "how long"],
            rows: base.summary.map((each) => ({ ...each, cells: ["a", "b"] })),
          },
        },
      ],
      limits: [{ text: "Nothing was found about: costs.", evidence: [], verdict: "not-checked", reason: "" }],
    };
    // Lines are sentences, however long; the title stands in the front matter and as a heading; rules of tables are short.
    assert.deepEqual(
      await lint(renderReport(report, LINKS), { default: true, MD013: false, MD025: false, MD060: false }),
      [],
    );
  });

  it("finds no reversed link, double heading, bare address or loose reference, whatever a report holds", async () => {
    await lint("", {});
    const part = fc.constantFrom(
      "(text)[link]", "[a](b)", "[a][b]", "[a]: b", "http://evil.example/x", "www.evil.example", "me@evil.example", "## Sources",
      "Source 1", "Same", "[x]", "[[1.1]](#source-1)", "(a)", "[", "]", "`", " ", "word", "*", "<", "![i][j]", "\\", "# a #", "…", "1.",
    ); // prettier-ignore
    const text = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => `a${parts.join(" ")}`);
    const asked = { default: false, MD011: true, MD024: true, MD034: true, MD052: true };
    const { lint: run } = await import("markdownlint/sync");
    fc.assert(
      fc.property(text, text, text, text, (quote, sentence, heading, title) => {
        const base = aReport({
          quotes: [quote],
          claims: [{ text: sentence, verdict: "qualified", reason: sentence }],
          title,
        });
        const section = { heading, paragraphs: [base.summary], table: null };
        const report: Report = { ...base, question: sentence, sections: [section, section] };
        const rendered = renderReport(report, LINKS);
        const found = run({ strings: { rendered }, config: asked })["rendered"] ?? [];
        assert.deepEqual(
          found.map(
            ({ ruleNames, lineNumber }) =>
              `${ruleNames[0] ?? ""}: ${rendered.split("\n")[lineNumber - 1] ?? ""}`,
          ),
          [],
        );
      }),
      { numRuns: 1500 },
    );
  }).timeout(60_000);
});
