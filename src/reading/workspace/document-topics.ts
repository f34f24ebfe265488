import path from "node:path";
import { readFirstBytes } from "../../common/read-file.js";
import { removeSecrets } from "../../common/secrets.js";
import type { WorkspaceReader } from "./workspace-reader.js";
import { readBlocks } from "../documents/document-formats.js";

/** Maximum number of documents to read. */
const MAX_DOCUMENTS = 40;
const HEAD_BYTES = 4096;

/**
 * The titles of a folder's documents, those near its root first, as topics for a person to choose from. Returns at
 * most `most`, without bare paths.
 */
export async function documentTopics(
  root: string,
  workspace: WorkspaceReader,
  most: number,
  signal: AbortSignal,
): Promise<string[]> {
  const files = (await workspace.files(signal))
    .map((each) => each.path)
    .filter((file) => /\.(?:md|mdx|markdown|rst|adoc|org)$/i.test(file))
    .sort((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1));
  const topics = new Map<string, string>();
  for (const file of files.slice(0, MAX_DOCUMENTS)) {
    signal.throwIfAborted();
    const title = removeSecrets(readBlocks(file, await readHead(path.join(root, file)))?.title ?? "").text;
    if (title !== "" && title.length <= 60) topics.set(title.toLowerCase(), title);
    if (topics.size === most) break;
  }
  return [...topics.values()];
}

async function readHead(file: string): Promise<string> {
  const found = await readFirstBytes(file, HEAD_BYTES, false).catch(() => null);
  return found === null ? "" : found.toString("utf8");
}
