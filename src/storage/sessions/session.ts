import { msg, type Message } from "../../common/messages.js";
import { randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { localDay } from "../../common/local-time.js";
import { findObstacle } from "../../common/real-folder.js";
import { systemErrorCode, ResearchError } from "../../common/errors.js";
import type { Clarification } from "../../core/domain/schema.js";
import type { SteeringChange } from "../../core/pipeline/steering.js";
import {
  toWriteError,
  toLinkError,
  ensureFolder,
  PRIVATE_FOLDER,
  assertRealFolder,
  syncFolder,
} from "../../common/files.js";
import { isSessionId } from "../archive/allowed-paths.js";
import {
  LIST_SESSIONS,
  Journal,
  zeroSpent,
  readJournal,
  type AgreementLine,
  type JournalIndex,
  type Spent,
  type StoredOutcome,
  type WrittenReport,
} from "./journal.js";
import { writeFormatterSettings } from "./formatter-settings.js";
import { SCHEMA, type Header } from "./journal-schema.js";
import { lockSession, type LockOwner } from "./session-lock.js";
import { migrateJournal } from "./migrations.js";
import { normalizeUnicode } from "../../core/text/unicode-normalization.js";
import { hasValidSeal, sealedText, createSeal } from "./session-origin.js";

/** An open session: its locked folder and journal, for this run only. */
export interface Session {
  header: Header;
  /** Whether it was begun on this machine, or the user agreed here to resume it. */
  isOurs: boolean;
  folder: string;
  journal: Journal;
  lock: LockOwner;
  /** Outcomes of earlier runs; empty for a new session. */
  outcomes: Map<string, StoredOutcome>;
  spent: Spent;
  /** The reviewed plan as stored; null if there is none. */
  plan: unknown;
  /** Whether the user approved the estimated cost. */
  approved: boolean;
  /** Answers to clarifying questions; null if none were asked. */
  clarified: Clarification[] | null;
  /** What the user changed while it ran, in order. */
  steered: SteeringChange[];
  /** The user's name for it; null if there is none. */
  name: string | null;
  /** The report of an earlier run; null if there is none. */
  written: WrittenReport | null;
  damage: Message[];
}

/** Limits of the part of a file name that a text gives, in UTF-16 units and in bytes of UTF-8: names have at most 255 bytes. */
const SLUG_LENGTH = 40;
const SLUG_BYTES = 96;

/**
 * Turns a text into part of a file name: letters and digits of every script in lower case, Latin ones without accents,
 * everything else as hyphens; at most 40 UTF-16 units and 96 bytes; may be empty.
 */
export function slug(text: string): string {
  const plain = normalizeUnicode(text, "NFKD").replace(/(\p{Script=Latin})\p{M}+/gu, "$1");
  const words = normalizeUnicode(plain.replace(/\p{Default_Ignorable_Code_Point}+/gu, ""), "NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .slice(0, 4 * SLUG_LENGTH);
  const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });
  let short = "";
  // A letter is never parted from its marks.
  for (const { segment } of graphemes.segment(words)) {
    const longer = short + segment;
    if (longer.length > SLUG_LENGTH || Buffer.byteLength(longer) > SLUG_BYTES) break;
    short = longer;
  }
  return short.replace(/^[-\p{M}]+|-$/gu, "");
}

/** Creates a session id that sorts by time (UTC), is safe in a path, and shows the topic. */
export function createSessionId(question: string, now: Date): string {
  const time = now.toISOString().replace(/[-:]/g, "").slice(0, 15).replace("T", "-");
  return [time, slug(question), randomBytes(2).toString("hex")].filter((part) => part !== "").join("-");
}

export function journalPath(folder: string): string {
  // Not normalized, for speed: a list may need ten thousand of these.
  return `${folder}${path.sep}journal.jsonl`;
}

/** The folder of a session below the sessions' folder. @throws ResearchError "no-session" */
export function resolveSessionFolder(sessions: string, id: string): string {
  if (!isSessionId(id)) {
    throw new ResearchError("no-session", msg`“${id}” is not a session id.`, LIST_SESSIONS);
  }
  return path.join(sessions, id);
}

/**
 * Creates a session.
 * @param root the folder below which no link is followed
 * @throws ResearchError "cannot-write"
 */
export async function createSession(
  sessions: string,
  request: Omit<Header, "schema" | "id" | "started" | "day" | "origin">,
  now: Date,
  root = sessions,
): Promise<Session> {
  await ensureFolder(root, sessions, PRIVATE_FOLDER);
  let header: Header;
  let folder: string;
  do {
    header = {
      schema: SCHEMA,
      id: createSessionId(request.question, now),
      started: now.toISOString(),
      day: localDay(now),
      ...request,
    };
    folder = resolveSessionFolder(sessions, header.id);
    // Sessions that begin in the same second may get the same id.
  } while (!(await createFolder(folder)));
  const origin = await createSeal("begun", header);
  if (origin !== null) header.origin = origin;
  const { lock, journal } = await initialize(sessions, folder, header).catch(async (error: unknown) => {
    // Nothing was spent yet, and an incomplete folder would be listed as a damaged session.
    await rmdir(folder).catch(() => undefined);
    throw error;
  });
  await writeFormatterSettings(sessions);
  return {
    header,
    isOurs: true,
    folder,
    journal,
    lock,
    outcomes: new Map(),
    spent: zeroSpent(),
    plan: null,
    approved: false,
    clarified: null,
    steered: [],
    name: null,
    written: null,
    damage: [],
  };
}

