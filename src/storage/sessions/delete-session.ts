import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { assertRealFolder } from "../../common/files.js";
import { archiveFolder, archiveListingPath, archiveZipPath } from "../archive/archived-sessions.js";
import { resolveSessionFolder } from "./session.js";

/**
 * Deletes a session, archived or not, with the copies that restores kept of it.
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
  for (const copy of [...(await findRestoreCopies(archive)), ...(await findRestoreCopies(folder))])
    await discard(copy);
}

/** What restores with `--overwrite` kept of a file or a folder, next to it; absolute paths. */
export async function findRestoreCopies(place: string): Promise<string[]> {
  const names = await readdir(path.dirname(place)).catch(() => []);
  const prefix = `${path.basename(place)}.before-restore`;
  return names
    .filter((name) => name.startsWith(prefix) && /^(?:-\d{1,4})?$/.test(name.slice(prefix.length)))
    .map((name) => path.join(path.dirname(place), name));
}

/** Removes a file or a folder with all that is in it, for good. Follows no link. */
export function discardPermanently(place: string): Promise<void> {
  return rm(place, { recursive: true, force: true });
}
