import * as vscode from "vscode";
import * as z from "zod";
import { WindowProblem } from "../errors.js";
import { isReport } from "./checked-documents.js";

/* What our commands are called with, by a hover, a lens, a fix or a caller of any kind. */

export const CitationArgument = z.object({
  report: z.string(),
  /** "S.Q" or "S"; empty where the list of sources is meant. */
  n: z.string().regex(/^(?:\d{1,6}(?:\.\d{1,6})?)?$/),
  at: z.enum(["entry", "snapshot", "file", "sources"]),
});

export const SentenceArgument = z.object({
  report: z.string(),
  /** 1-based; null for the report as a whole. */
  line: z.number().int().positive().nullable(),
  /** 0-based column. */
  start: z.number().int().min(0),
});
export type SentenceArgument = z.infer<typeof SentenceArgument>;

/** The report that is named. @throws WindowProblem where it is none of ours */
export async function openNamedReport(address: string): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.parse(address, true);
  const document = uri.scheme === "file" ? await vscode.workspace.openTextDocument(uri) : null;
  if (document === null || !isReport(document)) {
    throw new WindowProblem("no-report", vscode.l10n.t("This is not a Deep Research report."));
  }
  return document;
}
