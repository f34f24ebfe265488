import * as vscode from "vscode";
import type { EngineConfig } from "../../app/types.js";
import { findSession, type ListedSession } from "../../app/sessions.js";
import { chooseFolder, loadWorkspaceConfig } from "../workspace-config.js";
import { WindowProblem } from "../errors.js";
import { chosenSessions } from "./command-targets.js";

/** Finds a session's location and listing. @throws WindowProblem if it does not exist */
export async function resolveSession(
  argument: unknown,
): Promise<{ folder: vscode.WorkspaceFolder; config: EngineConfig; id: string; listed: ListedSession }> {
  const [chosen] = await groupByFolder(argument, undefined);
  const id = chosen?.ids[0];
  const sessions = chosen?.config.settings.sessionStoragePath ?? "";
  const listed = id === undefined ? null : await findSession(sessions, id);
  if (chosen === undefined || listed === null) {
    throw new WindowProblem("no-session", vscode.l10n.t("This session no longer exists."));
  }
  return { folder: chosen.folder, config: chosen.config, id: listed.id, listed };
}

/** Groups the sessions that a command was called with by folder. */
export async function groupByFolder(
  argument: unknown,
  selected: unknown,
): Promise<{ folder: vscode.WorkspaceFolder; config: EngineConfig; ids: string[] }[]> {
  const folders = new Map<string, { folder: vscode.WorkspaceFolder; ids: string[] }>();
  for (const { id, folder: given } of chosenSessions(argument, selected)) {
    const folder = given ?? (await chooseFolder());
    if (folder === undefined) continue;
    const at = folder.uri.toString();
    folders.set(at, { folder, ids: [...(folders.get(at)?.ids ?? []), id] });
  }
  return Promise.all(
    [...folders.values()].map(async ({ folder, ids }) => ({
      folder,
      ids,
      config: await loadWorkspaceConfig(folder, null),
    })),
  );
}
