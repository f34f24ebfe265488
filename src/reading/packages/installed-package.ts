import { lstat, readdir, realpath } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { readRegularText } from "../../common/read-file.js";
import { parseJson } from "../../common/parse-json.js";
import type { Ecosystem } from "../../core/domain/schema.js";

/** A package in a zip archive. */
export interface PackageArchive {
  /** What is read of it, relative to the package. */
  files: readonly string[];
  /** A file's bytes; null if it is missing or too large. @throws Error if the archive cannot be read any more */
  read(file: string): Promise<Uint8Array | null>;
}

/** A package as it is installed: what is read of it, and how it is cited. */
export interface InstalledPackage {
  ecosystem: Ecosystem;
  name: string;
  version: string;
  /** The folder with its files, absolute, with links resolved. */
  folder: string;
  /** Where it lies in an archive, which `folder` names; absent: `folder` is a folder. */
  archive?: PackageArchive;
  /** The same folder relative to the workspace, with forward slashes; null if it is not in the workspace. */
  inside: string | null;
  /** The files that belong to it, relative to `folder`; null for all files below `folder`. */
  files: readonly string[] | null;
  /** The hash of a file, or of the whole package, in the lock file or the record of the installation; null for none. */
  integrity: (file: string) => string | null;
  /** What the package says about itself, in words. */
  about: string;
}

/** Bytes of a manifest, and of a lock file, that are read. */
const MAX_MANIFEST_BYTES = 1024 * 1024;
const MAX_LOCK_BYTES = 32 * 1024 * 1024;

const VERSION = /^[0-9A-Za-z][0-9A-Za-z.+!_-]{0,99}$/;

/** True for a version that can be shown and be a part of a path. */
export function isVersion(version: string): boolean {
  return VERSION.test(version) && !version.includes("..");
}

/** A manifest's text; null if it is missing, no regular file, or too large. */
export async function readManifest(file: string): Promise<string | null> {
  return readRegularText(file, { maxBytes: MAX_MANIFEST_BYTES }).catch(() => null);
}

/** A lock file's text; null if it is missing, no regular file, or too large. */
export async function readLockFile(file: string): Promise<string | null> {
  return readRegularText(file, { maxBytes: MAX_LOCK_BYTES }).catch(() => null);
}

/** A manifest in JSON, checked; null if it is missing or says something else. */
export async function readJsonManifest<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readManifest(file);
  return text === null ? null : (schema.safeParse(parseJson(text)).data ?? null);
}

/** The names in a folder, sorted; none if it cannot be listed. */
export async function listNames(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

/** A folder with links resolved; null if there is none. */
export async function realFolder(folder: string): Promise<string | null> {
  const real = await realpath(folder).catch(() => null);
  if (real === null) return null;
  return (await lstat(real).catch(() => null))?.isDirectory() === true ? real : null;
}

/** A path relative to a folder, with forward slashes; null if it is not below the folder. */
export function relativeBelow(folder: string, file: string): string | null {
  const relative = path.relative(folder, file);
  const isBelow =
    relative !== "" &&
    relative !== ".." &&
    !relative.startsWith(`..${path.sep}`) &&
    !path.isAbsolute(relative);
  return isBelow ? relative.split(path.sep).join("/") : null;
}
