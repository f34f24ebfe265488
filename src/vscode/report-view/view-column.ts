import * as vscode from "vscode";
import { isOnForUser } from "../user-features.js";

/* Where reports and runs are shown. */

/** The type of the report view's editor. */
const REPORT_VIEW = "deepResearch.report";

/** How a report is opened. */
export interface OpenOptions {
  column?: vscode.ViewColumn | undefined;
  /** Whether the focus stays where it is. */
  preserveFocus?: boolean;
}

/**
 * Opens a report in the report view, or in the Markdown preview where the user turned the view off. One that is open is
 * revealed where it is.
 */
export async function openReportView(
  report: vscode.Uri,
  { column = vscode.ViewColumn.Active, preserveFocus = false }: OpenOptions = {},
): Promise<void> {
  if (!isOnForUser("reportView")) {
    await vscode.commands.executeCommand("markdown.showPreview", report);
    return;
  }
  const found = openColumn(report) ?? column;
  // VS Code makes the column of a number the active one, even with the focus elsewhere; not so “beside”.
  const isBeside = found - vscode.window.tabGroups.activeTabGroup.viewColumn === 1;
  const viewColumn = preserveFocus && isBeside ? vscode.ViewColumn.Beside : found;
  await vscode.commands.executeCommand("vscode.openWith", report, REPORT_VIEW, {
    viewColumn,
    preserveFocus,
    preview: false,
  });
}

/** The column in which a report's view is open. */
function openColumn(report: vscode.Uri): vscode.ViewColumn | undefined {
  const groups = vscode.window.tabGroups.all.filter(({ tabs }) =>
    tabs.some(({ input }) => isReportView(input) && input.uri.toString() === report.toString()),
  );
  return (groups.find(({ isActive }) => isActive) ?? groups[0])?.viewColumn;
}

/** Whether a report is open in the report view. */
export function isReportViewOpen(report: vscode.Uri): boolean {
  return openColumn(report) !== undefined;
}

function isReportView(input: unknown): input is vscode.TabInputCustom {
  return input instanceof vscode.TabInputCustom && input.viewType === REPORT_VIEW;
}

/** The report whose view is active. */
export function activeReportView(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return isReportView(input) ? input.uri : undefined;
}

/**
 * The column for what opens by itself: not on top of what the user reads or writes, and no new column where there is
 * another one.
 */
export function quietColumn(): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const input = activeTabGroup.activeTab?.input;
  if (!(input instanceof vscode.TabInputText) && !isReportView(input)) return activeTabGroup.viewColumn;
  const others = all.filter((group) => group !== activeTabGroup);
  return others.at(-1)?.viewColumn ?? vscode.ViewColumn.Beside;
}
