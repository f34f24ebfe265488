import * as vscode from "vscode";

/** Files in memory, as a file system of VS Code: for folders that are not on the disk. */
export class MemoryFiles implements vscode.FileSystemProvider {
  private readonly files = new Map<string, { content: Uint8Array; mtime: number }>();
  private readonly folders = new Set<string>(["/"]);
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private clock = Date.now();

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    const file = this.files.get(path);
    if (file !== undefined)
      return { type: vscode.FileType.File, ctime: 0, mtime: file.mtime, size: file.content.length };
    if (this.folders.has(path)) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    throw vscode.FileSystemError.FileNotFound(path);
  }

  readDirectory({ path }: vscode.Uri): [string, vscode.FileType][] {
    if (!this.folders.has(path)) throw vscode.FileSystemError.FileNotFound(path);
    const start = path === "/" ? "/" : `${path}/`;
    const entries = (all: Iterable<string>, type: vscode.FileType): [string, vscode.FileType][] =>
      [...all].flatMap((each) => {
        const name = each.startsWith(start) ? each.slice(start.length) : "";
        return name === "" || name.includes("/") ? [] : [[name, type]];
      });
    return [
      ...entries(this.files.keys(), vscode.FileType.File),
      ...entries(this.folders, vscode.FileType.Directory),
    ];
  }

  createDirectory(uri: vscode.Uri): void {
    this.folders.add(uri.path);
    this.tell(vscode.FileChangeType.Created, uri);
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    const file = this.files.get(path);
    if (file === undefined) throw vscode.FileSystemError.FileNotFound(path);
    return file.content;
  }

  writeFile(uri: vscode.Uri, content: Uint8Array, options: { create: boolean; overwrite: boolean }): void {
    const exists = this.files.has(uri.path);
    if (exists && options.create && !options.overwrite) throw vscode.FileSystemError.FileExists(uri);
    if (!exists && !options.create) throw vscode.FileSystemError.FileNotFound(uri);
    if (!this.folders.has(parentOf(uri.path))) throw vscode.FileSystemError.FileNotFound(uri);
    this.files.set(uri.path, { content: Uint8Array.from(content), mtime: this.now() });
    this.tell(exists ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created, uri);
  }

  delete(uri: vscode.Uri): void {
    if (!this.files.delete(uri.path) && !this.folders.delete(uri.path))
      throw vscode.FileSystemError.FileNotFound(uri);
    for (const each of this.files.keys()) if (each.startsWith(`${uri.path}/`)) this.files.delete(each);
    for (const each of this.folders) if (each.startsWith(`${uri.path}/`)) this.folders.delete(each);
    this.tell(vscode.FileChangeType.Deleted, uri);
  }

  rename(from: vscode.Uri, to: vscode.Uri, { overwrite }: { overwrite: boolean }): void {
    const file = this.files.get(from.path);
    if (file === undefined) throw vscode.FileSystemError.FileNotFound(from);
    if (this.files.has(to.path) && !overwrite) throw vscode.FileSystemError.FileExists(to);
    this.files.delete(from.path);
    this.files.set(to.path, { content: file.content, mtime: this.now() });
    this.tell(vscode.FileChangeType.Deleted, from);
    this.tell(vscode.FileChangeType.Changed, to);
  }

  /** Times advance with each change, as VS Code asks of a provider. */
  private now(): number {
    this.clock = Math.max(this.clock + 1, Date.now());
    return this.clock;
  }

  private tell(type: vscode.FileChangeType, uri: vscode.Uri): void {
    this.changed.fire([{ type, uri }]);
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}
