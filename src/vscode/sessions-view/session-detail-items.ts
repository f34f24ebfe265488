import * as vscode from "vscode";
import { sourcesRead, type Live } from "../../core/progress/run-progress.js";
import { translated } from "../l10n/translate.js";
import { dollars, estimateWord, number, verdictWord } from "../l10n/format.js";
import type { Verdict } from "../../core/domain/schema.js";
import { icon, idOf, RED } from "./icons.js";
import type { FigureNode, PartNode, QuestionNode, SessionNode, SourceNode, VerdictNode } from "./nodes.js";
import { callsWord, doingWord, sourcesWord, timeWord } from "../l10n/session-words.js";

/* What a session consists of, and how it looks: plan, sources, report, verdicts, spend. */

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** The parts that there is something to say of, in their order. */
export function partsOf(session: SessionNode, live: Live): PartNode["part"][] {
  const parts: PartNode["part"][] = [];
  if (live.error !== null) parts.push("error");
  if (live.questions.length > 0) parts.push("plan");
  if (live.sources.length > 0) parts.push("sources");
  if (session.here || live.report !== null) parts.push("report");
  if (live.verdicts !== null && judged(live.verdicts).length > 0) parts.push("verdicts");
  parts.push("spend");
  return parts;
}

export function partItem({ part, session }: PartNode, now: Date): vscode.TreeItem {
  const { live } = session;
  const item = new vscode.TreeItem("", Collapsed);
  item.id = `${idOf(session)}/${part}`;
  item.contextValue = part;
  if (live === null) return item;
  switch (part) {
    case "error":
      item.label = translated(live.error ?? "");
      item.tooltip = item.label;
      item.collapsibleState = None;
      item.iconPath = icon("error", RED);
      break;
    case "plan": {
      const read = live.questions.filter(({ state }) => state === "read").length;
      item.label = vscode.l10n.t("Plan");
      item.description = vscode.l10n.t("{0} of {1} read", read, live.questions.length);
      item.collapsibleState = session.here ? Expanded : Collapsed;
      item.iconPath = icon("checklist");
      item.contextValue = session.here ? "plan.running" : "plan";
      break;
    }
    case "sources":
      item.label = vscode.l10n.t("Sources");
      item.description = sourcesLine(live);
      item.iconPath = icon("library");
      break;
    case "report":
      item.label = vscode.l10n.t("Report");
      item.collapsibleState = None;
      item.iconPath = icon("book");
      if (session.here) item.description = writtenLine(live);
      else if (live.report !== null) {
        item.description = live.report.split("/").at(-1) ?? "";
        item.tooltip = live.report;
        item.contextValue = "report.written";
        item.command = {
          title: vscode.l10n.t("Open Report"),
          command: "deepResearch.openReport",
          arguments: [{ session }],
        };
      }
      break;
    case "verdicts":
      item.label = vscode.l10n.t("Verdicts");
      item.description = judged(live.verdicts)
        .map(([verdict, many]) => `${many} ${verdictWord(verdict)}`)
        .join(" · ");
      item.iconPath = icon("verified");
      break;
    case "spend":
      item.label = vscode.l10n.t("Spend");
      item.description = `${callsWord(asked(live))} · ${dollars(live.usd)} · ${timeWord(live, now)}`;
      item.iconPath = icon("graph");
      break;
  }
  return item;
}

/** What stands below a part. */
export function partChildren(
  { part, session }: PartNode,
  now: Date,
): (QuestionNode | SourceNode | VerdictNode | FigureNode)[] {
  const { live } = session;
  if (live === null) return [];
  if (part === "plan") return live.questions.map((question) => ({ kind: "question", session, question }));
  if (part === "sources") return live.sources.map((source) => ({ kind: "source", session, source }));
  if (part === "verdicts") {
    return judged(live.verdicts).map(([verdict, many]) => ({ kind: "verdict", session, verdict, many }));
  }
  if (part !== "spend") return [];
  const figure = (label: string, value: string): FigureNode => ({ kind: "figure", session, label, value });
  const { calls, tokens } = live;
  return [
    figure(vscode.l10n.t("Model calls"), number(calls.model)),
    figure(vscode.l10n.t("Searches"), number(calls.search)),
    figure(vscode.l10n.t("Pages and files read"), number(calls.read)),
    figure(vscode.l10n.t("Tokens"), vscode.l10n.t("{0} in, {1} out", number(tokens.in), number(tokens.out))),
    figure(vscode.l10n.t("Cost"), dollars(live.usd)),
    figure(vscode.l10n.t("Time"), timeWord(live, now)),
    ...(session.here && live.estimate !== null
      ? [figure(vscode.l10n.t("Estimate"), estimateWord(live.estimate))]
      : []),
  ];
}

/** What of a part is shown, as text: where it is the same, nothing is drawn again. */
export function shownOf(node: PartNode, now: Date): string {
  const { label, description } = partItem(node, now);
  // A node's session holds what is below it.
  const below = partChildren(node, now).map((child) => ({ ...child, session: undefined }));
  return JSON.stringify([label, description, below]);
}

/** Verdicts that were given, in the order of their weight. */
function judged(verdicts: Live["verdicts"]): [Verdict, number][] {
  return verdicts === null
    ? []
    : (Object.entries(verdicts) as [Verdict, number][]).filter(([, many]) => many > 0);
}

function asked({ calls }: Live): number {
  return calls.model + calls.search;
}

function sourcesLine(live: Live): string {
  const count = (state: string): number => live.sources.filter((each) => each.state === state).length;
  const said = [sourcesWord(sourcesRead(live))];
  if (count("reading") > 0) said.push(vscode.l10n.t("{0} being read", count("reading")));
  if (count("failed") > 0) said.push(vscode.l10n.t("{0} not read", count("failed")));
  if (count("copy") === 1) said.push(vscode.l10n.t("1 copy"));
  else if (count("copy") > 1) said.push(vscode.l10n.t("{0} copies", count("copy")));
  return said.join(" · ");
}

/** How far the report is: what is being done, until there are sections. */
function writtenLine(live: Live): string {
  const { sections } = live;
  if (sections.length === 0) return doingWord(live);
  const checked = sections.filter(({ state }) => state === "verified").length;
  if (checked > 0) return vscode.l10n.t("{0} of {1} sections checked", checked, sections.length);
  const written = sections.filter(({ state }) => state === "written").length;
  return vscode.l10n.t("{0} of {1} sections written", written, sections.length);
}
