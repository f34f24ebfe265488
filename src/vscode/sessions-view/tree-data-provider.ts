import { ResearchError } from "../../common/errors.js";
import { toMessage, type Message } from "../../common/messages.js";
import * as vscode from "vscode";
import { loadRunProgress } from "../../app/session-progress.js";
import { initialProgress, type RunProgress } from "../../core/progress/run-progress.js";
import type { ListedSession } from "../../app/sessions.js";
import { markOwn } from "../command-callers.js";
import type { ActiveRun } from "../runs/active-runs.js";
import {
  applyFilter,
  MAX_UNGROUPED,
  groupSessions,
  NO_FILTER,
  compareRunningFirst,
  sessionState,
  type SessionFilter,
} from "./group-sessions.js";
import { toTreeItem } from "./tree-items.js";
import type { FolderNode, GroupNode, MoreNode, TreeNode, ProblemNode, SessionNode } from "./nodes.js";
import { listPartChildren, listParts, detailFingerprint } from "./session-detail-items.js";
import { quotesOfSource } from "./source-quotes.js";
import { nodeKey, NodeCache } from "./node-cache.js";
import { renderSessionTooltip } from "./tooltip.js";

/** Number of sessions that a group shows at first and that each “Show More” adds. */
export const PAGE_SIZE = 100;
const MORE = 500;

/** What the tree needs from the window. */
export interface TreeHost {
  /** The folders that contain sessions. */
  folders: () => readonly vscode.WorkspaceFolder[];
  /** The session folder of a workspace folder. @throws ResearchError for invalid settings */
  sessionsOf: (folder: vscode.WorkspaceFolder) => Promise<string>;
  /** The runs of this window. */
  runs: () => readonly ActiveRun[];
  /** Redraws nodes and their children; undefined redraws everything. */
  redraw: (nodes: TreeNode[] | undefined) => void;
}

/**
 * The sessions as a tree: folders (if there are several), groups (if there are many sessions), sessions, and
 * their details.
 */
export class SessionsTreeProvider implements vscode.TreeDataProvider<TreeNode> {
  private readonly shelf: NodeCache;
  private readonly limits = new Map<string, number>();
  private filter: SessionFilter = NO_FILTER;
  /** The runs of this window at the time of the last listing. */
  private readonly begun = new Set<string>();

  constructor(private readonly around: TreeHost) {
    this.shelf = new NodeCache(around.sessionsOf, around.runs);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return toTreeItem(node, new Date());
  }

  async resolveTreeItem(
    item: vscode.TreeItem,
    node: TreeNode,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    if (node.kind !== "session") return item;
    const live = await this.liveOf(node, token).catch(() => null);
    item.tooltip = renderSessionTooltip(node, live, new Date());
    return item;
  }

  getParent(node: TreeNode): TreeNode | undefined {
    if (node.kind === "session") return node.parent;
    if (node.kind === "group") return this.above(node.folder);
    return "session" in node ? node.session : undefined;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    // VS Code passes these objects to the commands of context menus.
    return (await this.childrenOf(node)).map(markOwn);
  }

  private async childrenOf(node?: TreeNode): Promise<TreeNode[]> {
    if (node === undefined) {
      const folders = this.around.folders();
      const [only] = folders;
      if (only === undefined) return [];
      return folders.length === 1 ? this.below(only) : folders.map((each) => this.shelf.folder(each));
    }
    switch (node.kind) {
      case "folder":
        return this.below(node.folder);
      case "group":
        return this.page(node);
      case "session":
        return this.parts(node);
      case "part":
        return listPartChildren(node, new Date());
      case "source":
        return (await quotesOfSource(node)).map((quote) => ({ ...node, kind: "quote", quote }));
      default:
        return [];
    }
  }

  /** Sets the filter. @returns the number of matching sessions and of all sessions */
  async look(filter: SessionFilter): Promise<{ shown: number; all: number }> {
    this.filter = filter;
    this.limits.clear();
    this.around.redraw(undefined);
    const listed = this.around.folders().map((each) => this.shelf.all(each).catch(() => []));
    const all = (await Promise.all(listed)).flat();
    return { shown: applyFilter(all, filter).length, all: all.length };
  }

  /** Shows more sessions of a group. */
  more({ group }: MoreNode): void {
    const key = nodeKey(group.folder, group.key);
    this.limits.set(key, (this.limits.get(key) ?? PAGE_SIZE) + MORE);
    this.around.redraw([group]);
  }

  /** Lists everything again, because the session folders may have changed. */
  refresh(): void {
    this.shelf.forget();
    this.around.redraw(undefined);
  }

  /** Reads these sessions of a folder again and redraws what changed. */
  async update(folder: vscode.WorkspaceFolder, ids: string[]): Promise<void> {
    if (!this.shelf.isListed(folder)) return;
    const { changed, moved } = await (await this.shelf.listing(folder)).update(ids);
    const nodes = ids.flatMap((id) => this.shelf.known(folder, id) ?? []).filter(({ here }) => !here);
    for (const each of nodes) each.live = null;
    if (moved) {
      this.redrawList(folder);
      return;
    }
    const all = changed.length === 0 ? [] : await this.shelf.all(folder);
    for (const each of nodes) each.listed = all.find(({ id }) => id === each.id) ?? each.listed;
    // A growing journal without an end belongs to a run elsewhere: redraw its expanded details.
    const toDraw = nodes.filter((each) => changed.includes(each.id) || each.parts.length > 0);
    if (toDraw.length > 0) this.around.redraw(toDraw);
  }

