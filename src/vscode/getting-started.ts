import * as vscode from "vscode";
import { openReportView } from "./report-view/view-column.js";

/*
 * First steps: a walkthrough, and a sample report that needs no folder, key or network. The sample comes with
 * the extension, including its session and snapshots, and is verified like any other report.
 */

const WALKTHROUGH = "deep-research.deep-research#start";

/** The argument that links in the walkthrough pass instead of a report. */
export const SAMPLE = "sample";

/** The sample report and its folder. */
export interface Sample {
  report: vscode.Uri;
  folder: vscode.Uri;
}

export async function sampleReport(extension: vscode.Uri): Promise<Sample> {
  const folder = vscode.Uri.joinPath(extension, "media", "sample");
  const reports = vscode.Uri.joinPath(folder, "data", "reports");
  const entries = await vscode.workspace.fs.readDirectory(reports);
  const [name] = entries.flatMap(([each]) => (each.endsWith(".md") ? [each] : []));
  if (name === undefined) throw new Error("The sample report is missing from the extension.");
  return { folder, report: vscode.Uri.joinPath(reports, name) };
}

export async function openSample(extension: vscode.Uri): Promise<void> {
  const { report } = await sampleReport(extension);
  // Beside the walkthrough, whose next step is about it.
  const { tabs } = vscode.window.tabGroups.activeTabGroup;
  await openReportView(report, tabs.length > 0 ? { column: vscode.ViewColumn.Beside } : {});
}

export async function getStarted(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openWalkthrough", { category: WALKTHROUGH }, false);
}
