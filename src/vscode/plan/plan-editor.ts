import * as vscode from "vscode";
import { createLaterReview, isPlanPath, locatePlan, sessionOfPlan } from "../../app/plan-file.js";
import type { EngineConfig } from "../../app/types.js";
import { loadWorkspaceConfig } from "../workspace-config.js";
import { planDocumentTexts } from "./messages.js";

/* A plan in an editor is a file in its session's folder, so that it survives a window reload. */

/** A session with a plan to review. */
export interface PendingPlan {
  folder: vscode.WorkspaceFolder;
  session: string;
  uri: vscode.Uri;
}

/** Writes the plan to a file and ends the run until the user runs the plan. */
export const reviewLater = createLaterReview(planDocumentTexts);

export async function showPlan(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

export function planUri(config: EngineConfig, session: string): vscode.Uri {
  return vscode.Uri.file(locatePlan(config, session));
}

/** Whether the path is that of a session's plan. */
export function isPlan(uri: vscode.Uri): boolean {
  return uri.scheme === "file" && isPlanPath(uri.fsPath);
}

/** The session of a plan document; undefined if it is in no folder of this window. */
export async function findPendingPlan(uri: vscode.Uri): Promise<PendingPlan | undefined> {
  if (!isPlan(uri)) return undefined;
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const session = sessionOfPlan(await loadWorkspaceConfig(folder, null), uri.fsPath);
    if (session !== null) return { folder, session, uri };
  }
  return undefined;
}

export async function closeEditors(uri: vscode.Uri): Promise<void> {
  await vscode.window.tabGroups.close(findTabs(uri));
}

export function findTabs(uri: vscode.Uri): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
}
