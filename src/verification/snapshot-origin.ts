import path from "node:path";
import type { FindingKind } from "../core/report/findings.js";
import { removeInvisibleCharacters } from "../common/invisible-characters.js";
import { escapeLinkTarget } from "../core/text/markdown-escape.js";
import type { QuoteLocation } from "../core/evidence/locate-quote.js";
import { parseSourceLine, type SourceLine } from "../core/report/report-form.js";
import type { ParsedSource } from "../core/report/parse-report.js";
import { textFragmentUrl } from "../core/report/render-report.js";
import type { RecordedSource } from "./session-record.js";
import type { SnapshotHeader } from "../storage/sessions/snapshots.js";

/*
 * What a report says of a source, held against the source's snapshot: it says above its text what it was taken of,
 * and its hash vouches for that, with or without a session.
 */

/** A source of a report with what is known of it. */
export interface KnownSource {
  source: ParsedSource;
  /** The first line below its heading. */
  line: string;
  head: SnapshotHeader;
  /** The text of the snapshot. */
  text: string;
  /** Where the quotes stand in the text, in their order. */
  located: (QuoteLocation | null)[];
  /** What the session's journal says of the reading; null where there is none. */
  read: RecordedSource | null;
  /** The report, or the place that its links are meant from. */
  report: string;
  /** True where the report lies outside of the workspace, as a setting may have it. */
  isOutside: boolean;
}

/** What the report says of a source and its snapshot does not. */
export function findOriginProblems(known: KnownSource): FindingKind[] {
  const said = parseSourceLine(known.line.trimEnd());
  // A line in another form is told of as such.
  if (said === null) return [];
  const { head } = known;
  const isFile = !/^https?:/i.test(head.source);
  const problems: [FindingKind, boolean][] = [
    ["origin-title", said.title === titleOf(head, isFile)],
    ["origin-link", isFile ? leadsToFile(said, known) : leadsToPage(said, known)],
    ["origin-day", said.readOn === head.read],
    ["origin-commit", said.commit === (isFile ? (head.commit?.slice(0, 7) ?? null) : null)],
    ["origin-lines", standAtPlaces(said, known, isFile)],
  ];
  return problems.flatMap(([kind, isRight]) => (isRight ? [] : [kind]));
}

function titleOf({ title, source }: SnapshotHeader, isFile: boolean): string {
  const own = removeInvisibleCharacters(title).text;
  const place = removeInvisibleCharacters(source).text;
  const said = !isFile ? own || place : own === place || own === "" ? place : `${own} (${place})`;
  return said.replace(/\s+/g, " ").trim();
}

function leadsToFile({ links }: SourceLine, { head, report, isOutside }: KnownSource): boolean {
  return links.every(({ target }) => {
    const file = decoded(target.split("#", 1)[0] ?? "");
    if (/^[/\\]|^[a-z][a-z0-9+.-]*:/i.test(file)) return false;
    if (file !== head.source && !file.endsWith(`/${head.source}`)) return false;
    // What is before the file's own path leads to the workspace, which the report lies in or beside.
    const before = file.slice(0, file.length - head.source.length);
    return /^(?:\.\.\/)*$/.test(before) || (isOutside && isNamed(before, report));
  });
}

/** Whether a path leads up and down again to a folder outside of which the report lies. */
function isNamed(before: string, report: string): boolean {
  const folder = path.resolve(path.dirname(report), before);
  return (
    !`${path.dirname(report)}${path.sep}`.startsWith(`${folder}${path.sep}`) &&
    /^(?:\.\.\/)+[^.]/.test(before)
  );
}

function leadsToPage({ links }: SourceLine, { head, source }: KnownSource): boolean {
  const plain = head.source.split("#", 1)[0] ?? "";
  const wanted = new Set(
    [head.source, plain, ...source.quotes.map((quote) => textFragmentUrl(head.source, quote))].map(
      escapeLinkTarget,
    ),
  );
  return links.every(({ target }) => wanted.has(target.replace(/#page=\d{1,9}$/, "")));
}

/** Whether each quote stands where a link leads, and each link leads to a quote. */
function standAtPlaces(
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
  // Of HTML and PDF only the reading itself knows which line or page a line of the text was.
  const isOwn = isFile && !/\.(?:x?html?|pdf)$/i.test(head.source);
  if (ranges.length === 0) return !(isOwn && source.quotes.length > 0);
  if (counts == null && (isPages || !isOwn)) return true;
  const lineAt = openLines(text);
  const numbered = (line: number): number => counts?.[line - 1] ?? line;
  const places = source.quotes.map((quote, index) => {
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
  const all = places.flatMap((each) => each ?? []);
  return (
    places.every((each) => each === null || each.length === 0 || each.some(isWithin)) &&
    (places.includes(null) ||
      ranges.every(
        ([first, last]) => all.some(([from]) => from === first) && all.some(([, to]) => to === last),
      ))
  );
}

/** Places at which a quote is looked for; a text that repeats a line thousands of times proves nothing by it. */
const MOST = 1000;

function occurrences(quote: string, text: string): number[] {
  const found: number[] = [];
  if (quote === "") return found;
  for (let at = text.indexOf(quote); at >= 0 && found.length < MOST; at = text.indexOf(quote, at + 1))
    found.push(at);
  return found;
}

/** Tells the 1-based line of a place in a text. */
function openLines(text: string): (offset: number) => number {
  const breaks: number[] = [];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) breaks.push(at);
  return (offset) => {
    let low = 0;
    for (let high = breaks.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((breaks[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
