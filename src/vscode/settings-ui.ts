import * as vscode from "vscode";
import { createSettingsLayer, type SettingsLayer } from "../app/load-config.js";

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
