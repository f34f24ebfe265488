import { toMessage } from "../../common/messages.js";
import * as vscode from "vscode";
import { countReadSources, type RunProgress } from "../../core/progress/run-progress.js";
import { localizeText } from "../l10n/localize.js";
import { formatDollars, formatEstimate, formatNumber, describeVerdict } from "../l10n/format.js";
import type { Verdict } from "../../core/domain/schema.js";
import { themeIcon, nodeId, RED } from "./icons.js";
import type { FigureNode, PartNode, QuestionNode, SessionNode, SourceNode } from "./nodes.js";
import {
  describeCost,
  describeStep,
  describeSourceCount,
  describeDuration,
  isOffline,
} from "../l10n/session-words.js";

/* The details of a session and their items: plan, sources, report, verdicts, spend. */

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** The details that have content, in display order. */
export function listParts(session: SessionNode, live: RunProgress): PartNode["part"][] {
  const parts: PartNode["part"][] = [];
  if (live.error !== null) parts.push("error");
  if (live.questions.length > 0) parts.push("plan");
  if (live.sources.length > 0) parts.push("sources");
  if (session.here || live.report !== null) parts.push("report");
  if (live.verdicts !== null && nonZeroVerdicts(live.verdicts).length > 0) parts.push("verdicts");
  parts.push("spend");
  return parts;
}

export function toPartItem({ part, session }: PartNode, now: Date): vscode.TreeItem {
  const { live } = session;
  const item = new vscode.TreeItem("", Collapsed);
  item.id = `${nodeId(session)}/${part}`;
  item.contextValue = part;
  if (live === null) return item;
  switch (part) {
    case "error":
      item.label = localizeText(live.error ?? toMessage(""));
      item.tooltip = item.label;
      item.collapsibleState = None;
      item.iconPath = themeIcon("error", RED);
      break;
    case "plan": {
      const searched = live.questions.filter(({ state }) => state === "read").length;
      item.label = vscode.l10n.t("Plan");
      item.description = vscode.l10n.t("{0} of {1} searched", searched, live.questions.length);
      item.collapsibleState = session.here ? Expanded : Collapsed;
      item.iconPath = themeIcon("checklist");
      item.contextValue = session.here ? "plan.running" : "plan";
      break;
    }
    case "sources":
      item.label = vscode.l10n.t("Sources");
      item.description = sourcesLine(live);
      item.iconPath = themeIcon("library");
      break;
    case "report":
      item.label = vscode.l10n.t("Report");
      item.collapsibleState = None;
      item.iconPath = themeIcon("book");
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
      item.collapsibleState = None;
      item.description = nonZeroVerdicts(live.verdicts)
        .map(([verdict, many]) =>
          verdict === "supported" && isOffline(live)
            ? vscode.l10n.t("{0} quotes found", many)
            : `${many} ${describeVerdict(verdict)}`,
        )
        .join(" · ");
      item.iconPath = themeIcon("verified");
      break;
    case "spend":
      item.label = vscode.l10n.t("Spend");
      item.description = `${describeCost(live)} · ${describeDuration(live, now)}`;
      item.iconPath = themeIcon("graph");
      break;
  }
  return item;
}

/** The child nodes of a detail. */
export function listPartChildren(
  { part, session }: PartNode,
  now: Date,
): (QuestionNode | SourceNode | FigureNode)[] {
  const { live } = session;
  if (live === null) return [];
  if (part === "plan") return live.questions.map((question) => ({ kind: "question", session, question }));
  if (part === "sources") return live.sources.map((source) => ({ kind: "source", session, source }));
  if (part !== "spend") return [];
  const figure = (label: string, value: string): FigureNode => ({ kind: "figure", session, label, value });
  const { calls, tokens } = live;
  return [
    isOffline(live)
      ? figure(vscode.l10n.t("Steps of the offline engine"), formatNumber(calls.model))
      : figure(vscode.l10n.t("Model calls"), formatNumber(calls.model)),
    figure(vscode.l10n.t("Searches"), formatNumber(calls.search)),
    figure(vscode.l10n.t("Pages and files read"), formatNumber(calls.read)),
    figure(
      vscode.l10n.t("Tokens"),
      vscode.l10n.t("{0} in, {1} out", formatNumber(tokens.in), formatNumber(tokens.out)),
    ),
    figure(vscode.l10n.t("Cost"), formatDollars(live.usd)),
    figure(vscode.l10n.t("Time"), describeDuration(live, now)),
    ...(session.here && live.estimate !== null
      ? [figure(vscode.l10n.t("Estimate"), formatEstimate(live.estimate))]
      : []),
  ];
}

/** A detail's visible content as text; if it is unchanged, nothing is redrawn. */
export function detailFingerprint(node: PartNode, now: Date): string {
  const { label, description } = toPartItem(node, now);
  // Child nodes refer to the session, which would add its whole content.
  const below = listPartChildren(node, now).map((child) => ({ ...child, session: undefined }));
  return JSON.stringify([label, description, below]);
}

/** Verdicts with a count above zero, in order of importance. */
function nonZeroVerdicts(verdicts: RunProgress["verdicts"]): [Verdict, number][] {
  return verdicts === null
    ? []
    : (Object.entries(verdicts) as [Verdict, number][]).filter(([, many]) => many > 0);
}

function sourcesLine(live: RunProgress): string {
  const count = (state: string): number => live.sources.filter((each) => each.state === state).length;
  const parts = [describeSourceCount(countReadSources(live))];
  if (count("reading") > 0) parts.push(vscode.l10n.t("{0} being read", count("reading")));
  if (count("failed") > 0) parts.push(vscode.l10n.t("{0} not read", count("failed")));
  if (count("copy") === 1) parts.push(vscode.l10n.t("1 copy"));
  else if (count("copy") > 1) parts.push(vscode.l10n.t("{0} copies", count("copy")));
  return parts.join(" · ");
}

/** Progress of the report: the current phase until there are sections. */
function writtenLine(live: RunProgress): string {
  const { sections } = live;
  if (sections.length === 0) return describeStep(live);
  const checked = sections.filter(({ state }) => state === "verified").length;
  if (checked > 0) return vscode.l10n.t("{0} of {1} sections checked", checked, sections.length);
  const written = sections.filter(({ state }) => state === "written").length;
  return vscode.l10n.t("{0} of {1} sections written", written, sections.length);
}
