import { RunProgressReducer, type RunProgress } from "../core/progress/run-progress.js";
import { journalEvents } from "../storage/sessions/journal-events.js";
import { journalPath, resolveSessionFolder } from "../storage/sessions/session.js";

/**
 * What the journal of a session tells of its runs, in the shape in which a run is followed.
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
  for await (const { event, at } of journalEvents(journalPath(resolveSessionFolder(sessions, id)))) {
    signal.throwIfAborted();
    following.tell(event, at);
  }
  if (!goesOn) following.cut();
  return following.live;
}
