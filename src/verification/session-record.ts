import { msg, type Message } from "../common/messages.js";
import { lstat } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import type { ReportProblem } from "../core/report/findings.js";
import { ResearchError } from "../common/errors.js";
import { Source } from "../core/domain/schema.js";
import { archiveZipPath, readArchivedJournal } from "../storage/archive/archived-sessions.js";
import { journalLines } from "../storage/sessions/journal.js";
import { journalPath } from "../storage/sessions/session.js";
import { parseJson } from "../common/parse-json.js";
import {
  Header,
  JournalLine,
  parseHeader,
  type EndedLine,
  type LineChange,
  type WrittenSentence,
} from "../storage/sessions/journal-schema.js";
import { parseHashedLine, type HashedLine } from "../storage/reports/report-line-hashes.js";
import { addCheckedSentences, type CheckedSentences } from "./checked-sentences.js";
import { collapseWhitespace } from "../common/collapse-whitespace.js";
import { pathExists } from "../common/files.js";

/*
 * Reads what a session's journal recorded about its report: what was read, quoted, written and rechecked. Comparing
 * a report with this record reveals later changes.
 */

/** The fields of a source that a report shows. */
const RecordedSource = Source.pick({
  place: true,
  title: true,
  readAt: true,
  sha256: true,
  commit: true,
  lines: true,
  pages: true,
}).partial({ lines: true, pages: true, commit: true });
export type RecordedSource = z.infer<typeof RecordedSource>;

type Evidence = Extract<JournalLine, { type: "evidence" }>;

export interface SessionRecord {
  header: Header;
  /** The sentences, by the hash of their text; null in sessions of the first versions. */
  written: CheckedSentences | null;
  /** The sentences in report order as the run wrote them; null if `written` is null. */
  sentences: WrittenSentence[] | null;
  /** Every line of the report; null in sessions of earlier versions. */
  lines: HashedLine[] | null;
  /** Later changes by the product itself, in order. */
  changes: LineChange[];
  evidence: Evidence["evidence"] | null;
  sources: NonNullable<Evidence["sources"]> | null;
  /** Sources that were read, by the hash of their snapshot. */
  reads: Map<string, RecordedSource>;
  /** The end of the run that wrote the report; null if no run did. */
  ended: EndedLine | null;
  /** Every text in the model's answers; only for sessions that did not record sentences. */
  said: Set<string> | null;
}

/** A record, or the problem that prevents reading it; null if there is no journal. */
export type FoundRecord = SessionRecord | ReportProblem | null;

/** Maximum size of a journal, in bytes. */
const MAX_JOURNAL_BYTES = 256 * 1024 ** 2;
/** Longer journal lines are skipped. In characters. */
const MAX_LINE_CHARACTERS = 64 * 1024 ** 2;

/** Locates a session's journal, in its folder or in its archive; null if there is none. */
export async function findJournal(
  sessions: string,
  id: string,
): Promise<{ file: string; isArchived: boolean } | null> {
  const file = journalPath(path.join(sessions, id));
  if (await pathExists(file)) return { file, isArchived: false };
  // If both exist after a kill, the folder takes precedence.
  if (await pathExists(path.join(sessions, id))) return null;
  const archive = archiveZipPath(sessions, id);
  return (await pathExists(archive)) ? { file: archive, isArchived: true } : null;
}

const TOO_LARGE = msg`It is too large.`;

