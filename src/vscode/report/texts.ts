import * as vscode from "vscode";
import type { FindingKind, Problem } from "../../research/findings.js";
import type { Verdict } from "../../research/schema.js";
import { verdictWord } from "../words.js";

/** A problem in the window's language. */
export function problemText({ kind, says }: Problem): string {
  const [a = "", b = "", c = ""] = says;
  const texts: Record<FindingKind, () => string> = {
    "no-source": () => vscode.l10n.t("There is no source {0} in the report.", a),
    "other-link": () =>
      vscode.l10n.t("The citation's number and its link disagree: source {0}, link to {1}.", a, b),
    "no-quote": () => vscode.l10n.t("Source {0} has no quote {1}.", a, b),
    bare: () => vscode.l10n.t("Source {0} is cited without a quote.", a),
    "no-snapshot": () => vscode.l10n.t("This source names no snapshot, so its quotes cannot be checked."),
    "snapshot-name": () => vscode.l10n.t("The snapshot's name does not fit its hash."),
    "snapshot-missing": () =>
      vscode.l10n.t("The snapshot {0} is missing, so the quotes cannot be checked.", a),
    "snapshot-changed": () => vscode.l10n.t("The snapshot {0} was changed since it was taken.", a),
    "not-in-snapshot": () => vscode.l10n.t("The quote does not stand in the snapshot of its source."),
    facts: () => vscode.l10n.t("The sentence says {0}, and its quotes do not.", a),
    moved: () =>
      b === "page"
        ? vscode.l10n.t("The quote stands on page {0} of {1} now.", a, c)
        : vscode.l10n.t("The quote stands at line {0} of {1} now.", a, c),
    changed: () => vscode.l10n.t("{0} no longer says this. The snapshot still does.", a),
    gone: () => vscode.l10n.t("{0} is not there any more. The snapshot still is.", a),
    edited: () => vscode.l10n.t("This sentence was edited since it was checked."),
    recited: () => vscode.l10n.t("This sentence cites other quotes than those that it was checked against."),
    unmarked: () =>
      vscode.l10n.t(
        "The check of this sentence said “{0}”, and the report no longer says so.",
        verdictWord(a as Verdict),
      ),
    uncited: () => vscode.l10n.t("This says something and cites nothing."),
    "long-line": () =>
      vscode.l10n.t("This line is too long to be read: it has more than 100,000 characters."),
  };
  return texts[kind]();
}
