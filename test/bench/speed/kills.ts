import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { environmentFor } from "./config.js";
import { journalsIn, linesOf, repeatsIn, type JournalLine } from "./journals.js";
import type { Part } from "./section.js";
import {
  median,
  quietEnvironment,
  printProgress,
  startBusy,
  startStandIns,
  temporaryFolder,
  type StandIns,
} from "./processes.js";
import { articleOf, seeded } from "./synthetic-web.js";

/*
 * The terminal program, killed with -9 at random moments of short runs and resumed: the report must be
 * the undisturbed one to the byte, and what had been completed must not be done again.
 */

const CLI = path.resolve("dist/cli.js");
const LATENCY = 30;
/** Runs at a time. */
const AT_ONCE = 4;
/** The share of resumed runs that are killed as well. */
const SECOND_KILL_SHARE = 0.5;
/** One run in so many is left alone, for its length. */
const MEASURED_EVERY = 10;
/** Milliseconds after which a run that does not end has failed. */
const RUN_LIMIT_MS = 300_000;

interface Engine {
  name: string;
  question: string;
  flags: string[];
  environment: Record<string, string>;
}

/** @param busy processes that keep the machine busy beside; what they slow down must not change a report */
export async function measureKills(each: number, busy = 0): Promise<Part> {
  const standIns = await startStandIns({
    model: { latency: LATENCY, amounts: { questions: 2, twice: 0, sections: 2, sentences: 4 } },
    search: { latency: LATENCY, hits: 3 },
    pages: { latency: LATENCY, characters: 2000 },
  });
  const load = await startBusy(busy);
  try {
    const found: KillResult[] = [];
    for (const engine of enginesWith(standIns)) found.push(await killsOf(engine, each));
    const all = sum(found);
    const beside = busy === 0 ? "" : `, ${busy} busy processes beside`;
    const told = found.map(
      ({ name, kills: count, length }) => `${name} ${count} over ${(length / 1000).toFixed(1)} s`,
    );
    return {
      rows: [
        {
          what: `kill -9 at random moments${beside}, then resume: reports equal to the undisturbed one`,
          measured: `${all.equal} of ${all.reports} after ${all.kills} kills (${told.join(", ")})`,
          reach: `all, ≥ ${each * 2} kills`,
          ok: all.equal === all.reports && all.kills >= each * 2,
        },
        {
          what: `kill -9 at random moments${beside}, then resume: completed calls repeated`,
          measured: `${all.repeated} of ${all.completed} (lost from the journal: ${all.lost})`,
          reach: "0",
          ok: all.repeated === 0 && all.lost === 0,
        },
      ],
      notes: [
        `Kills: uniform over the length of an undisturbed run, program's start included, ${AT_ONCE} runs at a time; every second or so ` +
          `resumed run is killed again. ${all.early} kills before there was a session and ${all.late} runs that had ended by ` +
          "then are not counted. Reports are compared with the session's id and the day of reading left out.",
      ],
    };
  } finally {
    load.stop();
    standIns.stop();
  }
}

function enginesWith(standIns: StandIns): Engine[] {
  return [
    {
      name: "Gemini",
      question: "How do coastal towns adapt their harbours?",
      flags: ["--source", "web", "--depth", "quick", "--max-sources", "4"],
      environment: environmentFor(standIns, 60),
    },
    {
      name: "offline",
      question: "What was measured about stone walls and ship traffic?",
      flags: ["--source", "workspace", "--depth", "standard"],
      environment: {},
    },
  ];
}

interface KillResult {
  name: string;
  /** Of an undisturbed run, in milliseconds. */
  length: number;
  kills: number;
  early: number;
  late: number;
  reports: number;
  equal: number;
  /** Calls that had been completed at the kills, those of them that were begun again, and those that are gone. */
  completed: number;
  repeated: number;
  lost: number;
}

type Counts = Omit<KillResult, "name" | "length">;
const NO_COUNTS: Counts = {
  kills: 0,
  early: 0,
  late: 0,
  reports: 0,
  equal: 0,
  completed: 0,
  repeated: 0,
  lost: 0,
};

function sum(counts: Counts[]): Counts {
  const total = { ...NO_COUNTS };
  for (const count of counts)
    for (const name of Object.keys(NO_COUNTS) as (keyof Counts)[]) total[name] += count[name];
  return total;
}

