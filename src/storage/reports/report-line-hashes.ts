import { diffSequences } from "../../common/diff-sequences.js";
import type { ReportPart } from "../../core/report/findings.js";
import { parseReport, splitReportLines, type ParsedReport } from "../../core/report/parse-report.js";
import type { ReportLine } from "../../core/report/render-report.js";
import type { LineChange } from "../sessions/journal-schema.js";
import { sha256Hex } from "../../common/hash.js";

/*
 * The lines of a report as stored in the journal: a short hash of each non-blank line, with its kind. A report has one
 * sentence per line, so every later change affects a line that can be named.
 */

/** A report line: its hash, and the kind and name or number of its part. */
export interface HashedLine {
  hash: string;
  part: ReportPart;
  name: string;
}

/** Hash length that rules out accidental collisions; a forger can edit the journal anyway. */
const LENGTH = 16;

/** Hashes a line without trailing white space, which is invisible. */
function lineHash(line: string): string {
  return sha256Hex(line.trimEnd()).slice(0, LENGTH);
}

/** Hashes the non-blank lines; line numbers are 1-based. */
export function hashReportLines(lines: string[], report: ParsedReport): (HashedLine & { line: number })[] {
  const kinds = createLineClassifier(lines, report);
  return lines.flatMap((text, index) => {
    if (text.trim() === "") return [];
    const [part, name] = kinds(index);
    return [{ hash: lineHash(text), part, name, line: index + 1 }];
  });
}

/** Serializes the lines of a rendered report for the journal. */
export function serializeReportLines(lines: ReportLine[]): string[] {
  return lines.flatMap(({ text, part, name }) =>
    text.trim() === "" ? [] : [`${lineHash(text)} ${part} ${name}`.trimEnd()],
  );
}

/** Parses a line from the journal. */
export function parseHashedLine(kept: string): HashedLine {
  const [hash = "", part = "text", ...name] = kept.split(" ");
  return { hash, part: part as ReportPart, name: name.join(" ") };
}

/**
 * The line changes of an edit by the product.
 * @param line 1-based line in the new text that counts as changed, with its block, even if it is unchanged
 */
export function diffReportLines(before: string, after: string, line: number | null = null): LineChange[] {
  const hashes = (text: string): string[] =>
    splitReportLines(text)
      .filter((each) => each.trim() !== "")
      .map(lineHash);
  const [oldHashes, newHashes] = [hashes(before), hashes(after)];
  const changes = diffSequences(oldHashes, newHashes).flatMap(({ from, to, at, end }): LineChange[] =>
    newHashes.slice(at, end).map((hash, index) => {
      const was = from + index < to ? oldHashes[from + index] : undefined;
      return was === undefined ? { now: hash } : { was, now: hash };
    }),
  );
  const rechecked = line === null ? [] : hashRechecked(after, line);
  const others = rechecked.filter((hash) => !changes.some(({ now }) => now === hash));
  return [...changes, ...others.map((hash) => ({ was: hash, now: hash }))];
}

/** The hashes of a line with citations and of the block above it, if it has one. */
function hashRechecked(markdown: string, line: number): string[] {
  const lines = splitReportLines(markdown);
  const block = parseReport(markdown).sentences.find((each) => each.line === line)?.block ?? null;
  const shown = block === null ? [] : lines.slice(block.line - 1, block.endLine);
  return [...shown.filter((each) => each.trim() !== ""), lines[line - 1] ?? ""].map(lineHash);
}

function createLineClassifier(
  lines: string[],
  report: ParsedReport,
): (index: number) => [ReportPart, string] {
  const { body, title, sources } = report.lines;
  const { google } = report;
  const rows = new Map(report.sentences.map((each) => [each.line, each.row]));
  const inBlock = new Set<number>();
  for (const { block } of report.sentences) {
    for (let line = block?.line ?? 1; line <= (block?.endLine ?? 0); line++) inBlock.add(line);
  }
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
    if (google !== null && index + 1 >= google.line && index + 1 <= google.endLine) return ["google", ""];
    if (index + 1 === title) return ["title", ""];
    if (inBlock.has(index + 1)) return ["block", ""];
    if (/^#{1,6} /.test(line)) return ["heading", ""];
    if (line.startsWith("> **Question.**")) return ["question", ""];
    if (line.startsWith(">")) return ["note", ""];
    const row = rows.get(index + 1);
    if (row !== undefined) return [row ? "row" : "sentence", ""];
    return [line.startsWith("|") ? "table" : "text", ""];
  };
}
