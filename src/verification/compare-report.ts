import { MarkedEnvironment, OFFLINE_PROVIDER } from "../core/domain/schema.js";
import { diffSequences } from "../common/diff-sequences.js";
import type { ReportProblem, ReportPart } from "../core/report/findings.js";
import { sentenceFromMarkdown } from "../core/text/markdown-escape.js";
import type { QuoteLocation } from "../core/evidence/locate-quote.js";
import {
  type ParsedReport,
  type ParsedSentence,
  type TextRange,
  shownVerdict,
} from "../core/report/parse-report.js";
import { countVerdicts, ENVIRONMENT_NOTES, formatVerdictCounts } from "../core/report/render-report.js";
import { hashReportLines, type HashedLine } from "../storage/reports/report-line-hashes.js";
import { startDay } from "../storage/sessions/journal-schema.js";
import { findUnrecordedLines } from "./unrecorded-lines.js";
import type { SessionRecord } from "./session-record.js";
import { sentenceHash, type CheckedSentences } from "./checked-sentences.js";
import { collapseWhitespace } from "../common/collapse-whitespace.js";

/*
 * Compares a report with its session's record. Line hashes reveal every difference; sessions of earlier versions
 * recorded less, and only that is compared.
 */

/** A difference with its location. */
export type ReportDifference = ReportProblem & { at: TextRange; n?: string };

/** How a sentence differs from the checked one; null if it does not. */
export function findSentenceEdit(
  sentence: ParsedSentence,
  written: CheckedSentences,
  hash = sentenceHash,
): ReportProblem | null {
  const { text, citations } = sentence;
  const checked = written.get(hash(text));
  if (checked === undefined) return { kind: "edited", says: [] };
  const cites = citations.map(({ n }) => n).join(" ");
  const same = checked.filter((each) => each.cites === undefined || each.cites.join(" ") === cites);
  if (same.length === 0) return { kind: "recited", says: [] };
  const shown = shownVerdict(sentence);
  const [first] = same;
  if (same.some(({ verdict }) => verdict === shown) || first === undefined) return null;
  return { kind: "unmarked", says: [first.verdict] };
}

/** Lines that differ from those written by the run or changed by the product later. */
export function findLineDifferences(
  lines: string[],
  report: ParsedReport,
  record: SessionRecord,
): ReportDifference[] {
  const { lines: all, changes } = record;
  if (all === null) return [];
  // Backups have no answers of Google's, and people remove them before they publish a report.
  const written = report.google === null ? all.filter(({ part }) => part !== "google") : all;
  const now = hashReportLines(lines, report);
  const known = knownChanges(written, changes);
  const [before, after] = [written, now].map((all) => all.map(({ hash }) => known.sameAs(hash)));
  const found: ReportDifference[] = [];
  const changedRanges = diffSequences(before ?? [], after ?? []).map(({ from, to, at, end }) => {
    const added = now.slice(at, end).filter(({ hash }) => !known.isAdded(hash));
    const removed = written.slice(from, to);
    // A line that was edited by hand and then rechecked replaces another one.
    const rechecked = added.filter(({ hash }) => known.isBlessed(hash));
    const replaced = removed
      .filter(({ part }) => rechecked.some((each) => each.part === part))
      .slice(0, rechecked.length);
    return {
      added: added.filter((each) => !rechecked.includes(each)),
      removed: removed.filter((each) => !replaced.includes(each)),
      next: now[end]?.line ?? now.at(-1)?.line ?? 1,
    };
  });
  const moved = movedHashes(changedRanges);
  for (const { added, removed, next } of changedRanges) {
    const removedLines = removed.filter(({ hash }) => !moved.has(hash));
    for (const each of added) {
      if (moved.has(each.hash)) {
        found.push({ kind: "displaced", says: [each.part, each.name], at: lineRange(lines, each.line) });
        continue;
      }
      const pair = removedLines.findIndex(
        ({ part, name }) => part === each.part && (name === each.name || part !== "field"),
      );
      const index =
        pair < 0 ? removedLines.findIndex(({ part }) => isProse(part) && isProse(each.part)) : pair;
      const [was] = index < 0 ? [] : removedLines.splice(index, 1);
      const { part, name } = was ?? each;
      found.push({
        kind: was === undefined ? "added" : "altered",
        says: [part, name],
        at: lineRange(lines, each.line),
      });
    }
    for (const { part, name } of removedLines)
      found.push({ kind: "removed", says: [part, name], at: lineRange(lines, next) });
  }
  return found;
}