/** Reads the record of a session's report from its journal. */
export async function readSessionRecord(
  sessions: string,
  id: string,
  signal: AbortSignal,
): Promise<FoundRecord> {
  const place = await findJournal(sessions, id);
  if (place === null) return null;
  const { file, isArchived } = place;
  const unreadable = (why: string | Message): ReportProblem => ({ kind: "journal-unreadable", says: [why] });
  const folder = path.dirname(file);
  const [journalStats, folderStats] = await Promise.all([
    lstat(file).catch(() => null),
    lstat(folder).catch(() => null),
  ]);
  if (journalStats?.isFile() !== true || folderStats?.isDirectory() !== true)
    return unreadable(msg`It is a link or not a regular file.`);
  if (journalStats.size > MAX_JOURNAL_BYTES) return unreadable(TOO_LARGE);
  try {
    const lines = isArchived ? archivedLines(sessions, id, signal) : plainLines(file);
    const found = await foldRecord(lines, file, signal);
    if (found === "damaged") return unreadable(msg`Its record of the report is damaged.`);
    if (found.header.id !== id) return { kind: "journal-other", says: [] };
    if (found.written !== null || found.ended === null) return found;
    const again = isArchived ? archivedLines(sessions, id, signal) : plainLines(file);
    return { ...found, said: await readAnswerTexts(again, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ResearchError) return unreadable(error.what);
    return unreadable(msg`${error instanceof Error ? error.message : String(error)}.`);
  }
}

async function* plainLines(file: string): AsyncGenerator<{ text: string; whole: boolean }> {
  for await (const { text, whole } of journalLines(file)) yield { text, whole };
}

async function* archivedLines(
  sessions: string,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<{ text: string; whole: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  await readArchivedJournal(sessions, id, signal, (chunk) => {
    size += chunk.length;
    if (size > MAX_JOURNAL_BYTES) throw new ResearchError("damaged-session", TOO_LARGE);
    chunks.push(chunk);
  });
  const all = Buffer.concat(chunks);
  let from = 0;
  for (let end = all.indexOf(0x0a); end >= 0; end = all.indexOf(0x0a, from)) {
    yield { text: all.toString("utf8", from, end), whole: true };
    from = end + 1;
  }
  if (from < all.length) yield { text: all.toString("utf8", from), whole: false };
}

async function foldRecord(
  lines: AsyncGenerator<{ text: string; whole: boolean }>,
  file: string,
  signal: AbortSignal,
): Promise<SessionRecord | "damaged"> {
  let header: Header | null = null;
  const found: Omit<SessionRecord, "header"> = {
    written: null, sentences: null, lines: null, changes: [], evidence: null, sources: null, reads: new Map(),
    ended: null, said: null,
  }; // prettier-ignore
  let number = 0;
  let isDamaged = false;
  // A run records its evidence and then the whole report; a recheck records only one sentence.
  let isWhole = true;
  for await (const { text, whole } of lines) {
    signal.throwIfAborted();
    number++;
    if (number === 1) {
      const version = z.object({ schema: z.number() }).safeParse(parseJson(text));
      // A first line of a newer version is refused; an unreadable one has a copy.
      header = version.success ? parseHeader(text, file) : null;
      if (header !== null) continue;
    }
    if (!whole || text.length > MAX_LINE_CHARACTERS) continue;
    const type = /^\{"type":"(asked|written|evidence|ended|outcome)"/.exec(text)?.[1];
    if (type === undefined) continue;
    if (type === "outcome") {
      if (text.slice(0, 400).includes('"kind":"read"')) addRead(found.reads, text);
      continue;
    }
    const { data: line } = JournalLine.safeParse(parseJson(text));
    if (line === undefined) {
      // Losing a line about the report silently would hide changes.
      if (type !== "asked") isDamaged = true;
      continue;
    }
    if (line.type === "asked") header ??= line.header;
    else if (line.type === "evidence") {
      found.evidence = line.evidence;
      found.sources = line.sources ?? null;
      isWhole = true;
    } else if (line.type === "ended") {
      if (line.report !== null) found.ended = line;
    } else if (line.type === "written") {
      if (isWhole) {
        found.written = new Map();
        found.sentences = line.sentences;
        found.lines = line.lines?.map(parseHashedLine) ?? null;
        found.changes = [];
        isWhole = false;
      }
      found.written ??= new Map();
      addCheckedSentences(found.written, line.sentences);
      found.changes.push(...(line.changes ?? []));
    }
  }
  if (isDamaged) return "damaged";
  if (header === null)
    throw new ResearchError(
      "damaged-session",
      msg`The session at ${file} is damaged: its first line cannot be read.`,
    );
  return { header, ...found };
}

function addRead(reads: Map<string, RecordedSource>, text: string): void {
  const line = z.object({ value: RecordedSource }).safeParse(parseJson(text));
  const read = line.data?.value;
  if (read?.sha256 != null) reads.set(read.sha256, read);
}

/** Every text in the model's answers, with white space normalized as in reports. */
async function readAnswerTexts(
  lines: AsyncGenerator<{ text: string; whole: boolean }>,
  signal: AbortSignal,
): Promise<Set<string>> {
  const said = new Set<string>();
  const add = (value: unknown): void => {
    if (typeof value === "string") said.add(collapseWhitespace(value));
    else if (Array.isArray(value)) value.forEach(add);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(add);
  };
  for await (const { text, whole } of lines) {
    signal.throwIfAborted();
    if (!whole || text.length > MAX_LINE_CHARACTERS || !text.startsWith('{"type":"outcome"')) continue;
    if (!text.slice(0, 400).includes('"kind":"model"')) continue;
    add(z.object({ value: z.unknown() }).safeParse(parseJson(text)).data?.value);
  }
  return said;
}
