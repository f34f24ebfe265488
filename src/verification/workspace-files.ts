import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { systemErrorCode, ResearchError } from "../common/errors.js";
import type { ReadCurrentText, CurrentText } from "./quote-status.js";
import { openExtractionPool } from "../reading/documents/extraction-pool.js";
import { createWorkspaceReader } from "../reading/workspace/workspace-reader.js";

/** The files of a workspace as they are today. */
export interface WorkspaceFiles {
  read: ReadCurrentText;
  close(): Promise<void>;
}

/** Texts that are kept, so that a file which did not change is not read again. */
const KEPT = 64;

const EMPTY: CurrentText = { text: "", lines: null, pages: null };

/** Reads what a report cites of the workspace, and nothing outside of it. No thread is started before a PDF is read. */
export function openWorkspaceFiles(workspace: string): WorkspaceFiles {
  const threads = openExtractionPool();
  const files = createWorkspaceReader({ root: workspace, exclude: [], text: threads.read });
  const kept = new Map<string, { version: string; text: CurrentText }>();
  let root: Promise<string> | null = null;

  return { read, close: () => threads.close() };

  async function read(file: string, signal: AbortSignal): Promise<CurrentText | null | undefined> {
    const real = await (root ??= realpath(workspace).catch(() => workspace));
    const target = await realpath(file).catch(() => path.resolve(real, path.relative(workspace, file)));
    const inside = path.relative(real, target);
    // A report of another workspace, or a link that somebody wrote into one: not ours to look at.
    if (inside.startsWith("..") || path.isAbsolute(inside)) return undefined;
    try {
      const { mtimeMs, size, ino } = await stat(target);
      const version = `${mtimeMs} ${size} ${ino}`;
      const known = kept.get(target);
      if (known?.version === version) return known.text;
      const text = await files.text(inside.split(path.sep).join("/"), signal);
      kept.delete(target);
      kept.set(target, { version, text });
      const [oldest] = kept.keys();
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
      return text;
    } catch (error) {
      signal.throwIfAborted();
      return unreadText(error);
    }
  }
}

/** What a file that could not be read says: nothing where it is gone or empty; of any other nothing is known. */
function unreadText(error: unknown): CurrentText | null | undefined {
  if (error instanceof ResearchError) {
    if (error.code === "empty-page") return EMPTY;
    return error.gone === true ? null : undefined;
  }
  const isGone = /^(?:ENOENT|ENOTDIR)$/.test(systemErrorCode(error));
  return isGone ? null : undefined;
}
