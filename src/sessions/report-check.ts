import { stat } from "node:fs/promises";
import path from "node:path";
import { missingFacts } from "../research/facts.js";
import { uncitedClaims, type Finding, type Problem } from "../research/findings.js";
import { finderIn, type Located } from "../research/quote.js";
import {
  longLines,
  readReport,
  reportLines,
  type ReadCitation,
  type ReadReport,
  type ReadSource,
  type Stretch,
} from "../research/read-report.js";
import { isSessionId } from "./kept-names.js";
import { todayOf, type QuoteToday, type ReadToday, type TextToday } from "./quote-today.js";
import { findSnapshot } from "./snapshots.js";
import { readWritten, sentenceHash, type Written } from "./written.js";

/*
 * Checks a report by code alone, quickly enough to be done while somebody types: what was read of a file is kept
 * until the file changes, and what was found out about a quote or a sentence until its words do.
 */

/** What is known of one quote. */
export interface QuoteState {
  /** Where it stands in the snapshot's text; null where it does not, or there is none. */
  inSnapshot: Located | null;
  problem: Problem | null;
  /** What the file of the workspace says today; null for pages, and where it is not looked at. */
  today: QuoteToday | null;
}

export interface CheckedText {
  read: ReadReport;
  findings: Finding[];
  /** Why each citation fails, in the order of the text; null where it stands, or only Google vouches for it. */
  problems: (Problem | null)[];
  /** By "S.Q". */
  quotes: Map<string, QuoteState>;
  grounded: number;
  /** What it was read from, absolute: where one of these changes, the report is to be checked again. */
  files: string[];
  /** The texts of the snapshots that are sound, by source. */
  snapshots: Map<number, string>;
}

export interface ReportChecks {
  /**
   * Checks the text of a report.
   * @param file where it lies, or will: snapshots and files are found from there
   * @throws ResearchError "bad-report" if it is no report of ours; the signal's reason
   */
  check(markdown: string, file: string, signal: AbortSignal): Promise<CheckedText>;
}

interface Snapshot {
  text: string;
  find: ReturnType<typeof finderIn>;
}

/** Texts of snapshots and journals that are kept. */
const KEPT = 100;
/** Verdicts of code about sentences that are kept. */
const KEPT_FACTS = 20_000;
/** Milliseconds of computing at a stretch. */
const TURN = 15;

