import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { EMPTY_READING } from "../../src/core/domain/empty-reading.js";
import { renderReport } from "../../src/core/report/render-report.js";
import { SCHEMA } from "../../src/storage/sessions/journal-schema.js";
import { SnapshotFiles } from "../../src/storage/sessions/snapshots.js";
import { recordOfReport } from "./report-record.js";
import { aReport } from "./report.js";

/** A report whose sentence was checked, with its session. */
export interface CheckedReport {
  file: string;
  markdown: string;
}

/** Where the sentence stands in its report. */
export type Place = "summary" | "section" | "table";
export const PLACES: readonly Place[] = ["summary", "section", "table"];

/**
 * Writes a report with one sentence that cites the first of two quotes, and its session as a run leaves it.
 * @param number tells the reports of a folder apart
 */
export async function writeCheckedReport(
  workspace: string,
  number: number,
  {
    sentence,
    quotes,
    place,
  }: {
    sentence: string;
    quotes: [string, string];
    place: Place;
  },
): Promise<CheckedReport> {
  const id = `20261122-101500-what-is-it-${number.toString(16).padStart(4, "0")}`;
  const session = path.join(workspace, "data/sessions", id);
  const text = quotes.join("\n\n");
  const source = await new SnapshotFiles(path.join(session, "sources")).keep(
    { kind: "workspace", path: `docs/${number}.md` },
    { title: "Text", text, commit: null, ...EMPTY_READING },
    new Date("2026-11-22T10:15:00Z"),
  );
  const claim = { text: sentence, evidence: ["e1"], verdict: "supported" as const, reason: "" };
  const filler = { text: quotes[1], evidence: ["e2"], verdict: "supported" as const, reason: "" };
  const base = aReport({ quotes, claims: [{ text: place === "summary" ? sentence : quotes[0] }, { text: quotes[1] }], sources: [source], session: id }); // prettier-ignore
  const isTable = place === "table";
  const report = {
    ...base,
    evidence: base.evidence.map((each, index) => ({ ...each, lines: [1 + 2 * index, 1 + 2 * index] as [number, number] })),
    sections: place === "summary" ? [] : [{ heading: "More", paragraphs: isTable ? [[filler]] : [[claim, filler]], table: isTable ? { columns: ["what", "is"], rows: [{ ...claim, cells: [sentence, "so"] }] } : null }],
  }; // prettier-ignore
  const markdown = renderReport(report, { workspace: "../..", session: `../sessions/${id}` });
  const file = path.join(workspace, "data/reports", `${number}.md`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, markdown);
  const header = {
    schema: SCHEMA, id, question: "What is it?", started: "2026-11-22T10:15:00.000Z", engine: "offline",
    depth: "standard", maxSources: 10, pages: [], scope: ["workspace"], environment: "production",
  }; // prettier-ignore
  const written = {
    type: "written",
    at: "2026-11-22T10:16:00.000Z",
    ...recordOfReport(markdown),
  };
  const lines = [header, written].map((line) => `${JSON.stringify(line)}\n`).join("");
  await writeFile(path.join(session, "journal.jsonl"), lines);
  return { file, markdown };
}
