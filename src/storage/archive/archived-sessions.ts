import { msg } from "../../common/messages.js";
import { readdir } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { readRegularText } from "../../common/read-file.js";
import { ResearchError } from "../../common/errors.js";
import { LineCutter } from "../../common/line-cutter.js";
import {
  JOURNAL_LINE_BYTES,
  JOURNAL_LIMITS,
  LISTING_LIMITS,
  SMALL_JOURNAL_BYTES,
  SNAPSHOT_LIMITS,
} from "../file-limits.js";
import { ARCHIVE_FOLDER, isSessionId, startTimeOfSession } from "./allowed-paths.js";
import { MarkedEnvironment, Verdict } from "../../core/domain/schema.js";
import { parseJson } from "../../common/parse-json.js";
import { JournalLine, parseHeader, SCHEMA, schemaVersion } from "../sessions/journal-schema.js";
import type { ListedSession } from "../sessions/session-summary.js";
import { invalidBackup, ZipReader, type ZipEntry } from "./zip-reader.js";

/*
 * Reads archived sessions without unpacking: SESSIONS/archive/ID.zip, and next to it ID.json with what a list shows. The
 * zip is authoritative; ID.json only avoids opening it.
 */

/** The contents of ID.json; unknown fields are passed on. */
const Listed = z.looseObject({
  id: z.string(),
  question: z.string(),
  status: z.enum(["planned", "done", "partial", "failed", "cancelled", "interrupted", "damaged", "newer"]),
  started: z.string(),
  report: z.string().nullable(),
  name: z.string().optional(),
  title: z.string().optional(),
  verdicts: z.partialRecord(Verdict, z.number()).optional().catch(undefined),
  environment: MarkedEnvironment.optional().catch(undefined),
});

const CONCURRENCY = 64;

/** The folder of archived sessions. */
export function archiveFolder(sessions: string): string {
  return path.join(sessions, ARCHIVE_FOLDER);
}

/** The zip of an archived session. The id must be valid. */
export function archiveZipPath(sessions: string, id: string): string {
  return path.join(archiveFolder(sessions), `${id}.zip`);
}

/** The listing of an archived session, next to its zip. */
export function archiveListingPath(sessions: string, id: string): string {
  return path.join(archiveFolder(sessions), `${id}.json`);
}

/** The ids of all archived sessions, unordered. */
export async function listArchivedIds(sessions: string): Promise<string[]> {
  const names = await readdir(archiveFolder(sessions)).catch(() => [] as string[]);
  return names
    .filter((name) => name.endsWith(".zip"))
    .map((name) => name.slice(0, -4))
    .filter(isSessionId);
}

/** Reads the journal of an archived session in chunks. @throws ResearchError if it cannot be read */
export async function readArchivedJournal(
  sessions: string,
  id: string,
  signal: AbortSignal,
  onChunk: (chunk: Buffer) => void,
): Promise<void> {
  await withArchiveEntry(archiveZipPath(sessions, id), `sessions/${id}/journal.jsonl`, async (zip, entry) => {
    assertMaxSize(entry, JOURNAL_LIMITS.maxBytes);
    for await (const chunk of zip.read(entry, signal)) onChunk(chunk);
  });
}

