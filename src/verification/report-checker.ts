import { msg } from "../common/messages.js";
import path from "node:path";
import { ResearchError } from "../common/errors.js";
import { checkSentence, type SentenceCheck } from "../core/evidence/check-sentence.js";
import { isOtherLanguage } from "../core/evidence/sense-differences.js";
import { findIndexFrom } from "../core/text/linear-search.js";
import { findUncitedClaims, type Finding, type ReportProblem } from "../core/report/findings.js";
import { createQuoteLocator, type QuoteLocation } from "../core/evidence/locate-quote.js";
import { placeInReport, restoreLineBreaks } from "../core/report/restore-line-breaks.js";
import { findFormProblems, findReportLinks } from "../core/report/report-form.js";
import {
  decodeLinkTarget,
  findLongLines,
  parseReport,
  splitReportLines,
  type ParsedCitation,
  type ParsedReport,
  type ParsedSentence,
  type ParsedSource,
  type TextRange,
} from "../core/report/parse-report.js";
import {
  findCountDifference,
  findSentenceEdit,
  findLineDifferences,
  findRecordDifferences,
  type ReportDifference,
} from "./compare-report.js";
import { isInside } from "../common/files.js";
import { isSessionId } from "../storage/archive/allowed-paths.js";
import type { CommitLocation, PackageLocation } from "../core/domain/schema.js";
import type { CurrentSource } from "./current-sources.js";
import { quoteStatus, type QuoteStatus, type ReadCurrentText, type CurrentText } from "./quote-status.js";
import { findJournal, readSessionRecord, type FoundRecord, type SessionRecord } from "./session-record.js";
import { draftPath } from "../storage/reports/refresh-draft.js";
import { journalPath } from "../storage/sessions/session.js";
import { findWholeSnapshot, type SnapshotHeader } from "../storage/sessions/snapshots.js";
import { findOriginProblems } from "./snapshot-origin.js";
import { sentenceHash } from "./checked-sentences.js";
import { createYieldTimer } from "../common/yield-to-event-loop.js";
import { memoizeByVersion } from "../common/memoize-by-version.js";
import { isBelow } from "../common/is-below.js";
import { type QuoteState, type CheckedText, uncheckedText, finding } from "./checked-text.js";
import {
  type ReportFolders,
  type SessionPlace,
  locateReportSession,
  isSessionFolder,
  isAnyLink,
  snapshotPath,
  resolveFromReport,
} from "./locate-report-session.js";

/*
 * Checks a report by code alone, fast enough to run while the user types: file contents are cached until the file
 * changes, and results for a quote or sentence until its text changes.
 *
 * A report is checked against three things: the snapshots of its sources, its session's record where available, and
 * the standard form of reports, so that what it shows is what is checked.
 */

export interface ReportChecker {
  /**
   * Checks the text of a report.
   * @param file the report's actual or future path, which snapshots and files are relative to
   * @throws ResearchError "bad-report" if it is not a Deep Research report; the signal's reason
   */
  check(markdown: string, file: string, signal: AbortSignal): Promise<CheckedText>;
}

/** Maximum length of a checked report, in characters. */
const MAX_REPORT_CHARACTERS = 5 * 1024 ** 2;

interface Snapshot {
  text: string;
  head: SnapshotHeader | null;
  find: ReturnType<typeof createQuoteLocator>;
}

/** What code finds in one sentence; null until it was looked for. */
interface LazySentenceCheck {
  found: SentenceCheck | null;
}

/** Number of cached snapshots and journals. */
const MAX_CACHED_FILES = 100;

function countErrors({ findings, problems }: CheckedText): number {
  return (
    findings.filter(({ severity }) => severity === "error").length +
    problems.filter((problem) => problem !== null).length
  );
}

/** Number of cached fact checks and sentence hashes. */
const MAX_CACHED_SENTENCES = 20_000;

const WEB_URL = /^https?:\/\/[^/\\]/i;

/** Milliseconds of computing before yielding to the event loop. */
const YIELD_AFTER_MS = 15;

