import { writeFile } from "node:fs/promises";
import path from "node:path";
import { ensureFolder, PRIVATE_FOLDER } from "../../common/files.js";
import { trustedRoot } from "../../common/real-folder.js";

/**
 * Keeps one of our folders out of git with a .gitignore that ignores itself, too. An existing .gitignore stays as it is.
 * @throws ResearchError "cannot-write" if the folder is reached through a link
 */
export async function ignoreFolderInGit(folder: string, workspace: string): Promise<void> {
  await ensureFolder(trustedRoot(folder, workspace), folder, PRIVATE_FOLDER);
  await writeFile(path.join(folder, ".gitignore"), "*\n", { flag: "wx" }).catch(() => undefined);
}
