import path from "node:path";
import { readFirstBytes } from "../../common/read-file.js";
import { removeSecrets } from "../../common/secrets.js";
import type { WorkspaceReader } from "./workspace-reader.js";
import { documentTitle } from "./document-title.js";

/** Documents that are looked into at most. */
const LOOKED_AT = 40;
const HEAD = 4096;

/**
 * What a folder's documents are about: their titles, those near its root first. For a person to choose
 * from, so no more than `most`, and none that is a mere path.
 */
export async function documentTopics(
  root: string,
  workspace: WorkspaceReader,
  most: number,
  signal: AbortSignal,
): Promise<string[]> {
  const files = (await workspace.files(signal))
    .map((each) => each.path)
    .filter((file) => /\.(?:md|markdown|rst|adoc)$/i.test(file))
    .sort((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1));
  const topics = new Map<string, string>();
  for (const file of files.slice(0, LOOKED_AT)) {
    signal.throwIfAborted();
    const title = removeSecrets(documentTitle(file, await head(path.join(root, file)))).text;
    if (title !== file && title.length <= 60) topics.set(title.toLowerCase(), title);
    if (topics.size === most) break;
  }
  return [...topics.values()];
}

async function head(file: string): Promise<string> {
  const found = await readFirstBytes(file, HEAD, false).catch(() => null);
  return found === null ? "" : found.toString("utf8");
}
