import * as vscode from "vscode";
import { YAML_FILE } from "../../app/load-config.js";
import { loadWorkspaceConfig } from "../workspace-config.js";
import type { ApiKeyStore } from "../api-key.js";
import type { RunController } from "../runs/run-controller.js";
import { isFiltering, NO_FILTER, type SessionFilter } from "./group-sessions.js";
import type { TreeNode } from "./nodes.js";
import { SessionsTreeProvider } from "./tree-data-provider.js";
import { updateSessionContext } from "../session-context.js";
import { watchSessions } from "./watch-sessions.js";
import { formatNumber } from "../l10n/format.js";
import { describeState } from "../l10n/session-words.js";
import { isUsableFolder } from "../virtual/virtual-paths.js";

/** What VS Code's entry point created for the view before the rest was loaded. */
export interface TreeViewHandle {
  view: vscode.TreeView<TreeNode>;
  changed: vscode.EventEmitter<TreeNode | TreeNode[] | undefined>;
}

/** The view's interface to the rest of the extension. */
export interface SessionsView {
  tree: SessionsTreeProvider;
  /** Shows the view and, if given, reveals the session. */
  show(id?: string): Promise<void>;
  filter(): SessionFilter;
  /** The selected sessions. */
  selected(): TreeNode[];
  setFilter(filter: SessionFilter): Promise<void>;
  /** Reads sessions again that have just been changed. */
  update(folder: vscode.WorkspaceFolder, ids: string[]): Promise<void>;
  refresh(): void;
}

/** Milliseconds between checks whether sessions of other processes are still running. */
const LOOK = 10_000;

/** How often to retry revealing a row while the list is redrawn, and after which pause. */
const REVEALS = 5;
const AGAIN = 200;

/** Connects the view to runs, files, settings and the key. */
export function createSessionsView(
  context: vscode.ExtensionContext,
  { view, changed }: TreeViewHandle,
  runs: RunController,
  key: ApiKeyStore,
): SessionsView {
  let filter = NO_FILTER;
  const watchers = new Map<string, { sessions: string; watcher: vscode.Disposable }>();
  const tree = new SessionsTreeProvider({
    folders: () => (vscode.workspace.workspaceFolders ?? []).filter(isUsableFolder),
    sessionsOf: async (folder) => {
      const { sessionStoragePath } = (await loadWorkspaceConfig(folder, null)).settings;
      watch(folder, sessionStoragePath);
      return sessionStoragePath;
    },
    runs: () => runs.list(),
    redraw: (nodes) => changed.fire(nodes),
  });

  const setContext = (name: "deepResearch.key" | "deepResearch.filtered", value: unknown): void =>
    void vscode.commands.executeCommand("setContext", name, value);
  const tellKey = async (): Promise<void> =>
    setContext("deepResearch.key", (await key.get()) === null ? "none" : "set");
  const look = setInterval(() => {
    if (!view.visible) return;
    for (const folder of vscode.workspace.workspaceFolders ?? [])
      void tree
        .running(folder)
        .then((ids) => (ids.length === 0 ? undefined : tree.update(folder, ids)), ignore);
  }, LOOK);
  context.subscriptions.push(
    { dispose: () => clearInterval(look) },
    {
      dispose: () => {
        for (const { watcher } of watchers.values()) watcher.dispose();
      },
    },
    runs.onDidChange((run) => {
      const { length } = runs.list();
      view.badge =
        length === 0
          ? undefined
          : { value: length, tooltip: vscode.l10n.t("{0} runs in progress", formatNumber(length)) };
      void tree.follow(run).catch(ignore);
    }),
    context.secrets.onDidChange(() => void tellKey()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("deepResearch.sessionStoragePath")) tree.refresh();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => tree.refresh()),
    watchYaml(() => tree.refresh()),
  );
  void tellKey();

  const selected = (): TreeNode[] => view.selection.filter(({ kind }) => kind === "session");
  return { tree, show, filter: () => filter, selected, setFilter, update, refresh: () => tree.refresh() };

  function watch(folder: vscode.WorkspaceFolder, sessions: string): void {
    const at = folder.uri.toString();
    const known = watchers.get(at);
    if (known?.sessions === sessions) return;
    known?.watcher.dispose();
    const watcher = watchSessions(sessions, (ids) => {
      void updateSessionContext();
      if (ids.length === 0) tree.refresh();
      else void update(folder, ids);
    });
    watchers.set(at, { sessions, watcher });
  }

  async function update(folder: vscode.WorkspaceFolder, ids: string[]): Promise<void> {
    await tree.update(folder, ids).catch(ignore);
  }

  async function show(id?: string): Promise<void> {
    // Show the view first, so that the user sees the list even if the row cannot be revealed.
    await vscode.commands.executeCommand("deepResearch.sessions.focus");
    for (let tries = 1; id !== undefined && tries <= REVEALS; tries++) {
      const node = await findShown(id);
      if (node === undefined) return;
      try {
        await view.reveal(node, { select: true, focus: true, expand: true });
        return;
      } catch {
        // A run that continues causes redraws, after which VS Code may not know the row yet.
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    }
  }

  async function findShown(id: string): Promise<TreeNode | undefined> {
    const found = await tree.find(id);
    if (found !== undefined || !isFiltering(filter)) return found;
    // The filter hides the session, but the user asked for it.
    await setFilter(NO_FILTER);
    return tree.find(id);
  }

  async function setFilter(next: SessionFilter): Promise<void> {
    filter = next;
    const isOn = isFiltering(next);
    setContext("deepResearch.filtered", isOn);
    const { shown, all } = await tree.look(next);
    if (filter !== next) return;
    if (!isOn) {
      view.description = "";
      // VS Code ignores a deleted property and would keep the old message, so set it to empty.
      view.message = "";
      return;
    }
    const words = [
      ...next.states.map(describeState),
      ...(next.text.trim() === "" ? [] : [`“${next.text.trim()}”`]),
    ];
    view.description = words.join(", ");
    view.message = vscode.l10n.t(
      "{0} of {1} sessions: {2}",
      formatNumber(shown),
      formatNumber(all),
      words.join(", "),
    );
  }
}

/** A folder's settings file may set where sessions are stored. */
function watchYaml(tell: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${YAML_FILE}`);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(tell),
    watcher.onDidCreate(tell),
    watcher.onDidDelete(tell),
  );
}

/** Errors of a listing are shown by the view itself. */
function ignore(): void {
  return undefined;
}
