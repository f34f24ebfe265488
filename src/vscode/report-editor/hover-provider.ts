import path from "node:path";
import * as vscode from "vscode";
import type { ReadCitation } from "../../core/report/parse-report.js";
import type { Verdict } from "../../core/domain/schema.js";
import type { CheckedText } from "../../verification/report-checker.js";
import type { Reports } from "./checked-documents.js";
import { fenced, inert } from "./escape-markdown.js";
import { fileAt, nameOf, pageAt, rangeOf } from "./locations.js";
import { verdictWord } from "../l10n/format.js";
import { problemText } from "./messages.js";

/** The one command that a hover may call. */
export const OPEN_CITATION = "deepResearch.openCitation";

/** Characters of a quote that a hover shows. */
const LONGEST = 1200;

/** The signs of the preview's chips. */
const SIGNS: Record<Verdict, string> = {
  supported: "✓",
  qualified: "≈",
  "not-checked": "?",
  unsupported: "∅",
  contradicted: "≠",
};

/** What stands behind a citation: its quote, its source, its verdict, and the ways there. */
export function hoverProvider(reports: Reports): vscode.HoverProvider {
  return {
    provideHover: async (document, position) => {
      const checked = await reports.of(document);
      const index = checked?.read.citations.findIndex((each) => rangeOf(each).contains(position)) ?? -1;
      const citation = checked?.read.citations[index];
      if (checked === null || citation === undefined) return undefined;
      return new vscode.Hover(hoverText(document.uri, checked, citation, index), rangeOf(citation));
    },
  };
}

function hoverText(
  report: vscode.Uri,
  checked: CheckedText,
  citation: ReadCitation,
  index: number,
): vscode.MarkdownString[] {
  const { read, problems, quotes } = checked;
  const { n, source: number, quote: q } = citation;
  const source = read.sources.get(number);
  const quote = q === null ? undefined : source?.quotes[q - 1];
  const state = quotes.get(n);
  const problem = problems[index] ?? null;
  const mark = read.sentences.find(({ citations }) => citations.includes(citation))?.mark ?? null;

  // Quotes, titles and reasons are other people's: in fences, or with every sign escaped. No HTML, no icons.
  const head = new vscode.MarkdownString();
  if (problem !== null) head.appendMarkdown(`**✕ ${inert(n)}** — ${inert(problemText(problem))}`);
  else {
    const verdict = mark?.verdict ?? (source?.grounded === true ? "not-checked" : "supported");
    const why = mark === null || mark.reason === "" ? "" : `: ${inert(mark.reason)}`;
    head.appendMarkdown(`**${SIGNS[verdict]} ${inert(n)}** — ${inert(verdictWord(verdict))}${why}`);
  }
  if (quote !== undefined) {
    const shown = quote.length <= LONGEST ? quote : `${quote.slice(0, LONGEST).trimEnd()}…`;
    head.appendMarkdown(fenced(shown));
  }
  if (source === undefined) return [head];
  const day = source.readOn === null ? "" : ` · ${inert(vscode.l10n.t("read on {0}", source.readOn))}`;
  const vouched = source.grounded
    ? ` · ${inert(vscode.l10n.t("found with Google Search, not re-checkable"))}`
    : "";
  head.appendMarkdown(`\n\n${inert(nameOf(source))}${day}${vouched}`);
  const since = state?.today?.problem ?? null;
  if (since !== null) head.appendMarkdown(`\n\n${inert(problemText(since))}`);

  const links = new vscode.MarkdownString();
  links.isTrusted = { enabledCommands: [OPEN_CITATION] };
  const link = (title: string, at: string): string => {
    const given = encodeURIComponent(JSON.stringify([{ report: report.toString(), n, at }]));
    // A bracket would end the link's target.
    return `[${inert(title)}](command:${OPEN_CITATION}?${given.replaceAll("(", "%28").replaceAll(")", "%29")})`;
  };
  const ways = [link(vscode.l10n.t("Source Entry"), "entry")];
  if (checked.snapshots.has(number)) ways.push(link(vscode.l10n.t("Snapshot"), "snapshot"));
  const file = fileAt(report, source, state?.today ?? null);
  if (file !== null) {
    const name = path.basename(file.uri.fsPath);
    ways.push(link(vscode.l10n.t("{0}, Line {1}", name, file.range.start.line + 1), "file"));
  }
  const page = pageAt(source, quote);
  if (page !== null) ways.push(`[${inert(vscode.l10n.t("Live Page"))}](${page})`);
  links.appendMarkdown(ways.join(" &nbsp;|&nbsp; "));
  return [head, links];
}
