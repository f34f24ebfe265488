import * as vscode from "vscode";
import { WindowProblem } from "../errors.js";
import { CitationArgument, openNamedReport } from "./command-arguments.js";
import type { CheckedDocuments } from "./checked-documents.js";
import { currentFileLocation, toRange } from "./locations.js";
import type { SnapshotDocuments } from "./snapshot-documents.js";

/**
 * Opens the source of a citation: its entry in the report, its snapshot, or its file.
 * @param column where to open it; by default in the active group
 */
export async function openCitation(
  argument: unknown,
  reports: CheckedDocuments,
  snapshots: SnapshotDocuments,
  column = vscode.ViewColumn.Active,
): Promise<void> {
  const { report, n, at } = CitationArgument.parse(argument);
  const document = await openNamedReport(report);
  const checked = await reports.of(document);
  if (checked === null) return;
  const [number = 0, quote] = n.split(".").map(Number);
  const source = checked.read.sources.get(number);
  if (at === "sources" || source === undefined) {
    const heading = new vscode.Range(checked.read.lines.sources - 1, 0, checked.read.lines.sources - 1, 0);
    await show(document.uri, heading, column);
  } else if (at === "entry") {
    await show(
      document.uri,
      toRange((quote === undefined ? undefined : source.quotesAt[quote - 1]) ?? source),
      column,
    );
  } else if (at === "snapshot") {
    await snapshots.show(document.uri, checked, number, quote ?? null, column);
  } else {
    const file = currentFileLocation(document.uri, source, checked.quotes.get(n)?.today ?? null);
    if (file === null) {
      throw new WindowProblem(
        "no-quote",
        vscode.l10n.t(
          "The file of source {0} no longer contains this quote. Its snapshot still does.",
          number,
        ),
      );
    }
    await show(file.uri, file.range, column);
  }
}

async function show(uri: vscode.Uri, selection: vscode.Range, viewColumn: vscode.ViewColumn): Promise<void> {
  const editor = await vscode.window.showTextDocument(uri, { selection, viewColumn });
  editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
