import * as vscode from "vscode";
import { applyGitChoice, type GitChoice } from "../../app/git-choice.js";
import type { EngineConfig } from "../../app/types.js";
import { showInformation } from "../show-messages.js";

const NAME = "deepResearch.gitChoice";

/** Asks once for each repository what git shall keep of reports and sessions. Nothing is changed without an answer. */
export async function askGitChoice(
  state: vscode.Memento,
  folder: vscode.WorkspaceFolder,
  config: EngineConfig,
): Promise<void> {
  const asked = state.get<string[]>(NAME, []);
  const at = folder.uri.toString();
  if (asked.includes(at) || !(await isRepository(folder.uri))) return;
  await state.update(NAME, [...asked, at]);
  const choices: [string, GitChoice][] = [
    [vscode.l10n.t("Keep All"), "all"],
    [vscode.l10n.t("Reports Only"), "reports"],
    [vscode.l10n.t("Ignore All"), "nothing"],
  ];
  const chosen = await showInformation(
    vscode.l10n.t(
      "Reports and sessions are new files in this git repository. Which should git track? Without its session, a report cannot be verified elsewhere.",
    ),
    ...choices.map(([title]) => title),
  );
  const choice = choices.find(([title]) => title === chosen)?.[1];
  if (choice !== undefined) await applyGitChoice(config, choice);
}

function isRepository(folder: vscode.Uri): Thenable<boolean> {
  return vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, ".git")).then(
    () => true,
    () => false,
  );
}
