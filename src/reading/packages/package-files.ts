import { readdir } from "node:fs/promises";
import path from "node:path";
import { isSecretFileName } from "../../common/secret-files.js";
import type { Ecosystem } from "../../core/domain/schema.js";
import type { InstalledPackage } from "./installed-package.js";

/*
 * Which files of an installed package are read: what explains its use. Of code, the declarations; never what is
 * minified, generated for machines, a test, or addressed to agents.
 */

/** Folders and files that are looked at in one package, and files of it that are read. */
const MAX_ENTRIES = 5000;
const MAX_DEPTH = 8;
const MAX_FILES = 400;

/** Notes to agents are instructions and no documentation. */
const FOR_AGENTS =
  /(?:^|\/)(?:agents?|claude|gemini|skill|copilot-instructions|llms-agents)\.md$|(?:^|\/)\.(?:cursor|claude|github|agents?)(?:rules)?(?:\/|$)/i;
const DOCUMENT = /\.(?:md|mdx|markdown|rst|adoc|txt)$/i;
const NAMED_DOCUMENT =
  /^(?:readme|changelog|changes|history|news|migrat\w{0,10}|upgrad\w{0,10})(?:[._-][\w.-]{0,40})?$/i;
const LEGAL =
  /^(?:licen[cs]e|copying|notice|authors|contributors|code_of_conduct|security|third[-_]?party.{0,40})/i;
const SKIPPED_FOLDER =
  /^(?:node_modules|\.|__pycache__|tests?|__tests__|specs?|fixtures?|testdata|bench(?:marks?|es)?|vendor|bower_components)/i;
const TEST_FILE = /[._-](?:test|spec|bench)s?\.\w{1,5}$|^test_\w{1,100}\.py$|_test\.go$/i;

/** Declarations, by where the package comes from. */
const DECLARATIONS: Record<Ecosystem, RegExp> = {
  npm: /\.d\.[cm]?ts$/i,
  python: /\.pyi?$/i,
  cargo: /\.rs$/i,
  go: /\.go$/i,
};

/** A person's way into the package comes first: its README, its other documents near the root, then declarations. */
function rank(file: string, ecosystem: Ecosystem): number {
  const name = path.posix.basename(file);
  const depth = file.split("/").length;
  if (/^readme/i.test(name) || name === "METADATA") return depth;
  if (NAMED_DOCUMENT.test(name)) return 10 + depth;
  return (DECLARATIONS[ecosystem].test(name) ? 50 : 20) + depth;
}

/** True for a file of a package that may be read. @param file relative to the package, with forward slashes */
export function isPackageDocument(file: string, ecosystem: Ecosystem): boolean {
  const parts = file.split("/");
  const name = parts.at(-1) ?? "";
  if (file.startsWith("/") || /[\\\p{Cc}]/u.test(file) || parts.some((part) => part === "" || part === ".."))
    return false;
  if (isSecretFileName(file) || FOR_AGENTS.test(file) || LEGAL.test(name) || TEST_FILE.test(name))
    return false;
  if (parts.slice(0, -1).some((part) => SKIPPED_FOLDER.test(part))) return false;
  if (ecosystem === "python" && /^[^/]{1,210}\.dist-info\//.test(file)) return name === "METADATA";
  return DOCUMENT.test(name) || NAMED_DOCUMENT.test(name) || DECLARATIONS[ecosystem].test(name);
}

/** Lists what is read of a package, its documents first, at most 400 files; links are not followed. */
export async function listPackageFiles(found: InstalledPackage, signal: AbortSignal): Promise<string[]> {
  const { ecosystem } = found;
  const all = found.files ?? (await walk(found.folder, signal));
  const files = all.filter((file) => isPackageDocument(file, ecosystem));
  const isTwin = (file: string): boolean =>
    /\.d\.[cm]ts$/i.test(file) && files.includes(file.replace(/\.d\.[cm]ts$/i, ".d.ts"));
  return files
    .filter((file) => !isTwin(file))
    .sort((a, b) => rank(a, ecosystem) - rank(b, ecosystem) || (a < b ? -1 : 1))
    .slice(0, MAX_FILES);
}

async function walk(root: string, signal: AbortSignal): Promise<string[]> {
  const files: string[] = [];
  let level = [""];
  let seen = 0;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      signal.throwIfAborted();
      const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        if (++seen > MAX_ENTRIES) return files;
        if (entry.isDirectory() && !SKIPPED_FOLDER.test(entry.name)) below.push(`${folder}${entry.name}/`);
        else if (entry.isFile()) files.push(folder + entry.name);
      }
    }
    level = below;
  }
  return files;
}
