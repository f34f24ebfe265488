import assert from "node:assert/strict";
import { parseReport } from "../../../../src/core/report/parse-report.js";
import { placeInReport, restoreLineBreaks } from "../../../../src/core/report/restore-line-breaks.js";

const HEAD = "---\ntitle: Pumps\nsession: 20261129-120000-pumps-0000\n---\n\n# Pumps\n";
const SOURCES =
  "\n## Sources\n\n### Source 1\n\n" +
  "[Pumps (pumps.md)](../../pumps.md#L1), line 1, read on 2026-11-29.\n" +
  `[Snapshot](../sessions/20261129-120000-pumps-0000/sources/0000.md), SHA-256 \`${"0".repeat(64)}\`.\n\n` +
  '1. "The pump runs for an hour."\n2. "It stops at noon."\n';
const report = (body: string, sources = SOURCES): string => `${HEAD}\n${body}\n${sources}`;

describe("the line breaks of a report", () => {
  const own = report(
    "The pump runs for an hour. [[1.1]](#source-1)\nIt stops at noon. [[1.2]](#source-1) *(qualified: not on Sundays (so it says))*",
  );

  it("are left alone where each sentence has its line", () => {
    assert.equal(restoreLineBreaks(own), null);
  });

  it("come back where a formatter joined, wrapped or marked lines otherwise", () => {
    for (const changed of [
      own.replace("source-1)\nIt", "source-1) It"),
      own.replace("The pump runs", "The pump\nruns").replace("not on Sundays", "not\non Sundays"),
      own.replace("[[1.1]]", "\n[[1.1]]").replace(" \n", "\n"),
      own.replace("*(qualified", "_(qualified").replace("says))*", "says))_"),
      own.replace("read on 2026-11-29.\n[Snap", "read on 2026-11-29. [Snap"),
      own.replace('for an hour."\n', 'for\n    an hour."\n'),
      own.replace("\n# Pumps\n", "\n# Pumps #\n"),
    ]) {
      assert.notEqual(changed, own);
      assert.equal(restoreLineBreaks(changed)?.markdown, own);
    }
  });

  it("stay where words cite nothing, where a break is seen, in code and in lists", () => {
    for (const body of [
      "It runs. [[1.1]](#source-1) And it is\nred.",
      "It runs  \nfor an hour. [[1.1]](#source-1)",
      "It runs\\\nfor an hour. [[1.1]](#source-1)",
      "Nothing was found\nabout noon.",
      "```text\nIt runs\nfor an hour. [[1.1]](#source-1)\n```",
      "- It runs\n  for an hour. [[1.1]](#source-1)",
    ])
      assert.equal(restoreLineBreaks(report(body)), null, body);
  });

  it("come back in the rows of a table", () => {
    const table = "| pump | hours |\n|---|---|\n| red | 1 [[1.1]](#source-1) |";
    const padded =
      "| pump | hours                |\n| ---- | -------------------- |\n| red  | 1 [[1.1]](#source-1) |";
    assert.equal(restoreLineBreaks(report(padded))?.markdown, report(table));
  });

  it("do not move what is found: it keeps its place in the report as it is", () => {
    const wrapped = own.replace("The pump runs", "The pump\nruns").replace("noon. [[1.2]]", "noon.\n[[1.2]]");
    const restored = restoreLineBreaks(wrapped);
    assert.ok(restored);
    const read = parseReport(restored.markdown);
    placeInReport(restored, read, []);
    const lines = wrapped.split("\n");
    for (const { line, start, end, n } of read.citations)
      assert.equal(lines[line - 1]?.slice(start, end), `[[${n}]](#source-1)`);
    const [first, second] = read.sentences;
    assert.ok(first && second);
    assert.equal(lines[first.line - 1]?.slice(first.start), "The pump");
    assert.equal(lines[first.endLine - 1]?.slice(0, first.end), "runs for an hour.");
    assert.equal(
      lines[(second.mark?.line ?? 0) - 1]?.slice(second.mark?.start).startsWith("*(qualified"),
      true,
    );
    assert.equal(lines[read.lines.sources - 1], "## Sources");
    assert.equal(lines[(read.sources.get(1)?.quotesAt[1]?.line ?? 0) - 1], '2. "It stops at noon."');
  });

  it("are looked for in time that grows with the report", () => {
    const bodies = [
      "The pump runs for an hour. [[1.1]](#source-1)\n".repeat(60_000),
      `The pump runs.\n${"[[1.1]](#source-1)\n".repeat(60_000)}`,
      `1. a\n${"  b\n".repeat(200_000)}`,
      `> **Question.** a\n${"> b\n".repeat(200_000)}`,
    ];
    for (const body of bodies) {
      for (const text of [report(body), report("It stops. [[1.2]](#source-1)", `${SOURCES}\n${body}`)]) {
        const began = process.cpuUsage();
        const restored = restoreLineBreaks(text);
        if (restored !== null) placeInReport(restored, parseReport(restored.markdown), []);
        const { user } = process.cpuUsage(began);
        assert.ok(user < 10_000_000, `${user / 1000} ms: ${body.slice(0, 40)}`);
      }
    }
  });
});