async function killsOf(engine: Engine, wanted: number): Promise<KillResult> {
  const undisturbed = await inParallel(AT_ONCE * 2, () => wholeRun(engine));
  const length = median(undisturbed.map((run) => run.took));
  const [reference] = undisturbed;
  const other = undisturbed.find((run) => run.report !== reference?.report);
  if (reference === undefined || other !== undefined) {
    if (reference !== undefined && other !== undefined)
      printProgress(differenceOf(engine, other, other.report, reference));
    throw new Error(`Undisturbed runs of ${engine.name} do not give the same report.`);
  }
  printProgress(
    `  ${engine.name}: an undisturbed run takes ${(length / 1000).toFixed(1)} s (exit ${reference.code ?? "none"})`,
  );
  let total = { ...NO_COUNTS };
  let next = 0;
  const lengths = undisturbed.map((run) => run.took);
  const work = async (): Promise<void> => {
    while (total.kills < wanted) {
      const random = seeded(`${engine.name} ${next++}`);
      // What a run takes changes with whatever else the machine does.
      if (next % MEASURED_EVERY === 0) lengths.push((await wholeRun(engine)).took);
      total = sum([total, await trial(engine, reference, median(lengths.slice(-3)), random)]);
      if (next % 25 === 0) printProgress(`  ${engine.name}: ${total.kills} kills`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { name: engine.name, length: median(lengths), ...total };
}

interface Whole {
  code: number | null;
  took: number;
  report: string;
  stderr: string;
}

async function wholeRun(engine: Engine): Promise<Whole> {
  const home = workspaceFor();
  try {
    const began = performance.now();
    const ended = await program(engine, home.workspace, [engine.question, ...engine.flags], null);
    const took = performance.now() - began;
    return { code: ended.code, took, report: reportOf(home, ended), stderr: ended.stderr };
  } finally {
    home.remove();
  }
}

/** One run, killed, resumed, perhaps killed again, and resumed to its end. */
async function trial(
  engine: Engine,
  reference: Whole,
  length: number,
  random: () => number,
): Promise<Counts> {
  const home = workspaceFor();
  const counts = { ...NO_COUNTS };
  const completed = new Set<string>();
  try {
    let args = [engine.question, ...engine.flags];
    for (let mayKill = true; ;) {
      const killAt = mayKill ? random() * length : null;
      const ended = await program(engine, home.workspace, args, killAt);
      const session = sessionIn(home.workspace);
      if (session === null) return { ...NO_COUNTS, early: 1 };
      if (ended.killed) {
        counts.kills++;
        for (const { type, key } of session.lines) if (type === "outcome") completed.add(key ?? "");
      } else if (counts.kills === 0) {
        return { ...NO_COUNTS, late: 1 };
      } else {
        counts.reports = 1;
        const same = ended.code === reference.code && reportOf(home, ended) === reference.report;
        counts.equal = same ? 1 : 0;
        if (!same) printProgress(differenceOf(engine, ended, reportOf(home, ended), reference));
        const keys = new Set(session.lines.map(({ type, key }) => (type === "outcome" ? key : undefined)));
        counts.completed = completed.size;
        counts.repeated = repeatsIn(session.lines);
        counts.lost = [...completed].filter((key) => !keys.has(key)).length;
        return counts;
      }
      args = ["resume", session.id];
      mayKill = random() < SECOND_KILL_SHARE;
    }
  } finally {
    home.remove();
  }
}

interface Home {
  workspace: string;
  remove: () => void;
}

/** A workspace with a few documents, fresh. */
function workspaceFor(): Home {
  const folder = temporaryFolder();
  const workspace = path.join(folder.path, "workspace");
  mkdirSync(path.join(workspace, "docs"), { recursive: true });
  for (let n = 1; n <= 12; n++) {
    const { title, sections } = articleOf("stone walls ship traffic", n, 2000);
    const parts = sections.map(({ heading, paragraphs }) =>
      [`## ${heading}`, ...paragraphs.map((sentences) => sentences.join(" "))].join("\n\n"),
    );
    writeFileSync(path.join(workspace, "docs", `${n}.md`), `# ${title}\n\n${parts.join("\n\n")}\n`);
  }
  return { workspace, remove: folder.remove };
}

interface Ended {
  code: number | null;
  killed: boolean;
  stdout: string;
  stderr: string;
}

/** Runs the built program, and kills it after so many milliseconds where it has not ended by then. */
function program(engine: Engine, workspace: string, args: string[], killAt: number | null): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args, "--workspace", workspace], {
      cwd: workspace,
      env: { ...quietEnvironment(), ...engine.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => (said.stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (said.stderr += String(chunk)));
    const timer = setTimeout(() => child.kill("SIGKILL"), killAt ?? RUN_LIMIT_MS);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      if (signal !== null && killAt === null) reject(new Error(`A run did not end:\n${said.stderr}`));
      else resolve({ code, killed: signal !== null, ...said });
    });
  });
}

/** The one session of a workspace; null where none was begun. */
function sessionIn(workspace: string): { id: string; lines: JournalLine[] } | null {
  const [journal] = journalsIn(path.join(workspace, "data/sessions"));
  const lines = journal === undefined ? null : linesOf(journal);
  return journal === undefined || lines === null ? null : { id: path.basename(path.dirname(journal)), lines };
}

/** The report's text without the session's id and the day of reading; what was printed where there is none. */
function reportOf({ workspace }: Home, { stdout }: Ended): string {
  const file = stdout.trim().split("\n").at(-1) ?? "";
  const session = sessionIn(workspace);
  if (!file.endsWith(".md") || session === null) return stdout;
  const text = readFileSync(path.join(workspace, file), "utf8");
  return text.replaceAll(session.id, "ID").replace(/\b\d{4}-\d{2}-\d{2}\b/g, "DAY");
}

function differenceOf(
  engine: Engine,
  ended: Pick<Ended, "code" | "stderr">,
  report: string,
  reference: Whole,
): string {
  const [is, was] = [report.split("\n"), reference.report.split("\n")];
  const at = is.findIndex((line, index) => line !== was[index]);
  return [
    `  ${engine.name}: another report (exit ${ended.code ?? "none"}), at line ${at + 1}:`,
    `    is:  ${is[at] ?? ""}`,
    `    was: ${was[at] ?? ""}`,
    ended.stderr.trim().split("\n").slice(-3).join("\n"),
  ].join("\n");
}

async function inParallel<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next++ < count) results.push(await work());
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
