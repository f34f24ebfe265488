import { isCancelled } from "../common/errors.js";
import type { SessionReport } from "../core/pipeline/refresh.js";
import { listSessions } from "../storage/sessions/list-sessions.js";
import { readSession } from "../storage/sessions/session.js";
import { loadSessionReport } from "./load-session-report.js";
import { loadRunProgress } from "./session-progress.js";
import type { EngineConfig } from "./types.js";

/* What the session of a report cost, left open, and which questions came before and after it. */

export interface ReportSession {
  usd: number;
  /** How long it worked. */
  milliseconds: number;
  /** The report as data; null if the session does not give it any more. */
  data: SessionReport | null;
  /** The questions that this one follows up on, itself, and those that follow up on it; oldest first. */
  thread: { session: string; question: string }[];
}

/** Maximum number of earlier questions in a thread. */
const MAX_EARLIER = 10;
/** Maximum number of newer sessions that are looked at for later questions. */
const MAX_NEWER = 40;

/**
 * Loads the session of a report. Nothing is asked or written.
 * @throws ResearchError "no-session", "damaged-session" or "newer-session"; the signal's reason
 */
export async function loadReportSession(
  { settings }: EngineConfig,
  id: string,
  signal: AbortSignal,
): Promise<ReportSession> {
  const sessions = settings.sessionStoragePath;
  const { usd, took } = await loadRunProgress(sessions, id, false, signal);
  const data = await loadSessionReport(sessions, id, false, signal).catch((error: unknown) => {
    if (isCancelled(error)) throw error;
    return null;
  });
  return { usd, milliseconds: took, data, thread: await loadThread(sessions, id, signal) };
}

async function loadThread(
  sessions: string,
  id: string,
  signal: AbortSignal,
): Promise<ReportSession["thread"]> {
  const thread: ReportSession["thread"] = [];
  const seen = new Set<string>();
  let next: string | undefined = id;
  while (next !== undefined && !seen.has(next) && seen.size <= MAX_EARLIER) {
    seen.add(next);
    const header = await headerOf(sessions, next);
    signal.throwIfAborted();
    if (header === null) break;
    thread.unshift({ session: header.id, question: header.question });
    next = header.follows;
  }
  // Ids begin with the time, so later ones are greater.
  const newer = (await listSessions(sessions)).filter((each) => each.id > id && each.archived !== true);
  for (const { id: later, report } of newer.slice(-MAX_NEWER).toReversed()) {
    if (report === null) continue;
    const header = await headerOf(sessions, later);
    signal.throwIfAborted();
    if (header?.follows === id) thread.push({ session: header.id, question: header.question });
  }
  return thread;
}

async function headerOf(
  sessions: string,
  id: string,
): Promise<{ id: string; question: string; follows?: string | undefined } | null> {
  return readSession(sessions, id).then(
    ({ header }) => header,
    () => null,
  );
}