  /** Redraws what has changed in a run since the last time. */
  async follow(run: ActiveRun): Promise<void> {
    if (run.session === null || !this.shelf.isListed(run.folder)) return;
    const node = this.shelf.known(run.folder, run.session);
    const here = this.shelf.runOf(run.folder, run.session) !== undefined;
    // A run that the filter or paging hides has no node, but its start and end must each be handled once.
    const key = nodeKey(run.folder, run.session);
    const was = node?.here ?? this.begun.has(key);
    if (here) this.begun.add(key);
    else this.begun.delete(key);
    if (was !== here) {
      // It started or ended, so its position in the list has changed.
      if (node !== undefined) Object.assign(node, { here, live: null });
      await (await this.shelf.listing(run.folder)).update([run.session]);
      this.redrawList(run.folder);
      return;
    }
    if (node === undefined) return;
    node.live = run.live;
    const now = new Date();
    const names = listParts(node, run.live);
    const isOpen = node.parts.length > 0;
    const isSame =
      node.parts.length === names.length && node.parts.every(({ part }, at) => part === names[at]);
    const changed = node.parts.filter((each) => {
      const before = each.shown;
      return (each.shown = detailFingerprint(each, now)) !== before;
    });
    if (node.phase !== run.live.phase || (isOpen && !isSame)) {
      node.phase = run.live.phase;
      this.around.redraw([node]);
    } else if (changed.length > 0) this.around.redraw(changed);
  }

  /**
   * Finds or creates a session's node and its ancestors, so that it can be revealed; undefined if there is no
   * such session.
   */
  async find(id: string): Promise<SessionNode | undefined> {
    for (const folder of this.around.folders()) {
      const all = await this.shelf.all(folder).catch(() => []);
      if (!applyFilter(all, this.filter).some((session) => session.id === id)) continue;
      for (const top of await this.below(folder)) {
        if (top.kind === "session" && top.id === id) return top;
        const at = top.kind === "group" ? top.sessions.findIndex((session) => session.id === id) : -1;
        if (top.kind !== "group" || at < 0) continue;
        const key = nodeKey(folder, top.key);
        if (at >= (this.limits.get(key) ?? PAGE_SIZE)) {
          this.limits.set(key, at + 1);
          this.around.redraw([top]);
        }
        return this.page(top).find((each) => each.kind === "session" && each.id === id) as SessionNode;
      }
    }
    return undefined;
  }

  /** Ids of a folder's sessions that another process seems to run. */
  async running(folder: vscode.WorkspaceFolder): Promise<string[]> {
    if (!this.shelf.isListed(folder)) return [];
    const ids = await (await this.shelf.listing(folder)).running();
    return ids.filter((id) => this.shelf.runOf(folder, id) === undefined);
  }

  private redrawList(folder: vscode.WorkspaceFolder): void {
    const above = this.above(folder);
    this.around.redraw(above === undefined ? undefined : [above]);
  }

  private above(folder: vscode.WorkspaceFolder): FolderNode | undefined {
    return this.around.folders().length > 1 ? this.shelf.folder(folder) : undefined;
  }

  private async below(folder: vscode.WorkspaceFolder): Promise<TreeNode[]> {
    let all: ListedSession[];
    try {
      all = await this.shelf.all(folder);
    } catch (error) {
      const problem: ProblemNode = { kind: "problem", folder, message: errorMessage(error) };
      return [problem];
    }
    const shown = applyFilter(all, this.filter);
    const current = shown.filter((session) => sessionState(session) !== "archived");
    const isFlat = current.length <= MAX_UNGROUPED;
    const groups = groupSessions(shown, new Date()).filter(({ key }) => !isFlat || key === "archived");
    const parent = this.above(folder);
    return [
      ...(isFlat ? compareRunningFirst(current) : []).map((session) =>
        this.shelf.session(folder, session, parent),
      ),
      ...groups.map(({ key, sessions }) => this.shelf.group(folder, key, sessions)),
    ];
  }

  private page(group: GroupNode): TreeNode[] {
    const { folder, key, sessions } = group;
    const limit = this.limits.get(nodeKey(folder, key)) ?? PAGE_SIZE;
    const nodes: TreeNode[] = sessions
      .slice(0, limit)
      .map((session) => this.shelf.session(folder, session, group));
    const left = sessions.length - limit;
    return left > 0 ? [...nodes, { kind: "more", group, left }] : nodes;
  }

  private async parts(node: SessionNode): Promise<TreeNode[]> {
    let live: RunProgress;
    try {
      live = await this.liveOf(node);
    } catch (error) {
      // Archived, or its journal cannot be read: show what the listing contains.
      const { question, report, archived } = node.listed;
      live = { ...initialProgress(question), report, error: archived === true ? null : errorMessage(error) };
      node.live = live;
    }
    const now = new Date();
    node.parts = listParts(node, live).map((part) => {
      const known = node.parts.find((each) => each.part === part);
      const each = known ?? { kind: "part", part, session: node, shown: "" };
      each.shown = detailFingerprint(each, now);
      return each;
    });
    return node.parts;
  }

  private async liveOf(node: SessionNode, token?: vscode.CancellationToken): Promise<RunProgress> {
    const run = this.shelf.runOf(node.folder, node.id);
    if (run !== undefined) return (node.live = run.live);
    if (node.live !== null) return node.live;
    const controller = new AbortController();
    token?.onCancellationRequested(() => controller.abort());
    const { folder } = await this.shelf.listing(node.folder);
    const goesOn = node.listed.status === "running";
    return (node.live = await loadRunProgress(folder, node.id, goesOn, controller.signal));
  }
}

function errorMessage(error: unknown): Message {
  if (error instanceof ResearchError) return error.what;
  return toMessage(error instanceof Error ? error.message : String(error));
}
