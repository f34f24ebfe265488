import * as vscode from "vscode";
import type { EngineConfig } from "../app/types.js";
import {
  createSettingsLayer,
  loadEngineConfig,
  trackSettingsError,
  type SettingsLayer,
} from "../app/load-config.js";
import { readStoredServiceKeys } from "./service-keys.js";
import { WindowProblem } from "./errors.js";

/**
 * Chooses the folder: the given one, the only one, or the one the user picks.
 * @param untrusted whether an untrusted folder is acceptable because it is only read
 * @returns undefined if the user dismissed the pick
 * @throws WindowProblem if there is no folder, or it is not trusted or not on disk
 */
export async function chooseFolder(
  given?: vscode.WorkspaceFolder,
  { untrusted = false } = {},
): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    throw new WindowProblem(
      "no-folder",
      vscode.l10n.t("No folder is open. Sessions and reports need a folder to be saved in."),
    );
  }
  if (!untrusted && !vscode.workspace.isTrusted) {
    throw new WindowProblem(
      "untrusted",
      vscode.l10n.t(
        "This workspace is not trusted, so nothing in it is read or sent. Trust it to start research.",
      ),
    );
  }
  const folder =
    given ??
    (folders.length === 1
      ? folders[0]
      : await vscode.window.showWorkspaceFolderPick({
          placeHolder: vscode.l10n.t("Select the folder to research"),
        }));
  if (folder !== undefined && folder.uri.scheme !== "file") {
    throw new WindowProblem(
      "not-on-disk",
      vscode.l10n.t("{0} is not a folder on disk, so nothing can be saved in it.", folder.name),
    );
  }
  return folder;
}

/**
 * Loads a folder's settings: settings UI first, then deep-research.yaml, then defaults.
 * @param yaml text of a settings file to use instead of the folder's own
 */
export async function loadWorkspaceConfig(
  folder: vscode.WorkspaceFolder,
  key: string | null,
  yaml?: string,
): Promise<EngineConfig> {
  const layers = readSettingsUi(folder.uri);
  try {
    const serviceKeys = await readStoredServiceKeys();
    return await loadEngineConfig(folder.uri.fsPath, layers, key, process.env, yaml, serviceKeys);
  } catch (error) {
    // In a folder that nobody trusts, nothing is written.
    if (vscode.workspace.isTrusted) await trackSettingsError(folder.uri.fsPath, layers, error);
    throw error;
  }
}

/** User settings and workspace settings, as separate layers. */
export function readSettingsUi(resource: vscode.Uri | undefined): SettingsLayer[] {
  const configuration = vscode.workspace.getConfiguration("deepResearch", resource);
  const byWorkspace = (setting: string): unknown => {
    const found = configuration.inspect(setting);
    return found?.workspaceFolderValue ?? found?.workspaceValue;
  };
  const byUser = (setting: string): unknown => configuration.inspect(setting)?.globalValue;
  return [
    createSettingsLayer(
      (setting) => `deepResearch.${setting} in the workspace's settings`,
      byWorkspace,
      true,
    ),
    createSettingsLayer((setting) => `deepResearch.${setting}`, byUser, false),
  ];
}
