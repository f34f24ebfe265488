import assert from "node:assert/strict";
import { renderReport } from "../../../../src/core/report/render-report.js";
import { claimToMarkdown, claimToText, readReportClaims } from "../../../../src/core/report/report-claims.js";
import { aReport } from "../../../fakes/report.js";

/* A report's claims on their way into other documents. */

describe("the claims of a report", () => {
  const report = aReport({
    quotes: ["Journals stay for 30 days.", "They may\nstay longer."],
    claims: [
      { text: "Journals *stay* for 30 days." },
      { text: "They may stay longer.", verdict: "qualified", reason: "on request" },
    ],
  });
  const [first] = report.summary;
  const markdown = renderReport(
    {
      ...report,
      sections: [
        {
          heading: "Again",
          paragraphs: [first === undefined ? [] : [first]],
          table: {
            columns: ["what", "days"],
            rows: [
              {
                text: "x",
                cells: ["journals", "30"],
                evidence: ["e1", "e2"],
                verdict: "supported",
                reason: "",
              },
            ],
          },
        },
      ],
    },
    { workspace: "../..", session: "../sessions/x" },
  );

  it("are there once each, with their quotes and verdicts, rows of tables too", () => {
    assert.deepEqual(
      readReportClaims(markdown).map(({ sentence, marks, verdict, quotes }) => [
        sentence,
        marks.map(({ n }) => n),
        verdict,
        quotes,
      ]),
      [
        ["Journals *stay* for 30 days.", ["1.1"], "supported", ["Journals stay for 30 days."]],
        ["They may stay longer.", ["1.2"], "qualified", ["They may stay longer."]],
        [
          "journals, 30",
          ["1.1", "1.2"],
          "supported",
          ["Journals stay for 30 days.", "They may stay longer."],
        ],
      ],
    );
  });

  it("are blocks where the report shows one, with the citation below", () => {
    const quotes = ["keep: 30\n\n# see [[1.1]](#source-1)", "- a\n- b"];
    const base = aReport({ quotes });
    const [code, list] = base.summary;
    const shown = renderReport(
      {
        ...base,
        summary: [
          { ...code!, asBlock: true, language: "yaml" },
          { ...list!, asBlock: true },
        ],
      },
      { workspace: "../..", session: "../sessions/x" },
    );
    const claims = readReportClaims(shown);
    assert.deepEqual(
      claims.map(({ sentence, block }) => [sentence, block]),
      [
        [quotes[0], { language: "yaml" }],
        [quotes[1], { language: null }],
      ],
    );
    assert.deepEqual(
      claims.map((claim) => claimToMarkdown(claim, "reports/a b.md")),
      [
        "```yaml\nkeep: 30\n\n# see [[1.1]](#source-1)\n```\n\n[[1.1]](reports/a%20b.md#source-1)",
        "- a\n- b\n\n[[1.2]](reports/a%20b.md#source-1)",
      ],
    );
    assert.equal(claimToText(claims[1]!, "r.md"), "- a\n- b\n(r.md, 1.2)");
  });

  it("are links in Markdown, and a plain reference elsewhere; what is qualified says so", () => {
    const [one, two] = readReportClaims(markdown);
    assert.ok(one !== undefined && two !== undefined);
    assert.equal(
      claimToMarkdown(one, "../data/reports/a (1).md"),
      "Journals \\*stay\\* for 30 days. [[1.1]](../data/reports/a%20%281%29.md#source-1)",
    );
    assert.equal(
      claimToMarkdown(two, "r.md"),
      "They may stay longer. [[1.2]](r.md#source-1) *(qualified: on request)*",
    );
    assert.equal(
      claimToText(one, "data/reports/r.md"),
      "Journals *stay* for 30 days. (data/reports/r.md, 1.1)",
    );
    assert.equal(claimToText(two, "r.md"), "They may stay longer. (r.md, 1.2; qualified: on request)");
  });
});
