/*
 * Research over a folder of 10,000 files: what the first question takes, what the next one takes in
 * another process, and what either leaves to the process that asks.
 */
import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Answer } from "./research-process.js";
import { makeLargeFolder, type Fact } from "./large-folder.js";
import type { Row } from "../results-table.js";
import { programFile } from "./processes.js";
import type { Part } from "./section.js";

const FOLDER = { files: 10_000, bytes: 100_000_000, seed: 7 };
/** Seconds, MB and milliseconds that are to be reached. */
const REACH = { first: 20, next: 1, changed: 2, memory: 300, held: 50 };

async function ask(root: string, cache: string, { question }: Fact): Promise<Answer> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    programFile("research-process"),
    root,
    cache,
    question,
  ]);
  return JSON.parse(stdout) as Answer;
}

/** Seconds to read every file of a folder, one after the other. */
async function readAll(root: string): Promise<number> {
  const began = performance.now();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await readFile(path.join(entry.parentPath, entry.name));
  }
  return (performance.now() - began) / 1000;
}

export async function measureWorkspace(): Promise<Part> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "deep-research-large-"));
  const [root, cache] = [path.join(folder, "root"), path.join(folder, "cache")];
  try {
    const facts = await makeLargeFolder(root, FOLDER);
    const [one, two, ...others] = facts;
    if (one === undefined || two === undefined) throw new Error("The folder holds no facts.");
    const bare = await readAll(root);
    const first = await ask(root, cache, one);
    const later: (Answer & { fact: Fact })[] = [];
    for (const fact of [two, ...others]) later.push({ fact, ...(await ask(root, cache, fact)) });
    await appendFile(path.join(root, one.file), "\nThe heron is fed on Mondays.\n");
    const changed = await ask(root, cache, { question: "When is the heron fed?", file: one.file });
    const firstHits = [{ fact: one, ...first }, ...later];
    const found = firstHits.filter(({ fact, files }) => files[0] === fact.file).length;
    const most = (of: (answer: Answer) => number): number => Math.max(...later.map(of));
    const typical = later.map(({ seconds }) => seconds).sort((x, y) => x - y)[later.length >> 1] ?? 0;

    const rows: Row[] = [];
    const held = (what: string, value: number, reach: number, unit: string, beside = ""): void => {
      rows.push({
        what: `a workspace of ${FOLDER.files.toLocaleString("en")} files, ${FOLDER.bytes / 1e6} MB: ${what}`,
        measured: `${value.toPrecision(3)} ${unit}${beside}`,
        reach: `≤ ${reach} ${unit}`,
        ok: value <= reach,
      });
    };
    const reading = ` (reading its files alone: ${bare.toPrecision(2)} s)`;
    held("first question, from the start of the process", first.seconds, REACH.first, "s", reading);
    held(
      "the next question, in a new process",
      typical,
      REACH.next,
      "s",
      ` (the median of ${later.length}; the slowest ${most(({ seconds }) => seconds).toPrecision(3)} s)`,
    );
    held("a question after a file changed, in a new process", changed.seconds, REACH.changed, "s");
    held("memory over idle, first question", first.memory, REACH.memory, "MB");
    held(
      "memory over idle, next question",
      most(({ memory }) => memory),
      REACH.memory,
      "MB",
    );
    held("longest block of the event loop, first question", first.held, REACH.held, "ms");
    held(
      "longest block of the event loop, next question",
      most(({ held: block }) => block),
      REACH.held,
      "ms",
    );
    rows.push({
      what: "the one file that holds the answer is the first hit",
      measured: `${found} of ${facts.length}`,
      reach: "all",
      ok: found === facts.length,
    });
    rows.push({
      what: "what was just written is found",
      measured: changed.files[0] === one.file ? "yes" : "no",
      reach: "yes",
      ok: changed.files[0] === one.file,
    });
    return { rows, notes: [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
