import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, lstat, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { isMissingPathError } from "./errors.js";

/*
 * The only module that runs git. The repository and its configuration are untrusted: monitors, hooks, filters,
 * pagers, helpers and remote programs that it configures must not run, and nothing may be fetched. So only commands
 * that read refs, objects and the index are run, never ones that read the working copy, whose filters are programs; the
 * network is blocked; and everything that such commands could still start is overridden on the command line.
 *
 * Code checks whether there is a repository; without one, git is not run. Refs, trees and the index are left to git,
 * since they come in several formats.
 */

/** Never a converter or a program for differences: a repository can configure both. */
const NO_PROGRAMS = ["--no-ext-diff", "--no-textconv", "--no-color"] as const;
type NoPrograms = typeof NO_PROGRAMS;

/** "HEAD" or a whole id of a commit. Callers check it: git would take a text such as "--output=…" for an option. */
type CommitId = string;

/** Allowed commands: they read no file of the working copy, so that no filter or converter runs. */
export type GitQuery =
  | readonly ["rev-parse", ...revisions: string[]]
  | readonly ["ls-files", "--error-unmatch", "--", name: string]
  | readonly ["check-ignore", "--quiet", "--", name: string]
  | readonly ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"]
  | readonly ["rev-list", `--max-count=${number}`, `--format=${string}`, CommitId, "--", ...paths: string[]]
  | readonly ["for-each-ref", `--count=${number}`, "--sort=-creatordate", `--format=${string}`, "refs/tags"]
  | readonly [
      "diff-tree",
      "--root",
      "--no-commit-id",
      "-r",
      "-p",
      ...NoPrograms,
      CommitId,
      "--",
      ...paths: string[],
    ]
  | readonly [
      "log",
      `--max-count=${number}`,
      "--format=%H",
      ...NoPrograms,
      `-S${string}`,
      "HEAD",
      "--",
      ...paths: string[],
    ]
  | readonly ["blame", "--porcelain", "--no-textconv", "HEAD", "--", file: string];

/** The commits in which a text came or went, newest first. */
export function pickaxeQuery(text: string, most: number, paths: readonly string[]): GitQuery {
  return ["log", `--max-count=${most}`, "--format=%H", ...NO_PROGRAMS, `-S${text}`, "HEAD", "--", ...paths];
}

/** The changes of a commit against its first parent; nothing for a merge. @throws RangeError for what is no id */
export function diffQuery(commit: string, paths: readonly string[]): GitQuery {
  if (!isCommitId(commit)) throw new RangeError("This is not the id of a commit.");
  return ["diff-tree", "--root", "--no-commit-id", "-r", "-p", ...NO_PROGRAMS, commit, "--", ...paths];
}

/** True for the whole id of a commit or a tag. */
export function isCommitId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

export type GitAnswer =
  /** git completed; `code` is its exit code, below 128. */
  | { state: "answered"; code: number; stdout: string }
  /** No folder from this one upwards is a repository. */
  | { state: "no-repository" }
  /** There may be a repository, but git is missing, refused, failed, timed out or was stopped. */
  | { state: "unknown"; isMissing?: true };

/** Limits of an answer, in milliseconds and bytes. */
const TIMEOUT_MS = 5000;
const MAX_OUTPUT_BYTES = 256 * 1024;
const MAX_LONG_ANSWER_BYTES = 8 * 1024 * 1024;
const LONG_ANSWERS: ReadonlySet<string> = new Set(["blame", "ls-files"]);
/** The answers that are lists: of one that is too long, the beginning is an answer. */
const LISTS: ReadonlySet<string> = new Set(["rev-list", "for-each-ref", "diff-tree", "log"]);

/** Command-line settings, which override the repository's configuration. */
const SETTINGS = [
  // A folder in a repository may look like a bare repository with its own configuration.
  "safe.bareRepository=explicit",
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.untrackedCache=false",
  "core.commitGraph=false",
  "core.pager=cat",
  "core.editor=false",
  "core.askPass=",
  "core.sshCommand=",
  "core.gitProxy=",
  "core.alternateRefsCommand=",
  "credential.helper=",
  "diff.external=",
  "gpg.program=false",
  "gpg.ssh.program=false",
  "gpg.x509.program=false",
  "log.showSignature=false",
  "log.mailmap=false",
  "blame.ignoreRevsFile=",
  "i18n.logOutputEncoding=UTF-8",
  "core.quotePath=false",
  "protocol.allow=never",
  "submodule.recurse=false",
  "fetch.recurseSubmodules=false",
  "maintenance.auto=false",
  "gc.auto=0",
];

/** Environment variables for git; all other GIT_ variables are removed. */
const ENVIRONMENT = {
  // Overrides `protocol.*.allow` of the repository: no remote is contacted.
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_LAZY_FETCH: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_PAGER: "cat",
  GIT_EDITOR: "false",
  GIT_ASKPASS: "",
  GIT_SSH: "",
  GIT_SSH_COMMAND: "",
  GIT_PROXY_COMMAND: "",
  GIT_EXTERNAL_DIFF: "",
  LC_ALL: "C",
};

