import * as vscode from "vscode";
import type { Edit } from "../../core/report/report-edits.js";
import type { ReadReport, ReadSentence, Stretch } from "../../core/report/parse-report.js";
import type { Recheck } from "../../app/recheck-sentence.js";
import { nameOf, rangeOf } from "./locations.js";

/** The citing sentence at a place of the report: the one there, else the line's first. */
export function sentenceAt({ sentences }: ReadReport, line: number, start: number): ReadSentence | null {
  const there = sentences.filter((each) => each.line === line);
  const last = (each: ReadSentence): number => each.mark?.end ?? each.citations.at(-1)?.end ?? each.end;
  return there.find((each) => start >= each.start && start <= last(each)) ?? there[0] ?? null;
}

/** A sentence as it goes to its check. */
export function recheckOf(
  read: ReadReport,
  { text, citations }: Pick<ReadSentence, "text" | "citations">,
): Recheck {
  return {
    session: read.fields.get("session") ?? "",
    text,
    quotes: citations.flatMap(({ n, source: number, quote: q }) => {
      const source = read.sources.get(number);
      const quote = q === null ? undefined : source?.quotes[q - 1];
      return source === undefined || quote === undefined ? [] : [{ n, quote, source: nameOf(source) }];
    }),
    grounded: citations.some(({ quote }) => quote === null),
  };
}

/** Applies edits of a document's text, in one step that one undo takes back. */
export async function applyEdits(uri: vscode.Uri, edits: Edit[]): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  for (const { at, text } of edits) edit.replace(uri, rangeOf(at), text);
  return vscode.workspace.applyEdit(edit);
}

export function editOf(uri: vscode.Uri, edits: Edit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { at, text } of edits) edit.replace(uri, rangeOf(at), text);
  return edit;
}

/** The plain text of a stretch that cites nothing. */
export function textAt(document: vscode.TextDocument, stretch: Stretch): string {
  return document.getText(rangeOf(stretch));
}
