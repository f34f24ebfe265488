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
import { systemErrorCode } from "../../common/errors.js";
import { JOURNAL_LIMITS } from "../file-limits.js";
import { parseJson } from "../../common/parse-json.js";
import { Header, SCHEMA, schemaVersion } from "./journal-schema.js";
import { isRunning, lockPath } from "./session-lock.js";
import { listArchived } from "../archive/archived-sessions.js";
import { isSessionId, startTimeOfSession } from "../archive/allowed-paths.js";
import { hasPlanFile } from "./plan-file.js";
import { journalPath } from "./session.js";

export type SessionStatus =
  "running" | "planned" | "done" | "partial" | "failed" | "cancelled" | "interrupted" | "damaged" | "newer";

/**
 * A session as a list shows it: "planned" where it waits for its plan to be run, "newer" where a newer version wrote
 * it, so that no more of it is read. `report` is relative to the workspace.
 */
export interface ListedSession {
  id: string;
  question: string;
  status: SessionStatus;
  started: string;
  report: string | null;
  /** Set where the user gave it a name. */
  name?: string;
  /** Set where it lies in the archive. */
  archived?: true;
  /** Set where it cannot be read: what is wrong with it, a sentence for people. */
  why?: string;
}

const UNFINISHED: ReadonlySet<SessionStatus> = new Set(["failed", "cancelled", "interrupted"]);

/** Milliseconds of reading at a stretch: other work gets its turn in between. */
const STRETCH = 15;

/** One session as the list shows it; null where there is none, or it lies in the archive. */
export async function listSession(sessions: string, id: string): Promise<ListedSession | null> {
  const folder = path.join(sessions, id);
  const session = isSessionId(id) ? readSessionSummary(folder, id) : null;
  return session === null ? null : UNFINISHED.has(session.status) ? unfinished(session, folder) : session;
}

/** As `listSession`, in the archive too. */
export async function findSession(sessions: string, id: string): Promise<ListedSession | null> {
  const here = await listSession(sessions, id);
  return here ?? (await listSessions(sessions)).find((each) => each.id === id) ?? null;
}

/** Says of a session without a good end whether somebody runs it, or its plan waits. */
async function unfinished(session: ListedSession, folder: string): Promise<ListedSession> {
  if (session.status === "interrupted" && existsSync(lockPath(folder)) && (await isRunning(folder))) {
    return { ...session, status: "running" };
  }
  return hasPlanFile(folder) ? { ...session, status: "planned" } : session;
}