/** The lines of the journal of an archived session. @throws ResearchError if it cannot be read */
export async function* archivedJournalLines(
  sessions: string,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<{ text: string; whole: boolean }, void, undefined> {
  const cutter = new LineCutter(JOURNAL_LINE_BYTES);
  const lines: Buffer[] = [];
  await readArchivedJournal(sessions, id, signal, (chunk) => {
    for (const { bytes } of cutter.add(chunk)) lines.push(bytes);
  });
  for (const bytes of lines) yield { text: bytes.toString("utf8"), whole: true };
}

/** Lists all archived sessions, unordered; unreadable ones are listed as damaged. */
export async function listArchived(sessions: string): Promise<ListedSession[]> {
  const listed: ListedSession[] = [];
  const left = await listArchivedIds(sessions);
  while (left.length > 0) {
    const some = left.splice(-CONCURRENCY).map((id) =>
      listOneArchived(sessions, id).catch((): ListedSession => {
        const why = msg`Its archive cannot be read.`;
        return {
          id,
          question: "",
          status: "damaged",
          started: startTimeOfSession(id),
          report: null,
          archived: true,
          why,
        };
      }),
    );
    listed.push(...(await Promise.all(some)));
  }
  return listed;
}

async function listOneArchived(sessions: string, id: string): Promise<ListedSession> {
  try {
    const listed = Listed.parse(
      JSON.parse(await readRegularText(archiveListingPath(sessions, id), LISTING_LIMITS)),
    );
    const { name, title, verdicts, environment, ...known } = listed;
    if (listed.id === id) {
      return {
        ...known,
        ...(name === undefined ? {} : { name }),
        ...(title === undefined ? {} : { title }),
        ...(verdicts === undefined ? {} : { verdicts }),
        ...(environment === undefined ? {} : { environment }),
        archived: true,
      };
    }
  } catch {
    // Missing or damaged: fall back to the zip.
  }
  const file = archiveZipPath(sessions, id);
  return withArchiveEntry(file, `sessions/${id}/journal.jsonl`, async (zip, entry) => {
    assertMaxSize(entry, SMALL_JOURNAL_BYTES);
    const { first, last } = await firstAndLastLine(zip, entry);
    if (schemaVersion(parseJson(first)) > SCHEMA) {
      return {
        id,
        question: "",
        status: "newer",
        started: startTimeOfSession(id),
        report: null,
        archived: true,
      };
    }
    const header = parseHeader(first, file);
    if (header.id !== id) throw new ResearchError("damaged-session", msg`${file} contains another session.`);
    const line = JournalLine.safeParse(JSON.parse(last));
    const ended = line.success && line.data.type === "ended" ? line.data : null;
    return {
      id,
      question: header.question,
      status: ended?.status ?? "interrupted",
      started: header.started,
      report: ended?.report ?? null,
      ...(ended?.name === undefined ? {} : { name: ended.name }),
      ...(ended?.title === undefined ? {} : { title: ended.title }),
      ...(ended?.verdicts === undefined ? {} : { verdicts: ended.verdicts }),
      ...(header.reportEnvironment === undefined ? {} : { environment: header.reportEnvironment }),
      archived: true,
    };
  });
}

function assertMaxSize({ name, bytes }: ZipEntry, most: number): void {
  if (bytes > most) throw invalidBackup(msg`${name} is too large`);
}

/** The first and last line of a packed journal, without keeping the rest. */
async function firstAndLastLine(zip: ZipReader, entry: ZipEntry): Promise<{ first: string; last: string }> {
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  for await (const chunk of zip.read(entry, new AbortController().signal)) {
    if (head.length < 64 * 1024) head = Buffer.concat([head, chunk]);
    tail = Buffer.concat([tail.subarray(-8 * 1024), chunk]);
  }
  const [first = ""] = head.toString("utf8").split("\n", 1);
  return { first, last: tail.toString("utf8").split("\n").at(-2) ?? "" };
}

/**
 * Reads a snapshot of an archived session from the zip.
 * @param file its path if the session were not archived: SESSIONS/ID/sources/NAME.md
 * @returns its text, or null if no archive contains it
 */
export async function readArchivedSnapshot(file: string): Promise<string | null> {
  const folder = path.dirname(path.dirname(file));
  const id = path.basename(folder);
  if (!isSessionId(id)) return null;
  const name = `sessions/${id}/sources/${path.basename(file)}`;
  try {
    const bytes = await withArchiveEntry(archiveZipPath(path.dirname(folder), id), name, (zip, entry) =>
      zip.whole(entry, SNAPSHOT_LIMITS.maxBytes, new AbortController().signal),
    );
    return bytes.toString("utf8");
  } catch {
    return null;
  }
}

async function withArchiveEntry<T>(
  file: string,
  name: string,
  read: (zip: ZipReader, entry: ZipEntry) => Promise<T>,
): Promise<T> {
  const zip = await ZipReader.open(file, false);
  try {
    const entry = zip.entries.find((each) => each.name === name);
    if (entry === undefined)
      throw new ResearchError("damaged-session", msg`${file} does not contain ${name}.`);
    return await read(zip, entry);
  } finally {
    await zip.close();
  }
}
