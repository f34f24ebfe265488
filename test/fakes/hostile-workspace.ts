import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

/*
 * A folder that a stranger made, to be opened as a user would. All that it tries leaves a trace: a file for each program
 * that ran, a request, a change outside, an editor that a command opened.
 */

/** A link that opens an editor when it is followed: harmless, and seen. */
export const LURE = "[Free keys](command:workbench.action.files.newUntitledFile)";
/** What is read of it where it is text. */
export const LURE_TEXT = "Free keys";

const SESSIONS = {
  lure: "20261101-100000-a-lure-aaaa",
  failed: "20261102-100000-it-failed-bbbb",
  unfinished: "20261103-100000-go-on-cccc",
  refresh: "20261104-100000-refreshed-dddd",
  endless: "20261105-100000-endless-eeee",
} as const;

/** The files of interest, relative to the folder. */
export const HOSTILE = {
  sessions: SESSIONS,
  report: "data/reports/2026-11-01-links.md",
  named: "data/reports/2026-11-02-[x](command:workbench.action.files.newUntitledFile).md",
  brackets: "data/reports/2026-11-03-brackets.md",
  large: "data/reports/2026-11-04-large.md",
  yaml: "deep-research.yaml",
} as const;

export interface HostileWorkspace {
  /** What is opened. */
  folder: string;
  /** Nothing in here may change. */
  outside: string;
  /** Programs that ran leave a file here. */
  canaries: string;
  /** The names of the programs that ran. */
  ran(): string[];
  /** Of all that lies outside, and of the repository's own folder. */
  hash(): string;
}

/**
 * Makes the folder and what lies around it.
 * @param top an empty folder for all of it
 * @param port of 127.0.0.1, where requests are counted
 * @param env what `.env` is: a file with a key, or a FIFO that nobody writes to
 */
export function makeHostileWorkspace(
  top: string,
  { port, env }: { port: number; env: "key" | "fifo" },
): HostileWorkspace {
  const [folder, outside, canaries] = ["workspace", "outside", "canaries"].map((name) =>
    path.join(top, name),
  ) as [string, string, string];
  for (const each of [folder, outside, canaries]) mkdirSync(each, { recursive: true });
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  writeFileSync(path.join(outside, "precious.md"), "# Precious\n\nmine\n");
  write("README.md", "# Harbour\n\nA harbour is a place where ships can stay.\n");
  write("docs/ships.md", "# Ships\n\nA ship waits in the harbour until the tide turns.\n");
  // A name that leads out, and one that looks as if it stayed.
  symlinkSync(outside, path.join(folder, "docs/more"));

  repositories(folder, canaries);
  reports(write, port);
  sessions(outside, write, port);
  write(HOSTILE.yaml, `"${LURE}": 1\n`);
  if (env === "key") write(".env", "GEMINI_API_KEY=a-key-of-a-stranger\n");
  else execFileSync("mkfifo", [path.join(folder, ".env")]);
  symlinkSync("../.git", path.join(folder, "data/cache"));
  return {
    folder,
    outside,
    canaries,
    ran: () => readdirSync(canaries).sort(),
    hash: () => hashOf(outside) + hashOf(path.join(folder, ".git")),
  };
}

/** Whether plain git runs the programs of such a folder: else it would prove nothing. */
export function isArmed(top: string): boolean {
  const folder = path.join(top, "workspace");
  const canaries = path.join(top, "canaries");
  mkdirSync(folder, { recursive: true });
  mkdirSync(canaries, { recursive: true });
  writeFileSync(path.join(folder, "README.md"), "# A\n");
  repositories(folder, canaries);
  spawnSync("git", ["-C", folder, "status"], { timeout: 10_000 });
  spawnSync("git", ["-C", path.join(folder, "embedded"), "rev-parse", "HEAD:./notes.md"], {
    timeout: 10_000,
  });
  return ["fsmonitor", "uploadpack"].every((name) => readdirSync(canaries).includes(name));
}

