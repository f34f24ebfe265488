import * as vscode from "vscode";
import type { CheckedDocuments } from "./checked-documents.js";
import { sourceEntryAt, toRange } from "./locations.js";

/**
 * Lists all sentences that cite a quote, starting from the quote or a citation. VS Code's Markdown does this
 * for sources.
 */
export function createReferenceProvider(reports: CheckedDocuments): vscode.ReferenceProvider {
  return {
    provideReferences: async (document, position, { includeDeclaration }) => {
      const checked = await reports.of(document);
      if (checked === null) return [];
      const { read } = checked;
      const citation = read.citations.find(
        ({ line, start, labelEnd }) =>
          line === position.line + 1 && position.character >= start && position.character < labelEnd,
      );
      const entry = citation === undefined ? sourceEntryAt(read, position) : null;
      const n = citation?.n ?? (entry?.quote == null ? null : `${entry.number}.${entry.quote}`);
      if (n === null) return [];
      const [source = 0, quote] = n.split(".").map(Number);
      const places = read.sentences.flatMap((sentence) => {
        const cites = sentence.citations.filter((each) => each.n === n).at(-1);
        return cites === undefined
          ? []
          : [
              new vscode.Location(
                document.uri,
                toRange({ ...sentence, end: Math.max(cites.end, sentence.end) }),
              ),
            ];
      });
      const declared =
        quote === undefined ? read.sources.get(source) : read.sources.get(source)?.quotesAt[quote - 1];
      if (includeDeclaration && declared !== undefined)
        places.push(new vscode.Location(document.uri, toRange(declared)));
      return places;
    },
  };
}
