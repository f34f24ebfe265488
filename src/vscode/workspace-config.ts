import * as vscode from "vscode";
import type { EngineConfig } from "../app/types.js";
import { loadEngineConfig, loadWorkspaceSettings, trackSettingsError } from "../app/load-config.js";
import { readStoredServiceKeys } from "./service-keys.js";
import { WindowProblem } from "./errors.js";
import { readSettingsUi } from "./settings-ui.js";
import { openDiskFolder } from "./virtual/virtual-folders.js";
import { isUsableFolder } from "./virtual/virtual-paths.js";

/**
 * Chooses the folder: the given one, the only one, or the one the user picks.
 * @param untrusted whether an untrusted folder is acceptable because it is only read
 * @returns undefined if the user dismissed the pick
 * @throws WindowProblem if there is no folder, or it is not trusted or read-only
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
  if (folder !== undefined && !isUsableFolder(folder)) {
    throw new WindowProblem(
      "not-on-disk",
      vscode.l10n.t("The file system of {0} is read-only, so nothing can be saved in it.", folder.name),
    );
  }
  // What a command works with is as new as it can be.
  if (folder !== undefined) await openDiskFolder(folder, true);
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
  const disk = await openDiskFolder(folder);
  try {
    const serviceKeys = await readStoredServiceKeys();
    return await loadEngineConfig(disk, layers, key, process.env, yaml, serviceKeys);
  } catch (error) {
    // In a folder that nobody trusts, nothing is written.
    if (vscode.workspace.isTrusted) await trackSettingsError(disk, layers, error);
    throw error;
  }
}

/** The folder of a folder's reports, absolute, from its settings alone. @throws ResearchError "bad-settings" */
export async function findReportsFolder(folder: vscode.WorkspaceFolder): Promise<string> {
  const settings = await loadWorkspaceSettings(await openDiskFolder(folder), readSettingsUi(folder.uri));
  return settings.reportOutputPath;
}
