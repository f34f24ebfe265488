import * as vscode from "vscode";
import type { QuestionProgress, SourceProgress } from "../../core/progress/run-progress.js";
import {
  formatLocation,
  isLocalLocation,
  type SourceLocation,
  type Verdict,
} from "../../core/domain/schema.js";
import { sessionState, type SessionState } from "./group-sessions.js";
import { BLUE, GREEN, GREY, themeIcon, nodeId, RED, nodeTitle, YELLOW } from "./icons.js";
import type { GroupNode, MoreNode, TreeNode, ProblemNode, SessionNode } from "./nodes.js";
import { toPartItem } from "./session-detail-items.js";
import { escapeMarkdown } from "../report-editor/escape-markdown.js";
import { markOwn } from "../command-callers.js";
import { localizeText } from "../l10n/localize.js";
import { formatNumber, describeVerdict } from "../l10n/format.js";
import { describeDay, describeGroup, describePhase, describeState } from "../l10n/session-words.js";

/* The tree item of each kind of node. */

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

const STATE_ICONS: Record<SessionState, vscode.ThemeIcon> = {
  running: themeIcon("sync~spin", BLUE),
  done: themeIcon("pass", GREEN),
  partial: themeIcon("warning", YELLOW),
  failed: themeIcon("error", RED),
  cancelled: themeIcon("circle-slash", GREY),
  interrupted: themeIcon("debug-pause", YELLOW),
  planned: themeIcon("checklist", BLUE),
  damaged: themeIcon("circle-large-outline", RED),
  newer: themeIcon("circle-large-outline", YELLOW),
  archived: themeIcon("archive", GREY),
};

/** The tree item of a node. @param now for dates and durations */
export function toTreeItem(node: TreeNode, now: Date): vscode.TreeItem {
  switch (node.kind) {
    case "folder": {
      const item = new vscode.TreeItem(node.folder.name, Expanded);
      item.id = node.folder.uri.toString();
      item.iconPath = themeIcon("root-folder");
      item.contextValue = "folder";
      return item;
    }
    case "group":
      return groupItem(node);
    case "session":
      return sessionItem(node, now);
    case "part":
      return toPartItem(node, now);
    case "question":
      return questionItem(node.session, node.question);
    case "source":
      return sourceItem(node.session, node.source);
    case "verdict":
      return verdictItem(node.session, node.verdict, node.many);
    case "figure": {
      const item = new vscode.TreeItem(node.label, None);
      item.id = `${nodeId(node.session)}/spend/${node.label}`;
      item.description = node.value;
      return item;
    }
    case "more":
      return moreItem(node);
    case "problem":
      return problemItem(node);
  }
}

function groupItem({ folder, key, sessions }: GroupNode): vscode.TreeItem {
  const item = new vscode.TreeItem(
    describeGroup(key),
    key === "today" || key === "week" ? Expanded : Collapsed,
  );
  item.id = `${folder.uri.toString()}/${key}`;
  item.description = formatNumber(sessions.length);
  item.contextValue = "group";
  const many = vscode.l10n.t("{0} sessions", formatNumber(sessions.length));
  item.accessibilityInformation = { label: `${describeGroup(key)}, ${many}` };
  return item;
}

function sessionItem(node: SessionNode, now: Date): vscode.TreeItem {
  const { listed, here, live } = node;
  const state: SessionState = here ? "running" : sessionState(listed);
  const title = nodeTitle(node);
  const item = new vscode.TreeItem(title, here ? Expanded : Collapsed);
  item.id = nodeId(node);
  item.iconPath = STATE_ICONS[state];
  const when = describeDay(listed.started, now);
  item.description =
    here && live !== null
      ? describePhase(live.phase)
      : `${describeState(state)}${elsewhereSuffix(node)}${environmentSuffix(node)} · ${when}`;
  item.contextValue = contextValue(node, state);
  item.accessibilityInformation = { label: `${title}, ${describeState(state)}, ${when}` };
  return item;
}

/** Marks a run that this window cannot control. */
function elsewhereSuffix({ listed, here }: SessionNode): string {
  return listed.status === "running" && !here ? ` ${vscode.l10n.t("elsewhere")}` : "";
}

/** Marks a session that was not made in production. */
function environmentSuffix({ listed: { environment } }: SessionNode): string {
  if (environment === undefined) return "";
  return ` · ${environment === "staging" ? vscode.l10n.t("staging") : vscode.l10n.t("development")}`;
}

/** The context value for menus: "session.running", "session.elsewhere", "session.done.report" … */
function contextValue({ listed, here }: SessionNode, state: SessionState): string {
  if (here) return "session.running";
  if (state === "running") return "session.elsewhere";
  return `session.${state}${listed.report === null ? "" : ".report"}`;
}