function lineRange(lines: string[], line: number): TextRange {
  return { line, start: 0, endLine: line, end: (lines[line - 1] ?? "").trimEnd().length };
}

function isProse(part: ReportPart): boolean {
  return part === "sentence" || part === "text" || part === "row" || part === "table" || part === "block";
}

/** Hashes of lines that were removed in one place and added in another. */
function movedHashes(changedRanges: { added: HashedLine[]; removed: HashedLine[] }[]): Set<string> {
  const removedLines = new Map<string, number>();
  for (const { hash } of changedRanges.flatMap(({ removed }) => removed))
    removedLines.set(hash, (removedLines.get(hash) ?? 0) + 1);
  const moved = new Set<string>();
  for (const { hash } of changedRanges.flatMap(({ added }) => added)) {
    const remaining = removedLines.get(hash) ?? 0;
    if (remaining > 0) moved.add(hash);
    removedLines.set(hash, remaining - 1);
  }
  return moved;
}

/** What the product's own changes permit: later states of a line, added lines, and rechecked lines. */
function knownChanges(written: HashedLine[], changes: SessionRecord["changes"]) {
  const origins = new Map<string, string>();
  const added = new Map<string, number>();
  const rechecked = new Map<string, number>();
  const isWritten = new Set(written.map(({ hash }) => hash));
  const count = (counts: Map<string, number>, hash: string): void => {
    counts.set(hash, (counts.get(hash) ?? 0) + 1);
  };
  for (const { was, now } of changes) {
    const origin =
      was === undefined ? undefined : (origins.get(was) ?? (isWritten.has(was) ? was : undefined));
    if (was === undefined) count(added, now);
    else if (origin !== undefined) {
      if (now !== origin && !isWritten.has(now)) origins.set(now, origin);
    } else if (added.has(was)) count(added, now);
    // Count each hash that was changed later only once.
    else if (!rechecked.has(now)) count(rechecked, now);
  }
  const takeOne = (counts: Map<string, number>, hash: string): boolean => {
    const remaining = counts.get(hash) ?? 0;
    if (remaining > 0) counts.set(hash, remaining - 1);
    return remaining > 0;
  };
  return {
    sameAs: (hash: string): string => origins.get(hash) ?? hash,
    isAdded: (hash: string): boolean => takeOne(added, hash),
    isBlessed: (hash: string): boolean => takeOne(rechecked, hash),
  };
}

/** Access to a source's snapshot text and the locations of its quotes. */
export interface KnownQuotes {
  text: (source: number) => string | null;
  located: (n: string) => QuoteLocation | null;
}

/** Differences from the record of a session without line hashes. */
export function findRecordDifferences(
  lines: string[],
  report: ParsedReport,
  record: SessionRecord,
  quotes: KnownQuotes,
): ReportDifference[] {
  if (record.lines !== null) return [];
  return [
    ...fieldDifferences(lines, report, record),
    ...sentenceDifferences(lines, report, record),
    ...sourceDifferences(report, record, quotes),
  ];
}

function fieldDifferences(
  lines: string[],
  report: ParsedReport,
  { header, ended }: SessionRecord,
): ReportDifference[] {
  const { fields } = report;
  const found: ReportDifference[] = [];
  const wanted: [string, string | undefined][] = [
    ["date", startDay(header)],
    ["engine", header.engine],
    ["depth", header.depth],
    ["session", header.id],
    ["environment", header.reportEnvironment],
    ["status", ended?.status === "partial" ? "partial" : undefined],
  ];
  for (const [name, value] of wanted) {
    // An accepted refresh ends as "done", whatever the status of its report.
    if (name === "status" && (ended === null || header.refreshes !== undefined)) continue;
    if (fields.get(name) === value) continue;
    const index = lines.findIndex((line) => line.startsWith(`${name}:`));
    found.push({ kind: "altered", says: ["field", name], at: lineRange(lines, Math.max(0, index) + 1) });
  }
  const head = lines.findIndex((line) => line.startsWith("> **Question.** "));
  const asked = sentenceFromMarkdown(lines[head]?.slice("> **Question.** ".length) ?? "").trim();
  if (asked !== collapseWhitespace(header.question)) {
    found.push({ kind: "altered", says: ["question", ""], at: lineRange(lines, Math.max(0, head) + 1) });
  }
  const hasNote = (note: string): boolean => lines.some((line) => line.startsWith(`> **${note}.** `));
  const isPartial = ended?.status === "partial" || fields.get("status") === "partial";
  if (
    hasNote("Offline engine") !== (header.engine === OFFLINE_PROVIDER) ||
    hasNote("Partial report") !== isPartial ||
    MarkedEnvironment.options.some(
      (each) => hasNote(ENVIRONMENT_NOTES[each].name) !== (header.reportEnvironment === each),
    )
  ) {
    found.push({ kind: "altered", says: ["note", ""], at: lineRange(lines, Math.max(0, head) + 1) });
  }
  return found;
}

