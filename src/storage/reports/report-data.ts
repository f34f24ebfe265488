import path from "node:path";
import * as z from "zod";
import { PRIVATE_FILE, writeFileAtomic } from "../../common/files.js";
import { parseJson } from "../../common/parse-json.js";
import { readRegularText } from "../../common/read-file.js";
import { SessionReport } from "../../core/pipeline/refresh.js";
import { REPORT_DATA_LIMITS } from "../file-limits.js";
import { sha256Hex } from "../../common/hash.js";

/*
 * The report as data, beside the journal: with its evidence, sources, plan and open gaps. The Markdown is rendered from
 * it, and whatever needs the report's structure reads it here. The journal holds the file's hash.
 */

/** The version of the file that this code writes. */
const SCHEMA = 1;

const ReportData = SessionReport.extend({ schema: z.literal(SCHEMA) });

function reportDataPath(sessionFolder: string): string {
  return path.join(sessionFolder, "report.json");
}

/**
 * Writes the report of a session.
 * @returns the file's SHA-256, in hex
 * @throws ResearchError "cannot-write"
 */
export async function saveReportData(sessionFolder: string, data: SessionReport): Promise<string> {
  const text = `${JSON.stringify({ schema: SCHEMA, ...data }, null, 1)}\n`;
  await writeFileAtomic(reportDataPath(sessionFolder), text, PRIVATE_FILE);
  return sha256Hex(text);
}

/**
 * Reads the report of a session.
 * @param expected the file's hash, as the journal has it
 * @returns null where the file is missing, damaged, changed, or of another version
 */
export async function readReportData(sessionFolder: string, expected: string): Promise<SessionReport | null> {
  const text = await readRegularText(reportDataPath(sessionFolder), REPORT_DATA_LIMITS).catch(() => null);
  if (text === null || sha256Hex(text) !== expected) return null;
  const data = ReportData.safeParse(parseJson(text));
  if (!data.success) return null;
  const { report, plan, gaps } = data.data;
  return { report, plan, gaps };
}