/**
 * Runs a git query in a folder. Runs no program that the repository configures, and sends nothing.
 * @param folder absolute
 * @param workspace git is never taken from this folder
 */
export async function runGit(
  folder: string,
  workspace: string,
  query: GitQuery,
  signal?: AbortSignal,
): Promise<GitAnswer> {
  const repository = await findRepository(folder);
  if (repository === null) return { state: "no-repository" };
  if (signal?.aborted === true) return { state: "unknown" };
  const search = await safeSearchPath(process.env, [workspace, repository]);
  const git = await findGit(search, [workspace, repository]);
  if (git === null) return { state: "unknown", isMissing: true };
  const isList = LISTS.has(query[0]);
  const settingArguments = SETTINGS.flatMap((setting) => ["-c", setting]);
  return new Promise((resolve) => {
    const child = execFile(
      git,
      ["--no-pager", ...settingArguments, "-C", folder, ...query],
      {
        // Not the current folder, which may be the repository's.
        cwd: path.dirname(git),
        env: {
          ...gitEnvironment(process.env, search),
          // Treat names literally, not as patterns. `check-ignore` always does, and rejects this variable.
          ...(query[0] === "check-ignore" ? {} : { GIT_LITERAL_PATHSPECS: "1" }),
        },
        timeout: TIMEOUT_MS,
        killSignal: "SIGKILL",
        maxBuffer: isList || LONG_ANSWERS.has(query[0]) ? MAX_LONG_ANSWER_BYTES : MAX_OUTPUT_BYTES,
        encoding: "utf8",
        windowsHide: true,
        ...(signal === undefined ? {} : { signal }),
      },
      (error, stdout) => {
        const isCut = isList && error?.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER";
        const code = error === null || isCut ? 0 : error.code;
        // Exit codes from 128 on mean that git itself failed.
        const isAnswer = typeof code === "number" && code < 128 && (isCut || error?.killed !== true);
        resolve(isAnswer ? { state: "answered", code, stdout } : { state: "unknown" });
      },
    );
    child.stdin?.end();
  });
}

/**
 * The nearest folder, from this one upwards, that is or may be a repository: it has a `.git` of any kind, or looks
 * like a git directory.
 */
async function findRepository(folder: string): Promise<string | null> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (await isThere(path.join(at, ".git"))) return at;
    const parts = ["HEAD", "objects", "refs"].map((name) => isThere(path.join(at, name)));
    if ((await Promise.all(parts)).every(Boolean)) return at;
    if (at === path.dirname(at)) return null;
  }
}

/** Whether a path exists or cannot be checked. */
async function isThere(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    return !isMissingPathError(error);
  }
}

/**
 * The absolute folders of PATH outside the workspace and its repository. Empty and relative entries mean the current
 * folder, whose contents are untrusted.
 */
async function safeSearchPath(env: NodeJS.ProcessEnv, excluded: string[]): Promise<string[]> {
  const entries = (env["PATH"] ?? env["Path"] ?? "").split(path.delimiter);
  const kept = entries.map(async (entry) => {
    const folder = process.platform === "win32" ? entry.replace(/^"(.*)"$/, "$1") : entry;
    return path.isAbsolute(folder) && !(await isInAny(folder, excluded)) ? [folder] : [];
  });
  return (await Promise.all(kept)).flat();
}

async function findGit(search: string[], excluded: string[]): Promise<string | null> {
  const name = process.platform === "win32" ? "git.exe" : "git";
  for (const folder of search) {
    const file = path.join(folder, name);
    if (!(await isProgram(file)) || (await isInAny(file, excluded))) continue;
    return file;
  }
  return null;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** Whether a path, or its link target, is in one of the folders. */
async function isInAny(file: string, folders: string[]): Promise<boolean> {
  const places = [path.resolve(file), await realpath(file).catch(() => path.resolve(file))];
  for (const folder of folders) {
    const outer = [path.resolve(folder), await realpath(folder).catch(() => path.resolve(folder))];
    if (places.some((place) => outer.some((each) => isIn(place, each)))) return true;
  }
  return false;
}

function isIn(inner: string, outer: string): boolean {
  // If the workspace is a whole disk, every program would be excluded.
  if (outer === path.parse(outer).root) return false;
  const relative = path.relative(outer, inner);
  return (
    relative === "" ||
    (relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative))
  );
}

/** The environment without git's variables, such as a hook's GIT_DIR or GIT_CONFIG_COUNT. */
function gitEnvironment(env: NodeJS.ProcessEnv, search: string[]): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !/^(?:GIT_|PATH$|SSH_ASKPASS|PAGER$|EDITOR$|VISUAL$)/i.test(name),
  );
  return { ...Object.fromEntries(kept), ...ENVIRONMENT, PATH: search.join(path.delimiter) };
}
