import { randomBytes } from "node:crypto";
import { open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { ResearchError } from "../research/errors.js";
import { listArchived } from "./archived.js";
import { makeFolder, PRIVATE_FOLDER } from "./files.js";
import { SESSION_ID as ID } from "./kept-names.js";
import { Journal, Line, readHeader, readJournal, SCHEMA, type Header, type ReadJournal } from "./journal.js";

/** A session's folder and its journal, open. */
export interface Session {
  header: Header;
  folder: string;
  journal: Journal;
  /** What earlier runs of it left; empty for a new one. */
  lines: Line[];
  damage: string[];
}

/** Words of a text for a file name: ASCII, lower case, at most 40 characters; may be empty. */
export function slug(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
}

/** A new id: sorts by time (UTC), is safe in a path, says what it is about. */
export function newId(question: string, now: Date): string {
  const time = now.toISOString().replace(/[-:]/g, "").slice(0, 15).replace("T", "-");
  return [time, slug(question), randomBytes(2).toString("hex")].filter((part) => part !== "").join("-");
}

export function journalOf(folder: string): string {
  return path.join(folder, "journal.jsonl");
}

/** The folder of a session below the sessions' folder. @throws ResearchError "no-session" */
export function sessionFolder(sessions: string, id: string): string {
  if (!ID.test(id)) {
    throw new ResearchError(
      "no-session",
      `“${id}” is not a session's id.`,
      "List them with: deep-research sessions",
    );
  }
  return path.join(sessions, id);
}

/** Begins a session. */
export async function createSession(
  sessions: string,
  asked: Omit<Header, "schema" | "id" | "started">,
  now: Date,
): Promise<Session> {
  const header: Header = {
    schema: SCHEMA,
    id: newId(asked.question, now),
    started: now.toISOString(),
    ...asked,
  };
  const folder = sessionFolder(sessions, header.id);
  await makeFolder(folder, PRIVATE_FOLDER);
  return { header, folder, journal: await Journal.create(journalOf(folder), header), lines: [], damage: [] };
}

/** Opens a session to go on with it. @throws ResearchError as `readJournal` */
export async function reopenSession(sessions: string, id: string, now: Date): Promise<Session> {
  const folder = sessionFolder(sessions, id);
  const { header, lines, damage, wholeBytes } = await readSession(sessions, id);
  const journal = await Journal.reopen(journalOf(folder), wholeBytes);
  await journal.append({ type: "resumed", at: now.toISOString() });
  return { header, folder, journal, lines, damage };
}

/** Reads a session's journal. */
export async function readSession(sessions: string, id: string): Promise<ReadJournal> {
  const file = journalOf(sessionFolder(sessions, id));
  if ((await stat(file).catch(() => null)) === null) {
    throw new ResearchError(
      "no-session",
      `There is no session “${id}”.`,
      "List them with: deep-research sessions",
    );
  }
  return readJournal(file);
}

export type SessionStatus = "done" | "partial" | "failed" | "cancelled" | "interrupted";

/** A session as a list shows it. `report` is relative to the workspace. */
export interface ListedSession {
  id: string;
  question: string;
  status: SessionStatus;
  started: string;
  report: string | null;
  /** Set where it lies in the archive. */
  archived?: true;
}

/** All sessions that can be read, newest first, archived ones among them. Those that cannot are left out. */
export async function listSessions(sessions: string): Promise<ListedSession[]> {
  const names = await readdir(sessions).catch(() => [] as string[]);
  const listed = await Promise.all(
    names
      .filter((name) => ID.test(name))
      .map((name) => listedIn(path.join(sessions, name)).catch(() => null)),
  );
  const here = listed.filter((session) => session !== null);
  // A kill can leave both a folder and its archive: then the folder counts.
  const ids = new Set(here.map(({ id }) => id));
  const archived = (await listArchived(sessions)).filter(({ id }) => !ids.has(id));
  return [...here, ...archived].sort((a, b) =>
    a.started === b.started ? (a.id < b.id ? 1 : -1) : a.started < b.started ? 1 : -1,
  );
}

/** Reads the two ends of a journal only: the first line asks, the last one says how it ended. */
async function listedIn(folder: string): Promise<ListedSession> {
  const file = journalOf(folder);
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const head = await readAt(handle, 0, Math.min(size, HEAD_BYTES));
    const tail = await readAt(handle, Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES));
    const header = readHeader(head.slice(0, head.indexOf("\n")), file);
    const last = tail.split("\n").at(-2) ?? "";
    const line = Line.safeParse(safeJson(last));
    const ended = line.success && line.data.type === "ended" ? line.data : null;
    return {
      id: header.id,
      question: header.question,
      status: ended?.status ?? "interrupted",
      started: header.started,
      report: ended?.report ?? null,
    };
  } finally {
    await handle.close();
  }
}

/** The first line holds the question and the pages named; the last one a path and a message. */
const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 8 * 1024;

async function readAt(
  handle: Awaited<ReturnType<typeof open>>,
  position: number,
  length: number,
): Promise<string> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead).toString("utf8");
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
