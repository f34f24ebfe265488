import { lstat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import ignore, { type Ignore } from "ignore";
import { readRegularText } from "../../common/read-file.js";
import { runGit } from "../../common/run-git.js";

/*
 * Which files of a folder git ignores. Git itself says so where it can: it knows the case rules of the repository,
 * tracked files, linked worktrees and the user's own excludes. Without an answer of git, the rules are read here.
 */

const MAX_IGNORE_BYTES = 256 * 1024;

/** Rules that were read here instead of asking git. */
interface Rules {
  /** The folder of the .gitignore, relative to the listed folder, "" or ending in a slash. */
  base: string;
  rules: Ignore;
}

/** Git's name for the folder itself, where all of it is ignored. */
const WHOLE_FOLDER = "./";

/** What is ignored below one folder. Paths are relative to the listed root, with forward slashes. */
export type IgnoredFiles =
  | { by: "git"; base: string; paths: ReadonlySet<string> }
  /** The nearest rules come last. */
  | { by: "rules"; rules: readonly Rules[] };

/**
 * What git ignores in a folder that is listed or that is a repository of its own.
 * @param root the listed folder, absolute: git is never taken from it
 * @param folder "" for the root, otherwise relative to it and ending in a slash
 */
export async function findIgnoredFiles(
  root: string,
  folder: string,
  signal: AbortSignal,
): Promise<IgnoredFiles> {
  const query = ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"] as const;
  const answer = await runGit(path.join(root, folder), root, query, signal);
  if (answer.state === "answered" && answer.code === 0) {
    return { by: "git", base: folder, paths: new Set(answer.stdout.split("\0")) };
  }
  return { by: "rules", rules: folder === "" ? await readRulesAbove(root) : [] };
}

/**
 * Adds the rules of a folder that is walked. Git has read all .gitignore files already.
 * @param folder relative to the root, "" or ending in a slash
 */
export async function addFolderRules(
  ignored: IgnoredFiles,
  root: string,
  folder: string,
): Promise<IgnoredFiles> {
  if (ignored.by === "git") return ignored;
  const own = await readRules(path.join(root, folder, ".gitignore"), folder);
  return own === null ? ignored : { by: "rules", rules: [...ignored.rules, own] };
}

/** Whether a file, or a folder with a slash at its end, is ignored. */
export function isIgnored(file: string, ignored: IgnoredFiles): boolean {
  if (ignored.by === "git") {
    return ignored.paths.has(WHOLE_FOLDER) || ignored.paths.has(file.slice(ignored.base.length));
  }
  // As in git, the nearest .gitignore with a matching rule wins.
  for (const { base, rules } of ignored.rules.toReversed()) {
    const verdict = rules.test(base.startsWith("../") ? base.slice(3) + file : file.slice(base.length));
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

async function readRules(file: string, base: string): Promise<Rules | null> {
  const text = await readRegularText(file, { maxBytes: MAX_IGNORE_BYTES }).catch(() => null);
  if (text === null) return null;
  // Git's default follows the file system.
  const ignorecase = process.platform === "darwin" || process.platform === "win32";
  return { base, rules: ignore({ allowRelativePaths: true, ignorecase }).add(text) };
}

/** If the root is inside a repository, the .gitignore files above it apply as well. */
async function readRulesAbove(root: string): Promise<Rules[]> {
  const above: Rules[] = [];
  let below = "";
  for (let folder = root; ;) {
    const directory = await findGitDirectory(folder);
    if (directory !== null) {
      const own = [userExcludes(), path.join(directory, "info", "exclude")];
      const read = await Promise.all(own.map((file) => readRules(file, below)));
      return [...read.filter((each) => each !== null), ...above];
    }
    const parent = path.dirname(folder);
    if (parent === folder) return [];
    below = `../${path.basename(folder)}/${below.replace(/^\.\.\//, "")}`;
    folder = parent;
    const rules = await readRules(path.join(folder, ".gitignore"), below);
    if (rules !== null) above.unshift(rules);
  }
}

/** Git's default for core.excludesFile. */
function userExcludes(): string {
  const { XDG_CONFIG_HOME = "", HOME = os.homedir() } = process.env;
  return path.join(XDG_CONFIG_HOME === "" ? path.join(HOME, ".config") : XDG_CONFIG_HOME, "git", "ignore");
}

/** The directory of a repository that is shared by its worktrees; null if the folder is none. */
async function findGitDirectory(folder: string): Promise<string | null> {
  const git = path.join(folder, ".git");
  const found = await lstat(git).catch(() => null);
  if (found === null) return null;
  if (!found.isFile()) return git;
  const linked = await readPath(git, /^gitdir: (.+)$/m);
  if (linked === null) return git;
  const own = path.resolve(folder, linked);
  const common = await readPath(path.join(own, "commondir"), /^(.+)$/m);
  return common === null ? own : path.resolve(own, common);
}

async function readPath(file: string, pattern: RegExp): Promise<string | null> {
  const text = await readRegularText(file, { maxBytes: 4096 }).catch(() => "");
  return pattern.exec(text)?.[1]?.trim() ?? null;
}
