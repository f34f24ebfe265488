import * as vscode from "vscode";

/*
 * The first minutes: a walkthrough, and a sample report that is there without a folder, a key or a network. The
 * sample comes with the extension, with its session and snapshots, and is checked like any other report.
 */

const WALKTHROUGH = "deep-research.deep-research#start";

/** What a link of the walkthrough hands to commands in a report's place. */
export const SAMPLE = "sample";

/** The sample report, and the folder that it is about. */
export interface Sample {
  report: vscode.Uri;
  folder: vscode.Uri;
}

/** The sample that comes with the extension. */
export async function sampleReport(extension: vscode.Uri): Promise<Sample> {
  const folder = vscode.Uri.joinPath(extension, "media", "sample");
  const reports = vscode.Uri.joinPath(folder, "data", "reports");
  const entries = await vscode.workspace.fs.readDirectory(reports);
  const [name] = entries.flatMap(([each]) => (each.endsWith(".md") ? [each] : []));
  if (name === undefined) throw new Error("The sample report is missing from the extension.");
  return { folder, report: vscode.Uri.joinPath(reports, name) };
}

/** Shows the sample in the Markdown preview, which only reads it. */
export async function openSample(extension: vscode.Uri): Promise<void> {
  const { report } = await sampleReport(extension);
  await vscode.commands.executeCommand("markdown.showPreviewToSide", report);
}

/** Opens the walkthrough. */
export async function getStarted(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openWalkthrough", { category: WALKTHROUGH }, false);
}
