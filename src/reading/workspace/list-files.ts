import { lstatSync } from "node:fs";
import { lstat, readdir, realpath } from "node:fs/promises";
import path from "node:path";
import ignore, { type Ignore } from "ignore";
import { readRegularText } from "../../common/read-file.js";
import { isSecretFileName } from "../../common/secret-files.js";

/** A file that may be researched: relative to the root, with forward slashes. */
export interface WorkspaceFile {
  path: string;
  /** Bytes. */
  size: number;
  /** When it was last written, in milliseconds since 1970; with the size it tells a file that changed. */
  modified: number;
}

/** Bytes of the largest file that is read: beyond it, a file is data rather than something written. */
const LARGEST_FILE = 1024 * 1024;
/** A PDF holds its fonts and pictures, too. */
const LARGEST_PDF = 20 * 1024 * 1024;

const LARGEST_IGNORE = 256 * 1024;

export function isPdf(file: string): boolean {
  return /\.pdf$/i.test(file);
}

/** Bytes that a file of this name may have to be read. */
export function maxFileSize(file: string): number {
  return isPdf(file) ? LARGEST_PDF : LARGEST_FILE;
}

/** Fetched or made by tools, whatever stands around them. */
const LEFT_OUT_FOLDERS = new Set([
  ".git", "node_modules", "bower_components", "dist", "__pycache__", "venv", "site-packages", ".vscode-host", "Pods",
  "DerivedData",
]); // prettier-ignore

/** What a build leaves, where it stands beside the build's own file; elsewhere such a name may be a subject. */
const BUILT_FOLDERS = new Set(["build", "out", "target", "vendor", "coverage"]);
const BUILD_FILE =
  /^(?:package\.json|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|go\.mod|composer\.json|Makefile|CMakeLists\.txt|setup\.py|pyproject\.toml|build\.sbt|Gemfile|conf\.py)$/;

/** Folders beginning with a dot hold settings and caches; these hold documents. */
const DOCUMENT_DOT_FOLDERS = new Set([".github", ".gitlab"]);

const LEFT_OUT_FILES =
  /(?:^|[-.])lock(?:\.(?:json|ya?ml|toml|hcl))?$|^(?:package-lock\.json|npm-shrinkwrap\.json|go\.sum|flake\.lock)$|\.min\.\w+$|\.(?:map|snap|tsbuildinfo|svg|csv|tsv|ipynb|po|pot|patch|diff|log|jsonl|ndjson|eml|geojson)$/i;

const BINARY =
  /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|psd|docx?|xlsx?|pptx?|odt|zip|gz|tgz|bz2|xz|zst|7z|rar|jar|war|class|o|a|so|dylib|dll|exe|bin|wasm|node|pyc|mp[34]|m4a|ogg|wav|flac|webm|mov|avi|woff2?|ttf|otf|eot|sqlite3?|db|parquet|npy|npz|pt|onnx|vsix)$/i;

/** True for a file whose name says that it holds secrets. */
export function isSecretPath(file: string): boolean {
  return isSecretFileName(file);
}

/** True for a dot file or a file below a folder whose name begins with a dot, documents excepted. */
function isHidden(name: string, isFolder: boolean): boolean {
  return name.startsWith(".") && !(isFolder && DOCUMENT_DOT_FOLDERS.has(name));
}

function isLeftOut(file: string): boolean {
  const name = path.posix.basename(file);
  if (isSecretPath(file) || BINARY.test(name) || LEFT_OUT_FILES.test(name)) return true;
  // In .github, workflows are settings; only the documents are of use.
  return /(?:^|\/)\.(?:github|gitlab)\//.test(file) && !/\.(?:md|markdown|txt|rst)$/i.test(name);
}

/** Folders that are looked at together. */
const FOLDERS_AT_ONCE = 4;
/** Milliseconds of looking at files at a stretch: other work gets its turn in between. */
const STRETCH = 15;

interface Folder {
  /** Relative to the root, "" or ending in a slash. */
  folder: string;
  above: Rules[];
}

