import * as vscode from "vscode";
import type { TextEdit } from "../../core/report/report-edits.js";
import type { ParsedReport, ParsedSentence, TextRange } from "../../core/report/parse-report.js";
import type { RecheckRequest } from "../../app/recheck-sentence.js";
import { toRange } from "./locations.js";
import { sourceName } from "./source-links.js";

export function toRecheckRequest(
  read: ParsedReport,
  { text, citations, block }: Pick<ParsedSentence, "text" | "citations" | "block">,
): RecheckRequest {
  return {
    session: read.fields.get("session") ?? "",
    text,
    quotes: citations.flatMap(({ n, source: number, quote: q }) => {
      const source = read.sources.get(number);
      const quote = q === null ? undefined : source?.quotes[q - 1];
      return source === undefined || quote === undefined ? [] : [{ n, quote, source: sourceName(source) }];
    }),
    grounded: citations.some(({ quote }) => quote === null),
    isBlock: block !== null,
  };
}

/** Applies edits to a document in one step, so that one undo reverts them. */
export async function applyEdits(uri: vscode.Uri, edits: TextEdit[]): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  for (const { at, text } of edits) edit.replace(uri, toRange(at), text);
  return vscode.workspace.applyEdit(edit);
}

export function toWorkspaceEdit(uri: vscode.Uri, edits: TextEdit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { at, text } of edits) edit.replace(uri, toRange(at), text);
  return edit;
}

/** The plain text of a range that cites nothing. */
export function plainTextOf(document: vscode.TextDocument, stretch: TextRange): string {
  return document.getText(toRange(stretch));
}
