import type { MarkdownIt } from "markdown-it";
import * as vscode from "vscode";
import type { Commands } from "./vscode/command-ids.js";
import type { ExtensionMain } from "./vscode/main.js";
import { activateOnReport } from "./vscode/report-editor/activate-on-report.js";
import { updateSessionContext } from "./vscode/session-context.js";
import type { TreeNode } from "./vscode/sessions-view/nodes.js";
import { isOnForUser } from "./vscode/user-features.js";
import { setMirrorStorage } from "./vscode/virtual/virtual-paths.js";
import { isInReportFolder, resolveOutsideLink } from "./vscode/preview/report-folder.js";

/*
 * VS Code's entry point. It only registers commands and the view. The rest is a separate bundle, loaded when a command
 * first runs, the view is first shown or a report is open, so that other windows start without that cost.
 */

/** The extension's API, as VS Code's Markdown preview expects it, even in untrusted workspaces. */
interface MarkdownPlugin {
  extendMarkdownIt: (md: MarkdownIt) => MarkdownIt;
  /** Only in tests of this extension. */
  test?: () => Promise<ExtensionMain["test"]>;
}

type PreviewPlugin = typeof import("./vscode/preview/markdown-it-plugin.js");

/** The part of package.json that is read: every contributed command is registered. */
interface Manifest {
  contributes: { commands: { command: keyof Commands }[] };
}

export function activate(context: vscode.ExtensionContext): MarkdownPlugin {
  setMirrorStorage(context);
  let opened: Promise<ExtensionMain> | undefined;
  const open = (): Promise<ExtensionMain> =>
    (opened ??= import("./vscode/main.js").then(({ activateMain }) =>
      activateMain(context, { view, changed }),
    ));
  const changed = new vscode.EventEmitter<TreeNode | TreeNode[] | undefined>();
  const view = vscode.window.createTreeView<TreeNode>("deepResearch.sessions", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: async (node) => (await open()).tree.getChildren(node),
      getTreeItem: async (node) => (await open()).tree.getTreeItem(node),
      getParent: async (node) => (await open()).tree.getParent?.(node),
      resolveTreeItem: async (item, node, token) => (await open()).tree.resolveTreeItem?.(item, node, token),
    },
    canSelectMany: true,
    showCollapseAll: true,
  });
  context.subscriptions.push(view, changed);
  if (isOnForUser("reportView")) {
    const reportEditor = vscode.window.registerCustomEditorProvider(
      "deepResearch.report",
      {
        resolveCustomTextEditor: async (document: vscode.TextDocument, panel: vscode.WebviewPanel) =>
          (await open()).showReport(document, panel),
      },
      { webviewOptions: { enableFindWidget: true }, supportsMultipleEditorsPerDocument: true },
    );
    context.subscriptions.push(reportEditor);
  }
  const { contributes } = context.extension.packageJSON as Manifest;
  for (const { command } of contributes.commands) {
    context.subscriptions.push(
      vscode.commands.registerCommand(command, async (...args: unknown[]) =>
        (await open()).commands[command](...args),
      ),
    );
  }
  void updateSessionContext();
  // A run that a reload interrupted is told at once.
  if (context.workspaceState.get("deepResearch.runs") !== undefined) void open();
  // Loading the main bundle also registers hovers, diagnostics and other editor features.
  activateOnReport(context, () => void open());
  return {
    extendMarkdownIt: (md) => {
      if (!isOnForUser("previewPlugin")) return md;
      // The preview does not wait for promises, so this bundle cannot be loaded with import().
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { createReportPreview } = require("./vscode/preview/markdown-it-plugin.js") as PreviewPlugin;
      return md.use(createReportPreview(isInReportFolder, resolveOutsideLink, vscode.l10n));
    },
    ...(context.extensionMode === vscode.ExtensionMode.Test ? { test: async () => (await open()).test } : {}),
  };
}
