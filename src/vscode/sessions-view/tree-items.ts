import * as vscode from "vscode";
import type { QuestionProgress, SourceProgress } from "../../core/progress/run-progress.js";
import { formatLocation, isLocalLocation, type SourceLocation } from "../../core/domain/schema.js";
import { sessionState, type SessionState } from "./group-sessions.js";
import { BLUE, GREEN, GREY, themeIcon, nodeId, RED, nodeTitle, YELLOW } from "./icons.js";
import type { GroupNode, MoreNode, TreeNode, ProblemNode, QuoteNode, SessionNode } from "./nodes.js";
import { toPartItem } from "./session-detail-items.js";
import { escapeMarkdown } from "../report-editor/escape-markdown.js";
import { markOwn } from "../command-callers.js";
import { localizeText } from "../l10n/localize.js";
import { formatNumber } from "../l10n/format.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import {
  describeAge,
  describeGroup,
  describePhase,
  describeState,
  shortenText,
} from "../l10n/session-words.js";

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
    case "quote":
      return quoteItem(node);
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
  const age = describeAge(listed.started, now);
  const checked = verifiedOf(listed);
  // The icon shows the state; it is named where it asks for something.
  const isPlain = state === "done" || state === "archived";
  const stateWords = `${describeState(state)}${elsewhereSuffix(node)}`;
  item.description =
    here && live !== null
      ? describePhase(live.phase)
      : [
          ...(isPlain ? [] : [stateWords]),
          age,
          ...(checked === null ? [] : [`${checked.verified}/${checked.all}`]),
          ...environmentWords(node),
        ].join(" · ");
  item.contextValue = contextValue(node, state);
  const verified =
    checked === null ? [] : [vscode.l10n.t("{0} of {1} verified", checked.verified, checked.all)];
  item.accessibilityInformation = { label: [title, stateWords, age, ...verified].join(", ") };
  if (!here && listed.report !== null) {
    item.command = {
      title: vscode.l10n.t("Open Report"),
      command: "deepResearch.openReport",
      arguments: [markOwn({ session: node, keepsFocus: true })],
    };
  }
  return item;
}

/** How many of the cited sentences passed their check; null if that is not known. */
function verifiedOf({ verdicts }: SessionNode["listed"]): { verified: number; all: number } | null {
  if (verdicts === undefined) return null;
  const all = Object.values(verdicts).reduce((sum, many) => sum + many, 0);
  return all === 0 ? null : { verified: verdicts.supported ?? 0, all };
}

/** Marks a run that this window cannot control. */
function elsewhereSuffix({ listed, here }: SessionNode): string {
  return listed.status === "running" && !here ? ` ${vscode.l10n.t("elsewhere")}` : "";
}

/** Marks a session that was not made in production. */
function environmentWords({ listed: { environment } }: SessionNode): string[] {
  if (environment === undefined) return [];
  return [environment === "staging" ? vscode.l10n.t("staging") : vscode.l10n.t("development")];
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
    read: [themeIcon("check", GREEN), vscode.l10n.t("searched")],
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
  const hasQuotes = !session.here && sha256 !== null && (quotes ?? 0) > 0;
  const item = new vscode.TreeItem(title === "" ? where : title, hasQuotes ? Collapsed : None);
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

/** A quote: a click opens its place, selected. */
function quoteItem(node: QuoteNode): vscode.TreeItem {
  const { session, source, quote } = node;
  const text = collapseWhitespace(quote.quote);
  const item = new vscode.TreeItem(shortenText(text, 100), None);
  item.id = `${nodeId(session)}/sources/${source.place.kind}/${formatLocation(source.place)}/${text}`;
  item.iconPath = themeIcon("quote", GREY);
  if (quote.lines !== null) item.description = vscode.l10n.t("line {0}", quote.lines[0]);
  item.tooltip = new vscode.MarkdownString(escapeMarkdown(quote.quote));
  item.contextValue = `quote.${source.place.kind}`;
  item.command = {
    title: vscode.l10n.t("Open Source"),
    command: "deepResearch.openSource",
    arguments: [markOwn(node)],
  };
  return item;
}

function readWord(kind: SourceProgress["place"]["kind"], quotes: number | null): string {
  if (kind === "grounded") return vscode.l10n.t("found by Google");
  if (quotes === null) return vscode.l10n.t("read");
  return quotes === 1 ? vscode.l10n.t("1 quote") : vscode.l10n.t("{0} quotes", quotes);
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
