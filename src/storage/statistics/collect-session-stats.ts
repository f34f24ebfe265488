import { closeSync, existsSync, lstatSync, type Stats } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { LineCutter } from "../../common/line-cutter.js";
import { openRegularFileSync, readBytesAtSync } from "../../common/read-file.js";
import { listArchivedIds, readArchivedJournal } from "../archive/archived-sessions.js";
import { JOURNAL_LIMITS, JOURNAL_LINE_BYTES } from "../file-limits.js";
import { createSessionStatsReader, type SessionStatsReader, type SessionStats } from "./session-stats.js";
import { journalLines } from "../sessions/journal.js";
import { isSessionId, startTimeOfSession } from "../archive/allowed-paths.js";
import { isRunning, lockPath } from "../sessions/session-lock.js";
import { journalPath } from "../sessions/session.js";
import { createYieldTimer } from "../../common/yield-to-event-loop.js";

/* Collects statistics of all sessions of a folder, including archived ones. */

/** Milliseconds of reading before yielding to the event loop. */
const YIELD_AFTER_MS = 15;
/** Journals up to this size are read synchronously: ten thousand promises cost more than the reading. */
const SMALL_BYTES = 256 * 1024;
const LINE_BREAK = 0x0a;

/** Statistics by journal file, so that unchanged journals are not read again. */
const statsByFile = new Map<string, { size: number; modified: number; figures: SessionStats }>();

/**
 * Reads every journal line by line. Unreadable sessions count as damaged.
 * @param since the first day (UTC, YYYYMMDD) whose sessions count
 * @throws the signal's reason
 */
export async function collectSessionStats(
  sessions: string,
  signal: AbortSignal,
  since = "",
): Promise<SessionStats[]> {
  const found: SessionStats[] = [];
  const yieldIfDue = createYieldTimer(YIELD_AFTER_MS);
  const seen = new Set<string>();
  for (const id of (await readdir(sessions).catch(() => [] as string[])).filter(isSessionId)) {
    if (id < since) continue;
    const file = journalPath(path.join(sessions, id));
    const fileStats = statsOfFile(file);
    if (fileStats === undefined) continue;
    seen.add(id);
    const { size, mtimeMs: modified } = fileStats;
    const cached = statsByFile.get(file);
    if (cached?.size === size && cached.modified === modified && cached.figures.outcome !== "running") {
      found.push(cached.figures);
    } else {
      const figures = await readStats(file, size, id, signal);
      statsByFile.set(file, { size, modified, figures });
      found.push(figures);
    }
    await yieldIfDue();
    signal.throwIfAborted();
  }
  for (const id of await listArchivedIds(sessions)) {
    // A kill can leave both a folder and its archive: the folder takes precedence.
    if (seen.has(id) || id < since) continue;
    found.push(await readArchivedStats(sessions, id, signal));
    await yieldIfDue();
    signal.throwIfAborted();
  }
  return found;
}

/** Stats of the journal itself; a link or device is later counted as a damaged session. */
function statsOfFile(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

async function readStats(file: string, size: number, id: string, signal: AbortSignal): Promise<SessionStats> {
  const reader = createSessionStatsReader(id, startTimeOfSession(id));
  try {
    if (size <= SMALL_BYTES) addAll(reader, readWhole(file, size));
    else {
      for await (const { text, whole } of journalLines(file)) {
        signal.throwIfAborted();
        if (whole) reader.add(text);
      }
    }
  } catch {
    signal.throwIfAborted();
  }
  const folder = path.dirname(file);
  return reader.close(existsSync(lockPath(folder)) && (await isRunning(folder).catch(() => false)));
}

function readWhole(file: string, size: number): Buffer {
  const { descriptor } = openRegularFileSync(file, JOURNAL_LIMITS);
  try {
    return readBytesAtSync(descriptor, Buffer.allocUnsafe(size), size, 0);
  } finally {
    closeSync(descriptor);
  }
}

/** Adds all complete lines; a last line without line break is incomplete. */
function addAll(reader: SessionStatsReader, bytes: Buffer): void {
  for (let from = 0, to; (to = bytes.indexOf(LINE_BREAK, from)) >= 0; from = to + 1) {
    reader.add(bytes.toString("utf8", from, to));
  }
}

/** Statistics of an archived session, read from its zip. */
async function readArchivedStats(sessions: string, id: string, signal: AbortSignal): Promise<SessionStats> {
  const reader = createSessionStatsReader(id, startTimeOfSession(id));
  try {
    const cutter = new LineCutter(JOURNAL_LINE_BYTES);
    await readArchivedJournal(sessions, id, signal, (chunk) => {
      for (const { bytes } of cutter.add(chunk)) reader.add(bytes.toString("utf8"));
    });
  } catch {
    signal.throwIfAborted();
  }
  return reader.close(false);
}
