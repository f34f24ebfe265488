import * as vscode from "vscode";
import type { CheckedDocuments } from "./checked-documents.js";
import { livePageUrl } from "./locations.js";
import { trimEndMatching } from "../../core/text/linear-search.js";

/** A quote's number links to the live page at the quote. Other links are VS Code's own. */
export function createPageLinkProvider(reports: CheckedDocuments): vscode.DocumentLinkProvider {
  return {
    provideDocumentLinks: async (document) => {
      const checked = await reports.of(document);
      return [...(checked?.read.sources.values() ?? [])].flatMap((source) =>
        source.quotesAt.flatMap(({ line, start }, index) => {
          const page = livePageUrl(source, plainStart(source.quotes[index] ?? ""));
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

/**
 * The words at a quote's beginning that mean the same escaped or not: on its way to the browser VS Code takes escapes
 * out of a link, and a text fragment would read a comma or a hyphen in it as its own.
 */
function plainStart(quote: string): string {
  const [words = ""] = /^[^,&%#\n-]*/.exec(quote) ?? [];
  const isWhole =
    words.length === quote.length || /\s$/.test(words) || !/\w/.test(quote.charAt(words.length - 1));
  return isWhole || quote.charAt(words.length) === "," ? words.trim() : trimEndMatching(words, /\S/).trim();
}
