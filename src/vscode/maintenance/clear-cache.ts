import { clearCachedFiles, describeCleared } from "../../app/cache.js";
import { chooseFolder, loadWorkspaceConfig } from "../workspace-config.js";
import { showInformation } from "../show-messages.js";
import { localizeText } from "../l10n/localize.js";

/** Clears the cache of the chosen folder and reports what was removed. */
export async function clearWorkspaceCache(): Promise<void> {
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const removed = await clearCachedFiles(await loadWorkspaceConfig(folder, null));
  void showInformation(localizeText(describeCleared(removed)));
}
