import * as vscode from "vscode";
import { loadSessionQuotes, type SessionQuote } from "../../app/session-quotes.js";
import { loadWorkspaceConfig } from "../workspace-config.js";
import type { SourceNode } from "./nodes.js";

/** The quotes of a source in the view; none if its session gives no report. */
export async function quotesOfSource({ session, source }: SourceNode): Promise<SessionQuote[]> {
  if (source.sha256 === null || session.listed.report === null) return [];
  const { folder, id } = session;
  session.quotes ??= loadWorkspaceConfig(folder, null).then((config) =>
    loadSessionQuotes(config, id, new AbortController().signal),
  );
  const quotes = await session.quotes.catch(() => null);
  // What failed may work another time.
  if (quotes === null) delete session.quotes;
  return quotes?.get(source.sha256) ?? [];
}

/** Opens a file with a quote selected; without one, or where it is not found, at the quote's lines. */
export async function openAtQuote(uri: vscode.Uri, quote: SessionQuote | undefined): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const selection = quote === undefined ? undefined : rangeOfQuote(document, quote);
  await vscode.window.showTextDocument(document, {
    preview: true,
    ...(selection === undefined ? {} : { selection }),
  });
}

function rangeOfQuote(
  document: vscode.TextDocument,
  { quote, lines }: SessionQuote,
): vscode.Range | undefined {
  const text = document.getText();
  const lineStart = lines === null ? 0 : document.offsetAt(new vscode.Position(lines[0] - 1, 0));
  const start = [text.indexOf(quote, lineStart), text.indexOf(quote)].find((at) => at >= 0);
  if (start !== undefined)
    return new vscode.Range(document.positionAt(start), document.positionAt(start + quote.length));
  if (lines === null) return undefined;
  const [first, last] = lines.map((line) => Math.min(line, document.lineCount) - 1);
  return new vscode.Range(first ?? 0, 0, last ?? 0, document.lineAt(last ?? 0).text.length);
}
