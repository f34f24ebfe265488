import * as vscode from "vscode";
import { SNAPSHOT_SCHEME, type SnapshotDocuments } from "./snapshot-documents.js";

/** Highlights the report's quotes in a snapshot: strongly at the cursor, lightly elsewhere. */
export function createSnapshotDecorations(snapshots: SnapshotDocuments): vscode.Disposable {
  const color = (name: string): vscode.ThemeColor => new vscode.ThemeColor(name);
  const ruler = {
    overviewRulerLane: vscode.OverviewRulerLane.Center,
    overviewRulerColor: color("editorOverviewRuler.findMatchForeground"),
  };
  const here = vscode.window.createTextEditorDecorationType({
    ...ruler,
    backgroundColor: color("editor.findMatchHighlightBackground"),
    border: "1px solid",
    borderColor: color("editor.findMatchHighlightBorder"),
  });
  const others = vscode.window.createTextEditorDecorationType({
    ...ruler,
    backgroundColor: color("editor.wordHighlightBackground"),
  });
  const mark = async (editor: vscode.TextEditor): Promise<void> => {
    const { document, selection } = editor;
    if (document.uri.scheme !== SNAPSHOT_SCHEME) return;
    const quotes = await snapshots.quotesIn(document.uri);
    const current = quotes.filter(({ range }) => range.contains(selection.start));
    const otherQuotes = quotes.filter((each) => !current.includes(each));
    editor.setDecorations(here, current.map(decoration));
    editor.setDecorations(others, otherQuotes.map(decoration));
  };
  const all = (): void => vscode.window.visibleTextEditors.forEach((editor) => void mark(editor));
  all();
  return vscode.Disposable.from(
    here,
    others,
    vscode.window.onDidChangeVisibleTextEditors(all),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => void mark(textEditor)),
  );
}

function decoration({ n, range }: { n: string; range: vscode.Range }): vscode.DecorationOptions {
  return { range, hoverMessage: vscode.l10n.t("Quote {0} of the report", n) };
}