/** Sentences that were removed or moved or, in older sessions, sentences and lines that the model's answers do not have. */
function sentenceDifferences(
  lines: string[],
  report: ParsedReport,
  { sentences, said, written }: SessionRecord,
): ReportDifference[] {
  const found: ReportDifference[] = [];
  // True if the editor removed its last citation and recorded that.
  const isUncited = (sha256: string): boolean =>
    written?.get(sha256)?.some(({ cites }) => cites?.length === 0) === true;
  if (sentences === null) {
    if (said === null) return [];
    for (const each of report.sentences) {
      if (!each.row && !said.has(each.text)) found.push({ kind: "edited", says: [], at: each });
    }
    for (const { line, part } of findUnrecordedLines(lines, report, said))
      found.push({ kind: "added", says: [part, ""], at: lineRange(lines, line) });
    return found;
  }
  const now = report.sentences.map(({ text }) => sentenceHash(text));
  const changedRanges = diffSequences(
    sentences.map(({ sha256 }) => sha256),
    now,
  );
  const added = new Set(changedRanges.flatMap(({ at: from, end }) => now.slice(from, end)));
  for (const { from, to, at: first, end } of changedRanges) {
    for (const [index, { sha256 }] of sentences.slice(from, to).entries()) {
      const position = now.indexOf(sha256);
      const moved = report.sentences[position];
      if (added.has(sha256) && moved !== undefined) {
        found.push({ kind: "displaced", says: ["sentence", ""], at: moved });
      } else if (index >= end - first && !isUncited(sha256)) {
        // An edited sentence takes the place of the original and is reported separately.
        const next = report.sentences[end]?.line ?? report.lines.sources;
        found.push({ kind: "removed", says: ["sentence", ""], at: lineRange(lines, next) });
      }
    }
  }
  return found;
}

function sourceDifferences(
  report: ParsedReport,
  record: SessionRecord,
  quotes: KnownQuotes,
): ReportDifference[] {
  const { evidence, sources, reads, written } = record;
  const found: ReportDifference[] = [];
  const known = new Set([
    ...(evidence ?? []).flatMap(({ sha256 }) => sha256 ?? []),
    ...(sources ?? []).flatMap(({ sha256 }) => sha256 ?? []),
    ...reads.keys(),
  ]);
  const grounded = sources?.flatMap(({ place }) => (place.kind === "grounded" ? [place.url] : [])) ?? null;
  const cited = new Set([...(written?.values() ?? [])].flat().flatMap(({ cites }) => cites ?? []));
  for (const [number, source] of report.sources) {
    const sha256 = source.snapshot?.sha256 ?? null;
    const isKnown = source.grounded
      ? grounded === null || grounded.includes(source.url ?? "")
      : sha256 !== null && known.has(sha256);
    if (!isKnown) found.push({ kind: "foreign-source", says: [`${number}`], at: source });
    if (!isKnown || source.grounded || evidence === null) continue;
    const text = quotes.text(number);
    const taken = new Set(
      evidence.flatMap((each) =>
        each.sha256 === sha256 && text !== null ? text.slice(each.start, each.end) : [],
      ),
    );
    for (const [index, quote] of source.quotes.entries()) {
      const n = `${number}.${index + 1}`;
      // A quote added in the editor is cited by a sentence that was rechecked with it.
      if (text === null || taken.has(quote) || cited.has(n)) continue;
      found.push({ kind: "foreign-quote", says: [n], at: source.quotesAt[index] ?? source, n });
    }
  }
  return found;
}

/** Compares the verdict counts in the front matter with those of the sentences. */
export function findCountDifference(
  lines: string[],
  { fields, sentences }: ParsedReport,
): ReportDifference | null {
  const said = fields.get("checked");
  if (said === undefined) return null;
  const counted = formatVerdictCounts(countVerdicts(sentences.map(shownVerdict)));
  if (said === counted) return null;
  const index = lines.findIndex((line) => line.startsWith("checked:"));
  return { kind: "counts", says: [], at: lineRange(lines, Math.max(0, index) + 1) };
}
