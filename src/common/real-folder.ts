import { msg, formatMessage, type Message } from "./messages.js";
import { lstat, mkdir, readlink } from "node:fs/promises";
import path from "node:path";
import { systemErrorCode } from "./errors.js";
import { isBelow } from "./is-below.js";

/*
 * Guards folders that are written to and cleaned. A repository may contain a link instead of any folder, which would
 * redirect writes and removals. So every path component below a trusted root is checked without following links, and
 * new components are created one by one.
 */

/** A link or file in place of a folder. */
export interface Obstacle {
  kind: "link" | "file";
  /** Absolute path of the component. */
  place: string;
  /** The same relative to the root, with forward slashes. */
  shown: string;
  /** The link's target as stored; empty for a file. */
  target: string;
}

/** A folder cannot be used, because it or a parent is a link or a file. */
export class NotRealFolderError extends Error {
  override readonly name = "NotRealFolderError";
  /** The matching system error code. */
  readonly code: "ELOOP" | "ENOTDIR";

  constructor(readonly obstacle: Obstacle) {
    super(formatMessage(describeObstacle(obstacle)));
    this.code = obstacle.kind === "link" ? "ELOOP" : "ENOTDIR";
  }
}

/** Describes an obstacle as a sentence. */
export function describeObstacle({ kind, shown, target }: Obstacle): Message {
  return kind === "link"
    ? msg`${shown} is a link that leads to ${target}.`
    : msg`${shown} is a file, but a folder is needed.`;
}

/** The trusted root of a folder: the workspace if it is below that, else the folder itself, which the user chose. */
export function trustedRoot(folder: string, workspace: string): string {
  return isBelow(folder, workspace) ? workspace : folder;
}

/** The absolute paths of all components below the root, topmost first; empty for the root itself. */
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
    if (systemErrorCode(error) === "ENOENT") return "missing";
    throw error;
  }
  const shown = path.relative(root, place).split(path.sep).join("/");
  // This includes Windows junctions.
  if (found.isSymbolicLink()) {
    const target = await readlink(place).catch(() => "an unknown place");
    return { kind: "link", place, shown, target };
  }
  return found.isDirectory() ? null : { kind: "file", place, shown, target: "" };
}

/** The first component below the root that exists but is not a real folder; null if there is none. */
export async function findObstacle(root: string, folder: string): Promise<Obstacle | null> {
  for (const place of partsBelow(root, folder)) {
    const obstacle = await obstacleAt(root, place);
    if (obstacle === "missing") return null;
    if (obstacle !== null) return obstacle;
  }
  return null;
}

/** True if a folder exists and every component below the root is a real folder. */
export async function isRealFolder(root: string, folder: string): Promise<boolean> {
  for (const place of partsBelow(root, folder)) {
    if ((await obstacleAt(root, place).catch(() => "missing")) !== null) return false;
  }
  return true;
}

/** @throws NotRealFolderError if an existing component is not a real folder */
export async function assertRealPath(root: string, folder: string): Promise<void> {
  const obstacle = await findObstacle(root, folder);
  if (obstacle !== null) throw new NotRealFolderError(obstacle);
}

/**
 * Creates a folder and its missing parents one by one, without following links below the root.
 * @returns the topmost created folder
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
      // Fails on a link, which is not followed.
      await mkdir(place, options);
      first ??= place;
    } catch (error) {
      if (systemErrorCode(error) !== "EEXIST") throw error;
      const obstacle = await obstacleAt(root, place);
      if (obstacle === "missing") throw error;
      if (obstacle !== null) throw new NotRealFolderError(obstacle);
    }
  }
  return first;
}
