import path from "node:path";
import * as vscode from "vscode";
import type { ParsedCitation } from "../../core/report/parse-report.js";
import type { Verdict } from "../../core/domain/schema.js";
import type { CheckedText } from "../../app/check-report.js";
import type { CheckedDocuments } from "./checked-documents.js";
import { fenceText, escapeMarkdown } from "./escape-markdown.js";
import { currentFileLocation, toRange } from "./locations.js";
import { livePageUrl, sourceName } from "./source-links.js";
import { describeVerdict } from "../l10n/format.js";
import { describeProblem } from "../../core/report/findings.js";
import { localizeText } from "../l10n/localize.js";

/** The only command that a hover may call. */
export const OPEN_CITATION = "deepResearch.openCitation";

/** Maximum number of characters of a quote in a hover. */
const LONGEST = 1200;

/** The same signs as in the preview. */
const SIGNS: Record<Verdict, string> = {
  supported: "✓",
  qualified: "≈",
  "not-checked": "?",
  unsupported: "∅",
  contradicted: "≠",
};

/** Shows a citation's quote, source and verdict, with links to them. */
export function createHoverProvider(reports: CheckedDocuments): vscode.HoverProvider {
  return {
    provideHover: async (document, position) => {
      const checked = await reports.of(document);
      const index = checked?.read.citations.findIndex((each) => toRange(each).contains(position)) ?? -1;
      const citation = checked?.read.citations[index];
      if (checked === null || citation === undefined) return undefined;
      return new vscode.Hover(hoverText(document.uri, checked, citation, index), toRange(citation));
    },
  };
}

function hoverText(
  report: vscode.Uri,
  checked: CheckedText,
  citation: ParsedCitation,
  index: number,
): vscode.MarkdownString[] {
  const { read, problems, quotes } = checked;
  const { n, source: number, quote: q } = citation;
  const source = read.sources.get(number);
  const quote = q === null ? undefined : source?.quotes[q - 1];
  const state = quotes.get(n);
  const problem = problems[index] ?? null;
  const mark = read.sentences.find(({ citations }) => citations.includes(citation))?.mark ?? null;

  // Quotes, titles and reasons are untrusted: they are fenced or escaped. No HTML, no icons.
  const head = new vscode.MarkdownString();
  if (problem !== null)
    head.appendMarkdown(
      `**✕ ${escapeMarkdown(n)}** — ${escapeMarkdown(localizeText(describeProblem(problem)))}`,
    );
  else {
    const verdict = mark?.verdict ?? (source?.grounded === true ? "not-checked" : "supported");
    const why = mark === null || mark.reason === "" ? "" : `: ${escapeMarkdown(mark.reason)}`;
    head.appendMarkdown(
      `**${SIGNS[verdict]} ${escapeMarkdown(n)}** — ${escapeMarkdown(describeVerdict(verdict))}${why}`,
    );
  }
  if (quote !== undefined) {
    const shown = quote.length <= LONGEST ? quote : `${quote.slice(0, LONGEST).trimEnd()}…`;
    head.appendMarkdown(fenceText(shown));
  }
  if (source === undefined) return [head];
  const day =
    source.readOn === null ? "" : ` · ${escapeMarkdown(vscode.l10n.t("read on {0}", source.readOn))}`;
  const vouched = source.grounded
    ? ` · ${escapeMarkdown(vscode.l10n.t("found with Google Search, not re-checkable"))}`
    : "";
  head.appendMarkdown(`\n\n${escapeMarkdown(sourceName(source))}${day}${vouched}`);
  const since = state?.today?.problem ?? null;
  if (since !== null) head.appendMarkdown(`\n\n${escapeMarkdown(localizeText(describeProblem(since)))}`);

  const links = new vscode.MarkdownString();
  links.isTrusted = { enabledCommands: [OPEN_CITATION] };
  const link = (title: string, at: string): string => {
    const given = encodeURIComponent(JSON.stringify([{ report: report.toString(), n, at }]));
    // A closing bracket would end the link target.
    return `[${escapeMarkdown(title)}](command:${OPEN_CITATION}?${given.replaceAll("(", "%28").replaceAll(")", "%29")})`;
  };
  const ways = [link(vscode.l10n.t("Source Entry"), "entry")];
  if (checked.snapshots.has(number)) ways.push(link(vscode.l10n.t("Snapshot"), "snapshot"));
  const file = currentFileLocation(report, source, state?.today ?? null);
  if (file !== null) {
    const name = path.basename(file.uri.fsPath);
    ways.push(link(vscode.l10n.t("{0}, Line {1}", name, file.range.start.line + 1), "file"));
  }
  const page = livePageUrl(source, quote);
  if (page !== null) ways.push(`[${escapeMarkdown(vscode.l10n.t("Live Page"))}](${page})`);
  links.appendMarkdown(ways.join(" &nbsp;|&nbsp; "));
  return [head, links];
}
