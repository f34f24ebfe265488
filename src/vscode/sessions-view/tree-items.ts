import * as vscode from "vscode";
import type { LiveQuestion, LiveSource } from "../../core/progress/run-progress.js";
import { whereIs, type Verdict } from "../../core/domain/schema.js";
import { stateOf, type SessionState } from "./group-sessions.js";
import { BLUE, GREEN, GREY, icon, idOf, RED, titleOf, YELLOW } from "./icons.js";
import type { GroupNode, MoreNode, Node, ProblemNode, SessionNode } from "./nodes.js";
import { partItem } from "./session-detail-items.js";
import { inert } from "../report-editor/escape-markdown.js";
import { ours } from "../command-callers.js";
import { translated } from "../l10n/translate.js";
import { number, verdictWord } from "../l10n/format.js";
import { dayWord, groupWord, phaseWord, stateWord } from "../l10n/session-words.js";

/* How each node looks. */

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

const STATE_ICONS: Record<SessionState, vscode.ThemeIcon> = {
  running: icon("sync~spin", BLUE),
  done: icon("pass", GREEN),
  partial: icon("warning", YELLOW),
  failed: icon("error", RED),
  cancelled: icon("circle-slash", GREY),
  interrupted: icon("debug-pause", YELLOW),
  planned: icon("checklist", BLUE),
  damaged: icon("circle-large-outline", RED),
  newer: icon("circle-large-outline", YELLOW),
  archived: icon("archive", GREY),
};