/** The folder's own repository with a monitor of files, and a folder in it that is a git directory itself. */
function repositories(folder: string, canaries: string): void {
  const git = (at: string, ...args: string[]): string =>
    execFileSync("git", ["-C", at, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
    }).trim();
  git(folder, "init", "-q");
  git(folder, "add", "README.md");
  git(folder, "commit", "-qm", "a");
  const embedded = path.join(folder, "embedded");
  const commit = git(folder, "rev-parse", "HEAD");
  const object = path.join("objects", commit.slice(0, 2), commit.slice(2));
  mkdirSync(path.join(embedded, path.dirname(object)), { recursive: true });
  mkdirSync(path.join(embedded, "refs/heads"), { recursive: true });
  cpSync(path.join(folder, ".git", object), path.join(embedded, object));
  writeFileSync(path.join(embedded, "HEAD"), "ref: refs/heads/main\n");
  writeFileSync(path.join(embedded, "refs/heads/main"), `${commit}\n`);
  writeFileSync(path.join(embedded, "notes.md"), "# Notes\n\nA harbour has a quay where a ship waits.\n");
  writeFileSync(
    path.join(embedded, "config"),
    [
      "[core]", "\trepositoryformatversion = 1", "\tbare = false", "\tworktree = .",
      "[extensions]", "\tpartialClone = evil",
      '[remote "evil"]', "\turl = .", "\tpromisor = true", `\tuploadpack = touch ${canaries}/uploadpack; false`,
      '[protocol "file"]', "\tallow = always", "",
    ].join("\n"),
  ); // prettier-ignore
  appendFileSync(
    path.join(folder, ".git/config"),
    `[core]\n\tfsmonitor = "touch ${canaries}/fsmonitor; false"\n`,
  );
}

/** A report of session "lure", as ours are written. */
function reportText(title: string, body: string, port: number): string {
  return [
    "---", `title: ${JSON.stringify(title)}`, "date: 2026-11-01", "engine: offline", "depth: quick",
      `session: ${SESSIONS.lure}`, "checked: 1 supported, 1 qualified, 0 not checked, 0 unsupported", "---", "",
      `# ${title}`, "", `> **Question.** ${LURE}`, "", body, "", "## Sources", "", "### Source 1", "",
      `[${LURE_TEXT} $(alert)](../../docs/more/precious.md#L1), line 1, read on 2026-11-01.`,
      `[Snapshot](../../../outside/sources/0123456789abcdef.md), SHA-256 \`${"0123456789abcdef".repeat(4)}\`.`, "",
      `1. "mine ${LURE}"`, "", "### Source 2", "",
      `[A page](http://127.0.0.1:${port}/page), read on 2026-11-01.`, "", '1. "a quote"', "",
    ].join("\n"); // prettier-ignore
}

function reports(write: (name: string, text: string) => void, port: number): void {
  const links = [
    "[out](../../../outside/precious.md)", "[twice](%252e%252e/%252e%252e/%252e%252e/outside/precious.md)",
    "[linked](../../docs/more/precious.md)", "[inside](../../docs/ships.md)", LURE,
    "[file](file:///etc/passwd)", "[root](/etc/passwd)", "[other](vscode://file/etc/passwd)",
    `<img src="http://127.0.0.1:${port}/image.png">`, `![](http://127.0.0.1:${port}/image.png)`,
  ].join(" "); // prettier-ignore
  const body = `It is ${LURE}. [[1.1]](#source-1) *(qualified: ${LURE} $(alert))*\n\n${links}\n\nThe last sentence is here.`;
  write(HOSTILE.report, reportText(`A ${LURE}`, body, port));
  write(HOSTILE.named, reportText("A name", body, port));
}

