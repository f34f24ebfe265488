import * as vscode from "vscode";
import type { Reports } from "./documents.js";
import { pageAt } from "./places.js";

/** A quote's number links to the live page at the quote. Other links are VS Code's own. */
export function pageLinkProvider(reports: Reports): vscode.DocumentLinkProvider {
  return {
    provideDocumentLinks: async (document) => {
      const checked = await reports.of(document);
      return [...(checked?.read.sources.values() ?? [])].flatMap((source) =>
        source.quotesAt.flatMap(({ line, start }, index) => {
          const page = pageAt(source, source.quotes[index]);
          if (page === null) return [];
          const link = new vscode.DocumentLink(
            new vscode.Range(line - 1, 0, line - 1, start - 2),
            vscode.Uri.parse(page, true),
          );
          link.tooltip = vscode.l10n.t("Open the page at this quote");
          return [link];
        }),
      );
    },
  };
}
