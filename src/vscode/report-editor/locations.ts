import * as vscode from "vscode";
import type { ParsedReport, ParsedSource, TextRange } from "../../core/report/parse-report.js";
import { resolveFromReport, type QuoteStatus } from "../../app/check-report.js";
import { resolveOutside } from "./outside-links.js";
import { allowedLinkRoots } from "./link-roots.js";
import { toDiskPath, toWindowUri } from "../virtual/virtual-paths.js";

/* Conversion to VS Code positions and addresses. */

export function toRange({ line, start, endLine, end }: TextRange): vscode.Range {
  return new vscode.Range(line - 1, start, endLine - 1, end);
}

/** [start, end) of a text with LF line endings, as a range. */
export function rangeOfOffsets(text: string, start: number, end: number): vscode.Range {
  const at = (offset: number): vscode.Position => {
    const before = text.slice(0, offset);
    return new vscode.Position(before.split("\n").length - 1, offset - (before.lastIndexOf("\n") + 1));
  };
  return new vscode.Range(at(start), at(end));
}

/** A source's workspace file, with the current position of the quote; null for pages, PDFs and moved files. */
export function currentFileLocation(
  report: vscode.Uri,
  source: ParsedSource,
  today: QuoteStatus | null,
): { uri: vscode.Uri; range: vscode.Range } | null {
  const file =
    source.file === null ? null : resolveFromReport(toDiskPath(report) ?? report.fsPath, source.file.path);
  if (file === null || today?.lines == null || /\.pdf$/i.test(file)) return null;
  if (resolveOutside(file, allowedLinkRoots(report)) !== null) return null;
  const [first, last] = today.lines;
  const [from, to] = today.columns ?? [0, Number.MAX_SAFE_INTEGER];
  return { uri: toWindowUri(file), range: new vscode.Range(first - 1, from, last - 1, to) };
}

/** The source and quote at a position in the list of sources; null elsewhere. */
export function sourceEntryAt(
  { sources, lines }: ParsedReport,
  { line }: vscode.Position,
): { number: number; source: ParsedSource; quote: number | null } | null {
  if (line + 1 <= lines.sources) return null;
  for (const [number, source] of sources) {
    if (line + 1 < source.line || line + 1 > source.endLine) continue;
    const quote = source.quotesAt.findIndex((at) => line + 1 >= at.line && line + 1 <= at.endLine);
    return { number, source, quote: quote < 0 ? null : quote + 1 };
  }
  return null;
}
