import { lstat, mkdir, readlink } from "node:fs/promises";
import path from "node:path";

/*
 * Folders that are written to and cleaned. A repository may hold a link in place of any folder, and what is written
 * or removed by its name lands where it leads. So each part below a root that the user chose is looked at without
 * following it, and new parts are made one by one.
 */

/** What stands where a real folder is needed. */
export interface Obstacle {
  kind: "link" | "file";
  /** The part of the path, absolute. */
  place: string;
  /** The same relative to the root, with forward slashes. */
  shown: string;
  /** Where a link leads, as it says; empty for a file. */
  target: string;
}

/** A folder that is not used: a link or a file stands in its place or above it. */
export class NotRealFolderError extends Error {
  override readonly name = "NotRealFolderError";
  /** As the system calls it. */
  readonly code: "ELOOP" | "ENOTDIR";

  constructor(readonly obstacle: Obstacle) {
    super(describeObstacle(obstacle));
    this.code = obstacle.kind === "link" ? "ELOOP" : "ENOTDIR";
  }
}

/** An obstacle as a sentence, for an error or for why something is done without. */
export function describeObstacle({ kind, shown, target }: Obstacle): string {
  return kind === "link"
    ? `${shown} is a link that leads to ${target}.`
    : `${shown} is a file, but a folder is needed.`;
}

/** True if `inner` lies below `outer`, by name alone. */
export function isBelow(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return (
    relative !== "" &&
    relative !== ".." &&
    !relative.startsWith(`..${path.sep}`) &&
    !path.isAbsolute(relative)
  );
}

/** The root of a folder: the workspace where it lies below that, else the folder itself, which the user chose. */
export function trustedRoot(folder: string, workspace: string): string {
  return isBelow(folder, workspace) ? workspace : folder;
}

/** Each part of a path below its root, absolute, from the top; none where it is the root. */
function partsBelow(root: string, folder: string): string[] {
  const relative = path.relative(root, folder);
  if (relative === "") return [];
  if (!isBelow(folder, root)) throw new RangeError(`${folder} does not lie below ${root}.`);
  const names = relative.split(path.sep);
  return names.map((_, at) => path.join(root, ...names.slice(0, at + 1)));
}

async function obstacleAt(root: string, place: string): Promise<Obstacle | "missing" | null> {
  let found;
  try {
    found = await lstat(place);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "missing";
    throw error;
  }
  const shown = path.relative(root, place).split(path.sep).join("/");
  // Junctions of Windows are links here, too.
  if (found.isSymbolicLink()) {
    const target = await readlink(place).catch(() => "an unknown place");
    return { kind: "link", place, shown, target };
  }
  return found.isDirectory() ? null : { kind: "file", place, shown, target: "" };
}

/** The first part of a folder's path below its root that is no real folder; null where all that exist are. */
export async function findObstacle(root: string, folder: string): Promise<Obstacle | null> {
  for (const place of partsBelow(root, folder)) {
    const obstacle = await obstacleAt(root, place);
    if (obstacle === "missing") return null;
    if (obstacle !== null) return obstacle;
  }
  return null;
}

/** True where a folder is there, and real at each part below its root. */
export async function isRealFolder(root: string, folder: string): Promise<boolean> {
  for (const place of partsBelow(root, folder)) {
    if ((await obstacleAt(root, place).catch(() => "missing")) !== null) return false;
  }
  return true;
}

/** @throws NotRealFolderError where a part that exists is no real folder */
export async function assertRealPath(root: string, folder: string): Promise<void> {
  const obstacle = await findObstacle(root, folder);
  if (obstacle !== null) throw new NotRealFolderError(obstacle);
}

/**
 * Makes a folder and what is missing above it, part by part, following no link below the root.
 * @returns the first that was not there
 * @throws NotRealFolderError; the system's error
 */
export async function createRealFolder(
  root: string,
  folder: string,
  mode?: number,
): Promise<string | undefined> {
  const options = mode === undefined ? {} : { mode };
  let first = await mkdir(root, { recursive: true, ...options });
  for (const place of partsBelow(root, folder)) {
    try {
      // Where a link stands, this fails: it is not followed.
      await mkdir(place, options);
      first ??= place;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      const obstacle = await obstacleAt(root, place);
      if (obstacle === "missing") throw error;
      if (obstacle !== null) throw new NotRealFolderError(obstacle);
    }
  }
  return first;
}