/** @param today reads the workspace's files; null to leave them out */
export function openReportChecks(today: ReadToday | null): ReportChecks {
  const snapshots = keptByVersion<Snapshot | Problem>();
  const journals = keptByVersion<{ written: Written | null }>();
  const located = new WeakMap<Snapshot, Map<string, Located | null>>();
  const todays = new WeakMap<TextToday, Map<string, QuoteToday>>();
  const facts = new Map<string, string[]>();
  const hashes = new Map<string, string>();

  return { check };

  async function check(markdown: string, file: string, signal: AbortSignal): Promise<CheckedText> {
    const read = readReport(markdown);
    const { sources } = read;
    const texts = new Map<number, Snapshot | Problem>();
    const files = new Map<number, TextToday | null>();
    const paths = new Set<string>();
    await Promise.all(
      [...sources].map(async ([number, source]) => {
        texts.set(number, await snapshotOf(source, file, paths));
        const place = source.file === null ? null : beside(file, source.file.path);
        if (today === null || place === null) return;
        const text = await today(place, signal);
        if (text === undefined) return;
        paths.add(place);
        files.set(number, text);
      }),
    );
    const written = await writtenOf(read, file, paths);
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
    const problems: (Problem | null)[] = [];
    const together = bySentence(read.citations);
    // Once for a sentence and not for each of its citations.
    const missing = new Map<string, string[]>();
    for (const citation of read.citations) {
      problems.push(problemOf(citation, read, quotes, together.get(citation.sentence) ?? [], missing));
      await breathe();
    }
    const findings = findingsOf(read, problems, quotes, written, texts);
    findings.push(
      ...uncitedClaims(reportLines(markdown), read).map((at) =>
        finding("information", { kind: "uncited", says: [] }, at),
      ),
    );
    findings.push(...longLines(markdown).map((at) => finding("error", { kind: "long-line", says: [] }, at)));
    findings.sort((a, b) => a.line - b.line || a.start - b.start);
    return {
      read,
      findings,
      problems,
      quotes,
      grounded: read.citations.filter(({ source }) => sources.get(source)?.grounded === true).length,
      files: [...paths],
      snapshots: new Map(
        [...texts].flatMap(([number, text]) => ("text" in text ? [[number, text.text]] : [])),
      ),
    };
  }

  async function snapshotOf(
    source: ReadSource,
    report: string,
    paths: Set<string>,
  ): Promise<Snapshot | Problem> {
    const place = snapshotPlace(source, report);
    if (typeof place !== "string") return place;
    paths.add(place);
    const { sha256 = "" } = source.snapshot ?? {};
    return snapshots(place, sha256, async () => {
      const found = await findSnapshot(place, sha256);
      if (typeof found === "string") return { text: found, find: finderIn(found) };
      return {
        kind: found.lost === "missing" ? "snapshot-missing" : "snapshot-changed",
        says: [path.basename(place)],
      };
    });
  }

  async function writtenOf(read: ReadReport, file: string, paths: Set<string>): Promise<Written | null> {
    const session = read.fields.get("session") ?? "";
    const folder = sessionOf(read, file);
    if (folder === null) return null;
    const journal = path.join(folder, "journal.jsonl");
    paths.add(journal);
    return (await journals(journal, session, async () => ({ written: await readWritten(journal, session) })))
      .written;
  }

  function quoteState(
    quote: string,
    source: ReadSource,
    text: Snapshot | Problem | undefined,
    now: TextToday | null | undefined,
  ): QuoteState {
    const state = todayState(quote, source, now);
    if (text === undefined || !("text" in text)) {
      return { inSnapshot: null, problem: text ?? { kind: "no-snapshot", says: [] }, today: state };
    }
    const known = located.get(text) ?? new Map<string, Located | null>();
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
    { file }: ReadSource,
    now: TextToday | null | undefined,
  ): QuoteToday | null {
    if (file === null || now === undefined) return null;
    if (now === null) return todayOf(quote, file, now);
    const known = todays.get(now) ?? new Map<string, QuoteToday>();
    todays.set(now, known);
    const key = JSON.stringify([quote, file.ranges]);
    let state = known.get(key);
    if (state === undefined) known.set(key, (state = todayOf(quote, file, now)));
    return state;
  }

  /** Why a citation does not stand. */
  function problemOf(
    citation: ReadCitation,
    { sources }: ReadReport,
    quotes: Map<string, QuoteState>,
    together: ReadCitation[],
    known: Map<string, string[]>,
  ): Problem | null {
    const { source: number, quote, target, sentence, marked, n } = citation;
    const source = sources.get(number);
    if (source === undefined) return { kind: "no-source", says: [`${number}`] };
    if (target !== number) return { kind: "other-link", says: [`${number}`, `${target}`] };
    if (quote === null) return source.grounded ? null : { kind: "bare", says: [`${number}`] };
    const state = quotes.get(n);
    if (state === undefined) return { kind: "no-quote", says: [`${number}`, `${quote}`] };
    if (state.problem !== null) return state.problem;
    if (marked) return null;
    let missing = known.get(sentence);
    if (missing === undefined) {
      const shown = together.flatMap((each) => sources.get(each.source)?.quotes[(each.quote ?? 0) - 1] ?? []);
      // Beside a grounded source, whose words we do not have, facts cannot be held against anything.
      const isGrounded = together.some((each) => each.quote === null);
      known.set(sentence, (missing = isGrounded ? [] : factsOf(sentence, shown)));
    }
    return missing.length === 0 ? null : { kind: "facts", says: [missing.join(", ")] };
  }

  function factsOf(sentence: string, quotes: string[]): string[] {
    const key = [sentence, ...quotes].join("\u0000");
    let missing = facts.get(key);
    if (missing === undefined) {
      if (facts.size >= KEPT_FACTS) facts.clear();
      facts.set(key, (missing = missingFacts(sentence, quotes)));
    }
    return missing;
  }

  function findingsOf(
    read: ReadReport,
    problems: (Problem | null)[],
    quotes: Map<string, QuoteState>,
    written: Written | null,
    texts: Map<number, Snapshot | Problem>,
  ): Finding[] {
    const found: Finding[] = [];
    const cited = new Set(read.citations.map(({ n }) => n));
    const place = (n: string): Stretch | null => {
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
      let says: Problem | null = null;
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
      const edit = written === null ? null : editOf(sentence, written);
      if (edit !== null) found.push(finding("warning", edit, sentence, first?.n ?? null));
    }
    return found;
  }

  /** How a sentence differs from what was checked. */
  function editOf(
    { text, citations, mark }: ReadReport["sentences"][number],
    written: Written,
  ): Problem | null {
    let hash = hashes.get(text);
    if (hash === undefined) {
      if (hashes.size >= KEPT_FACTS) hashes.clear();
      hashes.set(text, (hash = sentenceHash(text)));
    }
    const checked = written.get(hash);
    if (checked === undefined) return { kind: "edited", says: [] };
    const cites = citations.map(({ n }) => n).join(" ");
    const same = checked.filter((each) => each.cites === undefined || each.cites.join(" ") === cites);
    if (same.length === 0) return { kind: "recited", says: [] };
    const shown = mark?.verdict ?? "supported";
    const [first] = same;
    if (same.some(({ verdict }) => verdict === shown || verdict === "supported") || first === undefined)
      return null;
    return { kind: "unmarked", says: [first.verdict] };
  }
}