interface Rules {
  /** The folder of the .gitignore, relative to the root, "" or ending in a slash. */
  base: string;
  rules: Ignore;
}

/**
 * The files under a folder that a person wrote and may be read, sorted by path: nested .gitignore
 * files hold, links are not followed, and built, binary, huge, hidden and secret files are left out.
 *
 * @param exclude absolute folders to leave out
 * @throws AbortError when cancelled; an unreadable folder is skipped
 */
export async function listFiles(
  root: string,
  exclude: string[],
  signal: AbortSignal,
): Promise<WorkspaceFile[]> {
  const files: WorkspaceFile[] = [];
  const excluded = new Set(exclude.map((each) => path.resolve(each)));
  let since = performance.now();
  let level: Folder[] = [{ folder: "", above: await rulesAbove(root) }];
  while (level.length > 0) {
    const below: Folder[] = [];
    for (let at = 0; at < level.length; at += FOLDERS_AT_ONCE) {
      signal.throwIfAborted();
      await Promise.all(level.slice(at, at + FOLDERS_AT_ONCE).map((each) => walk(each, below)));
    }
    level = below;
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  await new Promise((resolve) => setImmediate(resolve));
  return files;

  async function walk({ folder, above }: Folder, below: Folder[]): Promise<void> {
    const absolute = path.resolve(root, folder);
    if (folder !== "" && excluded.has(absolute)) return;
    const entries = await readdir(absolute, { withFileTypes: true }).catch(() => []);
    const own = entries.some(({ name }) => name === ".gitignore")
      ? await readRules(path.join(absolute, ".gitignore"), folder)
      : null;
    const rules = own === null ? above : [...above, own];
    const isBuilt = entries.some(({ name }) => BUILD_FILE.test(name));
    for (const { name } of entries.filter((entry) => entry.isDirectory() && !isHidden(entry.name, true))) {
      if (LEFT_OUT_FOLDERS.has(name) || (isBuilt && BUILT_FOLDERS.has(name))) continue;
      if (isIgnored(`${folder}${name}/`, rules)) continue;
      below.push({ folder: `${folder}${name}/`, above: rules });
    }
    for (const { name } of entries.filter((entry) => entry.isFile() && !isHidden(entry.name, false))) {
      look(folder + name, rules);
      if (performance.now() - since < STRETCH) continue;
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
  }

  /** Without promises: for ten thousand files they cost several times what the looking does. */
  function look(file: string, rules: Rules[]): void {
    if (isLeftOut(file) || isIgnored(file, rules)) return;
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

/** The nearest .gitignore that says anything about a path wins, as in git. */
function isIgnored(file: string, rules: Rules[]): boolean {
  for (const { base, rules: own } of rules.toReversed()) {
    const verdict = own.test(base.startsWith("../") ? base.slice(3) + file : file.slice(base.length));
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

async function readRules(file: string, base: string): Promise<Rules | null> {
  const text = await readRegularText(file, { maxBytes: LARGEST_IGNORE }).catch(() => null);
  return text === null ? null : { base, rules: ignore({ allowRelativePaths: true }).add(text) };
}

/** Where the root lies inside a repository, the .gitignore files above it hold too. */
async function rulesAbove(root: string): Promise<Rules[]> {
  const above: Rules[] = [];
  let below = "";
  for (let folder = root; ;) {
    if ((await lstat(path.join(folder, ".git")).catch(() => null)) !== null) {
      const rules = await readRules(path.join(folder, ".git", "info", "exclude"), below);
      return [...(rules === null ? [] : [rules]), ...above];
    }
    const parent = path.dirname(folder);
    if (parent === folder) return [];
    below = `../${path.basename(folder)}/${below.replace(/^\.\.\//, "")}`;
    folder = parent;
    const rules = await readRules(path.join(folder, ".gitignore"), below);
    if (rules !== null) above.unshift(rules);
  }
}

/**
 * The absolute path of a workspace file, links resolved; null where it is none, leads out of the
 * folder, or holds secrets by its name or its target's.
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
