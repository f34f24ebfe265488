import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { ResearchError } from "../research/errors.js";
import type { Reading, Search } from "../research/ports.js";
import { NO_USAGE, type Place } from "../research/schema.js";
import { decodeFile } from "./decode.js";
import { containedFile, LARGEST_FILE, listFiles, type WorkspaceFile } from "./files.js";
import { commitOf } from "./git.js";
import { htmlFileText } from "./html-text.js";
import { titleOf } from "./title.js";
import { indexFiles, type WorkspaceIndex } from "./workspace-index.js";

export interface WorkspaceOptions {
  /** The folder, absolute. */
  root: string;
  /** Folders to leave out, absolute or relative to the root: what the product itself writes. */
  exclude: string[];
}

export interface Workspace {
  /** Finds files by BM25 over their passages, best first. */
  search: Search;
  /** @throws ResearchError where the file is no text, too large, secret or not in the folder */
  read(place: Place, signal: AbortSignal): Promise<Reading>;
  /** The files that can be researched, sorted by path. */
  files(signal: AbortSignal): Promise<WorkspaceFile[]>;
}

/** Opens a folder for research. Nothing is read before it is asked for, and nothing is ever written. */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const root = path.resolve(options.root);
  const exclude = options.exclude.map((folder) => path.resolve(root, folder));
  let index: Promise<WorkspaceIndex> | null = null;

  const files = (signal: AbortSignal): Promise<WorkspaceFile[]> => listFiles(root, exclude, signal);

  // One index a run, shared by its questions; one that was cut off is built anew.
  const indexed = (signal: AbortSignal): Promise<WorkspaceIndex> => {
    index ??= files(signal)
      .then((found) => indexFiles(found, (file) => fileText(root, file), signal))
      .catch((error: unknown) => {
        index = null;
        throw error;
      });
    return index;
  };

  return {
    files,
    search: {
      name: "workspace",
      async search(question, limit, signal) {
        signal.throwIfAborted();
        const hits = (await indexed(signal)).search(question, limit).map(({ file, title }) => ({
          place: { kind: "workspace" as const, path: file },
          title,
        }));
        return { value: { hits, grounded: null }, usage: NO_USAGE, by: "workspace" };
      },
    },
    async read(place, signal) {
      signal.throwIfAborted();
      if (place.kind !== "workspace") throw new ResearchError("unreadable", "This is not a workspace file.");
      const { file, bytes } = await fileBytes(root, place.path);
      const found = textOf(place.path, bytes);
      if (found === null) {
        throw new ResearchError("unreadable", `${place.path} is not a text file that can be read.`);
      }
      if (found.text.trim() === "") throw new ResearchError("unreadable", `${place.path} holds no text.`);
      const commit = await commitOf(file, bytes, signal);
      signal.throwIfAborted();
      return { ...found, commit, warnings: [] };
    },
  };
}

async function fileBytes(root: string, file: string): Promise<{ file: string; bytes: Uint8Array }> {
  const real = await containedFile(root, file);
  if (real === null) {
    throw new ResearchError("unreadable", `${file} is not a file of this folder that may be read.`);
  }
  const { size } = await stat(real);
  if (size > LARGEST_FILE) {
    throw new ResearchError("too-large", `${file} is larger than ${LARGEST_FILE / 1024} KiB.`);
  }
  return { file: real, bytes: await readFile(real) };
}

/** A file's text for the index; null where it has none. */
async function fileText(root: string, file: string): Promise<{ title: string; text: string } | null> {
  try {
    return textOf(file, (await fileBytes(root, file)).bytes);
  } catch {
    return null;
  }
}

/** Title, text and, for HTML, its lines; null for what is not text. */
function textOf(file: string, bytes: Uint8Array): Pick<Reading, "title" | "text" | "lines"> | null {
  const text = decodeFile(bytes);
  if (text === null) return null;
  if (!/\.x?html?$/i.test(file)) return { title: titleOf(file, text), text, lines: null };
  const html = htmlFileText(text);
  return { title: html.title || titleOf(file, html.text), text: html.text, lines: html.lines };
}
