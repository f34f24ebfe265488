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
import { measureKills } from "./speed/kills.js";
import { measureListing } from "./speed/listing.js";
import { measureConcurrency } from "./speed/concurrency.js";
import { measurePipeline } from "./speed/pipeline.js";
import { printProgress } from "./speed/processes.js";
import { measureProviders } from "./speed/providers.js";
import { measureVsCode } from "./speed/vscode.js";
import { measureWorkspace } from "./speed/workspace.js";
import { renderTable, type Row } from "./results-table.js";

const TABLE_FILE = "test/bench/last-table.md";

interface Amounts {
  runs: number;
  kills: number;
  busy: number;
}

const PARTS: Record<string, (amounts: Amounts) => Promise<Part>> = {
  pipeline: ({ runs }) => measurePipeline(runs),
  providers: ({ runs }) => measureProviders(runs),
  many: () => measureConcurrency(),
  kills: (amounts) => measureKills(amounts.kills, amounts.busy),
  listing: ({ runs }) => measureListing(runs),
  workspace: () => measureWorkspace(),
  vscode: ({ runs }) => measureVsCode(runs),
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
    printProgress(`${name} …`);
    const began = performance.now();
    const found = await part(amounts);
    rows.push(...found.rows);
    notes.push(...found.notes);
    printProgress(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
  const shown = [renderTable(rows), "", ...notes.map((note) => `- ${note}`), ""].join("\n");
  process.stdout.write(shown);
  if (only === undefined) writeTableFile(shown);
}

/** Keeps the table of a whole run, with what it was made on: never a path or a name of the machine. */
function writeTableFile(shown: string): void {
  const day = new Date().toISOString().slice(0, 10);
  const made = `Made on ${day} by \`npm run bench\`, with Node ${process.versions.node} on ${cpus().length} processors.`;
  writeFileSync(TABLE_FILE, `# The bench's last table\n\n${made}\n\n${shown}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