function questionItem(session: SessionNode, { id, question, state }: QuestionProgress): vscode.TreeItem {
  const item = new vscode.TreeItem(question, None);
  item.id = `${nodeId(session)}/plan/${id}`;
  const looks: Record<QuestionProgress["state"], [vscode.ThemeIcon, string]> = {
    waiting: [themeIcon("circle-outline", GREY), vscode.l10n.t("waiting")],
    searching: [themeIcon("sync~spin", BLUE), vscode.l10n.t("searching")],
    read: [themeIcon("check", GREEN), vscode.l10n.t("read")],
    failed: [themeIcon("error", RED), vscode.l10n.t("search failed")],
    skipped: [themeIcon("circle-slash", GREY), vscode.l10n.t("skipped")],
  };
  const [look, said] = looks[state];
  item.iconPath = look;
  item.description = said;
  item.tooltip = question;
  const isOpen = state === "waiting" || state === "searching";
  item.contextValue = session.here && isOpen ? "question.running" : "question";
  return item;
}

const SOURCE_ICONS: Record<SourceLocation["kind"], string> = {
  workspace: "file",
  package: "package",
  commit: "git-commit",
  page: "globe",
  grounded: "search",
};

function sourceItem(session: SessionNode, source: SourceProgress): vscode.TreeItem {
  const { place, title, state, why, quotes, sha256 } = source;
  const where = formatLocation(place);
  const item = new vscode.TreeItem(title === "" ? where : title, None);
  item.id = `${nodeId(session)}/sources/${place.kind}/${where}`;
  const kind = SOURCE_ICONS[place.kind];
  const looks: Record<SourceProgress["state"], [vscode.ThemeIcon, string]> = {
    reading: [themeIcon("sync~spin", BLUE), vscode.l10n.t("reading")],
    read: [themeIcon(kind), readWord(place.kind, quotes)],
    failed: [themeIcon("error", RED), vscode.l10n.t("not read: {0}", why === null ? "" : localizeText(why))],
    copy: [themeIcon("files", GREY), vscode.l10n.t("copy of another source")],
    left: [themeIcon("circle-slash", GREY), vscode.l10n.t("not read")],
  };
  const [look, said] = looks[state];
  item.iconPath = look;
  item.description = isLocalLocation(place) && title !== where ? `${said} · ${where}` : said;
  const tooltip = new vscode.MarkdownString();
  tooltip.appendMarkdown([title, where, said].map(escapeMarkdown).join("\n\n"));
  item.tooltip = tooltip;
  item.contextValue = `source.${place.kind}${sha256 === null ? "" : ".snapshot"}`;
  item.command = {
    title: vscode.l10n.t("Open Source"),
    command: "deepResearch.openSource",
    arguments: [markOwn({ kind: "source", session, source })],
  };
  item.accessibilityInformation = { label: `${title}, ${where}, ${said}` };
  return item;
}

function readWord(kind: SourceProgress["place"]["kind"], quotes: number | null): string {
  if (kind === "grounded") return vscode.l10n.t("found by Google");
  if (quotes === null) return vscode.l10n.t("read");
  return quotes === 1 ? vscode.l10n.t("1 quote") : vscode.l10n.t("{0} quotes", quotes);
}

function verdictItem(session: SessionNode, verdict: Verdict, many: number): vscode.TreeItem {
  const icons: Record<Verdict, vscode.ThemeIcon> = {
    supported: themeIcon("pass", GREEN),
    qualified: themeIcon("info", BLUE),
    contradicted: themeIcon("error", RED),
    unsupported: themeIcon("warning", YELLOW),
    "not-checked": themeIcon("question", GREY),
  };
  const item = new vscode.TreeItem(describeVerdict(verdict), None);
  item.id = `${nodeId(session)}/verdicts/${verdict}`;
  item.iconPath = icons[verdict];
  item.description = formatNumber(many);
  return item;
}

function moreItem(node: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t("Show More…"), None);
  item.id = `${node.group.folder.uri.toString()}/${node.group.key}/more`;
  item.description = vscode.l10n.t("{0} more", formatNumber(node.left));
  item.iconPath = themeIcon("ellipsis");
  item.command = {
    title: vscode.l10n.t("Show More…"),
    command: "deepResearch.showMoreSessions",
    arguments: [node],
  };
  return item;
}

function problemItem({ folder, message }: ProblemNode): vscode.TreeItem {
  const text = localizeText(message);
  const item = new vscode.TreeItem(text, None);
  item.id = `${folder.uri.toString()}/problem`;
  item.iconPath = themeIcon("error", RED);
  item.tooltip = text;
  item.command = {
    title: vscode.l10n.t("Open Settings"),
    command: "workbench.action.openSettings",
    arguments: ["@ext:deep-research.deep-research"],
  };
  return item;
}
