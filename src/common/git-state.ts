import path from "node:path";
import { runGit } from "./run-git.js";

/**
 * The state of a file in git. "untracked": the next `git add` would include it. "unknown": there may be a repository,
 * but git could not answer.
 */
export type GitState = "tracked" | "ignored" | "untracked" | "no-repository" | "unknown";

/** Asks git about a file directly in the workspace folder. @param file absolute */
export async function readGitState(file: string, signal?: AbortSignal): Promise<GitState> {
  const [folder, name] = [path.dirname(file), path.basename(file)];
  const kept = await runGit(folder, folder, ["ls-files", "--error-unmatch", "--", name], signal);
  if (kept.state !== "answered") return kept.state;
  if (kept.code === 0) return "tracked";
  // 1 means that it is not in the index.
  if (kept.code !== 1) return "unknown";
  const ignored = await runGit(folder, folder, ["check-ignore", "--quiet", "--", name], signal);
  if (ignored.state !== "answered") return "unknown";
  return ignored.code === 0 ? "ignored" : "untracked";
}
