import { msg, type Message } from "../../common/messages.js";
import { closeSync, existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import {
  FileRefusedError,
  openUncheckedSync,
  readBytesAtSync,
  readFirstBytesSync,
  sizeOfOpenFileSync,
} from "../../common/read-file.js";
import { systemErrorCode, isMissingPathError } from "../../common/errors.js";
import { Verdict } from "../../core/domain/schema.js";
import { JOURNAL_LIMITS } from "../file-limits.js";
import { parseJson } from "../../common/parse-json.js";
import { Header, SCHEMA, schemaVersion } from "./journal-schema.js";
import { isRunning, lockPath } from "./session-lock.js";
import { listArchived, listArchivedIds } from "../archive/archived-sessions.js";
import { isSessionId, startTimeOfSession } from "../archive/allowed-paths.js";
import { hasPlanFile } from "./plan-file.js";
import { journalPath } from "./session.js";
import type { ListedSession, SessionStatus } from "./session-summary.js";
import { createYieldTimer } from "../../common/yield-to-event-loop.js";

const UNFINISHED: ReadonlySet<SessionStatus> = new Set(["failed", "cancelled", "interrupted"]);

/** Milliseconds of reading before yielding to the event loop. */
const YIELD_AFTER_MS = 15;

/** Lists one session; null if there is none or it is archived. */
export async function listSession(sessions: string, id: string): Promise<ListedSession | null> {
  const folder = path.join(sessions, id);
  const session = isSessionId(id) ? readSessionSummary(folder, id) : null;
  return session === null
    ? null
    : UNFINISHED.has(session.status)
      ? resolveUnfinished(session, folder)
      : session;
}

/** Like `listSession`, including archived sessions. */
export async function findSession(sessions: string, id: string): Promise<ListedSession | null> {
  const here = await listSession(sessions, id);
  return here ?? (await listSessions(sessions)).find((each) => each.id === id) ?? null;
}

/** Determines whether an unfinished session is running or its plan waits to be run. */
async function resolveUnfinished(session: ListedSession, folder: string): Promise<ListedSession> {
  if (session.status === "interrupted" && existsSync(lockPath(folder)) && (await isRunning(folder))) {
    return { ...session, status: "running" };
  }
  return hasPlanFile(folder) ? { ...session, status: "planned" } : session;
}

/** The ids of all sessions, archived ones included, oldest first: ids sort by time. */
export async function listSessionIds(sessions: string): Promise<string[]> {
  const names = await readdir(sessions).catch(() => [] as string[]);
  return [...new Set([...names.filter(isSessionId), ...(await listArchivedIds(sessions))])].sort();
}

/** Lists all sessions, archived ones included, newest first; unreadable ones are listed as damaged. */
export async function listSessions(sessions: string): Promise<ListedSession[]> {
  const names = await readdir(sessions).catch(() => [] as string[]);
  const base = path.resolve(sessions);
  const listed: ListedSession[] = [];
  const yieldIfDue = createYieldTimer(YIELD_AFTER_MS);
  // Synchronous reads: promises for ten thousand sessions cost more than the reading itself.
  for (const name of names) {
    if (!isSessionId(name)) continue;
    // Joined by hand for speed; an id contains nothing that needs resolving.
    const folder = `${base}${path.sep}${name}`;
    const session = readSessionSummary(folder, name);
    if (session === null) continue;
    // Only unfinished sessions need an asynchronous check.
    listed.push(UNFINISHED.has(session.status) ? await resolveUnfinished(session, folder) : session);
    await yieldIfDue();
  }
  // A kill can leave both a folder and its archive: the folder takes precedence.
  const ids = new Set(listed.map(({ id }) => id));
  listed.push(...(await listArchived(sessions)).filter(({ id }) => !ids.has(id)));
  return listed.sort(compareNewestFirst);
}

/** The order of a list. */
export function compareNewestFirst(a: ListedSession, b: ListedSession): number {
  return a.started === b.started ? (a.id < b.id ? 1 : -1) : a.started < b.started ? 1 : -1;
}

/** The fields of the last line that a list needs. */
const Ended = z.object({
  type: z.literal("ended"),
  status: z.enum(["done", "partial", "failed", "cancelled"]),
  report: z.string().nullable(),
  name: z.string().optional(),
  title: z.string().optional(),
  verdicts: z.partialRecord(Verdict, z.number()).optional().catch(undefined),
});
const Named = z.object({ type: z.literal("named"), name: z.string() });
const RequestLine = Header.pick({
  schema: true,
  id: true,
  question: true,
  started: true,
  reportEnvironment: true,
});
const RequestCopy = z.object({ type: z.literal("asked"), header: RequestLine });

/** Bytes: the first lines hold the question and named pages, the last one a path and a message. */
const HEAD_BYTES = 128 * 1024;
const TAIL_BYTES = 8 * 1024;
/** Bytes: a short journal is read at once; of a long one, both ends usually suffice. */
const SHORT_BYTES = 16 * 1024;
const buffer = Buffer.allocUnsafe(HEAD_BYTES);
const LINE_BREAK = 0x0a;
/** Bytes from the end that are searched for an end or a name, and bytes per read. */
const MAX_SEARCH_BYTES = 32 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

/** Reads the request from the first line and the result from the last one. Null if there is no journal. */
function readSessionSummary(folder: string, name: string): ListedSession | null {
  const damaged = (why: Message): ListedSession => {
    return {
      id: name,
      question: "",
      status: "damaged",
      started: startTimeOfSession(name),
      report: null,
      why,
    };
  };
  const journal = journalPath(folder);
  let file: number;
  try {
    file = openUncheckedSync(journal, JOURNAL_LIMITS);
  } catch (error) {
    if (isMissingPathError(error)) return null;
    return damaged(describeUnreadable(error));
  }
  try {
    // Devices and FIFOs fail here, so the file type need not be checked for every session.
    const begin = readFirstBytesSync(file, buffer, SHORT_BYTES);
    const isWhole = begin.length < SHORT_BYTES;
    let request = parseRequest(begin);
    let last = isWhole ? parseLastLine(begin) : null;
    if (request === null || last === null) {
      const size = sizeOfOpenFileSync(file, journal, JOURNAL_LIMITS);
      const tail = (length: number): Buffer => {
        const from = Math.max(0, size - length);
        return readBytesAtSync(file, buffer, size - from, from);
      };
      request ??= isWhole ? null : parseRequest(readBytesAtSync(file, buffer, Math.min(HEAD_BYTES, size), 0));
      if (request === null) return damaged(msg`Its journal does not begin with a valid header.`);
      last ??=
        (isWhole ? null : (parseLastLine(tail(TAIL_BYTES / 8)) ?? parseLastLine(tail(TAIL_BYTES)))) ??
        searchBackwards(file, size);
    }
    if (request.schema > SCHEMA) {
      const { question, started } = request;
      return {
        id: name,
        question,
        status: "newer",
        started: started || startTimeOfSession(name),
        report: null,
      };
    }
    const { ended, called = "" } = last;
    return {
      id: name,
      question: request.question,
      status: ended?.status ?? "interrupted",
      started: request.started,
      report: ended?.report ?? null,
      ...(request.reportEnvironment === undefined ? {} : { environment: request.reportEnvironment }),
      ...(called === "" ? {} : { name: called }),
      ...(ended?.title === undefined ? {} : { title: ended.title }),
      ...(ended?.verdicts === undefined ? {} : { verdicts: ended.verdicts }),
    };
  } catch (error) {
    return damaged(describeUnreadable(findRefusal(file, journal) ?? error));
  } finally {
    closeSync(file);
  }
}

/** Why a session cannot be read, as a sentence. */
function describeUnreadable(error: unknown): Message {
  if (!(error instanceof FileRefusedError))
    return msg`Its journal cannot be read (${systemErrorCode(error)}).`;
  return error.code === "ENOTREG" ? msg`Its journal is not a regular file.` : msg`Its journal is too large.`;
}

/** The reason why an open file cannot be a journal; undefined if it may be one. */
function findRefusal(file: number, journal: string): unknown {
  try {
    sizeOfOpenFileSync(file, journal, JOURNAL_LIMITS);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The request, from the first line or, if that is damaged or missing, from its copy. */
function parseRequest(head: Buffer): z.infer<typeof RequestLine> | null {
  const first = head.indexOf(LINE_BREAK);
  const line = parseJson(head.toString("utf8", 0, Math.max(0, first)));
  const request = RequestLine.safeParse(line);
  if (request.success) return request.data;
  const schema = schemaVersion(line);
  // A newer version may have renamed all other fields.
  if (schema > SCHEMA) return { schema, id: "", question: "", started: "" };
  const copy = RequestCopy.safeParse(line);
  if (copy.success) return copy.data.header;
  const second = head.toString("utf8", first + 1, Math.max(0, head.indexOf(LINE_BREAK, first + 1)));
  return RequestCopy.safeParse(parseJson(second)).data?.header ?? null;
}

interface LastState {
  ended?: z.infer<typeof Ended>;
  called?: string | undefined;
}

/** The end and the name of a session from its last line; null if that has neither. */
function parseLastLine(tail: Buffer): LastState | null {
  const end = tail.lastIndexOf(LINE_BREAK);
  const begin = end < 1 ? 0 : tail.lastIndexOf(LINE_BREAK, end - 1) + 1;
  // A long line is an outcome, which is recognized without parsing it.
  const prefix = tail.toString("latin1", begin, begin + 16);
  const last = (): unknown => parseJson(tail.toString("utf8", begin, Math.max(0, end)));
  if (prefix.startsWith('{"type":"named"')) return { called: Named.safeParse(last()).data?.name };
  const ended = prefix.startsWith('{"type":"ended"') ? Ended.safeParse(last()).data : undefined;
  return ended === undefined ? null : { ended, called: ended.name };
}

/**
 * Like `parseLastLine`, if another line was written last: reads the journal backwards, piece by piece, for the name
 * and for the end, unless the session was resumed after it. A recheck that was killed leaves a session finished.
 */
function searchBackwards(file: number, size: number): LastState {
  const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, size));
  let behind = Buffer.alloc(0);
  let called: string | undefined;
  let isResumed = false;
  for (let to = size; to > Math.max(0, size - MAX_SEARCH_BYTES);) {
    const from = Math.max(0, to - PIECE_BYTES);
    // A line across two pieces is completed by the beginning of the later piece.
    const seen = Buffer.concat([readBytesAtSync(file, piece, to - from, from), behind]);
    const lastIndexOf = (type: string): number => seen.lastIndexOf(`\n{"type":"${type}"`) + 1;
    const lineAt = (begin: number): Buffer => seen.subarray(begin, seen.indexOf(LINE_BREAK, begin) + 1);
    const [ended, resumed, named] = [lastIndexOf("ended"), lastIndexOf("resumed"), lastIndexOf("named")];
    const end = !isResumed && ended > resumed ? parseLastLine(lineAt(ended)) : null;
    if (end !== null) return end;
    isResumed ||= resumed > 0;
    if (named > 0) called ??= parseLastLine(lineAt(named))?.called;
    if (isResumed && called !== undefined) break;
    behind = Buffer.from(seen.subarray(0, TAIL_BYTES));
    to = from;
  }
  return { called };
}