/** Adds reports that are slow to read for what is not careful: lines of 10,000 brackets, and 5 MB. */
export function addHeavyReports({ folder }: HostileWorkspace, port: number): void {
  const write = (name: string, body: string): void =>
    writeFileSync(
      path.join(folder, name),
      reportText("Heavy", `${body}\n\nThe last sentence is here.`, port),
    );
  const parts = ["](", "[", "*(qualified: ", "[[1.1]](#source-1) ", "7 "];
  write(HOSTILE.brackets, parts.map((each) => each.repeat(10_000)).join("\n\n"));
  write(HOSTILE.large, "Ships wait in the harbour for 7 days. [[1.1]](#source-1) ".repeat(90_000));
}

function sessions(outside: string, write: (name: string, text: string) => void, port: number): void {
  const journal = (id: string, more: object, lines: object[]): void => {
    const header = {
      schema: 3, id, started: `2026-11-01T10:00:00.000Z`, question: `What is ${LURE}?`, engine: "offline", depth: "quick",
      maxSources: 10, pages: [], scope: ["workspace"], environment: "production", ...more,
    }; // prettier-ignore
    const all = [header, { type: "asked", header }, ...lines].map((line) => `${JSON.stringify(line)}\n`);
    write(`data/sessions/${id}/journal.jsonl`, all.join(""));
  };
  const at = "2026-11-01T10:00:01.000Z";
  const usage = { in: 0, out: 0, usd: 0 };
  const plan = {
    title: LURE, kind: "explanation", cover: [],
    questions: [{ id: "q1", question: `Why ${LURE}?`, query: "ship" }],
  }; // prettier-ignore
  const source = { place: { kind: "workspace", path: "../outside/precious.md" }, title: LURE, sha256: null };
  const ended = (status: string, report: string | null, error: string | null): object => ({
    type: "ended", at, status, report, error,
  }); // prettier-ignore
  journal(SESSIONS.lure, {}, [
    { type: "plan", at, plan },
    { type: "outcome", key: "a".repeat(32), kind: "read", task: { type: "read", place: { kind: "workspace", path: LURE } }, at, by: LURE, usage, milliseconds: 1, value: {} },
    { type: "evidence", at, evidence: [], sources: [source] },
    { ...ended("done", "../outside/precious.md", null), name: `Name ${LURE}` },
  ]); // prettier-ignore
  journal(SESSIONS.failed, {}, [ended("failed", null, `It failed: ${LURE} $(alert)`)]);
  journal(
    SESSIONS.unfinished,
    { engine: "gemini", scope: ["workspace", "web"], pages: [`http://127.0.0.1:${port}/page`] },
    [{ type: "approved", at }],
  );
  const precious = readFileSync(path.join(outside, "precious.md"), "utf8");
  const sha256 = createHash("sha256").update(precious).digest("hex");
  const refreshes = { session: SESSIONS.lure, report: "../outside/precious.md", sha256 };
  journal(SESSIONS.refresh, { refreshes }, [ended("done", "../outside/precious.md", null)]);
  write(`data/sessions/${SESSIONS.refresh}/refreshed.md`, "---\nsession: x\n---\n\n# Overwritten\n");
  const changes = {
    claims: { reworded: [], added: [], removed: [], judged: [] },
    sections: { rewritten: [], removed: [`${LURE} $(alert)`] },
    sources: [],
  };
  write(`data/sessions/${SESSIONS.refresh}/changes.json`, JSON.stringify(changes));
}

/** Adds a session whose journal never ends. It comes last: what cannot bear it shows nothing else. */
export function addEndlessSession({ folder }: HostileWorkspace): void {
  mkdirSync(path.join(folder, "data/sessions", SESSIONS.endless), { recursive: true });
  symlinkSync("/dev/zero", path.join(folder, "data/sessions", SESSIONS.endless, "journal.jsonl"));
}

/** Of all names, kinds and contents below a folder. */
function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder, { recursive: true }).map(String).sort()) {
    const file = path.join(folder, name);
    const found = lstatSync(file);
    hash.update(`${name}\0${found.mode}\0`);
    if (found.isSymbolicLink()) hash.update(readlinkSync(file));
    else if (found.isFile()) hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** Removes a hostile folder with all around it. */
export function removeHostile(top: string): void {
  rmSync(top, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
