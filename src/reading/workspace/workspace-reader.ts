import { msg, type Message } from "../../common/messages.js";
import path from "node:path";
import { ResearchError } from "../../common/errors.js";
import type { Reading } from "../../core/domain/reading.js";
import type { SourceLocation } from "../../core/domain/schema.js";
import type { DocumentText } from "../documents/document-text.js";
import type { RawDocument } from "../documents/extract-text.js";
import { unreadFormat } from "../../core/document/unread-formats.js";
import { unreadFormatError } from "../documents/unread-format-error.js";
import { extractFileText, extractMarkedText } from "../documents/extract-file-text.js";
import { readFileBytes } from "./file-text.js";
import { isPackedDocument, listFiles, type WorkspaceFile } from "./list-files.js";
import { findCommit } from "./git.js";

export interface WorkspaceOptions {
  /** The folder, absolute. */
  root: string;
  /** Folders to skip, absolute or relative to the root: the product's own output. */
  exclude: string[];
  /** Extracts the text of a PDF or Word document, possibly on a worker thread. */
  text: (document: RawDocument, signal: AbortSignal) => Promise<DocumentText>;
  /** Receives, once, what is left out because something is missing on this machine. */
  notice?: (message: Message) => void;
}

export interface WorkspaceReader {
  /** @throws ResearchError if the file is not text, too large, secret or outside the folder */
  read(place: SourceLocation, signal: AbortSignal): Promise<Reading>;
  /** Like `read`, but without asking git for the commit. */
  text(file: string, signal: AbortSignal): Promise<DocumentText>;
  /** A file's text with the marks of its format, as it stands there; null for a PDF or Word document. */
  markedText(file: string): Promise<string | null>;
  /** The files that may be read, sorted by path. @param unread receives documents whose format is not read */
  files(signal: AbortSignal, unread?: string[]): Promise<WorkspaceFile[]>;
}

/** Opens a folder for research. It is read on demand and never written. */
export function createWorkspaceReader(options: WorkspaceOptions): WorkspaceReader {
  const root = path.resolve(options.root);
  let saidMissing = false;
  const noteMissing = (): void => {
    if (!saidMissing) options.notice?.(msg`git is not installed: sources are cited without their commit.`);
    saidMissing = true;
  };
  const exclude = options.exclude.map((folder) => path.resolve(root, folder));

  const fileText = async (
    file: string,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<DocumentText | null> =>
    isPackedDocument(file)
      ? options.text({ bytes, type: "", charset: null, address: file }, signal)
      : extractFileText(file, bytes);

  const readText = async (
    name: string,
    signal: AbortSignal,
  ): Promise<{ file: string; bytes: Uint8Array; found: DocumentText }> => {
    const unread = unreadFormat(name);
    const { file, bytes } = await readFileBytes(root, name);
    if (unread !== null) throw unreadFormatError(name, unread);
    const found = await fileText(name, bytes, signal);
    if (found === null) {
      throw new ResearchError("unreadable", msg`${name} is not a readable text file.`);
    }
    if (found.text.trim() === "") throw new ResearchError("empty-page", msg`${name} contains no text.`);
    return { file, bytes, found };
  };

  return {
    files: (signal, unread) => listFiles(root, exclude, signal, unread),
    text: async (file, signal) => (await readText(file, signal)).found,
    async markedText(file) {
      return isPackedDocument(file) ? null : extractMarkedText(file, (await readFileBytes(root, file)).bytes);
    },
    async read(place, signal) {
      signal.throwIfAborted();
      if (place.kind !== "workspace")
        throw new ResearchError("unreadable", msg`This is not a workspace file.`);
      const { file, bytes, found } = await readText(place.path, signal);
      const commit = await findCommit(file, root, bytes, signal, noteMissing);
      signal.throwIfAborted();
      return { ...found, commit };
    },
  };
}
