import assert from "node:assert/strict";
import { parseReport, splitReportLines } from "../../../src/core/report/parse-report.js";
import { findUnrecordedLines } from "../../../src/verification/unrecorded-lines.js";

const report = (body: string): string => `---
title: How pumps wear
session: 20261101-000000-how-pumps-wear-0000
---

# How pumps wear

> **Question.** How do pumps wear?
>
> **Partial report.** One source could not be read.

${body}

## Sources

No source is cited.
`;

/** What the model answered. */
const SAID = new Set([
  "Seals wear first.",
  "The seals",
  "Part",
  "Hours",
  "Seal",
  "900",
  "Nothing is said about bearings.",
  "bearings",
  "noise | heat",
]);

describe("lines that a session of the first versions did not write", () => {
  const found = (body: string): string[] => {
    const markdown = report(body);
    const lines = splitReportLines(markdown);
    return findUnrecordedLines(lines, parseReport(markdown), SAID).map(
      ({ line, part }) => `${part}: ${lines[line - 1] ?? ""}`,
    );
  };

  it("are none among the model's texts and those that code wrote then", () => {
    const body = [
      "Seals wear first.",
      "## The seals",
      "## The seals (2)",
      "## About The seals",
      "## In detail",
      "| Part | Hours |\n|---|---|\n| Seal | 900 |\n| noise \\| heat |  |",
      "## What could not be settled",
      "Nothing is said about bearings.\nNothing was found about: bearings; Seal.",
      "One sentence was removed because its quotes did not show what it said.",
      "12 invisible characters were removed from what the model wrote.",
    ];
    assert.deepEqual(found(body.join("\n\n")), []);
  });

  for (const [line, part] of [
    ["Seals never wear.", "text"],
    ["- Seals wear first, and never again.", "text"],
    ["## The bolts", "heading"],
    ["| Seal | 9000 |", "table"],
    ["> Seals never wear.", "note"],
    ["> **Warning.** Seals never wear.", "note"],
    ["Nothing was found about: bolts.", "text"],
    ["Two sentences were removed.", "text"],
  ] as const) {
    it(`are found: ${line}`, () => assert.deepEqual(found(line), [`${part}: ${line}`]));
  }
});