/** Locks a new session's folder and creates its journal, both flushed to disk before anything is paid for. */
async function initialize(
  sessions: string,
  folder: string,
  header: Header,
): Promise<Pick<Session, "lock" | "journal">> {
  const lock = await lockSession(folder);
  let journal: Journal | null = null;
  try {
    journal = await Journal.create(journalPath(folder), header, lock.lost);
    await Promise.all([syncFolder(folder), syncFolder(sessions)]);
    return { lock, journal };
  } catch (error) {
    await journal?.close();
    await rm(journalPath(folder), { force: true }).catch(() => undefined);
    await lock.release();
    throw error;
  }
}

async function createFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: PRIVATE_FOLDER });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
    throw toWriteError(folder, error);
  }
}

/**
 * Opens an existing session. An older version is migrated, with a backup.
 * @param resumes false to add to the session without resuming its research
 * @param check throws if the session cannot be resumed now; then nothing is written. Resolves to true if the user
 *   agreed to resume a session that was begun elsewhere
 * @throws ResearchError as `readJournal`; "session-running" if another run holds the lock
 */
export async function reopenSession(
  sessions: string,
  id: string,
  now: Date,
  {
    resumes = true,
    check = () => Promise.resolve(false),
  }: { resumes?: boolean; check?: (header: Header, isOurs: boolean) => Promise<boolean> } = {},
): Promise<Session> {
  const folder = resolveSessionFolder(sessions, id);
  const file = journalPath(folder);
  await assertOwnFolder(sessions, id);
  const preview = await readSession(sessions, id);
  if (preview.header.id !== id) {
    throw new ResearchError(
      "damaged-session",
      msg`The session in the folder “${id}” has the id “${preview.header.id}”.`,
      msg`Rename the folder, or ask the question again.`,
    );
  }
  const isAgreed = await check(preview.header, await isOwnSession(preview));
  const lock = await lockSession(folder);
  try {
    // A kill may have prevented the flush when the session was created.
    await Promise.all([syncFolder(folder), syncFolder(sessions)]);
    const { header: found } = await readJournal(file);
    const migrated = found.schema < SCHEMA ? await migrateJournal(file, found.schema) : [];
    const read = await readJournal(file);
    const { header, outcomes, spent, plan, clarified, steered, lastAt, wholeBytes } = read;
    const { name, written } = read;
    if (isAgreed && sealedText(header) !== sealedText(preview.header)) {
      throw new ResearchError(
        "conflict",
        msg`The session “${id}” was changed in the meantime.`,
        msg`Try again.`,
      );
    }
    const [isKnown, approved] = await Promise.all([isOwnSession(read), hasSeal(read, "approved")]);
    const damage = [...migrated, ...read.damage];
    if (now.toISOString() < lastAt) {
      damage.push(
        msg`The system clock is earlier than this session's last entry (${lastAt}): its times will be out of order.`,
      );
    }
    const journal = await Journal.reopen(file, wholeBytes, lock.lost);
    const at = now.toISOString();
    const mark = isAgreed ? await createSeal("resumed", header, at) : null;
    if (resumes) await journal.append({ type: "resumed", at, ...(mark === null ? {} : { mark }) });
    const isOurs = isKnown || isAgreed;
    const state = { outcomes, spent, plan, approved, clarified, steered, name, written };
    return { header, isOurs, folder, journal, lock, ...state, damage };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Whether the session was begun on this machine, or the user agreed here to resume it. */
export async function isOwnSession(read: Pick<JournalIndex, "header" | "agreed">): Promise<boolean> {
  return (await hasValidSeal(read.header.origin, "begun", read.header)) || hasSeal(read, "resumed");
}

/** Whether the user agreed to this on this machine. */
async function hasSeal(
  { header, agreed }: Pick<JournalIndex, "header" | "agreed">,
  type: AgreementLine["type"],
): Promise<boolean> {
  const found = agreed.filter((line) => line.type === type);
  const results = await Promise.all(found.map(({ mark, at }) => hasValidSeal(mark, type, header, at)));
  return results.includes(true);
}

/**
 * A session from a cloned repository may contain links instead of files, through which an editor would write.
 * @throws ResearchError "no-session"; "cannot-write" if the session's folder is a link or contains one
 */
export async function assertOwnFolder(sessions: string, id: string): Promise<void> {
  const folder = resolveSessionFolder(sessions, id);
  await assertRealFolder(sessions, folder);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw toWriteError(folder, error);
  });
  for (const entry of entries) {
    if (!entry.isSymbolicLink()) continue;
    const obstacle = await findObstacle(sessions, path.join(folder, entry.name));
    if (obstacle !== null) throw toLinkError(obstacle);
  }
}

export async function readSession(sessions: string, id: string): Promise<JournalIndex> {
  const file = journalPath(resolveSessionFolder(sessions, id));
  if ((await lstat(file).catch(() => null)) === null) {
    throw new ResearchError("no-session", msg`There is no session “${id}”.`, LIST_SESSIONS);
  }
  return readJournal(file);
}
