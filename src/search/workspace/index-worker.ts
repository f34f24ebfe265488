import { constants, copyFileSync, linkSync, lstatSync, readFileSync, rmSync } from "node:fs";
import type { WorkspaceFile } from "../../reading/workspace/list-files.js";
import { SqliteShard, type FileToIndex } from "./index-shard.js";
import { sha256Hex } from "../../common/hash.js";

/* A thread with one shard of an index. Nobody waits for it with anything else to do, so it may block. */

let shard: SqliteShard | null = null;

function opened(): SqliteShard {
  if (shard === null) throw new Error("No index is open.");
  return shard;
}

/** What such a thread does. */
export const indexWorkerMethods = {
  /** Opens what is kept under a name of one's own; what cannot be used is made anew. */
  open(root: string, kept: string | null, own: string | null): void {
    // The program's own bytes are the index's version: another way to take texts apart is another index.
    const program = sha256Hex(readFileSync(__filename));
    try {
      if (kept === null || own === null) throw new Error("Nothing is kept.");
      shard = new SqliteShard(root, own, linkedOrCopied(kept, own), program);
    } catch {
      if (own !== null) rmSync(own, { force: true });
      shard = new SqliteShard(root, own, false, program);
    }
  },
  compare: (files: WorkspaceFile[]) => opened().compare(files),
  add: (files: FileToIndex[]) => opened().add(files),
  commit: () => opened().commit(),
  search: (asked: string) => opened().search(asked),
  mentioned: (texts: string[]) => opened().mentioned(texts),
  close(): void {
    shard?.close();
    shard = null;
  },
};

/** Gives a file a second name, or where the system has no such thing copies it. @returns whether it is shared */
function linkedOrCopied(file: string, name: string): boolean {
  // A second name for a link would be one more link, which SQLite would write through.
  if (!lstatSync(file).isFile()) throw new Error("No index is kept.");
  try {
    linkSync(file, name);
    return true;
  } catch {
    copyFileSync(file, name, constants.COPYFILE_EXCL);
    return false;
  }
}
