import * as vscode from "vscode";
import type { FindingKind, ReportProblem, ReportPart } from "../../core/report/findings.js";
import type { Verdict } from "../../core/domain/schema.js";
import { localizeEngineText } from "../l10n/translate.js";
import { describeVerdict } from "../l10n/format.js";

export function describeReportProblem({ kind, says }: ReportProblem): string {
  const [a = "", b = "", c = ""] = says;
  const texts: Record<FindingKind, () => string> = {
    "no-source": () => vscode.l10n.t("There is no source {0} in the report.", a),
    "other-link": () =>
      vscode.l10n.t("The citation's number does not match its link: source {0}, link to {1}.", a, b),
    "no-quote": () => vscode.l10n.t("Source {0} has no quote {1}.", a, b),
    bare: () => vscode.l10n.t("Source {0} is cited without a quote.", a),
    "no-snapshot": () => vscode.l10n.t("This source has no snapshot, so its quotes cannot be checked."),
    "snapshot-name": () => vscode.l10n.t("The snapshot's file name does not match its hash."),
    "snapshot-missing": () =>
      vscode.l10n.t("The snapshot {0} is missing, so the quotes cannot be checked.", a),
    "snapshot-changed": () => vscode.l10n.t("The snapshot {0} has been changed since it was taken.", a),
    "not-in-snapshot": () => vscode.l10n.t("The quote does not appear in the snapshot of its source."),
    facts: () => vscode.l10n.t("{0} does not appear in the cited quotes.", a),
    moved: () =>
      b === "page"
        ? vscode.l10n.t("The quote is now on page {0} of {1}.", a, c)
        : vscode.l10n.t("The quote is now at line {0} of {1}.", a, c),
    changed: () => vscode.l10n.t("{0} no longer contains this quote. The snapshot still does.", a),
    gone: () => vscode.l10n.t("{0} no longer exists. The snapshot still does.", a),
    edited: () => vscode.l10n.t("This sentence has been edited since it was checked."),
    recited: () => vscode.l10n.t("This sentence cites different quotes from those it was checked against."),
    unmarked: () =>
      vscode.l10n.t(
        "The verdict on this sentence was “{0}”, and the report no longer says so.",
        describeVerdict(a as Verdict),
      ),
    uncited: () => vscode.l10n.t("Claim without a citation."),
    form: () =>
      vscode.l10n.t(
        "This is not in the standard form of a report: what is shown may differ from what is checked.",
      ),
    html: () => vscode.l10n.t("HTML in a report may show something other than what is checked."),
    invisible: () => vscode.l10n.t("This contains invisible characters."),
    "second-sources": () => vscode.l10n.t("This heading looks like part of the list of sources: “{0}”.", a),
    link: () => vscode.l10n.t("This link leads out of the workspace or does not lead to a page: {0}", a),
    unchecked: () =>
      vscode.l10n.t(
        "The check of this report took too long or too much memory. Check it in a terminal: deep-research verify",
      ),
    unreadable: () =>
      vscode.l10n.t("This looks like a report but cannot be read as one: {0}", localizeEngineText(a)),
    empty: () => vscode.l10n.t("The report has no citation that can be checked."),
    "snapshot-elsewhere": () =>
      vscode.l10n.t("The snapshot {0} is not in the folder of the report's session.", a),
    "snapshot-outside": () => vscode.l10n.t("The snapshot {0} is outside the workspace.", a),
    "snapshot-link": () => vscode.l10n.t("The snapshot {0} or its folder is a link.", a),
    "journal-unreadable": () =>
      vscode.l10n.t("The journal of the report's session cannot be read: {0}", localizeEngineText(a)),
    "journal-other": () => vscode.l10n.t("The journal in the session's folder belongs to another session."),
    "origin-title": () => vscode.l10n.t("The title of source {0} does not match its snapshot.", a),
    "origin-link": () =>
      vscode.l10n.t("The link of source {0} does not match the address in its snapshot.", a),
    "origin-day": () => vscode.l10n.t("Source {0} was not read on the day stated in the report.", a),
    "origin-commit": () => vscode.l10n.t("Source {0} was not read at the commit stated in the report.", a),
    "origin-lines": () =>
      vscode.l10n.t("The quotes of source {0} are not at the lines or pages stated in the report.", a),
    altered: () => vscode.l10n.t("{0} has been changed since the report was written.", partText(a, b)),
    added: () => vscode.l10n.t("{0} has been added since the report was written.", partText(a, b)),
    removed: () => vscode.l10n.t("{0} has been removed here since the report was written.", partText(a, b)),
    displaced: () => vscode.l10n.t("{0} has been moved since the report was written.", partText(a, b)),
    "foreign-source": () => vscode.l10n.t("Source {0} is not among those that the report's session read.", a),
    "foreign-quote": () => vscode.l10n.t("Quote {0} is not among those that the report's session took.", a),
    counts: () => vscode.l10n.t("The verdict counts in the front matter do not match the sentences."),
    "report-missing": () => vscode.l10n.t("The report of the session {0} is missing.", a),
    "long-line": () => vscode.l10n.t("This line is too long to read: it has more than 100,000 characters."),
  };
  return texts[kind]();
}

/** A part of a report, as the start of a sentence. */
function partText(part: string, name: string): string {
  const texts: Record<ReportPart, () => string> = {
    field: () => vscode.l10n.t("The field “{0}” of the front matter", name),
    title: () => vscode.l10n.t("The title"),
    question: () => vscode.l10n.t("The question"),
    note: () => vscode.l10n.t("The note at the top"),
    heading: () => vscode.l10n.t("The heading"),
    sentence: () => vscode.l10n.t("The sentence"),
    row: () => vscode.l10n.t("The table row"),
    table: () => vscode.l10n.t("The table header"),
    text: () => vscode.l10n.t("The text"),
    source: () => vscode.l10n.t("The heading of source {0}", name),
    link: () => vscode.l10n.t("The link, title, day, commit or lines of source {0}", name),
    snapshot: () => vscode.l10n.t("The snapshot link or hash of source {0}", name),
    searches: () => vscode.l10n.t("The note of source {0}", name),
    quote: () => vscode.l10n.t("Quote {0}", name),
  };
  return (part in texts ? texts[part as ReportPart] : texts.text)();
}
