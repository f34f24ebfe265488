import path from "node:path";
import * as vscode from "vscode";
import type { RunCallbacks } from "../../app/types.js";
import { ResearchError } from "../../common/errors.js";
import { renderPlanDocument } from "../../core/pipeline/plan-document.js";
import { planFilePath, writePlanFile } from "../../storage/sessions/plan-file.js";
import { resolveSessionFolder } from "../../storage/sessions/session.js";
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
export const reviewLater: NonNullable<RunCallbacks["review"]> = async (plan, { folder, estimate }) => {
  await writePlanFile(folder, renderPlanDocument(plan, planDocumentTexts(estimate(plan.questions.length))));
  throw new ResearchError("plan-waits", "The plan waits to be run.");
};

export async function showPlan(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

export function planUri(sessions: string, session: string): vscode.Uri {
  return vscode.Uri.file(planFilePath(resolveSessionFolder(sessions, session)));
}

/** Whether the path is that of a session's plan. */
export function isPlan(uri: vscode.Uri): boolean {
  return uri.scheme === "file" && /[\\/]\d{8}-\d{6}(?:-[0-9a-z-]+)?[\\/]plan\.md$/.test(uri.fsPath);
}

/** The session of a plan document; undefined if it is in no folder of this window. */
export async function findPendingPlan(uri: vscode.Uri): Promise<PendingPlan | undefined> {
  if (!isPlan(uri)) return undefined;
  const sessionFolder = path.dirname(uri.fsPath);
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const { settings } = await loadWorkspaceConfig(folder, null);
    if (path.relative(settings.sessionStoragePath, path.dirname(sessionFolder)) !== "") continue;
    return { folder, session: path.basename(sessionFolder), uri };
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
