import { lstatSync } from "node:fs";
import { lstat, readdir, realpath } from "node:fs/promises";
import path from "node:path";
import { unreadFormat } from "../../core/document/unread-formats.js";
import { isDocumentFile } from "../../common/document-files.js";
import { isSecretFileName } from "../../common/secret-files.js";
import { yieldToEventLoop, createYieldTimer } from "../../common/yield-to-event-loop.js";
import { addFolderRules, findIgnoredFiles, isIgnored, type IgnoredFiles } from "./ignored-files.js";

/** A file that may be read; its path is relative to the root, with forward slashes. */
export interface WorkspaceFile {
  path: string;
  /** Bytes. */
  size: number;
  /** Modification time in milliseconds since 1970; with the size, it identifies a changed file. */
  modified: number;
}

/** Maximum file size in bytes: larger files are data rather than documents. */
const MAX_FILE_BYTES = 1024 * 1024;
/** A manual may be one long file. As much as of a web page. */
const MAX_MANUAL_BYTES = 5 * 1024 * 1024;
/** Manuals as plain text, and as `man` reads or prints them. */
const PLAIN_MANUAL = /\.(?:txt|text|[1-9])$/i;
/** PDFs and Word documents also contain fonts and images. */
const MAX_PACKED_BYTES = 20 * 1024 * 1024;

/** Whether the bytes of a file with this name are a document but no text: a PDF, a Word document, an e-book. */
export function isPackedDocument(file: string): boolean {
  return /\.(?:pdf|docx|odt|epub)$/i.test(file);
}

/** Maximum size in bytes of a file with this name. */
export function maxFileSize(file: string): number {
  if (isPackedDocument(file)) return MAX_PACKED_BYTES;
  return isDocumentFile(file) || PLAIN_MANUAL.test(file) ? MAX_MANUAL_BYTES : MAX_FILE_BYTES;
}

/** Folders created by tools, always skipped. */
const SKIPPED_FOLDERS = new Set([
  ".git", "node_modules", "bower_components", "dist", "__pycache__", "venv", "site-packages", ".vscode-host", "Pods",
  "DerivedData",
]); // prettier-ignore

/** Build output, skipped only next to a build file; elsewhere such a name may be a topic. */
const BUILD_FOLDERS = new Set(["build", "out", "target", "vendor", "coverage"]);
const BUILD_FILE =
  /^(?:package\.json|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|go\.mod|composer\.json|Makefile|CMakeLists\.txt|setup\.py|pyproject\.toml|build\.sbt|Gemfile|conf\.py)$/;

/** Dot folders with documents; others contain settings and caches. */
const DOCUMENT_DOT_FOLDERS = new Set([".github", ".gitlab"]);

const SKIPPED_FILES =
  /(?:^|[-.])lock(?:\.(?:json|ya?ml|toml|hcl))?$|^(?:package-lock\.json|npm-shrinkwrap\.json|go\.sum|flake\.lock)$|\.min\.\w+$|\.(?:map|snap|tsbuildinfo|svg|po|pot|patch|diff|log|jsonl|ndjson|eml|geojson)$/i;

const BINARY =
  /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|psd|zip|gz|tgz|bz2|xz|zst|7z|rar|jar|war|class|o|a|so|dylib|dll|exe|bin|wasm|node|pyc|mp[34]|m4a|ogg|wav|flac|webm|mov|avi|woff2?|ttf|otf|eot|sqlite3?|db|parquet|npy|npz|pt|onnx|vsix)$/i;

/** True if the file's name says that it contains secrets. */
export function isSecretPath(file: string): boolean {
  return isSecretFileName(file);
}

/** True for a file that tools write, such as a lock file, or that is no text. */
export function isDataFile(file: string): boolean {
  const name = path.posix.basename(file);
  return BINARY.test(name) || SKIPPED_FILES.test(name) || unreadFormat(name) !== null;
}

/** True for dot files and dot folders, except folders with documents. */
function isHidden(name: string, isFolder: boolean): boolean {
  return name.startsWith(".") && !(isFolder && DOCUMENT_DOT_FOLDERS.has(name));
}

function isSkipped(file: string): boolean {
  const name = path.posix.basename(file);
  if (isSecretPath(file) || isDataFile(file)) return true;
  // In .github, only documents are useful; workflows are settings.
  return /(?:^|\/)\.(?:github|gitlab)\//.test(file) && !/\.(?:md|markdown|txt|rst)$/i.test(name);
}

