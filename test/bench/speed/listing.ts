import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { SCHEMA, type Header, type JournalLine } from "../../../src/storage/sessions/journal-schema.js";
import { createSessionId } from "../../../src/storage/sessions/session.js";
import type { Part } from "./section.js";
import { median, quietEnvironment, runOnce, printProgress, startIdle, temporaryFolder } from "./processes.js";
import { articleOf, seeded } from "./synthetic-web.js";

/* Ten thousand sessions, listed by a process that has seen none of them. */

const SESSIONS = 10_000;
const BIG = 64 * 1024 * 1024;

export async function measureListing(runs: number): Promise<Part> {
  const folder = temporaryFolder();
  const data = path.join(folder.path, "data");
  const sessions = path.join(data, "sessions");
  try {
    const bytes = makeSessions(sessions);
    const made = new Set(readdirSync(sessions));
    printProgress(`  ${SESSIONS} sessions made, ${(bytes / SESSIONS / 1000).toFixed(1)} kB each`);
    const took: { milliseconds: number; block: number; idle: number; program: number; bare: number }[] = [];
    for (let run = 1; run <= runs; run++) {
      const idle = await startIdle();
      const list = (bare: boolean): Promise<{ milliseconds: number; block: number; count: number }> =>
        runOnce("listing-process", { sessions, bare });
      const listed = await list(false);
      if (listed.count !== SESSIONS) throw new Error(`${listed.count} sessions were listed.`);
      forget(data, made);
      const program = listedByProgram(folder.path);
      forget(data, made);
      const { milliseconds: bare } = await list(true);
      took.push({ ...listed, program, bare, idle: await idle.block() });
      idle.stop();
      printProgress(`  ${run} of ${runs}: ${listed.milliseconds.toFixed(0)} ms`);
    }
    const milliseconds = median(took.map((each) => each.milliseconds));
    const block = median(took.map((each) => each.block));
    const idle = median(took.map((each) => each.idle));
    const bare = median(took.map((each) => each.bare));
    const program = median(took.map((each) => each.program));
    return {
      rows: [
        {
          what: `${SESSIONS.toLocaleString("en")} sessions listed by a new process`,
          measured: `${milliseconds.toFixed(0)} ms (${(milliseconds / bare).toFixed(1)} × opening and reading the files)`,
          reach: "≤ 300 ms",
          ok: milliseconds <= 300,
        },
        {
          what: `${SESSIONS.toLocaleString("en")} sessions listed: longest block of the event loop`,
          measured: `${block.toFixed(0)} ms (an idle process beside it: ${idle.toFixed(0)} ms)`,
          reach: "≤ 50 ms",
          ok: block <= 50,
        },
        {
          what: `${SESSIONS.toLocaleString("en")} sessions: deep-research sessions --json, from its start to its end`,
          measured: `${program.toFixed(0)} ms`,
          reach: "",
          ok: null,
        },
      ],
      notes: [
        `Listing: the median of ${runs} new processes. Journals of 20 lines and ${(bytes / SESSIONS / 1000).toFixed(0)} kB; whatever a ` +
          "listing leaves behind is removed before the next. The files were written just before, so that the system has them in memory.",
      ],
    };
  } finally {
    folder.remove();
  }
}

/** Removes what a listing left behind, so that the next one begins with the journals alone. */
function forget(data: string, made: Set<string>): void {
  const left = (folder: string, known: Set<string>): string[] =>
    readdirSync(folder)
      .filter((name) => !known.has(name))
      .map((name) => path.join(folder, name));
  for (const file of [...left(data, new Set(["sessions"])), ...left(path.join(data, "sessions"), made)])
    rmSync(file, { recursive: true });
}

function listedByProgram(workspace: string): number {
  const began = performance.now();
  const args = [path.resolve("dist/cli.js"), "sessions", "--json", "--workspace", workspace];
  execFileSync(process.execPath, args, { env: quietEnvironment(), maxBuffer: BIG });
  return performance.now() - began;
}

/** Writes the sessions. @returns bytes in all */
function makeSessions(sessions: string): number {
  let bytes = 0;
  for (let n = 0; n < SESSIONS; n++) {
    const started = new Date(Date.UTC(2026, 0, 1) + n * 997_000);
    const question = `What is known about case ${n} of the harbour?`;
    const id = createSessionId(question, started);
    mkdirSync(path.join(sessions, id), { recursive: true });
    const text = journalOf(id, question, started);
    bytes += Buffer.byteLength(text);
    writeFileSync(path.join(sessions, id, "journal.jsonl"), text);
  }
  return bytes;
}

/** A journal as a short run leaves it; every tenth was cut off before its end. */
function journalOf(id: string, question: string, started: Date): string {
  const random = seeded(id);
  const header: Header = {
    schema: SCHEMA,
    id,
    question,
    started: started.toISOString(),
    engine: "gemini",
    depth: "quick",
    maxSources: 10,
    pages: [],
    scope: ["web"],
    environment: "production",
  };
  const at = started.toISOString();
  const about = { kind: "model", task: { type: "extract", title: "a page of the harbour" }, at } as const;
  const steps = Array.from({ length: 8 }, (_, index): JournalLine[] => {
    const key = Array.from({ length: 4 }, () =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    ).join("");
    const value = articleOf(question, index, 0).title.repeat(10);
    const usage = { in: 1200, out: 300, usd: 0.001 };
    return [
      { type: "intent", key, ...about },
      { type: "outcome", key, ...about, by: "gemini-3.8-flash", usage, milliseconds: 900, value },
    ];
  });
  const lines: (Header | JournalLine)[] = [
    header,
    { type: "asked", header },
    ...steps.flat(),
    {
      type: "evidence",
      at,
      evidence: [{ id: "e1", sha256: "0".repeat(64), start: 0, end: 90, check: "exact" }],
    },
  ];
  const report = `data/reports/${at.slice(0, 10)}-a-case-of-the-harbour.md`;
  if (random() > 0.1) lines.push({ type: "ended", at, status: "done", report, error: null });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
