import * as vscode from "vscode";
import { readReportText } from "../../app/reports.js";
import type { ReportChanges, ChangedSource } from "../../core/report/report-diff.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { parseReport } from "../../core/report/parse-report.js";
import { formatLocation, isLocalLocation, type Verdict } from "../../core/domain/schema.js";
import { pickOne, type PickItem } from "../show-messages.js";
import { localizeText } from "../l10n/localize.js";
import { describeVerdict } from "../l10n/format.js";

/** One line such as "Claims: 1 reworded. Sources: 1 changed."; empty if nothing changed. */
export function describeChanges({ claims, sections, sources }: ReportChanges): string {
  const countSources = (state: ChangedSource["state"]): number =>
    sources.filter((source) => source.state === state).length;
  const joinNonZero = (...counts: [number, string][]): string =>
    counts
      .filter(([count]) => count > 0)
      .map(([, text]) => text)
      .join(", ");
  const aboutClaims = joinNonZero(
    [claims.reworded.length, vscode.l10n.t("{0} reworded", claims.reworded.length)],
    [claims.added.length, vscode.l10n.t("{0} added", claims.added.length)],
    [claims.removed.length, vscode.l10n.t("{0} removed", claims.removed.length)],
    [claims.judged.length, vscode.l10n.t("{0} with a new verdict", claims.judged.length)],
  );
  const aboutSources = joinNonZero(
    [countSources("changed"), vscode.l10n.t("{0} changed", countSources("changed"))],
    [countSources("vanished"), vscode.l10n.t("{0} no longer available", countSources("vanished"))],
    [countSources("new"), vscode.l10n.t("{0} new", countSources("new"))],
    [countSources("kept"), vscode.l10n.t("{0} not re-read", countSources("kept"))],
  );
  return [
    aboutClaims === "" ? "" : vscode.l10n.t("Claims: {0}.", aboutClaims),
    sections.removed.length === 0 ? "" : vscode.l10n.t("Sections removed: {0}.", sections.removed.join(", ")),
    aboutSources === "" ? "" : vscode.l10n.t("Sources: {0}.", aboutSources),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

interface ChangeItem extends PickItem {
  /** The sentence in the draft to go to; empty if there is none. */
  claim: string;
}

/** Lets the user pick a change. @returns its line in the draft, 0-based */
export async function pickChange(changes: ReportChanges, draft: vscode.Uri): Promise<number | undefined> {
  const chosen = await pickOne(toChangeItems(changes), {
    title: vscode.l10n.t("Deep Research: Refresh Changes"),
    placeHolder: vscode.l10n.t("Select a claim to go to it"),
    matchOnDetail: true,
  });
  if (chosen === undefined) return undefined;
  const { sentences, lines } = parseReport(await readReportText(draft.fsPath));
  const found = sentences.find(({ text }) => chosen.claim !== "" && text.startsWith(chosen.claim));
  return (found?.block?.line ?? found?.line ?? lines.sources) - 1;
}

function toChangeItems({ claims, sections, sources }: ReportChanges): ChangeItem[] {
  const items: ChangeItem[] = [
    ...claims.reworded.map(({ before, after }) => ({
      icon: "edit",
      label: collapseWhitespace(after.claim),
      description: describeVerdictChange(before.verdict, after.verdict),
      detail: vscode.l10n.t("Before: {0}", collapseWhitespace(before.claim)),
      claim: after.claim,
    })),
    ...claims.added.map(({ claim }) => ({ icon: "add", label: collapseWhitespace(claim), claim })),
    ...claims.removed.map(({ claim }) => ({
      icon: "remove",
      label: collapseWhitespace(claim),
      claim: "",
    })),
    ...claims.judged.map(({ claim, before, after }) => ({
      icon: "law",
      label: collapseWhitespace(claim),
      description: describeVerdictChange(before, after),
      claim,
    })),
    ...sections.removed.map((heading) => ({
      icon: "remove",
      label: heading,
      description: vscode.l10n.t("section removed"),
      claim: "",
    })),
  ];
  const about = sources.map(({ place, title, state, why }): ChangeItem => ({
    icon: isLocalLocation(place) ? "file" : "globe",
    label: title === "" ? formatLocation(place) : title,
    description: describeSourceState(state),
    detail: localizeText(why) || formatLocation(place),
    claim: "",
  }));
  const separator = (label: string): ChangeItem => ({
    label,
    kind: vscode.QuickPickItemKind.Separator,
    claim: "",
  });
  return [
    ...(items.length === 0 ? [] : [separator(vscode.l10n.t("Claims")), ...items]),
    ...(about.length === 0 ? [] : [separator(vscode.l10n.t("Sources")), ...about]),
  ];
}

function describeSourceState(state: ChangedSource["state"]): string {
  switch (state) {
    case "changed":
      return vscode.l10n.t("changed");
    case "vanished":
      return vscode.l10n.t("no longer available");
    case "new":
      return vscode.l10n.t("new");
    case "kept":
      return vscode.l10n.t("not re-read");
  }
}

/** The current verdict and, if it differs, the previous one. */
function describeVerdictChange(before: Verdict, after: Verdict): string {
  return before === after
    ? ""
    : vscode.l10n.t("{0}, was {1}", describeVerdict(after), describeVerdict(before));
}
