import { randomUUID } from "node:crypto";
import path from "node:path";
import * as vscode from "vscode";
import { ResearchError } from "../../common/errors.js";
import { msg } from "../../common/messages.js";
import {
  assertStorePath,
  collectContent,
  isStorePath,
  toContent,
  type Expected,
  type FileStore,
  type StoredContent,
  type StoredFile,
} from "../../core/domain/file-store.js";

/** What a write leaves behind that is cut off. */
const DRAFT = /^\.[0-9a-f-]{36}\.draft$/;

/**
 * A folder of any of VS Code's file systems. It has no locks and no conditional writes: a file is written beside its
 * place and renamed, and what is there is compared just before. Follows no links.
 */
export class ProviderStore implements FileStore {
  readonly place: string;

  constructor(private readonly folder: vscode.Uri) {
    this.place = folder.toString(true);
  }

  async *list(
    under: string,
    signal: AbortSignal,
    enters: (folder: string) => boolean = () => true,
  ): AsyncGenerator<StoredFile> {
    const waiting = [under];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      signal.throwIfAborted();
      for (const [name, type] of await this.readFolder(folder)) {
        const inner = folder === "" ? name : `${folder}/${name}`;
        if (name.includes("/") || !isStorePath(inner) || DRAFT.test(name)) continue;
        if (type === vscode.FileType.Directory && enters(inner)) waiting.push(inner);
        if (type !== vscode.FileType.File) continue;
        signal.throwIfAborted();
        const found = await this.inspect(inner);
        if (found !== null) yield { path: inner, ...found };
      }
    }
  }

  async read(name: string, maxBytes: number, signal: AbortSignal): Promise<StoredContent | null> {
    signal.throwIfAborted();
    const uri = this.locate(name);
    const found = await this.inspect(name);
    if (found === null) return null;
    if (found.bytes > maxBytes)
      throw new ResearchError("too-large", msg`${name} in ${this.place} is larger than ${maxBytes} bytes.`);
    try {
      // eslint-disable-next-line no-restricted-syntax -- a file of a provider is no device; its size was compared above
      const content = await vscode.workspace.fs.readFile(uri);
      // The version may be older than the content, never newer: then the file is read once more later.
      return { version: found.version, ...toContent(content) };
    } catch (error) {
      if (isMissing(error)) return null;
      throw this.toError("cannot-read", error);
    }
  }

  async write(
    name: string,
    content: { bytes: number; parts: AsyncIterable<Uint8Array> },
    expected: Expected,
    signal: AbortSignal,
  ): Promise<string> {
    signal.throwIfAborted();
    const uri = this.locate(name);
    const whole = await collectContent(content.parts, content.bytes);
    const draft = uri.with({ path: path.posix.join(path.posix.dirname(uri.path), `.${randomUUID()}.draft`) });
    try {
      await vscode.workspace.fs.writeFile(draft, whole);
      if (expected !== "any" && (await this.inspect(name))?.version !== expected?.version) this.refuse(name);
      await vscode.workspace.fs.rename(draft, uri, { overwrite: expected !== null });
    } catch (error) {
      await vscode.workspace.fs.delete(draft).then(undefined, () => undefined);
      if (error instanceof vscode.FileSystemError && error.code === "FileExists") this.refuse(name);
      throw error instanceof ResearchError ? error : this.toError("cannot-write", error);
    }
    return (await this.inspect(name))?.version ?? "";
  }

  async remove(name: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const uri = this.locate(name);
    try {
      await vscode.workspace.fs.delete(uri);
    } catch (error) {
      if (!isMissing(error)) throw this.toError("cannot-write", error);
    }
  }

  private locate(name: string): vscode.Uri {
    assertStorePath(name);
    return vscode.Uri.joinPath(this.folder, name);
  }

  private async readFolder(folder: string): Promise<[string, vscode.FileType][]> {
    try {
      return await vscode.workspace.fs.readDirectory(folder === "" ? this.folder : this.locate(folder));
    } catch (error) {
      if (isMissing(error)) return [];
      throw this.toError("cannot-read", error);
    }
  }

  private async inspect(name: string): Promise<{ bytes: number; version: string } | null> {
    const uri = this.locate(name);
    try {
      const { type, size, mtime } = await vscode.workspace.fs.stat(uri);
      return type === vscode.FileType.File ? { bytes: size, version: `${mtime}-${size}` } : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw this.toError("cannot-read", error);
    }
  }

  private refuse(name: string): never {
    throw new ResearchError(
      "conflict",
      msg`${name} in ${this.place} was changed in the meantime.`,
      msg`Try again.`,
    );
  }

  private toError(code: "cannot-read" | "cannot-write", error: unknown): ResearchError {
    const why = error instanceof vscode.FileSystemError ? error.code : "Unknown";
    return new ResearchError(
      code,
      code === "cannot-read"
        ? msg`${this.place} cannot be read (${why}).`
        : msg`${this.place} cannot be written (${why}).`,
      msg`Check that the folder is still connected and that you have write access.`,
      { cause: error },
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof vscode.FileSystemError && /^(?:FileNotFound|FileNotADirectory)$/.test(error.code);
}
