/*
 * The figures of evidence and of hostile input, as one table.
 *
 *   node out/bench/quality.js [MATERIAL]   folder of sets; EVIDENCE_MATERIAL, else ../shared/material
 *   … --only planted                        one part alone
 */
import { existsSync } from "node:fs";
import path from "node:path";
import * as documents from "./document-formats.js";
import * as extraction from "./extraction.js";
import * as firstPaint from "./first-paint.js";
import * as fetching from "./fetch.js";
import * as formats from "./formats.js";
import * as gold from "./recall.js";
import * as large from "./large-files.js";
import * as planted from "./injected-errors.js";
import * as preview from "./preview.js";
import * as strings from "./hostile-strings.js";
import * as truth from "./truth.js";
import { renderTable, type Row } from "./results-table.js";

const PARTS: Record<string, (material: string) => Promise<Row[]>> = {
  extraction: extraction.rows,
  documents: documents.rows,
  formats: formats.rows,
  gold: gold.rows,
  large: large.rows,
  sites: gold.siteRows,
  planted: planted.rows,
  truth: truth.rows,
  strings: strings.rows,
  fetch: fetching.rows,
  preview: preview.rows,
  "first-paint": firstPaint.rows,
};

async function main(args: string[]): Promise<void> {
  const at = args.indexOf("--only");
  const only = at >= 0 ? args[at + 1] : undefined;
  const [given] = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  const material = path.resolve(given ?? process.env["EVIDENCE_MATERIAL"] ?? "../shared/material");
  if (!existsSync(material))
    process.stderr.write(`${material} is not there: only our own samples are used.\n`);
  const rows: Row[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (only === undefined || only === name) rows.push(...(await part(material)));
  }
  process.stdout.write(`${renderTable(rows)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
