import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, lstat, realpath, stat } from "node:fs/promises";
import path from "node:path";

/*
 * The one place that runs git. A repository may be a stranger's, and its configuration is: what it names as a
 * monitor, a hook, a filter, a pager, a helper or a remote's program must not be run, and nothing may be fetched.
 * So only commands are run that read refs, objects and the index, never the content of a file; the network is
 * closed; and what such commands could still start is set on the command line, where a repository has no say.
 *
 * Whether a repository is there is found out by code. Where there is none, git is not run at all. Refs, trees and
 * the index are git's to read: they come in several formats, and git knows them all.
 */

/** What git is asked: plumbing that reads no file's content, so that no filter and no converter takes part. */
export type GitQuery =
  | readonly ["rev-parse", ...revisions: string[]]
  | readonly ["ls-files", "--error-unmatch", "--", name: string]
  | readonly ["check-ignore", "--quiet", "--", name: string];

export type GitAnswer =
  /** git ran to its end; `code` is its exit code, below 128. */
  | { state: "answered"; code: number; stdout: string }
  /** No folder from this one upwards is a repository. */
  | { state: "no-repository" }
  /** There may be a repository, and git could not say: it is missing, refused, failed, took too long or was stopped. */
  | { state: "unknown" };

/** Milliseconds and bytes that an answer may take. */
const PATIENCE = 5000;
const MOST_BYTES = 256 * 1024;

/** What is said on the command line, over all that a repository configures. */
const SETTINGS = [
  // A folder of a repository may itself look like a git directory, with a configuration of its own.
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
  "protocol.allow=never",
  "submodule.recurse=false",
  "fetch.recurseSubmodules=false",
  "maintenance.auto=false",
  "gc.auto=0",
];

/** What git is told through its environment, in which nothing else of its own stands. */
const ENVIRONMENT = {
  // Over `protocol.*.allow`, which a repository may set: no remote of any kind is spoken to.
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
 * Asks git about a folder. Runs no program that the repository names, and sends nothing.
 * @param folder where it is asked, absolute
 * @param workspace the folder that is worked in: no program in it is taken for git
 */
export async function runGit(
  folder: string,
  workspace: string,
  query: GitQuery,
  signal?: AbortSignal,
): Promise<GitAnswer> {
  const repository = await repositoryAbove(folder);
  if (repository === null) return { state: "no-repository" };
  if (signal?.aborted === true) return { state: "unknown" };
  const search = await searchPath(process.env, [workspace, repository]);
  const git = await findGit(search, [workspace, repository]);
  if (git === null) return { state: "unknown" };
  const given = SETTINGS.flatMap((setting) => ["-c", setting]);
  return new Promise((resolve) => {
    const child = execFile(
      git,
      ["--no-pager", ...given, "-C", folder, ...query],
      {
        // Not the folder that the program was called in: that may be the repository's.
        cwd: path.dirname(git),
        env: {
          ...environmentOf(process.env, search),
          // A name is a name, and no pattern; `check-ignore` takes it so anyway, and refuses to be told.
          ...(query[0] === "ls-files" ? { GIT_LITERAL_PATHSPECS: "1" } : {}),
        },
        timeout: PATIENCE,
        killSignal: "SIGKILL",
        maxBuffer: MOST_BYTES,
        encoding: "utf8",
        windowsHide: true,
        ...(signal === undefined ? {} : { signal }),
      },
      (error, stdout) => {
        const code = error === null ? 0 : error.code;
        // From 128 on git says that it failed, and not what was asked.
        const isAnswer = typeof code === "number" && code < 128 && error?.killed !== true;
        resolve(isAnswer ? { state: "answered", code, stdout } : { state: "unknown" });
      },
    );
    child.stdin?.end();
  });
}

/**
 * The folder at or above this one that is a repository, or may be one: it has a `.git`, of whatever kind, or looks
 * like a git directory itself.
 */
async function repositoryAbove(folder: string): Promise<string | null> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (await isThere(path.join(at, ".git"))) return at;
    const parts = ["HEAD", "objects", "refs"].map((name) => isThere(path.join(at, name)));
    if ((await Promise.all(parts)).every(Boolean)) return at;
    if (at === path.dirname(at)) return null;
  }
}

/** Whether there is something, or something that may not be looked at. */
async function isThere(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    return code !== "ENOENT" && code !== "ENOTDIR";
  }
}

/**
 * The folders of PATH in which programs are looked for: absolute ones, of which none lies in the workspace or its
 * repository. An empty or relative entry means the current folder, which a stranger may have filled.
 */
async function searchPath(env: NodeJS.ProcessEnv, barred: string[]): Promise<string[]> {
  const entries = (env["PATH"] ?? env["Path"] ?? "").split(path.delimiter);
  const kept = entries.map(async (entry) => {
    const folder = process.platform === "win32" ? entry.replace(/^"(.*)"$/, "$1") : entry;
    return path.isAbsolute(folder) && !(await isInAny(folder, barred)) ? [folder] : [];
  });
  return (await Promise.all(kept)).flat();
}

async function findGit(search: string[], barred: string[]): Promise<string | null> {
  const name = process.platform === "win32" ? "git.exe" : "git";
  for (const folder of search) {
    const file = path.join(folder, name);
    if (!(await isProgram(file)) || (await isInAny(file, barred))) continue;
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

/** Whether a path, or what it leads to, lies in one of the folders. */
async function isInAny(file: string, folders: string[]): Promise<boolean> {
  const places = [path.resolve(file), await realpath(file).catch(() => path.resolve(file))];
  for (const folder of folders) {
    const outer = [path.resolve(folder), await realpath(folder).catch(() => path.resolve(folder))];
    if (places.some((place) => outer.some((each) => isIn(place, each)))) return true;
  }
  return false;
}

function isIn(inner: string, outer: string): boolean {
  // A whole disk as the workspace would leave no program.
  if (outer === path.parse(outer).root) return false;
  const relative = path.relative(outer, inner);
  return (
    relative === "" ||
    (relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative))
  );
}

/** The environment without what is git's own, so that a hook's GIT_DIR or a GIT_CONFIG_COUNT does not reach it. */
function environmentOf(env: NodeJS.ProcessEnv, search: string[]): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !/^(?:GIT_|PATH$|SSH_ASKPASS|PAGER$|EDITOR$|VISUAL$)/i.test(name),
  );
  return { ...Object.fromEntries(kept), ...ENVIRONMENT, PATH: search.join(path.delimiter) };
}
