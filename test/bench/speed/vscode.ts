import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { promisify } from "node:util";
import * as z from "zod";
import type { Part } from "./part.js";
import { median } from "./processes.js";

/* What the extension costs a window that has it: to activate, to load, to install. */

const ENTRY = "dist/extension.js";
const PACKAGE = "deep-research.vsix";

export async function vscode(runs: number): Promise<Part> {
  for (const file of [ENTRY, PACKAGE]) {
    if (!existsSync(file)) throw new Error(`There is no ${file}. Make it with: npm run package`);
  }
  // In the real workbench, which is installed first where it is missing.
  const { stdout } = await promisify(execFile)(process.execPath, ["test/host/activation.mjs", String(runs)]);
  const took = z.array(z.number()).parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
  const activation = median(took);
  const entry = statSync(ENTRY).size / 1000;
  const packed = statSync(PACKAGE).size / 1e6;
  return {
    rows: [
      {
        what: "VS Code: activation, by its own clock",
        measured: `${activation} ms (${took.join(", ")})`,
        reach: "≤ 20 ms",
        ok: activation <= 20,
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
      `VS Code: the packaged extension in the real workbench, the median of ${runs} windows: what “Show Running Extensions” ` +
        "says after the first command of ours, loading the bundle included.",
    ],
  };
}
