import { createHash } from "node:crypto";
import { diffSequences } from "../../common/diff-sequences.js";
import type { ReportPart } from "../../core/report/findings.js";
import { parseReport, splitReportLines, type ParsedReport } from "../../core/report/parse-report.js";
import type { LineChange } from "../sessions/journal-schema.js";

/*
 * The lines of a report as the journal keeps them: of each that is not blank a short hash, and what it is. A report
 * has one sentence a line, so whatever is changed in it later changes a line, and which one can be told.
 */

/** A line of a report: what it is, with the name or number by which that part is known. */
export interface HashedLine {
  hash: string;
  part: ReportPart;
  name: string;
}

/** Enough that nobody finds another line with the same hash by chance; whoever forges the journal needs no luck. */
const LENGTH = 16;

/** The hash of a line. White space at its end does not count: nobody sees it. */
function lineHash(line: string): string {
  return createHash("sha256").update(line.trimEnd(), "utf8").digest("hex").slice(0, LENGTH);
}

/** The lines that are not blank, with their 1-based numbers. */
export function hashReportLines(lines: string[], report: ParsedReport): (HashedLine & { line: number })[] {
  const kinds = kindsOf(lines, report);
  return lines.flatMap((text, index) => {
    if (text.trim() === "") return [];
    const [part, name] = kinds(index);
    return [{ hash: lineHash(text), part, name, line: index + 1 }];
  });
}

/** A report's lines, as the journal keeps them. */
export function serializeReportLines(markdown: string): string[] {
  return hashReportLines(splitReportLines(markdown), parseReport(markdown)).map(({ hash, part, name }) =>
    `${hash} ${part} ${name}`.trimEnd(),
  );
}

/** A line as the journal kept it. */
export function parseHashedLine(kept: string): HashedLine {
  const [hash = "", part = "text", ...name] = kept.split(" ");
  return { hash, part: part as ReportPart, name: name.join(" ") };
}

/**
 * What a change made in the product did to a report's lines.
 * @param line 1-based in the text afterwards: one that counts as changed though it may be as it was
 */
export function diffReportLines(before: string, after: string, line: number | null = null): LineChange[] {
  const hashes = (text: string): string[] =>
    splitReportLines(text)
      .filter((each) => each.trim() !== "")
      .map(lineHash);
  const [old, now] = [hashes(before), hashes(after)];
  const changes = diffSequences(old, now).flatMap(({ from, to, at, end }): LineChange[] =>
    now.slice(at, end).map((hash, index) => {
      const was = from + index < to ? old[from + index] : undefined;
      return was === undefined ? { now: hash } : { was, now: hash };
    }),
  );
  const same = line === null ? null : lineHash(splitReportLines(after)[line - 1] ?? "");
  return same === null || changes.some(({ now: hash }) => hash === same)
    ? changes
    : [...changes, { was: same, now: same }];
}

function kindsOf(lines: string[], report: ParsedReport): (index: number) => [ReportPart, string] {
  const { body, title, sources } = report.lines;
  const rows = new Map(report.sentences.map((each) => [each.line, each.row]));
  const inList = new Map<number, [ReportPart, string]>();
  for (const [number, source] of report.sources) {
    inList.set(source.line, ["source", `${number}`]);
    let isFirst = true;
    for (let line = source.line + 1; line <= source.endLine; line++) {
      if ((lines[line - 1] ?? "").trim() === "") continue;
      const part = isFirst ? "link" : source.snapshotAt?.line === line ? "snapshot" : "searches";
      inList.set(line, [part, `${number}`]);
      isFirst = false;
    }
    for (const [index, { line, endLine }] of source.quotesAt.entries()) {
      for (let at = line; at <= endLine; at++) inList.set(at, ["quote", `${number}.${index + 1}`]);
    }
  }
  return (index) => {
    const line = lines[index] ?? "";
    if (index < body - 1) {
      const name = /^(\w{1,40}):/.exec(line)?.[1];
      return name === undefined ? ["text", ""] : ["field", name];
    }
    if (index >= sources) return inList.get(index + 1) ?? ["text", ""];
    if (index + 1 === title) return ["title", ""];
    if (/^#{1,6} /.test(line)) return ["heading", ""];
    if (line.startsWith("> **Question.**")) return ["question", ""];
    if (line.startsWith(">")) return ["note", ""];
    const row = rows.get(index + 1);
    if (row !== undefined) return [row ? "row" : "sentence", ""];
    return [line.startsWith("|") ? "table" : "text", ""];
  };
}