/** All sessions, newest first, archived ones among them; those that can no longer be read are there as damaged. */
export async function listSessions(sessions: string): Promise<ListedSession[]> {
  const names = await readdir(sessions).catch(() => [] as string[]);
  const base = path.resolve(sessions);
  const listed: ListedSession[] = [];
  let since = performance.now();
  // Read one after the other, without promises: ten thousand of them cost more than the reading.
  for (const name of names) {
    if (!isSessionId(name)) continue;
    // Joined by hand, as a list of ten thousand is long: the name is an id, with nothing in it to be resolved.
    const folder = `${base}${path.sep}${name}`;
    const session = readSessionSummary(folder, name);
    if (session === null) continue;
    // Only those without a good end are waited for.
    listed.push(UNFINISHED.has(session.status) ? await unfinished(session, folder) : session);
    if (performance.now() - since > STRETCH) {
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
  }
  // A kill can leave both a folder and its archive: then the folder counts.
  const ids = new Set(listed.map(({ id }) => id));
  listed.push(...(await listArchived(sessions)).filter(({ id }) => !ids.has(id)));
  return listed.sort(compareNewestFirst);
}

/** The order of a list. */
export function compareNewestFirst(a: ListedSession, b: ListedSession): number {
  return a.started === b.started ? (a.id < b.id ? 1 : -1) : a.started < b.started ? 1 : -1;
}

/** What a list needs of the last line. */
const Ended = z.object({
  type: z.literal("ended"),
  status: z.enum(["done", "partial", "failed", "cancelled"]),
  report: z.string().nullable(),
  name: z.string().optional(),
});
const Named = z.object({ type: z.literal("named"), name: z.string() });
const Asked = Header.pick({ schema: true, id: true, question: true, started: true });
const Copy = z.object({ type: z.literal("asked"), header: Asked });

/** The first lines hold the question and the pages named; the last one a path and a message. */
const HEAD = 128 * 1024;
const TAIL = 8 * 1024;
/** The journal of a short run is read in one go, and of a long one both ends in most cases. */
const SHORT = 16 * 1024;
const buffer = Buffer.allocUnsafe(HEAD);
const LINE_BREAK = 0x0a;
/** Bytes from the end in which an end or a name is looked for, and those that are looked at together. */
const LOOKED_AT = 32 * 1024 * 1024;
const PIECE = 256 * 1024;

/** Reads the two ends of a journal: the first line asks, the last one says how it ended. Null where there is none. */
function readSessionSummary(folder: string, name: string): ListedSession | null {
  const damaged = (why: string): ListedSession => {
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
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    return damaged(describeUnreadable(error));
  }
  try {
    // What a device or a FIFO gives here is no beginning of a journal: what it is need not be asked of each.
    const begin = readFirstBytesSync(file, buffer, SHORT);
    const isWhole = begin.length < SHORT;
    let asked = askedIn(begin);
    let last = isWhole ? parseLastLine(begin) : null;
    if (asked === null || last === null) {
      const size = sizeOfOpenFileSync(file, journal, JOURNAL_LIMITS);
      const tail = (length: number): Buffer => {
        const from = Math.max(0, size - length);
        return readBytesAtSync(file, buffer, size - from, from);
      };
      asked ??= isWhole ? null : askedIn(readBytesAtSync(file, buffer, Math.min(HEAD, size), 0));
      if (asked === null) return damaged("Its journal does not begin with a valid header.");
      last ??=
        (isWhole ? null : (parseLastLine(tail(TAIL / 8)) ?? parseLastLine(tail(TAIL)))) ?? above(file, size);
    }
    if (asked.schema > SCHEMA) {
      const { question, started } = asked;
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
      question: asked.question,
      status: ended?.status ?? "interrupted",
      started: asked.started,
      report: ended?.report ?? null,
      ...(called === "" ? {} : { name: called }),
    };
  } catch (error) {
    return damaged(describeUnreadable(refusalOf(file, journal) ?? error));
  } finally {
    closeSync(file);
  }
}

/** Why a session is not read, as a sentence. */
export function describeUnreadable(error: unknown): string {
  if (!(error instanceof FileRefusedError)) return `Its journal cannot be read (${systemErrorCode(error)}).`;
  return error.code === "ENOTREG" ? "Its journal is not a regular file." : "Its journal is too large.";
}

/** Why what is open is no journal, whatever it is; undefined where it may be one. */
function refusalOf(file: number, journal: string): unknown {
  try {
    sizeOfOpenFileSync(file, journal, JOURNAL_LIMITS);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** What was asked: from the first line or, where that is damaged or missing, from its copy. */
function askedIn(head: Buffer): z.infer<typeof Asked> | null {
  const first = head.indexOf(LINE_BREAK);
  const line = parseJson(head.toString("utf8", 0, Math.max(0, first)));
  const asked = Asked.safeParse(line);
  if (asked.success) return asked.data;
  const schema = schemaVersion(line);
  // A newer version may call everything else otherwise.
  if (schema > SCHEMA) return { schema, id: "", question: "", started: "" };
  const copy = Copy.safeParse(line);
  if (copy.success) return copy.data.header;
  const second = head.toString("utf8", first + 1, Math.max(0, head.indexOf(LINE_BREAK, first + 1)));
  return Copy.safeParse(parseJson(second)).data?.header ?? null;
}

interface Last {
  ended?: z.infer<typeof Ended>;
  called?: string | undefined;
}

/** How a session ended and what the user calls it, from its last line; null where that says neither. */
function parseLastLine(tail: Buffer): Last | null {
  const end = tail.lastIndexOf(LINE_BREAK);
  const begin = end < 1 ? 0 : tail.lastIndexOf(LINE_BREAK, end - 1) + 1;
  // A long line is an outcome: it need not be read to see that it is no end.
  const starts = tail.toString("latin1", begin, begin + 16);
  const last = (): unknown => parseJson(tail.toString("utf8", begin, Math.max(0, end)));
  if (starts.startsWith('{"type":"named"')) return { called: Named.safeParse(last()).data?.name };
  const ended = starts.startsWith('{"type":"ended"') ? Ended.safeParse(last()).data : undefined;
  return ended === undefined ? null : { ended, called: ended.name };
}

/**
 * As `lastIn`, where something else was written last: the name that the user gave it before, and its end, unless it
 * was resumed since. A check of a sentence that a kill cut off leaves its session finished. The journal is read from
 * its end, piece by piece.
 */
function above(file: number, size: number): Last {
  const piece = Buffer.allocUnsafe(Math.min(PIECE, size));
  let behind = Buffer.alloc(0);
  let called: string | undefined;
  let isResumed = false;
  for (let to = size; to > Math.max(0, size - LOOKED_AT);) {
    const from = Math.max(0, to - PIECE);
    // What stands across two pieces is found with the beginning of the one behind it.
    const seen = Buffer.concat([readBytesAtSync(file, piece, to - from, from), behind]);
    const lastOf = (type: string): number => seen.lastIndexOf(`\n{"type":"${type}"`) + 1;
    const lineAt = (begin: number): Buffer => seen.subarray(begin, seen.indexOf(LINE_BREAK, begin) + 1);
    const [ended, resumed, named] = [lastOf("ended"), lastOf("resumed"), lastOf("named")];
    const end = !isResumed && ended > resumed ? parseLastLine(lineAt(ended)) : null;
    if (end !== null) return end;
    isResumed ||= resumed > 0;
    if (named > 0) called ??= parseLastLine(lineAt(named))?.called;
    if (isResumed && called !== undefined) break;
    behind = Buffer.from(seen.subarray(0, TAIL));
    to = from;
  }
  return { called };
}
