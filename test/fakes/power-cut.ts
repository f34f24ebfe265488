import { constants } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FileOperation } from "./faulty-files.js";

/*
 * What a disk holds after a power cut, by a simple model of it: the content of a file up to its last flush, and the
 * names in a folder up to the folder's last flush. Fed with the calls of a run, in their order.
 */

interface Node {
  isFolder: boolean;
  content: Buffer;
  /** As it was at the last flush. */
  flushed: Buffer;
}

export class Disk {
  private readonly names = new Map<string, Node>();
  private readonly lasting = new Map<string, Node>();
  private readonly open = new Map<number, Node>();

  /** @param root a folder whose own name lasts */
  constructor(private readonly root: string) {
    const node = { isFolder: true, content: Buffer.alloc(0), flushed: Buffer.alloc(0) };
    this.names.set(root, node);
    this.lasting.set(root, node);
  }

  /** A call that was done. */
  take({ name, file, to, bytes, length, handle, flags }: FileOperation): void {
    const node = handle === undefined ? undefined : this.open.get(handle);
    switch (name) {
      case "open": {
        const isNew = flags === "wx" || (typeof flags === "number" && (flags & constants.O_CREAT) !== 0);
        if (isNew && !this.names.has(file)) this.make(file, false);
        const found = this.names.get(file);
        if (found !== undefined && handle !== undefined) this.open.set(handle, found);
        break;
      }
      case "mkdir": {
        const below = path.relative(this.root, file).split(path.sep);
        for (let n = 1; n <= below.length; n++) {
          const folder = path.join(this.root, ...below.slice(0, n));
          if (!this.names.has(folder)) this.make(folder, true);
        }
        break;
      }
      case "appendFile":
      case "writeFile":
        if (node !== undefined) node.content = Buffer.concat([node.content, bytes ?? Buffer.alloc(0)]);
        break;
      case "write":
        throw new Error(`What was written to ${file} is not known.`);
      case "truncate":
        if (node !== undefined) node.content = node.content.subarray(0, length ?? 0);
        break;
      case "datasync":
      case "sync":
        if (node?.isFolder === true) this.flushFolder(file);
        else if (node !== undefined) node.flushed = node.content;
        break;
      case "rename":
      case "link": {
        const moved = this.names.get(file);
        if (moved === undefined || to === undefined) break;
        this.names.set(to, moved);
        if (name === "rename") this.names.delete(file);
        break;
      }
      case "unlink":
      case "rm":
      case "rmdir":
        for (const each of [...this.names.keys()])
          if (each === file || each.startsWith(file + path.sep)) this.names.delete(each);
        break;
      default:
    }
  }

  private make(file: string, isFolder: boolean): void {
    this.names.set(file, { isFolder, content: Buffer.alloc(0), flushed: Buffer.alloc(0) });
  }

  private flushFolder(folder: string): void {
    for (const each of [...this.lasting.keys()])
      if (path.dirname(each) === folder && this.names.get(each) !== this.lasting.get(each)) {
        this.lasting.delete(each);
      }
    for (const [each, node] of this.names) if (path.dirname(each) === folder) this.lasting.set(each, node);
  }

  /**
   * What is there after a power cut now, by its path below the root; a folder is null.
   * @param names whether a name lasts that was not flushed: a disk may have written it all the same
   */
  left(names: "flushed" | "all"): Map<string, Buffer | null> {
    const left = new Map<string, Buffer | null>();
    const known = names === "all" ? this.names : this.lasting;
    for (const [file, { isFolder, flushed }] of known) {
      // A file in a folder that is gone is gone with it.
      let above = path.dirname(file);
      while (above.length > this.root.length && known.has(above)) above = path.dirname(above);
      if (file !== this.root && above === this.root)
        left.set(path.relative(this.root, file), isFolder ? null : flushed);
    }
    return left;
  }
}

/** Writes what is left into a folder. */
export async function putBack(left: Map<string, Buffer | null>, root: string): Promise<void> {
  for (const [file, content] of [...left].sort(([a], [b]) => a.length - b.length)) {
    const to = path.join(root, file);
    if (content === null) await mkdir(to, { recursive: true });
    else await writeFile(to, content);
  }
}
