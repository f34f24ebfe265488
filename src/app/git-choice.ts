import { ignoreFolderInGit } from "../storage/sessions/git-ignore.js";
import type { EngineConfig } from "./types.js";

/** What git keeps of what runs write: reports and sessions, reports alone, or nothing. */
export type GitChoice = "all" | "reports" | "nothing";

/** Writes .gitignore files for the choice. @throws ResearchError "cannot-write" */
export async function applyGitChoice(
  { workspace, settings }: EngineConfig,
  choice: GitChoice,
): Promise<void> {
  if (choice === "all") return;
  await ignoreFolderInGit(settings.sessionStoragePath, workspace);
  if (choice === "nothing") await ignoreFolderInGit(settings.reportOutputPath, workspace);
}
