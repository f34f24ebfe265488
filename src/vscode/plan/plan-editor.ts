import path from "node:path";
import * as vscode from "vscode";
import type { RunCallbacks } from "../../app/types.js";
import { ResearchError } from "../../common/errors.js";
import { renderPlanDocument } from "../../core/pipeline/plan-document.js";
import { planFilePath, writePlanFile } from "../../storage/sessions/plan-file.js";
import { resolveSessionFolder } from "../../storage/sessions/session.js";
import { loadWorkspaceConfig } from "../workspace-config.js";
import { planDocumentTexts } from "./messages.js";

/* The plan as a document in an editor: a file in its session's folder, so that it survives a reload. */

/** A session that waits for its plan. */
export interface PendingPlan {
  folder: vscode.WorkspaceFolder;
  session: string;
  uri: vscode.Uri;
}

/** Writes the plan down for the user, and ends the run until the user runs it. */
export const reviewLater: NonNullable<RunCallbacks["review"]> = async (plan, { folder, estimate }) => {
  await writePlanFile(folder, renderPlanDocument(plan, planDocumentTexts(estimate(plan.questions.length))));
  throw new ResearchError("plan-waits", "The plan waits to be run.");
};

/** Opens the plan of a session for editing. */
export async function showPlan(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

export function planUri(sessions: string, session: string): vscode.Uri {
  return vscode.Uri.file(planFilePath(resolveSessionFolder(sessions, session)));
}

/** True for the path of a session's plan. */
export function isPlan(uri: vscode.Uri): boolean {
  return uri.scheme === "file" && /[\\/]\d{8}-\d{6}(?:-[0-9a-z-]+)?[\\/]plan\.md$/.test(uri.fsPath);
}

/** The session whose plan a document is; undefined where it is of no folder of this window. */
export async function findPendingPlan(uri: vscode.Uri): Promise<PendingPlan | undefined> {
  if (!isPlan(uri)) return undefined;
  const own = path.dirname(uri.fsPath);
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const { settings } = await loadWorkspaceConfig(folder, null);
    if (path.relative(settings.sessionStoragePath, path.dirname(own)) !== "") continue;
    return { folder, session: path.basename(own), uri };
  }
  return undefined;
}

/** Closes every editor of a document. */
export async function closeEditors(uri: vscode.Uri): Promise<void> {
  await vscode.window.tabGroups.close(findTabs(uri));
}

export function findTabs(uri: vscode.Uri): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
}
