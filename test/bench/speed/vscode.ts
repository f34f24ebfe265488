import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { promisify } from "node:util";
import * as z from "zod";
import type { Part } from "./section.js";
import { median } from "./processes.js";

/* What the extension costs a window that has it: to activate, to load, to install. */

const ENTRY = "dist/extension.js";
const PACKAGE = "deep-research.vsix";

export async function measureVsCode(runs: number): Promise<Part> {
  for (const file of [ENTRY, PACKAGE]) {
    if (!existsSync(file)) throw new Error(`There is no ${file}. Make it with: npm run package`);
  }
  const windows = runs + 2;
  // In the real workbench, which is installed first where it is missing.
  const { stdout } = await promisify(execFile)(process.execPath, [
    "test/e2e/activation.mjs",
    String(windows),
  ]);
  const took = z
    .array(z.object({ own: z.number(), shown: z.number() }))
    .parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
  const own = took.map((each) => each.own);
  const shown = took.map((each) => each.shown);
  const entry = statSync(ENTRY).size / 1000;
  const packed = statSync(PACKAGE).size / 1e6;
  return {
    rows: [
      {
        what: "VS Code: activation: our code loaded and run, by its own clock",
        measured: `${median(own)} ms (${own.join(", ")})`,
        reach: "≤ 20 ms",
        ok: median(own) <= 20,
      },
      {
        what: "VS Code: the same with waiting until other extensions are loaded",
        measured: `${median(shown)} ms (${shown.join(", ")})`,
        reach: "",
        ok: null,
      },
      {
        what: "VS Code: the entry's bundle",
        measured: `${entry.toFixed(1)} kB`,
        reach: "≤ 60 kB",
        ok: entry <= 60,
      },
      { what: "VS Code: the .vsix", measured: `${packed.toFixed(2)} MB`, reach: "≤ 2 MB", ok: packed <= 2 },
    ],
    notes: [
      `VS Code: the packaged extension in the real workbench, the median of ${windows} windows in which a command of ours ` +
        "runs for the first time. Its extension host marks the beginning and the end of loading the entry's bundle and of " +
        "its activate(). What “Show Running Extensions” says begins where VS Code means to load several extensions, of which " +
        "the built-in ones, Markdown's among them, come first.",
    ],
  };
}
