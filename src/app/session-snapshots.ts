import path from "node:path";
import type { SourceLocation } from "../core/domain/schema.js";
import { listSnapshots, openSnapshot, snapshotFolder } from "../storage/sessions/snapshots.js";

/** What a session read, as it was then. */
export interface SessionSnapshot {
  sha256: string;
  /** The source's title or, without one, its path or address. */
  name: string;
  place: SourceLocation;
  /** YYYY-MM-DD. */
  readOn: string;
  commit: string | null;
  text: string;
}

/**
 * Reads the snapshots in a session's folder. Files that were changed are left out.
 * @param folder the session's, absolute
 * @param most snapshots looked at
 * @param known hashes of snapshots that are not read
 */
export async function readSessionSnapshots(
  folder: string,
  most: number,
  known: readonly string[],
): Promise<SessionSnapshot[]> {
  const snapshots: SessionSnapshot[] = [];
  for (const name of (await listSnapshots(folder)).slice(0, most)) {
    if (known.some((sha256) => sha256.startsWith(path.parse(name).name))) continue;
    const found = await openSnapshot(path.join(snapshotFolder(folder), name));
    if (found === null) continue;
    const { sha256, text, head } = found;
    const { source, title, read: readOn, commit, place } = head;
    snapshots.push({ sha256, name: title || source, place, readOn, commit, text });
  }
  return snapshots;
}
