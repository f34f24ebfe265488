import { rm } from "node:fs/promises";
import path from "node:path";
import { assertRealFolder } from "../../common/files.js";
import { listSnapshots, snapshotFolder } from "./snapshots.js";
import { resolveSessionFolder } from "./session.js";

/** The snapshots of a session that is not archived, absolute. */
export async function findSnapshots(sessions: string, id: string): Promise<string[]> {
  const folder = resolveSessionFolder(sessions, id);
  return (await listSnapshots(folder)).map((name) => path.join(snapshotFolder(folder), name));
}

/** Removes the snapshots of a session. @throws ResearchError "cannot-write" if their folder is reached through a link */
export async function removeSnapshots(sessions: string, id: string): Promise<void> {
  await assertRealFolder(sessions, snapshotFolder(resolveSessionFolder(sessions, id)));
  for (const file of await findSnapshots(sessions, id)) await rm(file, { force: true });
}
