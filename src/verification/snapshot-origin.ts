import path from "node:path";
import { isCodeFile } from "../core/text/code-files.js";
import type { FindingKind } from "../core/report/findings.js";
import { removeInvisibleCharacters } from "../common/invisible-characters.js";
import { isLocalLocation } from "../core/domain/schema.js";
import { packageUrl } from "../core/report/package-url.js";
import { escapeLinkTarget } from "../core/text/markdown-escape.js";
import type { QuoteLocation } from "../core/evidence/locate-quote.js";
import { parseSourceLine, type SourceLine } from "../core/report/report-form.js";
import { decodeLinkTarget, type ParsedSource } from "../core/report/parse-report.js";
import { textFragmentUrl } from "../core/report/render-report.js";
import type { RecordedSource } from "./session-record.js";
import type { SnapshotHeader } from "../storage/sessions/snapshots.js";
import { collapseWhitespace } from "../common/collapse-whitespace.js";
import { createLineFinder } from "../common/line-finder.js";

/*
 * Compares what a report says about a source with the header of the source's snapshot, which the hash protects, so
 * that no session is needed.
 */

/** A source of a report with its snapshot and record. */
export interface KnownSource {
  source: ParsedSource;
  /** The first line below its heading. */
  line: string;
  head: SnapshotHeader;
  /** The text of the snapshot. */
  text: string;
  /** Locations of the quotes in the text, in order. */
  located: (QuoteLocation | null)[];
  /** The reading as recorded in the journal; null if there is none. */
  read: RecordedSource | null;
  /** The path that the report's links are relative to. */
  report: string;
  /** True if the report is outside the workspace, which a setting allows. */
  isOutside: boolean;
}

/** The kinds of mismatch between a source in the report and its snapshot. */
export function findOriginProblems(known: KnownSource): FindingKind[] {
  const sourceLine = parseSourceLine(known.line.trimEnd());
  // A line in another form is reported as a form problem.
  if (sourceLine === null) return [];
  const { head } = known;
  const isFile = isLocalLocation(head.place);
  const problems: [FindingKind, boolean][] = [
    ["origin-title", sourceLine.title === expectedTitle(head, isFile)],
    ["origin-link", isFile ? linksLeadToSource(sourceLine, known) : linksLeadToPage(sourceLine, known)],
    ["origin-day", sourceLine.readOn === head.read],
    ["origin-commit", sourceLine.commit === (isFile ? (head.commit?.slice(0, 7) ?? null) : null)],
    ["origin-lines", quotesMatchRanges(sourceLine, known, isFile)],
  ];
  return problems.flatMap(([kind, isRight]) => (isRight ? [] : [kind]));
}

function expectedTitle({ title, source, place: at }: SnapshotHeader, isFile: boolean): string {
  const cleanTitle = removeInvisibleCharacters(title).text;
  const place = removeInvisibleCharacters(source).text;
  const sourceLine =
    !isFile || at.kind === "commit"
      ? cleanTitle || place
      : cleanTitle === place || cleanTitle === ""
        ? place
        : `${cleanTitle} (${place})`;
  return collapseWhitespace(sourceLine);
}

/** Whether the links lead to the file of the workspace or of a package, or to the snapshot of a commit. */
function linksLeadToSource(line: SourceLine, known: KnownSource): boolean {
  const { place } = known.head;
  switch (place.kind) {
    case "package":
      return place.file === null
        ? line.links.every(({ target }) => target.split("#", 1)[0] === escapeLinkTarget(packageUrl(place)))
        : linksLeadToFile(line, place.file, known);
    case "commit":
      return line.links.every(
        ({ target }) => decodeLinkTarget(target.split("#", 1)[0] ?? "") === known.source.snapshot?.path,
      );
    default:
      return linksLeadToFile(line, known.head.source, known);
  }
}

function linksLeadToFile({ links }: SourceLine, wanted: string, { report, isOutside }: KnownSource): boolean {
  return links.every(({ target }) => {
    const file = decodeLinkTarget(target.split("#", 1)[0] ?? "");
    if (/^[/\\]|^[a-z][a-z0-9+.-]*:/i.test(file)) return false;
    if (file !== wanted && !file.endsWith(`/${wanted}`)) return false;
    // The prefix before the file's path leads to the workspace, which contains the report or is next to it.
    const before = file.slice(0, file.length - wanted.length);
    return /^(?:\.\.\/)*$/.test(before) || (isOutside && leadsOutside(before, report));
  });
}

/** Whether a prefix leads up and down again to a folder that does not contain the report. */
function leadsOutside(before: string, report: string): boolean {
  const folder = path.resolve(path.dirname(report), before);
  return (
    !`${path.dirname(report)}${path.sep}`.startsWith(`${folder}${path.sep}`) &&
    /^(?:\.\.\/)+[^.]/.test(before)
  );
}

function linksLeadToPage({ links }: SourceLine, { head, source }: KnownSource): boolean {
  const plain = head.source.split("#", 1)[0] ?? "";
  const wanted = new Set(
    [head.source, plain, ...source.quotes.map((quote) => textFragmentUrl(head.source, quote))].map(
      escapeLinkTarget,
    ),
  );
  return links.every(({ target }) => wanted.has(target.replace(/#page=\d{1,9}$/, "")));
}

/** Whether each quote is in a linked range, and each linked range starts and ends with a quote. */
function quotesMatchRanges(
  { links }: SourceLine,
  { head, text, located, read, source }: KnownSource,
  isFile: boolean,
): boolean {
  const isPages = links.some(({ target }) => target.includes("#page="));
  const ranges = links.flatMap(({ words }): [number, number][] => {
    const [, from, to] = /^(\d+)(?: to (\d+))?$/.exec(words) ?? [];
    return from === undefined ? [] : [[Number(from), Number(to ?? from)]];
  });
  const counts = isPages ? read?.pages : read?.lines;
  // Only the recorded reading maps lines of a document's text to its lines or pages; code is read as it is.
  const isPlainFile =
    isFile && (isCodeFile(head.source) || (read != null && !/\.(?:x?html?|pdf)$/i.test(head.source)));
  if (ranges.length === 0) return !(isPlainFile && source.quotes.length > 0);
  if (counts == null && (isPages || !isPlainFile)) return true;
  const lineAt = createLineFinder(text);
  const numbered = (line: number): number => counts?.[line - 1] ?? line;
  const quoteRanges = source.quotes.map((quote, index) => {
    const found = located[index] ?? null;
    return found?.check === "exact"
      ? occurrences(quote, text).map((start): [number, number] => [
          numbered(lineAt(start)),
          numbered(lineAt(start + quote.length - 1)),
        ])
      : null;
  });
  const isWithin = ([from, to]: [number, number]): boolean =>
    ranges.some(([first, last]) => first <= from && to <= last);
  const all = quoteRanges.flatMap((each) => each ?? []);
  return (
    quoteRanges.every((each) => each === null || each.length === 0 || each.some(isWithin)) &&
    (quoteRanges.includes(null) ||
      ranges.every(
        ([first, last]) => all.some(([from]) => from === first) && all.some(([, to]) => to === last),
      ))
  );
}

/** Maximum number of occurrences that are considered; more of them prove nothing. */
const MAX_OCCURRENCES = 1000;

function occurrences(quote: string, text: string): number[] {
  const found: number[] = [];
  if (quote === "") return found;
  for (
    let at = text.indexOf(quote);
    at >= 0 && found.length < MAX_OCCURRENCES;
    at = text.indexOf(quote, at + 1)
  )
    found.push(at);
  return found;
}
