import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { assertRealFolder } from "../../common/files.js";
import { archiveFolder, archiveListingPath, archiveZipPath } from "../archive/archived-sessions.js";
import { resolveSessionFolder } from "./session.js";

/**
 * Deletes a session, archived or not.
 * @param root the folder below which no link is followed
 * @param isArchived whether the session has no folder of its own
 * @param discard removes a file or a folder, or moves it to a trash
 * @throws ResearchError "no-session" for an id that is none; "cannot-write" if a folder is reached through a link
 */
export async function deleteSession(
  sessions: string,
  id: string,
  root: string,
  isArchived: boolean,
  discard: (path: string) => Promise<void>,
): Promise<void> {
  const folder = resolveSessionFolder(sessions, id);
  await assertRealFolder(root, archiveFolder(sessions));
  await assertRealFolder(sessions, folder);
  // Delete the archive first, even if a folder exists: if it stayed, the session would reappear.
  const archive = archiveZipPath(sessions, id);
  if (existsSync(archive)) await discard(archive);
  await rm(archiveListingPath(sessions, id), { force: true });
  if (!isArchived) await discard(folder);
}