/** The item of a node. @param now for dates and times */
export function itemOf(node: Node, now: Date): vscode.TreeItem {
  switch (node.kind) {
    case "folder": {
      const item = new vscode.TreeItem(node.folder.name, Expanded);
      item.id = node.folder.uri.toString();
      item.iconPath = icon("root-folder");
      item.contextValue = "folder";
      return item;
    }
    case "group":
      return groupItem(node);
    case "session":
      return sessionItem(node, now);
    case "part":
      return partItem(node, now);
    case "question":
      return questionItem(node.session, node.question);
    case "source":
      return sourceItem(node.session, node.source);
    case "verdict":
      return verdictItem(node.session, node.verdict, node.many);
    case "figure": {
      const item = new vscode.TreeItem(node.label, None);
      item.id = `${idOf(node.session)}/spend/${node.label}`;
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
  const item = new vscode.TreeItem(groupWord(key), key === "today" || key === "week" ? Expanded : Collapsed);
  item.id = `${folder.uri.toString()}/${key}`;
  item.description = number(sessions.length);
  item.contextValue = "group";
  const many = vscode.l10n.t("{0} sessions", number(sessions.length));
  item.accessibilityInformation = { label: `${groupWord(key)}, ${many}` };
  return item;
}

function sessionItem(node: SessionNode, now: Date): vscode.TreeItem {
  const { listed, here, live } = node;
  const state: SessionState = here ? "running" : stateOf(listed);
  const title = titleOf(node);
  const item = new vscode.TreeItem(title, here ? Expanded : Collapsed);
  item.id = idOf(node);
  item.iconPath = STATE_ICONS[state];
  const when = dayWord(listed.started, now);
  item.description =
    here && live !== null ? phaseWord(live.phase) : `${stateWord(state)}${whereFrom(node)} · ${when}`;
  item.contextValue = contextOf(node, state);
  item.accessibilityInformation = { label: `${title}, ${stateWord(state)}, ${when}` };
  return item;
}

/** A run that this window cannot steer. */
function whereFrom({ listed, here }: SessionNode): string {
  return listed.status === "running" && !here ? ` ${vscode.l10n.t("elsewhere")}` : "";
}

/** What menus ask for: "session.running", "session.elsewhere", "session.done.report" … */
function contextOf({ listed, here }: SessionNode, state: SessionState): string {
  if (here) return "session.running";
  if (state === "running") return "session.elsewhere";
  return `session.${state}${listed.report === null ? "" : ".report"}`;
}

function questionItem(session: SessionNode, { id, question, state }: LiveQuestion): vscode.TreeItem {
  const item = new vscode.TreeItem(question, None);
  item.id = `${idOf(session)}/plan/${id}`;
  const looks: Record<LiveQuestion["state"], [vscode.ThemeIcon, string]> = {
    waiting: [icon("circle-outline", GREY), vscode.l10n.t("waiting")],
    searching: [icon("sync~spin", BLUE), vscode.l10n.t("searching")],
    read: [icon("check", GREEN), vscode.l10n.t("read")],
    failed: [icon("error", RED), vscode.l10n.t("search failed")],
    skipped: [icon("circle-slash", GREY), vscode.l10n.t("skipped")],
  };
  const [look, said] = looks[state];
  item.iconPath = look;
  item.description = said;
  item.tooltip = question;
  const isOpen = state === "waiting" || state === "searching";
  item.contextValue = session.here && isOpen ? "question.running" : "question";
  return item;
}

function sourceItem(session: SessionNode, source: LiveSource): vscode.TreeItem {
  const { place, title, state, why, quotes, sha256 } = source;
  const where = whereIs(place);
  const item = new vscode.TreeItem(title === "" ? where : title, None);
  item.id = `${idOf(session)}/sources/${place.kind}/${where}`;
  const kind = place.kind === "workspace" ? "file" : place.kind === "page" ? "globe" : "search";
  const looks: Record<LiveSource["state"], [vscode.ThemeIcon, string]> = {
    reading: [icon("sync~spin", BLUE), vscode.l10n.t("reading")],
    read: [icon(kind), readWord(place.kind, quotes)],
    failed: [icon("error", RED), vscode.l10n.t("not read: {0}", translated(why))],
    copy: [icon("files", GREY), vscode.l10n.t("copy of another")],
    left: [icon("circle-slash", GREY), vscode.l10n.t("not read")],
  };
  const [look, said] = looks[state];
  item.iconPath = look;
  item.description = place.kind === "workspace" && title !== where ? `${said} · ${where}` : said;
  const tooltip = new vscode.MarkdownString();
  tooltip.appendMarkdown([title, where, said].map(inert).join("\n\n"));
  item.tooltip = tooltip;
  item.contextValue = `source.${place.kind}${sha256 === null ? "" : ".snapshot"}`;
  item.command = {
    title: vscode.l10n.t("Open Source"),
    command: "deepResearch.openSource",
    arguments: [ours({ kind: "source", session, source })],
  };
  item.accessibilityInformation = { label: `${title}, ${where}, ${said}` };
  return item;
}

function readWord(kind: LiveSource["place"]["kind"], quotes: number | null): string {
  if (kind === "grounded") return vscode.l10n.t("found by Google");
  if (quotes === null) return vscode.l10n.t("read");
  return quotes === 1 ? vscode.l10n.t("1 quote") : vscode.l10n.t("{0} quotes", quotes);
}

function verdictItem(session: SessionNode, verdict: Verdict, many: number): vscode.TreeItem {
  const icons: Record<Verdict, vscode.ThemeIcon> = {
    supported: icon("pass", GREEN),
    qualified: icon("info", BLUE),
    contradicted: icon("error", RED),
    unsupported: icon("warning", YELLOW),
    "not-checked": icon("question", GREY),
  };
  const item = new vscode.TreeItem(verdictWord(verdict), None);
  item.id = `${idOf(session)}/verdicts/${verdict}`;
  item.iconPath = icons[verdict];
  item.description = number(many);
  return item;
}

function moreItem(node: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t("Show More…"), None);
  item.id = `${node.group.folder.uri.toString()}/${node.group.key}/more`;
  item.description = vscode.l10n.t("{0} more", number(node.left));
  item.iconPath = icon("ellipsis");
  item.command = {
    title: vscode.l10n.t("Show More…"),
    command: "deepResearch.showMoreSessions",
    arguments: [node],
  };
  return item;
}

function problemItem({ folder, message }: ProblemNode): vscode.TreeItem {
  const said = translated(message);
  const item = new vscode.TreeItem(said, None);
  item.id = `${folder.uri.toString()}/problem`;
  item.iconPath = icon("error", RED);
  item.tooltip = said;
  item.command = {
    title: vscode.l10n.t("Open Settings"),
    command: "workbench.action.openSettings",
    arguments: ["@ext:deep-research.deep-research"],
  };
  return item;
}
