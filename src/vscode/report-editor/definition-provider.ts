import * as vscode from "vscode";
import type { CheckedText } from "../../app/check-report.js";
import type { CheckedDocuments } from "./checked-documents.js";
import { sourceEntryAt, currentFileLocation, rangeOfOffsets, toRange } from "./locations.js";
import { snapshotUri } from "./snapshot-documents.js";
import { findLinkTargets } from "../../core/text/linear-search.js";

/**
 * Goes from a citation to its quote in the list of sources, and from there to the workspace file (if it still
 * contains the quote) and the snapshot. Link targets are left to VS Code's Markdown support.
 */
export function createDefinitionProvider(reports: CheckedDocuments): vscode.DefinitionProvider {
  return {
    provideDefinition: async (document, position) => {
      const checked = await reports.of(document);
      if (checked === null) return undefined;
      return citationTarget(document.uri, checked, position) ?? sourceTargets(document, checked, position);
    },
  };
}

function citationTarget(
  uri: vscode.Uri,
  { read }: CheckedText,
  position: vscode.Position,
): vscode.LocationLink[] | null {
  const citation = read.citations.find(
    ({ line, start, labelEnd }) =>
      line === position.line + 1 && position.character >= start && position.character < labelEnd,
  );
  if (citation === undefined) return null;
  const { line, start, labelEnd } = citation;
  const source = read.sources.get(citation.source);
  const at = citation.quote === null ? source : source?.quotesAt[citation.quote - 1];
  if (at === undefined) return [];
  const target = toRange(at);
  return [
    {
      originSelectionRange: new vscode.Range(line - 1, start, line - 1, labelEnd),
      targetUri: uri,
      targetRange: target,
      targetSelectionRange: target,
    },
  ];
}

function sourceTargets(
  document: vscode.TextDocument,
  checked: CheckedText,
  position: vscode.Position,
): vscode.LocationLink[] {
  const entry = sourceEntryAt(checked.read, position);
  if (entry === null) return [];
  const { number, source, quote } = entry;
  const state = checked.quotes.get(`${number}.${quote ?? 1}`);
  const links: vscode.LocationLink[] = [];
  const file = currentFileLocation(document.uri, source, state?.today ?? null);
  if (file !== null && !isInLink(document.lineAt(position.line).text, position.character)) {
    links.push({ targetUri: file.uri, targetRange: file.range, targetSelectionRange: file.range });
  }
  const snapshot = snapshotUri(document.uri, checked, number);
  if (snapshot !== null) {
    const { inSnapshot } = state ?? { inSnapshot: null };
    const range =
      inSnapshot === null
        ? new vscode.Range(0, 0, 0, 0)
        : rangeOfOffsets(checked.snapshots.get(number) ?? "", inSnapshot.start, inSnapshot.end);
    links.push({ targetUri: snapshot, targetRange: range, targetSelectionRange: range });
  }
  const at = quote === null ? undefined : source.quotesAt[quote - 1];
  return links.map((each) => (at === undefined ? each : { ...each, originSelectionRange: toRange(at) }));
}

/** Whether a column is inside a link target, which VS Code follows itself. */
function isInLink(line: string, column: number): boolean {
  return findLinkTargets(line).some(
    ({ start, target }) => column >= start + 2 && column < start + 3 + target.length,
  );
}
