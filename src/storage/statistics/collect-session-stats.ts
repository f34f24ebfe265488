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

/* The figures of all sessions of a folder, archived ones among them. */

/** Milliseconds of reading at a stretch: other work gets its turn in between. */
const STRETCH = 15;
/** Journals up to so many bytes are read in one piece: ten thousand promises cost more than the reading. */
const SMALL = 256 * 1024;
const LINE_BREAK = 0x0a;

/** What was read in this process, by file: a journal that did not change is not read again. */
const known = new Map<string, { size: number; modified: number; figures: SessionStats }>();

/**
 * Reads every journal, line by line. What cannot be read is there as damaged.
 * @param since the first day (UTC, YYYYMMDD) whose sessions count
 * @throws the signal's reason
 */
export async function collectSessionStats(
  sessions: string,
  signal: AbortSignal,
  since = "",
): Promise<SessionStats[]> {
  const found: SessionStats[] = [];
  let breathed = performance.now();
  const breathe = async (): Promise<void> => {
    signal.throwIfAborted();
    if (performance.now() - breathed < STRETCH) return;
    await new Promise((resolve) => setImmediate(resolve));
    breathed = performance.now();
  };
  const seen = new Set<string>();
  for (const id of (await readdir(sessions).catch(() => [] as string[])).filter(isSessionId)) {
    if (id < since) continue;
    const file = journalPath(path.join(sessions, id));
    const about = lookedAt(file);
    if (about === undefined) continue;
    seen.add(id);
    const { size, mtimeMs: modified } = about;
    const before = known.get(file);
    if (before?.size === size && before.modified === modified && before.figures.outcome !== "running") {
      found.push(before.figures);
    } else {
      const figures = await figuresIn(file, size, id, signal);
      known.set(file, { size, modified, figures });
      found.push(figures);
    }
    await breathe();
  }
  for (const id of await listArchivedIds(sessions)) {
    // A kill can leave both a folder and its archive: then the folder counts.
    if (seen.has(id) || id < since) continue;
    found.push(await archivedFigures(sessions, id, signal));
    await breathe();
  }
  return found;
}

/** What is there, if it is only a link or a device: then it is read as a damaged session. */
function lookedAt(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

async function figuresIn(file: string, size: number, id: string, signal: AbortSignal): Promise<SessionStats> {
  const reader = createSessionStatsReader(id, startTimeOfSession(id));
  try {
    if (size <= SMALL) addAll(reader, readWhole(file, size));
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

/** A last line without its break was cut off in writing, and does not count. */
function addAll(reader: SessionStatsReader, bytes: Buffer): void {
  for (let from = 0, to; (to = bytes.indexOf(LINE_BREAK, from)) >= 0; from = to + 1) {
    reader.add(bytes.toString("utf8", from, to));
  }
}

/** The figures of an archived session, from where it lies. */
async function archivedFigures(sessions: string, id: string, signal: AbortSignal): Promise<SessionStats> {
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
