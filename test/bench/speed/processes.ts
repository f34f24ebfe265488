import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { StandInFigures, StandInSettings } from "./fake-services.js";
import { allowedHosts } from "./synthetic-web.js";

/*
 * The processes of the bench. Each part of what is measured runs in one of its own, and so does each
 * stand-in; they talk in messages.
 */

/** Where the bench's programs are, built: beside the bundle that this is a part of, out/bench/speed.js. */
const PROGRAM_FOLDER = path.join(__dirname, "speed");

// What the runs remember of their user is the bench's own.
if (process.env["DEEP_RESEARCH_STATE"] === undefined) {
  const state = mkdtempSync(path.join(tmpdir(), "deep-research-state-"));
  process.env["DEEP_RESEARCH_STATE"] = state;
  process.once("exit", () => rmSync(state, { recursive: true, force: true }));
}

/** The environment without anything that would steer the engine. */
export function quietEnvironment(): NodeJS.ProcessEnv {
  const steering =
    /^(GEMINI_|RESEARCH_|SEARXNG_|ALLOWED_|MAX_RESEARCH|SESSION_STORAGE|REPORT_OUTPUT|LOG_LEVEL|NODE_OPTIONS)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
}

/** The programs that the bench starts: each is the file of that name beside this one. */
export const PROGRAMS = [
  "busy-process",
  "engine-process",
  "fake-services",
  "idle-process",
  "listing-process",
  "readability-process",
  "research-process",
] as const;

type Program = (typeof PROGRAMS)[number];

/** Where a program of the bench is after the build. */
export function programFile(program: Program): string {
  return path.join(PROGRAM_FOLDER, `${program}.js`);
}

function startProgram(program: Program): ChildProcess {
  const child = fork(programFile(program), {
    env: quietEnvironment(),
    // No source maps: the product has none, and reading them at the first error would hold it up.
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "json",
  });
  return child;
}

/** The next message of a process; an error if it ends before, or takes longer. */
function nextMessage<T>(child: ChildProcess, program: Program, longest: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${program} did not answer within ${longest / 1000} s.`));
    }, longest);
    const ended = (code: number | null): void => {
      clearTimeout(timer);
      reject(new Error(`${program} ended with ${code ?? "a signal"} and no answer.`));
    };
    child.once("exit", ended);
    child.once("message", (message) => {
      clearTimeout(timer);
      child.off("exit", ended);
      resolve(message as T);
    });
  });
}

/**
 * Runs a program of the bench once, in a new process: a message in, a message out.
 * @param longest milliseconds after which it is killed
 */
export async function runOnce<T>(program: Program, message: object, longest = 300_000): Promise<T> {
  const child = startProgram(program);
  try {
    const answer = nextMessage<T>(child, program, longest);
    child.send(message);
    return await answer;
  } finally {
    child.kill("SIGKILL");
  }
}

export interface StandIns {
  /** For GEMINI_BASE_URL and SEARXNG_URL. */
  model: string;
  search: string;
  /** For ALLOWED_PRIVATE_HOSTS: the hosts of so many pages. */
  hosts: (pages: number) => string[];
  figures: () => Promise<{ model: StandInFigures; search: StandInFigures; pages: StandInFigures }>;
  stop: () => void;
}

type SettingsOf<P extends StandInSettings["part"]> = Omit<
  Extract<StandInSettings, { part: P }>,
  "part" | "faults"
>;

/** Starts the three stand-ins. `stop` must be called. */
export async function startStandIns(given: {
  model: SettingsOf<"model">;
  search: Omit<SettingsOf<"search">, "pagesPort">;
  pages: SettingsOf<"pages">;
  faults?: { share: number; seed: string };
}): Promise<StandIns> {
  const faults = given.faults ?? null;
  const begin = async (settings: StandInSettings) => {
    const child = startProgram("fake-services");
    const port = nextMessage<{ port: number }>(child, "fake-services", 30_000);
    child.send(settings);
    return { child, port: (await port).port };
  };
  const pages = await begin({ part: "pages", faults, ...given.pages });
  const search = await begin({ part: "search", faults, pagesPort: pages.port, ...given.search });
  const model = await begin({ part: "model", faults, ...given.model });
  const ask = async ({ child }: typeof pages): Promise<StandInFigures> => {
    const answer = nextMessage<StandInFigures>(child, "fake-services", 30_000);
    child.send({});
    return answer;
  };
  return {
    model: `http://127.0.0.1:${model.port}`,
    search: `http://127.0.0.1:${search.port}`,
    hosts: (count) => allowedHosts(count, pages.port),
    figures: async () => ({ model: await ask(model), search: await ask(search), pages: await ask(pages) }),
    stop: () => [model, search, pages].forEach(({ child }) => child.kill("SIGKILL")),
  };
}

/** A process beside the one that is measured, which finds how long the machine itself keeps one waiting. */
export async function startIdle(): Promise<{ block: () => Promise<number>; stop: () => void }> {
  const child = startProgram("idle-process");
  const ready = nextMessage(child, "idle-process", 30_000);
  child.send({});
  await ready;
  return {
    block: async () => {
      const answer = nextMessage<{ block: number }>(child, "idle-process", 30_000);
      child.send({});
      return (await answer).block;
    },
    stop: () => void child.kill("SIGKILL"),
  };
}

/** So many processes that do nothing but keep the machine busy. */
export async function startBusy(many: number): Promise<{ stop: () => void }> {
  const children = Array.from({ length: many }, () => startProgram("busy-process"));
  await Promise.all(children.map((child) => nextMessage(child, "busy-process", 60_000)));
  return { stop: () => children.forEach((child) => child.kill("SIGKILL")) };
}

const folders = new Set<string>();
process.once("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A temporary folder that is gone when the bench is. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), "deep-research-bench-"));
  folders.add(folder);
  return {
    path: folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      folders.delete(folder);
    },
  };
}

/** Where the bench is, on stderr. */
export function printProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function printNotices(notices: Record<string, number>): void {
  for (const [notice, count] of Object.entries(notices)) printProgress(`  ${count} × ${notice}`);
}

export function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