/** @param readCurrent reads current workspace files; null to skip them */
export function createReportChecker(
  readCurrent: ReadCurrentText | null,
  places: ReportFolders = { workspace: null },
): ReportChecker {
  const snapshots = memoizeByVersion<Snapshot | ReportProblem>(MAX_CACHED_FILES);
  const records = memoizeByVersion<{ found: FoundRecord }>(MAX_CACHED_FILES);
  const located = new WeakMap<Snapshot, Map<string, QuoteLocation | null>>();
  const currentStates = new WeakMap<CurrentText, Map<string, QuoteStatus>>();
  const checks = new Map<string, SentenceCheck>();
  const hashes = new Map<string, string>();

  return { check };

  /** Checks a report as it is, and with its own line breaks where a formatter changed them. */
  async function check(markdown: string, given: string, signal: AbortSignal): Promise<CheckedText> {
    const checked = await checkLines(markdown, given, signal);
    const errors = countErrors(checked);
    const restored = errors === 0 ? null : restoreLineBreaks(markdown);
    if (restored === null) return checked;
    const other = await checkLines(restored.markdown, given, signal);
    if (countErrors(other) >= errors) return checked;
    const { read, findings } = other;
    placeInReport(restored, read, [...findings, ...findings.flatMap(({ quoteAt }) => quoteAt ?? [])]);
    return other;
  }

  async function checkLines(markdown: string, given: string, signal: AbortSignal): Promise<CheckedText> {
    const read = parseOrProblem(markdown);
    if ("kind" in read) return uncheckedText(read);
    const lines = splitReportLines(markdown);
    const { sources } = read;
    const texts = new Map<number, Snapshot | ReportProblem>();
    const files = new Map<number, CurrentSource>();
    const paths = new Set<string>();
    const file = await linkBase(read, given, signal);
    const session = await locateReportSession(read, file, places, paths);
    const found = session === null ? null : await loadRecord(session, paths, signal);
    const record = found !== null && "header" in found ? found : null;
    await Promise.all(
      [...sources].map(async ([number, source]) => {
        const snapshot = await loadSnapshot(source, file, session, paths);
        texts.set(number, snapshot);
        const original = "text" in snapshot ? (snapshot.head?.place ?? null) : null;
        if (original?.kind === "package" || original?.kind === "commit") {
          const now = await places.readSource?.(original, signal);
          if (now !== undefined) files.set(number, now);
          return;
        }
        const place = source.file === null ? null : resolveFromReport(file, source.file.path);
        if (readCurrent === null || place === null) return;
        const text = await readCurrent(place, signal);
        if (text === undefined) return;
        paths.add(place);
        files.set(number, text);
      }),
    );
    signal.throwIfAborted();

    const quotes = new Map<string, QuoteState>();
    const yieldIfDue = createYieldTimer(YIELD_AFTER_MS);
    for (const [number, source] of sources) {
      for (const [index, quote] of source.quotes.entries()) {
        quotes.set(`${number}.${index + 1}`, quoteState(quote, source, texts.get(number), files.get(number)));
        await yieldIfDue();
        signal.throwIfAborted();
      }
    }
    const problems: (ReportProblem | null)[] = [];
    const bySentence = new Map<ParsedSentence, SentenceCheck>();
    for (const sentence of read.sentences) {
      // Shared by all citations of the sentence.
      const check: LazySentenceCheck = { found: null };
      for (const citation of sentence.citations) {
        problems.push(citationProblem(citation, sentence, read, quotes, check));
        await yieldIfDue();
        signal.throwIfAborted();
      }
      if (check.found !== null) bySentence.set(sentence, check.found);
    }
    const findings = collectFindings(read, problems, quotes, record, texts);
    findings.push(...findDoubts(bySentence, record));
    findings.push(
      ...findUncitedClaims(lines, read).map((at) =>
        finding("information", { kind: "uncited", says: [] }, at),
      ),
    );
    findings.push(
      ...findLongLines(markdown).map((at) => finding("error", { kind: "long-line", says: [] }, at)),
    );
    await yieldIfDue();
    signal.throwIfAborted();
    const definite: ReportDifference[] = [
      ...findFormProblems(lines, read),
      ...(await invalidLinks(lines, read, file)),
      ...originDifferences(lines, read, { texts, quotes, record, file }),
      ...(found !== null && "kind" in found ? [{ ...found, at: fieldAt(lines, "session") }] : []),
    ];
    await yieldIfDue();
    signal.throwIfAborted();
    const text = (source: number): string | null => {
      const snapshot = texts.get(source);
      return snapshot !== undefined && "text" in snapshot ? snapshot.text : null;
    };
    const located = (n: string): QuoteLocation | null => quotes.get(n)?.inSnapshot ?? null;
    const compared =
      record === null
        ? []
        : [
            ...findLineDifferences(lines, read, record),
            ...findRecordDifferences(lines, read, record, { text, located }),
          ];
    const counts = findCountDifference(lines, read);
    const reportedLines = new Set(
      findings
        .filter(({ severity }) => severity === "error")
        .flatMap(({ line, endLine }) => Array.from({ length: endLine - line + 1 }, (_, at) => line + at)),
    );
    for (const each of definite) reportedLines.add(each.at.line);
    // What is reported at a citation is not reported at its quote as well.
    for (const { severity, quoteAt } of findings)
      if (severity === "error" && quoteAt !== null) reportedLines.add(quoteAt.line);
    // A line with a more specific finding is not reported as changed as well.
    const others = [...compared, ...(counts === null ? [] : [counts])].filter(
      ({ kind, at }) => kind === "removed" || !reportedLines.has(at.line),
    );
    findings.push(...[...definite, ...others].map((each) => finding("error", each, each.at, each.n ?? null)));
    const grounded = read.citations.filter(({ source }) => sources.get(source)?.grounded === true).length;
    const isByGoogle = grounded > 0 || read.google !== null;
    const isAsWritten = record?.lines != null && compared.length === 0 && isByGoogle;
    if (read.citations.length === grounded && !isAsWritten) {
      findings.push(finding("error", { kind: "empty", says: [] }, lineAt(lines, read.lines.sources)));
    }
    findings.sort((a, b) => a.line - b.line || a.start - b.start);
    return {
      read,
      findings,
      problems,
      quotes,
      grounded,
      files: [...paths],
      snapshots: new Map(
        [...texts].flatMap(([number, found]) => ("text" in found ? [[number, found.text]] : [])),
      ),
      checked: record === null ? "quotes" : "all",
      refreshes: record?.header.refreshes?.report ?? null,
    };
  }

  /** The path that the links of a report are relative to: a refresh draft is written for its final location. */
  async function linkBase(read: ParsedReport, file: string, signal: AbortSignal): Promise<string> {
    const folder = path.dirname(file);
    const id = read.fields.get("session") ?? "";
    if (
      path.basename(file) !== path.basename(draftPath(folder)) ||
      path.basename(folder) !== id ||
      !isSessionId(id)
    )
      return file;
    const found = await readSessionRecord(path.dirname(folder), id, signal).catch(() => null);
    const refreshes = found !== null && "header" in found ? found.header.refreshes : undefined;
    if (refreshes === undefined || places.workspace === null) return file;
    return path.resolve(places.workspace, refreshes.report);
  }

  async function loadSnapshot(
    source: ParsedSource,
    report: string,
    session: SessionPlace | null,
    paths: Set<string>,
  ): Promise<Snapshot | ReportProblem> {
    const place = snapshotPath(source, report);
    if (typeof place !== "string") return place;
    paths.add(place);
    const says = [path.basename(place)];
    const folder = path.dirname(path.dirname(place));
    // Only snapshots of the report's own session count as its evidence.
    if (session === null || !(await isSessionFolder(folder, session)))
      return { kind: "snapshot-elsewhere", says };
    if (session.isOutside) return { kind: "snapshot-outside", says };
    if (await isAnyLink([folder, path.dirname(place), place])) return { kind: "snapshot-link", says };
    const { sha256 = "" } = source.snapshot ?? {};
    return snapshots(place, sha256, async () => {
      const found = await findWholeSnapshot(place, sha256);
      if (!("lost" in found)) return { ...found, find: createQuoteLocator(found.text) };
      return { kind: found.lost === "missing" ? "snapshot-missing" : "snapshot-changed", says };
    });
  }

  async function loadRecord(
    session: SessionPlace,
    paths: Set<string>,
    signal: AbortSignal,
  ): Promise<FoundRecord> {
    const { sessions, id } = session;
    paths.add(journalPath(session.folder));
    const place = await findJournal(sessions, id);
    if (place === null) return null;
    paths.add(place.file);
    if (session.isOutside) return null;
    return (
      await records(place.file, id, async () => ({ found: await readSessionRecord(sessions, id, signal) }))
    ).found;
  }

  /** Finds links that lead out of the workspace, or to something other than pages and files. */
  async function invalidLinks(
    lines: string[],
    read: ParsedReport,
    file: string,
  ): Promise<ReportDifference[]> {
    const { workspace } = places;
    const isInWorkspace = workspace !== null && (await isInside(path.dirname(file), workspace));
    const found: ReportDifference[] = [];
    const known = new Map<string, boolean>();
    for (const { target, isTooLong, at } of findReportLinks(lines, read)) {
      const isSnapshot = [...read.sources.values()].some(({ snapshotAt }) => snapshotAt?.line === at.line);
      let isInvalid = isTooLong ? !WEB_URL.test(target) : known.get(target);
      if (isInvalid === undefined) known.set(target, (isInvalid = await isInvalidLink(target, isSnapshot)));
      if (isInvalid) found.push({ kind: "link", says: [target.slice(0, 200)], at });
    }
    return found;

    async function isInvalidLink(target: string, isSnapshot: boolean): Promise<boolean> {
      const inner = decodeLinkTarget(target);
      if (WEB_URL.test(target)) return false;
      if (/^[a-z][a-z0-9+.-]*:|^[/\\]|[\p{Cc}\\]/iu.test(inner)) return true;
      // Snapshot locations are checked separately, and the sessions folder may be outside the workspace.
      if (isSnapshot || !isInWorkspace) return false;
      return !(await isInside(path.resolve(path.dirname(file), inner.replace(/[#?].*$/s, "")), workspace));
    }
  }

  function originDifferences(
    lines: string[],
    read: ParsedReport,
    {
      texts,
      quotes,
      record,
      file,
    }: {
      texts: Map<number, Snapshot | ReportProblem>;
      quotes: Map<string, QuoteState>;
      record: SessionRecord | null;
      file: string;
    },
  ): ReportDifference[] {
    const found: ReportDifference[] = [];
    const { workspace } = places;
    const isOutside = workspace === null || !isBelow(file, workspace);
    for (const [number, source] of read.sources) {
      const snapshot = texts.get(number);
      if (snapshot === undefined || !("text" in snapshot) || snapshot.head === null) continue;
      const { head, text } = snapshot;
      const first = findIndexFrom(lines, source.line, (line) => line.trim() !== "");
      const located = source.quotes.map(
        (_, index) => quotes.get(`${number}.${index + 1}`)?.inSnapshot ?? null,
      );
      const kept = record?.reads.get(source.snapshot?.sha256 ?? "") ?? null;
      const known = {
        source,
        line: lines[first] ?? "",
        head,
        text,
        located,
        read: kept,
        report: file,
        isOutside,
      };
      for (const kind of findOriginProblems(known)) {
        found.push({ kind, says: [`${number}`], at: lineAt(lines, first + 1) });
      }
    }
    return found;
  }

  function quoteState(
    quote: string,
    source: ParsedSource,
    text: Snapshot | ReportProblem | undefined,
    now: CurrentSource | undefined,
  ): QuoteState {
    const place = text !== undefined && "text" in text ? (text.head?.place ?? null) : null;
    const state =
      place?.kind === "package" || place?.kind === "commit"
        ? originalState(quote, place, source.file, now)
        : currentState(quote, source.file, now);
    if (text === undefined || !("text" in text)) {
      return { inSnapshot: null, problem: text ?? { kind: "no-snapshot", says: [] }, today: state };
    }
    const known = located.get(text) ?? new Map<string, QuoteLocation | null>();
    located.set(text, known);
    let found = known.get(quote);
    if (found === undefined) known.set(quote, (found = text.find(quote)));
    return {
      inSnapshot: found,
      problem: found === null ? { kind: "not-in-snapshot", says: [] } : null,
      today: state,
    };
  }

  function originalState(
    quote: string,
    place: PackageLocation | CommitLocation,
    file: ParsedSource["file"],
    now: CurrentSource | undefined,
  ): QuoteStatus | null {
    if (now !== undefined && now !== null && "installed" in now && place.kind === "package") {
      const says = [`${place.name} ${now.installed}`, place.version];
      return { problem: { kind: "version", says }, lines: null, columns: null, page: null };
    }
    const name =
      place.kind === "package" ? `${place.name}@${place.version}` : `commit ${place.commit.slice(0, 7)}`;
    const ranges = place.kind === "package" ? (file?.ranges ?? []) : [];
    const state = currentState(quote, { path: name, ranges }, now);
    // The lines of a commit are those of its snapshot, which cannot change.
    return state === null || place.kind === "package" ? state : { ...state, lines: null, columns: null };
  }

  function currentState(
    quote: string,
    file: ParsedSource["file"],
    now: CurrentSource | undefined,
  ): QuoteStatus | null {
    if (file === null || now === undefined || (now !== null && "installed" in now)) return null;
    if (now === null) return quoteStatus(quote, file, now);
    const known = currentStates.get(now) ?? new Map<string, QuoteStatus>();
    currentStates.set(now, known);
    const key = JSON.stringify([quote, file.ranges]);
    let state = known.get(key);
    if (state === undefined) known.set(key, (state = quoteStatus(quote, file, now)));
    return state;
  }

  /** The problem of a citation; null if it is valid. */
  function citationProblem(
    { source: number, quote, target, n }: ParsedCitation,
    { text, citations: together, mark, block }: ParsedSentence,
    { sources }: ParsedReport,
    quotes: Map<string, QuoteState>,
    check: LazySentenceCheck,
  ): ReportProblem | null {
    const source = sources.get(number);
    if (source === undefined) return { kind: "no-source", says: [`${number}`] };
    if (target !== number) return { kind: "other-link", says: [`${number}`, `${target}`] };
    if (quote === null) {
      // What Google vouches for was not read, so a block cannot show it.
      if (source.grounded) return block === null ? null : { kind: "not-verbatim", says: [n] };
      return { kind: "bare", says: [`${number}`] };
    }
    const state = quotes.get(n);
    if (state === undefined) return { kind: "no-quote", says: [`${number}`, `${quote}`] };
    if (state.problem !== null) return state.problem;
    // A block says nothing but its quote, so it needs no other check, and no mark is an excuse.
    if (block !== null) return source.quotes[quote - 1] === text ? null : { kind: "not-verbatim", says: [n] };
    // A run removes such sentences; a later check in the editor marks them. Other marks are no excuse: code checks the
    // facts first, and a sentence that lacks them never gets such a mark.
    if (mark?.verdict === "unsupported" || mark?.verdict === "contradicted")
      return { kind: "refuted", says: [mark.verdict] };
    // A sentence that also cites a grounded source cannot be fact-checked: we do not have that source's text.
    if (together.some((each) => each.quote === null && sources.get(each.source)?.grounded === true))
      return null;
    if (check.found === null) {
      const shown = together.flatMap((each) => sources.get(each.source)?.quotes[(each.quote ?? 0) - 1] ?? []);
      check.found = cachedCheck(text, shown);
    }
    const { missing } = check.found;
    return missing.length === 0 ? null : { kind: "facts", says: [missing.join(", ")] };
  }

  function cachedCheck(sentence: string, quotes: string[]): SentenceCheck {
    const key = [sentence, ...quotes].join("\u0000");
    let found = checks.get(key);
    if (found === undefined) {
      if (checks.size >= MAX_CACHED_SENTENCES) checks.clear();
      checks.set(key, (found = checkSentence(sentence, quotes)));
    }
    return found;
  }

  function collectFindings(
    read: ParsedReport,
    problems: (ReportProblem | null)[],
    quotes: Map<string, QuoteState>,
    record: SessionRecord | null,
    texts: Map<number, Snapshot | ReportProblem>,
  ): Finding[] {
    const found: Finding[] = [];
    const cited = new Set(read.citations.map(({ n }) => n));
    const place = (n: string): TextRange | null => {
      const [source, quote] = n.split(".").map(Number);
      return read.sources.get(source ?? 0)?.quotesAt[(quote ?? 0) - 1] ?? null;
    };
    for (const [number, source] of read.sources) {
      const text = texts.get(number);
      if (source.grounded || text === undefined || "text" in text) continue;
      // Reported once, at the snapshot line, and not at each citation.
      found.push(finding("error", text, source.snapshotAt ?? source));
    }
    for (const [n, { problem, today: now }] of quotes) {
      const at = place(n);
      if (at === null) continue;
      if (problem?.kind === "not-in-snapshot" && !cited.has(n)) found.push(finding("error", problem, at, n));
      const since = now?.problem ?? null;
      if (problem !== null || since === null) continue;
      if (since.kind === "moved") found.push(finding("information", since, at, n));
      else if (!cited.has(n)) found.push(finding("warning", since, at, n));
    }
    let index = 0;
    for (const sentence of read.sentences) {
      let sentenceProblem: ReportProblem | null = null;
      let isMisquoted = false;
      for (const citation of sentence.citations) {
        const problem = problems[index++] ?? null;
        const { n } = citation;
        if (problem?.kind === "facts" || problem?.kind === "refuted") sentenceProblem = problem;
        else if (problem?.kind === "not-verbatim") {
          found.push(finding("error", problem, sentence.block ?? citation, n, place(n)));
          isMisquoted = true;
        } else if (problem !== null && !isSourceProblem(problem))
          found.push(finding("error", problem, citation, n, place(n)));
        const now = quotes.get(n)?.today?.problem ?? null;
        if (problem === null && now !== null && now.kind !== "moved")
          found.push(finding("warning", now, citation, n, place(n)));
      }
      const [first] = sentence.citations;
      if (sentenceProblem !== null) found.push(finding("error", sentenceProblem, sentence, first?.n ?? null));
      const written = record?.written ?? null;
      const edit = written === null ? null : findSentenceEdit(sentence, written, cachedHash);
      // Another finding about the sentence already says what is wrong with the edit.
      const isReported = isMisquoted || sentenceProblem !== null;
      if (edit !== null && !(isReported && edit.kind === "edited"))
        found.push(finding("error", edit, sentence.block ?? sentence, first?.n ?? null));
    }
    return found;
  }

  /** Sentences whose sense may differ from their quotes', where no record has a model's verdict, and other languages. */
  function findDoubts(
    bySentence: Map<ParsedSentence, SentenceCheck>,
    record: SessionRecord | null,
  ): Finding[] {
    return [...bySentence].flatMap(([sentence, { missing, differences }]) => {
      if (isOtherLanguage(sentence.text))
        return [finding("information", { kind: "language", says: [] }, sentence)];
      const isJudged = sentence.mark !== null || missing.length > 0 || (record?.written ?? null) !== null;
      const [difference] = differences;
      if (isJudged || difference === undefined) return [];
      return [
        finding("error", { kind: "sense", says: [difference] }, sentence, sentence.citations[0]?.n ?? null),
      ];
    });
  }

  function cachedHash(text: string): string {
    let hash = hashes.get(text);
    if (hash === undefined) {
      if (hashes.size >= MAX_CACHED_SENTENCES) hashes.clear();
      hashes.set(text, (hash = sentenceHash(text)));
    }
    return hash;
  }
}

/** Whether a text looks like a Deep Research report, even if it cannot be parsed as one. */
function looksLikeReport(markdown: string): boolean {
  const head = markdown.slice(0, MAX_REPORT_CHARACTERS);
  return (
    /^session:[^\S\n]*\d{8}-\d{6}-/m.test(head) ||
    /\[\[\d{1,9}(?:\.\d{1,9})?\]\]\(#source-\d/.test(head) ||
    /SHA-256 `[0-9a-f]{64}`/.test(head) ||
    /^###[^\S\n]{1,9}Source \d/m.test(head) ||
    head.includes("> **Question.** ")
  );
}

/** Parses a report, or says why one cannot be read. @throws ResearchError "bad-report" for other texts */
function parseOrProblem(markdown: string): ParsedReport | ReportProblem {
  if (markdown.length > MAX_REPORT_CHARACTERS && looksLikeReport(markdown)) {
    return { kind: "unreadable", says: [msg`It is larger than 5 MB.`] };
  }
  try {
    return parseReport(markdown);
  } catch (error) {
    if (!(error instanceof ResearchError) || !looksLikeReport(markdown)) throw error;
    return { kind: "unreadable", says: [msg`Its front matter or its list of sources is missing.`] };
  }
}

function lineAt(lines: string[], line: number): TextRange {
  return { line, start: 0, endLine: line, end: (lines[line - 1] ?? "").trimEnd().length };
}

function fieldAt(lines: string[], name: string): TextRange {
  return lineAt(
    lines,
    Math.max(
      0,
      lines.findIndex((line) => line.startsWith(`${name}:`)),
    ) + 1,
  );
}

/** True for a problem of a whole source. */
function isSourceProblem({ kind }: ReportProblem): boolean {
  return kind.startsWith("snapshot-") || kind === "no-snapshot";
}