/**
 * How a report stands in figures: of all citations that can be checked, how many fail, and how many quotes their
 * files in the workspace no longer say. A quote that only moved still stands there.
 */
export function standing({ problems, grounded, quotes, findings }: CheckedText): {
  all: number;
  failed: number;
  outdated: number;
} {
  const isOutdated = ({ today }: QuoteState): boolean =>
    today?.problem?.kind === "changed" || today?.problem?.kind === "gone";
  return {
    all: problems.length - grounded,
    failed:
      problems.filter((each) => each !== null).length +
      findings.filter(({ kind }) => kind === "long-line").length,
    outdated: [...quotes.values()].filter(isOutdated).length,
  };
}

/** Where a report's snapshot lies, by its link: snapshots have names of ours, and nothing else is read for it. */
export function snapshotPlace(source: ReadSource, report: string): string | Problem {
  if (source.grounded || source.snapshot === null) return { kind: "no-snapshot", says: [] };
  const { path: link, sha256 } = source.snapshot;
  const named = /(^|\/)sources\/([0-9a-f]{16})\.md$/.exec(link)?.[2];
  const place = beside(report, link);
  if (named === undefined || place === null || !sha256.startsWith(named))
    return { kind: "snapshot-name", says: [] };
  return place;
}

/** The session's folder, as the links to its snapshots tell where sessions are; null where they do not. */
export function sessionOf(read: ReadReport, report: string): string | null {
  const session = read.fields.get("session") ?? "";
  if (!isSessionId(session)) return null;
  for (const source of read.sources.values()) {
    const place = snapshotPlace(source, report);
    if (typeof place === "string") return path.join(path.dirname(path.dirname(path.dirname(place))), session);
  }
  return null;
}

/** A path that a report names, absolute; null for one that would lead to another machine. */
export function beside(report: string, link: string): string | null {
  if (/^[/\\]{2}/.test(link) || link.includes("\u0000")) return null;
  return path.resolve(path.dirname(report), link);
}

/** Problems of a source as a whole. */
function isOfSource({ kind }: Problem): boolean {
  return kind.startsWith("snapshot-") || kind === "no-snapshot";
}

function bySentence(citations: ReadCitation[]): Map<string, ReadCitation[]> {
  const found = new Map<string, ReadCitation[]>();
  for (const each of citations) {
    const same = found.get(each.sentence);
    if (same === undefined) found.set(each.sentence, [each]);
    else same.push(each);
  }
  return found;
}

function finding(
  severity: Finding["severity"],
  problem: Problem,
  at: Stretch,
  n: string | null = null,
  quoteAt: Stretch | null = null,
): Finding {
  const { line, start, endLine, end } = at;
  return { ...problem, severity, n, quoteAt, line, start, endLine, end };
}

/** Keeps what was read of a file until its size or time changes. */
function keptByVersion<T>(): (file: string, what: string, read: () => Promise<T>) => Promise<T> {
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
