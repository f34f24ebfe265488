import { realpath } from "node:fs/promises";
import path from "node:path";
import { ResearchError, isMissingPathError } from "../common/errors.js";
import type { ReadCurrentText, CurrentText } from "./quote-status.js";
import { openExtractionPool } from "../reading/documents/extraction-pool.js";
import { createWorkspaceReader } from "../reading/workspace/workspace-reader.js";
import { memoizeByVersion } from "../common/memoize-by-version.js";

/** Reads the current files of a workspace. */
export interface WorkspaceFiles {
  read: ReadCurrentText;
  close(): Promise<void>;
}

/** Number of cached texts. */
const MAX_CACHED = 64;

const EMPTY: CurrentText = { text: "", lines: null, pages: null, marked: null };

/** Opens the files that reports cite, restricted to the workspace. A thread is started only to read a PDF. */
export function openWorkspaceFiles(workspace: string): WorkspaceFiles {
  const extraction = openExtractionPool();
  const files = createWorkspaceReader({ root: workspace, exclude: [], text: extraction.read });
  const textOfVersion = memoizeByVersion<CurrentText>(MAX_CACHED);
  let root: Promise<string> | null = null;

  return { read, close: () => extraction.close() };

  async function read(file: string, signal: AbortSignal): Promise<CurrentText | null | undefined> {
    const real = await (root ??= realpath(workspace).catch(() => workspace));
    const target = await realpath(file).catch(() => path.resolve(real, path.relative(workspace, file)));
    const inside = path.relative(real, target);
    // A report of another workspace, or a forged link: not ours to read.
    if (inside.startsWith("..") || path.isAbsolute(inside)) return undefined;
    try {
      const name = inside.split(path.sep).join("/");
      return await textOfVersion(target, "text", async () => {
        const { text, lines, pages } = await files.text(name, signal);
        return { text, lines, pages, marked: lines === null ? null : await files.markedText(name) };
      });
    } catch (error) {
      signal.throwIfAborted();
      return currentTextAfterError(error);
    }
  }
}

/** The result for a file that could not be read: empty, null if it no longer exists, undefined if unknown. */
function currentTextAfterError(error: unknown): CurrentText | null | undefined {
  if (error instanceof ResearchError) {
    if (error.code === "empty-page") return EMPTY;
    return error.gone === true ? null : undefined;
  }
  return isMissingPathError(error) ? null : undefined;
}
