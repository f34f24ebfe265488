/*
 * How fast the engine is, how it bears many sessions at once, and that a kill loses nothing: one table
 * from one run, against stand-ins with latency.
 *
 *   node out/bench/speed.js                  all parts; the table is kept in test/bench/last-table.md
 *   … --only pipeline                        one part alone; nothing is kept
 *   … --runs 5                               runs of which the median is taken (3)
 *   … --kills 50                             kills of each engine (150)
 *   … --busy 8                               processes that keep the machine busy during the kills (0)
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Part } from "./speed/section.js";
import { kills } from "./speed/kills.js";
import { listing } from "./speed/listing.js";
import { many } from "./speed/concurrency.js";
import { pipeline } from "./speed/pipeline.js";
import { say } from "./speed/processes.js";
import { providers } from "./speed/providers.js";
import { vscode } from "./speed/vscode.js";
import { workspace } from "./speed/workspace.js";
import { table, type Row } from "./results-table.js";

const KEPT = "test/bench/last-table.md";

interface Amounts {
  runs: number;
  kills: number;
  busy: number;
}

const PARTS: Record<string, (amounts: Amounts) => Promise<Part>> = {
  pipeline: ({ runs }) => pipeline(runs),
  providers: ({ runs }) => providers(runs),
  many: () => many(),
  kills: (amounts) => kills(amounts.kills, amounts.busy),
  listing: ({ runs }) => listing(runs),
  workspace: () => workspace(),
  vscode: ({ runs }) => vscode(runs),
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      runs: { type: "string", default: "3" },
      kills: { type: "string", default: "150" },
      busy: { type: "string", default: "0" },
    },
  });
  const { only } = values;
  if (only !== undefined && PARTS[only] === undefined) {
    throw new Error(`There is no part “${only}”. There are: ${Object.keys(PARTS).join(", ")}.`);
  }
  const amounts = { runs: Number(values.runs), kills: Number(values.kills), busy: Number(values.busy) };
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (only !== undefined && only !== name) continue;
    say(`${name} …`);
    const began = performance.now();
    const found = await part(amounts);
    rows.push(...found.rows);
    notes.push(...found.notes);
    say(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
  const shown = [table(rows), "", ...notes.map((note) => `- ${note}`), ""].join("\n");
  process.stdout.write(shown);
  if (only === undefined) keep(shown);
}

/** Keeps the table of a whole run, with what it was made on: never a path or a name of the machine. */
function keep(shown: string): void {
  const day = new Date().toISOString().slice(0, 10);
  const made = `Made on ${day} by \`npm run bench\`, with Node ${process.versions.node} on ${cpus().length} processors.`;
  writeFileSync(KEPT, `# The bench's last table\n\n${made}\n\n${shown}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
