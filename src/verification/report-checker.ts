import { lstat, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { ResearchError } from "../common/errors.js";
import { findMissingFacts } from "../core/evidence/missing-facts.js";
import {
  findUncitedClaims,
  type Finding,
  type FindingKind,
  type ReportProblem,
} from "../core/report/findings.js";
import { createQuoteLocator, type QuoteLocation } from "../core/evidence/locate-quote.js";
import { findFormProblems, findReportLinks } from "../core/report/report-form.js";
import {
  findLongLines,
  parseReport,
  splitReportLines,
  type ParsedCitation,
  type ParsedReport,
  type ParsedSentence,
  type ParsedSource,
  type TextRange,
} from "../core/report/parse-report.js";
import { archiveZipPath } from "../storage/archive/archived-sessions.js";
import {
  findCountDifference,
  findSentenceEdit,
  findLineDifferences,
  findRecordDifferences,
  type ReportDifference,
} from "./compare-report.js";
import { isInside } from "../common/files.js";
import { isSessionId } from "../storage/archive/allowed-paths.js";
import { quoteStatus, type QuoteStatus, type ReadCurrentText, type CurrentText } from "./quote-status.js";
import { findJournal, readSessionRecord, type FoundRecord, type SessionRecord } from "./session-record.js";
import { findWholeSnapshot, type SnapshotHeader } from "../storage/sessions/snapshots.js";
import { findOriginProblems } from "./snapshot-origin.js";
import { sentenceHash } from "./checked-sentences.js";

/*
 * Checks a report by code alone, quickly enough to be done while somebody types: what was read of a file is kept
 * until the file changes, and what was found out about a quote or a sentence until its words do.
 *
 * Three things are held against the report: the snapshots of its sources, the record of its session where that is at
 * hand, and its own form, so that what it shows is what is checked.
 */

/** What is known of one quote. */
interface QuoteState {
  /** Where it stands in the snapshot's text; null where it does not, or there is none. */
  inSnapshot: QuoteLocation | null;
  problem: ReportProblem | null;
  /** What the file of the workspace says today; null for pages, and where it is not looked at. */
  today: QuoteStatus | null;
}

export interface CheckedText {
  read: ParsedReport;
  findings: Finding[];
  /** Why each citation fails, in the order of the text; null where it stands, or only Google vouches for it. */
  problems: (ReportProblem | null)[];
  /** By "S.Q". */
  quotes: Map<string, QuoteState>;
  grounded: number;
  /** What it was read from, absolute: where one of these changes, the report is to be checked again. */
  files: string[];
  /** The texts of the snapshots that are sound, by source. */
  snapshots: Map<number, string>;
  /** "all" where the session's record was at hand; "quotes" where the report could be held against snapshots alone. */
  checked: "all" | "quotes";
  /** The report that the session refreshes, as its journal names it; null where it refreshes none. */
  refreshes: string | null;
}

export interface ReportChecker {
  /**
   * Checks the text of a report.
   * @param file where it lies, or will: snapshots and files are found from there
   * @throws ResearchError "bad-report" if it is no report of ours; the signal's reason
   */
  check(markdown: string, file: string, signal: AbortSignal): Promise<CheckedText>;
}

/** Where reports and their sessions may lie. */
export interface ReportFolders {
  /** What a report names lies in it. Null: no folder is known, and none is held against. */
  workspace: string | null;
  /** The folder of sessions, where the settings name one. */
  sessions?: () => Promise<string | null>;
}

/** Characters of the longest report that is checked. */
const LARGEST = 5 * 1024 ** 2;

interface Snapshot {
  text: string;
  head: SnapshotHeader | null;
  find: ReturnType<typeof createQuoteLocator>;
}

/** The facts of one sentence that its quotes do not hold; null until they were looked for. */
interface SentenceFacts {
  missing: string[] | null;
}

/** Texts of snapshots and journals that are kept. */
const KEPT = 100;
/** Verdicts of code about sentences that are kept. */
const KEPT_FACTS = 20_000;
/** Milliseconds of computing at a stretch. */
const TURN = 15;

/** @param today reads the workspace's files; null to leave them out */
export function createReportChecker(
  today: ReadCurrentText | null,
  places: ReportFolders = { workspace: null },
): ReportChecker {
  const snapshots = memoizeByVersion<Snapshot | ReportProblem>();
  const records = memoizeByVersion<{ found: FoundRecord }>();
  const located = new WeakMap<Snapshot, Map<string, QuoteLocation | null>>();
  const todays = new WeakMap<CurrentText, Map<string, QuoteStatus>>();
  const facts = new Map<string, string[]>();
  const hashes = new Map<string, string>();

  return { check };

  async function check(markdown: string, given: string, signal: AbortSignal): Promise<CheckedText> {
    const read = readable(markdown);
    if ("kind" in read) return uncheckedText(read);
    const lines = splitReportLines(markdown);
    const { sources } = read;
    const texts = new Map<number, Snapshot | ReportProblem>();
    const files = new Map<number, CurrentText | null>();
    const paths = new Set<string>();
    const file = await linkBase(read, given, signal);
    const session = await sessionAt(read, file, places, paths);
    const found = session === null ? null : await recordOf(session, paths, signal);
    const record = found !== null && "header" in found ? found : null;
    await Promise.all(
      [...sources].map(async ([number, source]) => {
        texts.set(number, await snapshotOf(source, file, session, paths));
        const place = source.file === null ? null : resolveFromReport(file, source.file.path);
        if (today === null || place === null) return;
        const text = await today(place, signal);
        if (text === undefined) return;
        paths.add(place);
        files.set(number, text);
      }),
    );
    signal.throwIfAborted();

    const quotes = new Map<string, QuoteState>();
    let since = performance.now();
    const breathe = async (): Promise<void> => {
      if (performance.now() - since < TURN) return;
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      since = performance.now();
    };
    for (const [number, source] of sources) {
      for (const [index, quote] of source.quotes.entries()) {
        quotes.set(`${number}.${index + 1}`, quoteState(quote, source, texts.get(number), files.get(number)));
        await breathe();
      }
    }
    const problems: (ReportProblem | null)[] = [];
    for (const sentence of read.sentences) {
      // Once for a sentence and not for each of its citations.
      const facts: SentenceFacts = { missing: null };
      for (const citation of sentence.citations) {
        problems.push(problemOf(citation, sentence, read, quotes, facts));
        await breathe();
      }
    }
    const findings = findingsOf(read, problems, quotes, record, texts);
    findings.push(
      ...findUncitedClaims(lines, read).map((at) =>
        finding("information", { kind: "uncited", says: [] }, at),
      ),
    );
    findings.push(
      ...findLongLines(markdown).map((at) => finding("error", { kind: "long-line", says: [] }, at)),
    );
    await breathe();
    const firm: ReportDifference[] = [
      ...findFormProblems(lines, read),
      ...(await oddLinks(lines, read, file)),
      ...originsOf(lines, read, { texts, quotes, record, file }),
      ...(found !== null && "kind" in found ? [{ ...found, at: fieldAt(lines, "session") }] : []),
    ];
    await breathe();
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
    const tellable = new Set(findings.filter(({ severity }) => severity === "error").map(({ line }) => line));
    for (const each of firm) tellable.add(each.at.line);
    // A line of which something more exact was said is not told of as changed, too.
    const others = [...compared, ...(counts === null ? [] : [counts])].filter(
      ({ kind, at }) => kind === "removed" || !tellable.has(at.line),
    );
    findings.push(...[...firm, ...others].map((each) => finding("error", each, each.at, each.n ?? null)));
    const grounded = read.citations.filter(({ source }) => sources.get(source)?.grounded === true).length;
    const isAsWritten = record?.lines != null && compared.length === 0 && grounded > 0;
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

  /** Where a report's links are meant from: a draft that waits is written for the place that it will have. */
  async function linkBase(read: ParsedReport, file: string, signal: AbortSignal): Promise<string> {
    const folder = path.dirname(file);
    const id = read.fields.get("session") ?? "";
    if (path.basename(file) !== "refreshed.md" || path.basename(folder) !== id || !isSessionId(id))
      return file;
    const found = await readSessionRecord(path.dirname(folder), id, signal).catch(() => null);
    const refreshes = found !== null && "header" in found ? found.header.refreshes : undefined;
    if (refreshes === undefined || places.workspace === null) return file;
    return path.resolve(places.workspace, refreshes.report);
  }

  async function snapshotOf(
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
    // Of a session of its own alone: what another one read is not what this report rests on.
    if (session === null || !(await isSame(folder, session))) return { kind: "snapshot-elsewhere", says };
    if (session.isOutside) return { kind: "snapshot-outside", says };
    if (await isLinked([folder, path.dirname(place), place])) return { kind: "snapshot-link", says };
    const { sha256 = "" } = source.snapshot ?? {};
    return snapshots(place, sha256, async () => {
      const found = await findWholeSnapshot(place, sha256);
      if (!("lost" in found)) return { ...found, find: createQuoteLocator(found.text) };
      return { kind: found.lost === "missing" ? "snapshot-missing" : "snapshot-changed", says };
    });
  }

  async function recordOf(
    session: SessionPlace,
    paths: Set<string>,
    signal: AbortSignal,
  ): Promise<FoundRecord> {
    const { sessions, id } = session;
    paths.add(path.join(session.folder, "journal.jsonl"));
    const place = await findJournal(sessions, id);
    if (place === null) return null;
    paths.add(place.file);
    if (session.isOutside) return null;
    return (
      await records(place.file, id, async () => ({ found: await readSessionRecord(sessions, id, signal) }))
    ).found;
  }

  /** Links that lead out of the workspace, or to anything but pages and files. */
  async function oddLinks(lines: string[], read: ParsedReport, file: string): Promise<ReportDifference[]> {
    const { workspace } = places;
    const isHeld = workspace !== null && (await isInside(path.dirname(file), workspace));
    const found: ReportDifference[] = [];
    const known = new Map<string, boolean>();
    for (const { target, at } of findReportLinks(lines, read)) {
      const isSnapshot = [...read.sources.values()].some(({ snapshotAt }) => snapshotAt?.line === at.line);
      let isOdd = known.get(target);
      if (isOdd === undefined) known.set(target, (isOdd = await isOddLink(target, isSnapshot)));
      if (isOdd) found.push({ kind: "link", says: [target.slice(0, 200)], at });
    }
    return found;

    async function isOddLink(target: string, isSnapshot: boolean): Promise<boolean> {
      const inner = decoded(target);
      if (/^https?:\/\/[^/\\]/i.test(target)) return false;
      if (/^[a-z][a-z0-9+.-]*:|^[/\\]|[\p{Cc}\\]/iu.test(inner)) return true;
      // The snapshot's place is looked at with the snapshot; sessions may be set to lie elsewhere.
      if (isSnapshot || !isHeld) return false;
      return !(await isInside(path.resolve(path.dirname(file), inner.replace(/[#?].*$/s, "")), workspace));
    }
  }

  function originsOf(
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
      const first = lines.findIndex((line, index) => index >= source.line && line.trim() !== "");
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
    now: CurrentText | null | undefined,
  ): QuoteState {
    const state = todayState(quote, source, now);
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

  function todayState(
    quote: string,
    { file }: ParsedSource,
    now: CurrentText | null | undefined,
  ): QuoteStatus | null {
    if (file === null || now === undefined) return null;
    if (now === null) return quoteStatus(quote, file, now);
    const known = todays.get(now) ?? new Map<string, QuoteStatus>();
    todays.set(now, known);
    const key = JSON.stringify([quote, file.ranges]);
    let state = known.get(key);
    if (state === undefined) known.set(key, (state = quoteStatus(quote, file, now)));
    return state;
  }

  /** Why a citation does not stand. */
  function problemOf(
    { source: number, quote, target, n }: ParsedCitation,
    { text, citations: together, mark }: ParsedSentence,
    { sources }: ParsedReport,
    quotes: Map<string, QuoteState>,
    facts: SentenceFacts,
  ): ReportProblem | null {
    const source = sources.get(number);
    if (source === undefined) return { kind: "no-source", says: [`${number}`] };
    if (target !== number) return { kind: "other-link", says: [`${number}`, `${target}`] };
    if (quote === null) return source.grounded ? null : { kind: "bare", says: [`${number}`] };
    const state = quotes.get(n);
    if (state === undefined) return { kind: "no-quote", says: [`${number}`, `${quote}`] };
    if (state.problem !== null) return state.problem;
    // A report that says itself that the quotes do not show a sentence has said the worst. Other marks excuse nothing:
    // code looks for the facts first, and what lacks them is never marked so.
    if (mark?.verdict === "unsupported" || mark?.verdict === "contradicted") return null;
    // Beside a grounded source, whose words we do not have, facts cannot be held against anything.
    if (together.some((each) => each.quote === null && sources.get(each.source)?.grounded === true))
      return null;
    if (facts.missing === null) {
      const shown = together.flatMap((each) => sources.get(each.source)?.quotes[(each.quote ?? 0) - 1] ?? []);
      facts.missing = factsOf(text, shown);
    }
    const { missing } = facts;
    return missing.length === 0 ? null : { kind: "facts", says: [missing.join(", ")] };
  }

  function factsOf(sentence: string, quotes: string[]): string[] {
    const key = [sentence, ...quotes].join("\u0000");
    let missing = facts.get(key);
    if (missing === undefined) {
      if (facts.size >= KEPT_FACTS) facts.clear();
      facts.set(key, (missing = findMissingFacts(sentence, quotes)));
    }
    return missing;
  }

  function findingsOf(
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
      // Said once, where the snapshot is named, and not at each of its citations.
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
      let says: ReportProblem | null = null;
      for (const citation of sentence.citations) {
        const problem = problems[index++] ?? null;
        const { n } = citation;
        if (problem?.kind === "facts") says = problem;
        else if (problem !== null && !isOfSource(problem))
          found.push(finding("error", problem, citation, n, place(n)));
        const now = quotes.get(n)?.today?.problem ?? null;
        if (problem === null && now !== null && now.kind !== "moved")
          found.push(finding("warning", now, citation, n, place(n)));
      }
      const [first] = sentence.citations;
      if (says !== null) found.push(finding("error", says, sentence, first?.n ?? null));
      const written = record?.written ?? null;
      const edit = written === null ? null : findSentenceEdit(sentence, written, hashOf);
      if (edit !== null) found.push(finding("error", edit, sentence, first?.n ?? null));
    }
    return found;
  }

  function hashOf(text: string): string {
    let hash = hashes.get(text);
    if (hash === undefined) {
      if (hashes.size >= KEPT_FACTS) hashes.clear();
      hashes.set(text, (hash = sentenceHash(text)));
    }
    return hash;
  }
}

/** Problems that are told of at citations and quotes; others are the report's as a whole. */
const OF_CITATIONS: ReadonlySet<FindingKind> = new Set([
  "no-source",
  "other-link",
  "no-quote",
  "bare",
  "no-snapshot",
  "not-in-snapshot",
  "facts",
]);

/** True for a problem of a citation or its quote, false for one of the report. */
export function isCitationProblem({ kind }: ReportProblem): boolean {
  return OF_CITATIONS.has(kind) || kind.startsWith("snapshot-");
}

/**
 * How a report stands in figures: of all citations that can be checked, how many fail, how many quotes their files
 * in the workspace no longer say, and how much else is wrong. A quote that only moved still stands there.
 */
export function summarizeCheck({ problems, grounded, quotes, findings }: CheckedText): {
  all: number;
  failed: number;
  outdated: number;
  others: number;
} {
  const isOutdated = ({ today }: QuoteState): boolean =>
    today?.problem?.kind === "changed" || today?.problem?.kind === "gone";
  return {
    all: problems.length - grounded,
    failed:
      problems.filter((each) => each !== null).length +
      findings.filter(({ kind }) => kind === "long-line").length,
    outdated: [...quotes.values()].filter(isOutdated).length,
    others: findings.filter((each) => each.severity === "error" && !isCitationProblem(each)).length,
  };
}

/** What makes a text look like a report of ours, even where it cannot be read as one. */
function looksLikeReport(markdown: string): boolean {
  const head = markdown.slice(0, LARGEST);
  return (
    /^session:[^\S\n]*\d{8}-\d{6}-/m.test(head) ||
    /\[\[\d{1,9}(?:\.\d{1,9})?\]\]\(#source-\d/.test(head) ||
    /SHA-256 `[0-9a-f]{64}`/.test(head) ||
    /^###[^\S\n]{1,9}Source \d/m.test(head) ||
    head.includes("> **Question.** ")
  );
}

/** Why a report cannot be read. */
const SENTENCES = {
  large: "It is larger than 5 MB.",
  parts: "Its front matter or its list of sources is missing.",
};

/** A report, or why what looks like one cannot be read. @throws ResearchError "bad-report" for any other text */
function readable(markdown: string): ParsedReport | ReportProblem {
  if (markdown.length > LARGEST && looksLikeReport(markdown)) {
    return { kind: "unreadable", says: [SENTENCES.large] };
  }
  try {
    return parseReport(markdown);
  } catch (error) {
    if (!(error instanceof ResearchError) || !looksLikeReport(markdown)) throw error;
    return { kind: "unreadable", says: [SENTENCES.parts] };
  }
}

/** The result for a report that was not checked: why is all that it says. */
export function uncheckedText(problem: ReportProblem): CheckedText {
  const at = { line: 1, start: 0, endLine: 1, end: 0 };
  const lines = { title: null, sources: 1, body: 1 };
  return {
    read: { fields: new Map(), sentences: [], citations: [], sources: new Map(), lines },
    findings: [finding("error", problem, at)],
    problems: [],
    quotes: new Map(),
    grounded: 0,
    files: [],
    snapshots: new Map(),
    checked: "quotes",
    refreshes: null,
  };
}

/** Where a report's session lies, or would. */
interface SessionPlace {
  id: string;
  /** The folder of sessions. */
  sessions: string;
  folder: string;
  /** True where that is neither in the workspace nor in the folder that the settings name. */
  isOutside: boolean;
}

/** The session of a report: where the settings have sessions, if it is there, else where its snapshots lie. */
async function sessionAt(
  read: ParsedReport,
  file: string,
  { workspace, sessions: named }: ReportFolders,
  paths: Set<string>,
): Promise<SessionPlace | null> {
  const id = read.fields.get("session") ?? "";
  if (!isSessionId(id)) return null;
  const sessions = (await named?.()) ?? null;
  const linked = linkedSessions(read, file);
  const usual = workspace === null ? [] : [path.join(workspace, "data", "sessions")];
  const own = [...(sessions === null ? [] : [sessions]), ...usual];
  for (const place of [...own, ...(linked === null ? [] : [linked])]) {
    for (const each of [path.join(place, id), archiveZipPath(place, id)]) {
      if ((await lstat(each).catch(() => null)) === null) continue;
      const isOutside = !(await isAllowed(place, file, workspace, sessions));
      return { id, sessions: place, folder: path.join(place, id), isOutside };
    }
  }
  if (linked === null) return null;
  const folder = path.join(linked, id);
  paths.add(folder);
  return { id, sessions: linked, folder, isOutside: !(await isAllowed(linked, file, workspace, sessions)) };
}

/** Whether a folder is the session's, by whatever way it is named. */
async function isSame(folder: string, { folder: own, sessions, id }: SessionPlace): Promise<boolean> {
  if (folder === own) return true;
  if (path.basename(folder) !== id) return false;
  const [one, other] = await Promise.all(
    [path.dirname(folder), sessions].map((each) => realpath(each).catch(() => each)),
  );
  return one === other;
}

/** Whether sessions may lie there: in the workspace, with all links followed, or in the folder that the settings name. */
async function isAllowed(
  place: string,
  report: string,
  workspace: string | null,
  sessions: string | null,
): Promise<boolean> {
  // Of a report that lies elsewhere no workspace is known.
  if (workspace === null || !isBelow(report, workspace)) return true;
  // A folder elsewhere is the user's own choice; one below the workspace must not be a link that leads out.
  if (sessions !== null && path.resolve(sessions) === path.resolve(place) && !isBelow(place, workspace))
    return true;
  const real = await realpath(place).catch(() => null);
  return real === null || isInside(real, workspace);
}

/** The folder of sessions that a report's links name; null where they name none. */
function linkedSessions(read: ParsedReport, report: string): string | null {
  for (const source of read.sources.values()) {
    const place = snapshotPath(source, report);
    if (typeof place === "string") return path.dirname(path.dirname(path.dirname(place)));
  }
  return null;
}

/** True where one of the places is a link, or something else than a file or a folder. */
async function isLinked(all: string[]): Promise<boolean> {
  const found = await Promise.all(all.map((place) => lstat(place).catch(() => null)));
  return found.some((each) => each !== null && !each.isFile() && !each.isDirectory());
}

function isBelow(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return (
    relative !== "" &&
    relative !== ".." &&
    !relative.startsWith(`..${path.sep}`) &&
    !path.isAbsolute(relative)
  );
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

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

/** Where a report's snapshot lies, by its link: snapshots have names of ours, and nothing else is read for it. */
function snapshotPath(source: ParsedSource, report: string): string | ReportProblem {
  if (source.grounded || source.snapshot === null) return { kind: "no-snapshot", says: [] };
  const { path: link, sha256 } = source.snapshot;
  const named = /(^|\/)sources\/([0-9a-f]{16})\.md$/.exec(link)?.[2];
  const place = resolveFromReport(report, link);
  if (named === undefined || place === null || !sha256.startsWith(named))
    return { kind: "snapshot-name", says: [] };
  return place;
}

/** The session's folder, as the links to its snapshots tell where sessions are; null where they do not. */
export function sessionFolderOfReport(read: ParsedReport, report: string): string | null {
  const session = read.fields.get("session") ?? "";
  const sessions = isSessionId(session) ? linkedSessions(read, report) : null;
  return sessions === null ? null : path.join(sessions, session);
}

/** A path that a report names, absolute; null for one that would lead to another machine. */
export function resolveFromReport(report: string, link: string): string | null {
  if (/^[/\\]{2}/.test(link) || link.includes("\u0000")) return null;
  return path.resolve(path.dirname(report), link);
}

/** Problems of a source as a whole. */
function isOfSource({ kind }: ReportProblem): boolean {
  return kind.startsWith("snapshot-") || kind === "no-snapshot";
}

function finding(
  severity: Finding["severity"],
  problem: ReportProblem,
  at: TextRange,
  n: string | null = null,
  quoteAt: TextRange | null = null,
): Finding {
  const { line, start, endLine, end } = at;
  return { ...problem, severity, n, quoteAt, line, start, endLine, end };
}

/** Keeps what was read of a file until its size or time changes. */
function memoizeByVersion<T>(): (file: string, what: string, read: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, { version: string; value: T }>();
  return async (file, what, read) => {
    const version = await versionOf(file);
    const key = `${what} ${file}`;
    const known = kept.get(key);
    if (known?.version === version) return known.value;
    const value = await read();
    kept.delete(key);
    // What was taken away or put back meanwhile would stay known as what it was for that moment.
    if ((await versionOf(file)) === version) kept.set(key, { version, value });
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return value;
  };
}

async function versionOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  // What is not there may be in an archive, which is not opened at every letter that is typed.
  if (found === null) return `gone ${Math.floor(Date.now() / 5000)}`;
  return `${found.mtimeMs} ${found.size} ${found.ino}`;
}
