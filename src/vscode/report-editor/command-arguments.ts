import * as vscode from "vscode";
import * as z from "zod";
import { WindowProblem } from "../errors.js";
import { isReport } from "./checked-documents.js";
import { toDiskPath } from "../virtual/virtual-paths.js";

/* The arguments of report commands. They come from hovers, lenses, fixes or any other caller. */

export const CitationArgument = z.object({
  report: z.string(),
  /** "S.Q" or "S"; empty for the list of sources. */
  n: z.string().regex(/^(?:\d{1,6}(?:\.\d{1,6})?)?$/),
  at: z.enum(["entry", "snapshot", "file", "sources"]),
});

export const SentenceArgument = z.object({
  report: z.string(),
  /** 1-based; null for the whole report. */
  line: z.number().int().positive().nullable(),
  /** 0-based column. */
  start: z.number().int().min(0),
});
export type SentenceArgument = z.infer<typeof SentenceArgument>;

/** Opens the report with this address. @throws WindowProblem if it is not a report */
export async function openNamedReport(address: string): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.parse(address, true);
  const document = toDiskPath(uri) !== null ? await vscode.workspace.openTextDocument(uri) : null;
  if (document === null || !isReport(document)) {
    throw new WindowProblem("no-report", vscode.l10n.t("This is not a Deep Research report."));
  }
  return document;
}
