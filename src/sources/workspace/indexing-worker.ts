import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { worker } from "workerpool";
import type { WorkspaceFile } from "./files.js";
import { Shard, type FileToIndex } from "./shard.js";

/* A thread with one shard of an index. Nobody waits for it with anything else to do, so it may block. */

let shard: Shard | null = null;

function opened(): Shard {
  if (shard === null) throw new Error("No index is open.");
  return shard;
}

worker({
  /** Opens a copy of what is kept, as a file of one's own; what cannot be used is made anew. */
  open(root: string, kept: string | null, own: string | null): void {
    // The program's own bytes are the index's version: another way to take texts apart is another index.
    const program = createHash("sha256").update(readFileSync(__filename)).digest("hex");
    try {
      if (kept === null || own === null) throw new Error("Nothing is kept.");
      copyFileSync(kept, own);
      shard = new Shard(root, own, program);
    } catch {
      if (own !== null) rmSync(own, { force: true });
      shard = new Shard(root, own, program);
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
});
