import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

/*
 * Folders that a stranger made so that git runs a program in them. Each is sprung by plain git, as a test must see
 * first: else the folder would prove nothing.
 */

/** The file in each folder that git is asked about, and its text. */
export const FILE = "a.md";
export const TEXT = "# Harbour\n\nA harbour is a place where ships can stay.\n";

/** A program that leaves a trace: the canary is there once it has run. */
export interface Trap {
  program: string;
  canary: string;
}

/** Sets the trap in a folder outside of the one that is opened. */
export function setTrap(folder: string): Trap {
  const [program, canary] = [path.join(folder, "trap.sh"), path.join(folder, "canary")];
  writeFileSync(program, `#!/bin/sh\necho run >> '${canary}'\nexit 1\n`);
  chmodSync(program, 0o755);
  return { program, canary };
}

/** Whether the trap was sprung; it is set again. */
export function isSprung({ canary }: Trap): boolean {
  const is = existsSync(canary);
  rmSync(canary, { force: true });
  return is;
}

export function git(folder: string, ...args: string[]): string {
  const who = ["-c", "user.name=t", "-c", "user.email=t@t"];
  return execFileSync("git", ["-C", folder, ...who, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** As git itself would do it, with no guard of ours. */
export function plainGit(folder: string, ...args: string[]): void {
  spawnSync("git", ["-C", folder, ...args], { stdio: "ignore", timeout: 20_000 });
}

export interface HostileRepository {
  /** Makes the folder; what it holds springs the trap by plain git. @returns where git is asked */
  make: (folder: string, trap: Trap) => string;
  /** What plain git is asked. */
  springs: string[];
}

const LS_FILES = ["ls-files", "--error-unmatch", "--", FILE];
const REV_PARSE = ["rev-parse", "HEAD", `HEAD:./${FILE}`];

function repository(folder: string, config = ""): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, FILE), TEXT);
  git(folder, "init", "-q");
  git(folder, "add", FILE);
  git(folder, "commit", "-qm", "a");
  appendFileSync(path.join(folder, ".git/config"), config);
}

const monitor = ({ program }: Trap): string => `[core]\n\tfsmonitor = ${program}\n`;

/** A remote that has what is missing, and how it is reached. */
const promisor = (url: string, more = ""): string =>
  `[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = evil\n[remote "evil"]\n\turl = ${url}\n\tpromisor = true\n${more}`;

const upload = ({ program }: Trap): string =>
  `\tuploadpack = ${program}\n[protocol "file"]\n\tallow = always\n`;

/** A git directory that has the commit and nothing else, so that its tree is to be fetched. */
function emptied(gitDirectory: string, from: string, config: string): void {
  const commit = git(from, "rev-parse", "HEAD").trim();
  const object = path.join("objects", commit.slice(0, 2), commit.slice(2));
  mkdirSync(path.join(gitDirectory, path.dirname(object)), { recursive: true });
  mkdirSync(path.join(gitDirectory, "refs/heads"), { recursive: true });
  writeFileSync(path.join(gitDirectory, "HEAD"), "ref: refs/heads/main\n");
  writeFileSync(path.join(gitDirectory, "refs/heads/main"), `${commit}\n`);
  cpSync(path.join(from, ".git", object), path.join(gitDirectory, object));
  writeFileSync(path.join(gitDirectory, "config"), config);
}

/** A plain repository whose objects are to be fetched. */
function lazy(folder: string, config: string): string {
  const source = `${folder}-source`;
  repository(source);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, FILE), TEXT);
  emptied(path.join(folder, ".git"), source, config);
  rmSync(source, { recursive: true });
  return folder;
}

export const HOSTILE_REPOSITORIES: Record<string, HostileRepository> = {
  "a monitor of files": {
    make: (folder, trap) => {
      repository(folder, monitor(trap));
      return folder;
    },
    springs: LS_FILES,
  },
  "a monitor in a file that the configuration includes": {
    make: (folder, trap) => {
      repository(folder, "[include]\n\tpath = ../settings.txt\n");
      writeFileSync(path.join(folder, "settings.txt"), monitor(trap));
      return folder;
    },
    springs: LS_FILES,
  },
  "a .git that is a file and leads elsewhere": {
    make: (folder, trap) => {
      repository(folder, monitor(trap));
      renameSync(path.join(folder, ".git"), path.join(folder, "notes"));
      writeFileSync(path.join(folder, ".git"), "gitdir: ./notes\n");
      return folder;
    },
    springs: LS_FILES,
  },
  "a .git that is a link and leads elsewhere": {
    make: (folder, trap) => {
      repository(folder, monitor(trap));
      renameSync(path.join(folder, ".git"), `${folder}-notes`);
      symlinkSync(`${folder}-notes`, path.join(folder, ".git"));
      return folder;
    },
    springs: LS_FILES,
  },
  "a work tree that is elsewhere": {
    make: (folder, trap) => {
      repository(folder, `${monitor(trap)}\tworktree = ${folder}/docs\n`);
      mkdirSync(path.join(folder, "docs"));
      writeFileSync(path.join(folder, "docs", FILE), TEXT);
      writeFileSync(path.join(folder, "docs/.git"), "gitdir: ../.git\n");
      return path.join(folder, "docs");
    },
    springs: LS_FILES,
  },
  "a remote's program, for what is missing": {
    make: (folder, trap) => lazy(folder, promisor(".", upload(trap))),
    springs: REV_PARSE,
  },
  "a command as a remote": {
    make: (folder, { program }) =>
      lazy(folder, promisor(`"ext::${program}"`, `[protocol "ext"]\n\tallow = always\n`)),
    springs: REV_PARSE,
  },
  "a command for ssh": {
    make: (folder, { program }) =>
      lazy(folder, `${promisor("ssh://nowhere.invalid/x")}[core]\n\tsshCommand = ${program}\n`),
    springs: REV_PARSE,
  },
  "a command as a proxy of git's own protocol": {
    make: (folder, { program }) =>
      lazy(folder, `${promisor("git://nowhere.invalid/x")}[core]\n\tgitProxy = ${program}\n`),
    springs: REV_PARSE,
  },
  "a folder of the clone that is a git directory itself": {
    make: (folder, trap) => {
      repository(folder);
      const docs = path.join(folder, "docs");
      emptied(docs, folder, `${promisor(".", upload(trap))}[core]\n\tbare = false\n\tworktree = .\n`);
      writeFileSync(path.join(docs, FILE), TEXT);
      return docs;
    },
    springs: REV_PARSE,
  },
  "a filter for the content of files": {
    make: (folder, { program }) => {
      repository(
        folder,
        `[filter "evil"]\n\tclean = ${program}\n\tsmudge = ${program}\n\tprocess = ${program}\n[core]\n\tattributesFile = ${folder}/attributes\n`,
      );
      writeFileSync(path.join(folder, "attributes"), "* filter=evil\n");
      writeFileSync(path.join(folder, FILE), `${TEXT}More.\n`);
      return folder;
    },
    springs: ["diff"],
  },
};