/** Number of folders read concurrently. */
const FOLDERS_AT_ONCE = 4;
/** Milliseconds of work before yielding to the event loop. */
const YIELD_AFTER_MS = 15;

interface Folder {
  /** Relative to the root, "" or ending in a slash. */
  folder: string;
  ignored: IgnoredFiles;
}

/**
 * Lists the files in a folder that a person wrote and that may be read, sorted by path. What git ignores is
 * skipped, links are not followed, and generated, binary, huge, hidden and secret files are skipped.
 *
 * @param exclude absolute folders to leave out
 * @param unread receives the paths of documents that are skipped because their format is not read
 * @throws AbortError if cancelled; unreadable folders are skipped
 */
export async function listFiles(
  root: string,
  exclude: string[],
  signal: AbortSignal,
  unread: string[] = [],
): Promise<WorkspaceFile[]> {
  const files: WorkspaceFile[] = [];
  const excluded = new Set(exclude.map((each) => path.resolve(each)));
  const yieldIfDue = createYieldTimer(YIELD_AFTER_MS);
  let level: Folder[] = [{ folder: "", ignored: await findIgnoredFiles(root, "", signal) }];
  while (level.length > 0) {
    const below: Folder[] = [];
    for (let at = 0; at < level.length; at += FOLDERS_AT_ONCE) {
      signal.throwIfAborted();
      await Promise.all(level.slice(at, at + FOLDERS_AT_ONCE).map((each) => walk(each, below)));
    }
    level = below;
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  await yieldToEventLoop();
  return files;

  async function walk({ folder, ignored: above }: Folder, below: Folder[]): Promise<void> {
    const absolute = path.resolve(root, folder);
    if (folder !== "" && excluded.has(absolute)) return;
    const entries = await readdir(absolute, { withFileTypes: true }).catch(() => []);
    const has = (name: string): boolean => entries.some((entry) => entry.name === name);
    // A repository in a repository has rules of its own.
    const outer = folder !== "" && has(".git") ? await findIgnoredFiles(root, folder, signal) : above;
    const ignored = has(".gitignore") ? await addFolderRules(outer, root, folder) : outer;
    const isBuilt = entries.some(({ name }) => BUILD_FILE.test(name));
    for (const { name } of entries.filter((entry) => entry.isDirectory() && !isHidden(entry.name, true))) {
      if (SKIPPED_FOLDERS.has(name) || (isBuilt && BUILD_FOLDERS.has(name))) continue;
      if (isIgnored(`${folder}${name}/`, ignored)) continue;
      below.push({ folder: `${folder}${name}/`, ignored });
    }
    for (const { name } of entries.filter((entry) => entry.isFile() && !isHidden(entry.name, false))) {
      addFile(folder + name, ignored);
      await yieldIfDue();
    }
  }

  /** Synchronous, because promises for ten thousand files cost several times the work itself. */
  function addFile(file: string, ignored: IgnoredFiles): void {
    if (isIgnored(file, ignored)) return;
    if (unreadFormat(file) !== null && !isSecretPath(file)) unread.push(file);
    if (isSkipped(file)) return;
    let found;
    try {
      found = lstatSync(`${root}${path.sep}${file}`, { throwIfNoEntry: false });
    } catch {
      return;
    }
    const { size, mtimeMs } = found ?? { size: 0, mtimeMs: 0 };
    if (size > 0 && size <= maxFileSize(file)) files.push({ path: file, size, modified: mtimeMs });
  }
}

/**
 * Resolves a workspace file to its absolute path, links included; null if it is not a file, is outside the folder, or
 * if its name or its target's name marks it as secret.
 */
export async function resolveWorkspaceFile(root: string, file: string): Promise<string | null> {
  if (path.isAbsolute(file) || file.includes("\u0000")) return null;
  const realRoot = await realpath(root).catch(() => null);
  const real = await realpath(path.join(root, file)).catch(() => null);
  if (realRoot === null || real === null) return null;
  const inside = path.relative(realRoot, real);
  if (inside === "" || inside === ".." || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside))
    return null;
  const parts = inside.split(path.sep);
  if (parts.includes(".git") || isSecretPath(file) || isSecretPath(parts.join("/"))) return null;
  return (await lstat(real)).isFile() ? real : null;
}
