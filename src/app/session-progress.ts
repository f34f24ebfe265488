import { existsSync } from "node:fs";
import { RunProgressReducer, type RunProgress } from "../core/progress/run-progress.js";
import { isArchived } from "../storage/archive/archive-sessions.js";
import { archivedJournalLines } from "../storage/archive/archived-sessions.js";
import { journalEvents } from "../storage/sessions/journal-events.js";
import { journalPath, resolveSessionFolder } from "../storage/sessions/session.js";

/**
 * The progress of a session's runs, read from its journal; for an archived session, from its zip.
 * @param goesOn whether somebody runs it now: else what had been begun was left
 * @throws ResearchError "no-session", "damaged-session" or "newer-session"; the signal's reason
 */
export async function loadRunProgress(
  sessions: string,
  id: string,
  goesOn: boolean,
  signal: AbortSignal,
): Promise<RunProgress> {
  const following = new RunProgressReducer();
  const file = journalPath(resolveSessionFolder(sessions, id));
  const isInArchive = !existsSync(file) && (await isArchived(sessions, id));
  const events = isInArchive
    ? journalEvents(file, archivedJournalLines(sessions, id, signal))
    : journalEvents(file);
  for await (const { event, at } of events) {
    signal.throwIfAborted();
    following.tell(event, at);
  }
  if (!goesOn) following.cut();
  return following.live;
}
