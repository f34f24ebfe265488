import path from "node:path";
import { ARCHIVE_FOLDER } from "../archive/allowed-paths.js";

/* Which files tell that a session has changed, for whoever watches the folder of sessions. */

/** A glob of these files, relative to that folder. A session that is deleted causes only one event, for its folder. */
export const SESSION_WATCH_GLOB = `{*,*/journal.jsonl,*/lock,${ARCHIVE_FOLDER}/*.json}`;

/**
 * The sessions that may have changed with a file.
 * @param file a watched file, absolute
 * @returns a session's id, "all" or "none"
 */
export function findChangedSessions(sessions: string, file: string): { id: string } | "all" | "none" {
  const [id = "", ...inner] = path.relative(sessions, file).split(path.sep);
  if (id === ARCHIVE_FOLDER) return inner.length > 0 ? "all" : "none";
  return id === "" || id.startsWith("..") ? "all" : { id };
}
