import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { ResearchError } from "../../research/errors.js";
import { removedNote, withoutInvisible } from "../../research/invisible.js";
import type { Search } from "../../research/ports.js";
import { PLAIN, type Reading } from "../../research/reading.js";
import { NO_USAGE, type Place } from "../../research/schema.js";
import { decodeFile } from "../text/decode.js";
import type { Document, DocumentText } from "../text/document.js";
import { containedFile, isPdf, largest, listFiles, type WorkspaceFile } from "./files.js";
import { commitOf } from "./git.js";
import { htmlFileText } from "../text/html-text.js";
import { titleOf } from "./title.js";
import { indexFiles, type WorkspaceIndex } from "./workspace-index.js";

export interface WorkspaceOptions {
  /** The folder, absolute. */
  root: string;
  /** Folders to leave out, absolute or relative to the root: what the product itself writes. */
  exclude: string[];
  /** Makes text of a PDF, on a thread of its own or not. */
  text: (document: Document, signal: AbortSignal) => Promise<DocumentText>;
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

  const fileText = async (
    file: string,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<DocumentText | null> =>
    isPdf(file)
      ? options.text({ bytes, type: "application/pdf", charset: null, address: file }, signal)
      : textOf(file, bytes);

  /** A file's text for the index; null where it has none. */
  const forIndex = async (file: string, signal: AbortSignal): Promise<DocumentText | null> => {
    try {
      return await fileText(file, (await fileBytes(root, file)).bytes, signal);
    } catch {
      signal.throwIfAborted();
      return null;
    }
  };

  // One index a run, shared by its questions; one that was cut off is built anew.
  const indexed = (signal: AbortSignal): Promise<WorkspaceIndex> => {
    index ??= files(signal)
      .then((found) => indexFiles(found, (file) => forIndex(file, signal), signal))
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
      wordings: true,
      paid: false,
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
      const found = await fileText(place.path, bytes, signal);
      if (found === null) {
        throw new ResearchError("unreadable", `${place.path} is not a text file that can be read.`);
      }
      if (found.text.trim() === "") throw new ResearchError("empty-page", `${place.path} holds no text.`);
      const commit = await commitOf(file, bytes, signal);
      signal.throwIfAborted();
      return { ...found, commit };
    },
  };
}

async function fileBytes(root: string, file: string): Promise<{ file: string; bytes: Uint8Array }> {
  const real = await containedFile(root, file);
  if (real === null) {
    throw new ResearchError("unreadable", `${file} is not a file of this folder that may be read.`);
  }
  const { size } = await stat(real);
  if (size > largest(file)) {
    throw new ResearchError("too-large", `${file} is larger than ${largest(file) / 1024 / 1024} MB.`);
  }
  return { file: real, bytes: await readFile(real) };
}

/** Title, text and, for HTML, its lines; null for what is not text. */
function textOf(file: string, bytes: Uint8Array): DocumentText | null {
  const decoded = decodeFile(bytes);
  if (decoded === null) return null;
  const { text, removed } = withoutInvisible(decoded.text);
  const note = removedNote(removed, "the text");
  const rest = {
    ...PLAIN,
    warnings: note === null ? decoded.warnings : [...decoded.warnings, note],
  };
  if (!/\.x?html?$/i.test(file)) return { title: titleOf(file, text), text, ...rest };
  const html = htmlFileText(text);
  return { title: html.title || titleOf(file, html.text), text: html.text, ...rest, lines: html.lines };
}
