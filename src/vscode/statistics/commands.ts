import * as vscode from "vscode";
import * as z from "zod";
import { collectSessionStats } from "../../storage/statistics/collect-session-stats.js";
import { summarizeStatistics, type Statistics } from "../../storage/statistics/summarize.js";
import type { Commands } from "../command-ids.js";
import { chooseFolder, loadWorkspaceConfig } from "../workspace-config.js";
import { createStatisticsFormat } from "./format.js";
import { renderStatisticsPage, RANGES } from "./page.js";
import { yieldToEventLoop } from "../../common/yield-to-event-loop.js";

const VIEW = "deepResearch.statistics";

/** The only commands that the page may call. */
const CALLED = ["deepResearch.research", "deepResearch.showStatistics"];

/** “Show Statistics”: one panel per folder, updated whenever it is shown. */
export function statisticsCommands(
  context: vscode.ExtensionContext,
): Pick<Commands, "deepResearch.showStatistics"> {
  const panels = new Map<string, vscode.WebviewPanel>();

  return {
    "deepResearch.showStatistics": async (argument) => {
      const folder =
        namedFolder(argument) ?? activeFolder() ?? (await chooseFolder(undefined, { untrusted: true }));
      if (folder === undefined) return undefined;
      const key = folder.uri.toString();
      const ranges = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Reading the journals") },
        () => loadRanges(folder),
      );
      const panel = panels.get(key) ?? open(folder);
      show(panel, folder, ranges);
      panel.reveal(undefined, false);
      return ranges.at(-1);
    },
  };

  /** The folder of the active panel, on which “Refresh” was clicked. */
  function activeFolder(): vscode.WorkspaceFolder | undefined {
    const [key] = [...panels].find(([, panel]) => panel.active) ?? [];
    return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.toString() === key);
  }

  function open(folder: vscode.WorkspaceFolder): vscode.WebviewPanel {
    const media = vscode.Uri.joinPath(context.extensionUri, "media");
    const panel = vscode.window.createWebviewPanel(
      VIEW,
      vscode.l10n.t("Research Statistics"),
      vscode.ViewColumn.Active,
      {
        enableScripts: true,
        enableCommandUris: CALLED,
        enableFindWidget: true,
        localResourceRoots: [media],
      },
    );
    const key = folder.uri.toString();
    panels.set(key, panel);
    const viewStateListener = panel.onDidChangeViewState(({ webviewPanel }) => {
      if (!webviewPanel.visible) return;
      // Show what has changed since; if the folder can no longer be read, keep the old content.
      void loadRanges(folder).then(
        (ranges) => panels.get(key) === panel && show(panel, folder, ranges),
        () => undefined,
      );
    });
    panel.onDidDispose(() => {
      viewStateListener.dispose();
      panels.delete(key);
    });
    context.subscriptions.push(panel);
    return panel;
  }

  function show(panel: vscode.WebviewPanel, folder: vscode.WorkspaceFolder, ranges: Statistics[]): void {
    const { webview } = panel;
    const media = (name: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(context.extensionUri, "media", name)).toString();
    const { language } = vscode.env;
    const html = renderStatisticsPage(
      {
        folder: folder.name,
        ranges,
        style: media("statistics.css"),
        script: media("statistics.js"),
        source: webview.cspSource,
        language,
      },
      vscode.l10n,
      createStatisticsFormat(language),
    );
    // Setting `html` reloads the page, even if it is the same.
    if (webview.html !== html) webview.html = html;
  }
}

/** The statistics of a folder, one for each selectable range. */
async function loadRanges(folder: vscode.WorkspaceFolder): Promise<Statistics[]> {
  const { settings } = await loadWorkspaceConfig(folder, null);
  const figures = await collectSessionStats(settings.sessionStoragePath, new AbortController().signal);
  const now = new Date();
  const ranges: Statistics[] = [];
  for (const days of RANGES) {
    ranges.push(summarizeStatistics(figures, days, now));
    await yieldToEventLoop();
  }
  return ranges;
}

const Named = z.object({ uri: z.custom<vscode.Uri>((value) => value instanceof vscode.Uri) });

function namedFolder(argument: unknown): vscode.WorkspaceFolder | undefined {
  const uri = argument instanceof vscode.Uri ? argument : Named.safeParse(argument).data?.uri;
  return uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri);
}
