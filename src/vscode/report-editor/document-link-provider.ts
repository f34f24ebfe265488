import * as vscode from "vscode";
import type { CheckedDocuments } from "./checked-documents.js";
import { livePageUrl } from "./source-links.js";
import { trimEndMatching } from "../../core/text/linear-search.js";

/** Links a quote's number to the quote in the live page. Other links are left to VS Code. */
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
 * The words at the start of a quote that are unaffected by escaping: VS Code unescapes links before it opens
 * them, and a text fragment would interpret a comma or a hyphen.
 */
function plainStart(quote: string): string {
  const [words = ""] = /^[^,&%#\n-]*/.exec(quote) ?? [];
  const isWhole =
    words.length === quote.length || /\s$/.test(words) || !/\w/.test(quote.charAt(words.length - 1));
  return isWhole || quote.charAt(words.length) === "," ? words.trim() : trimEndMatching(words, /\S/).trim();
}
