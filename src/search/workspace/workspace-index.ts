import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, lstat, open, readdir, rename, rmdir, unlink } from "node:fs/promises";
import path from "node:path";
import { crc32 } from "node:zlib";
import { pool, type Pool } from "workerpool";
import { createRealFolder } from "../../common/real-folder.js";
import { isPackedDocument, type WorkspaceFile } from "../../reading/workspace/list-files.js";
import { InMemoryShard } from "./in-memory-shard.js";
import { rankFiles, searchTerms, type RankedPassage, type IndexedHit } from "./rank-files.js";
import { closeThreads } from "../../common/close-threads.js";
import { siblingBundle } from "../../common/sibling-bundle.js";
import type { FileComparison, FileToIndex, IndexShard } from "./index-shard.js";
import { sha256Hex } from "../../common/hash.js";

/*
 * The index of a workspace's passages: shards, each on a thread of its own with a file of its own. A
 * thread reads what is kept under a name that nobody else has, and changes only a copy; what it made is copied
 * back and renamed, so that several processes do each other no harm and a kill leaves what was there.
 */

export interface WorkspaceIndex {
  /**
   * Brings the index up to date: what did not change is not read again.
   * @param files today's; the threads start while they are looked for
   * @param pdfText a PDF's text; null where it has none, undefined where that could not be told this time
   * @throws AbortError when cancelled: what was indexed by then stays
   */
  update(files: Promise<WorkspaceFile[]>, pdfText: ReadPdfText, signal: AbortSignal): Promise<void>;
  /** The files that hold words of the question, best first, at most `limit`. */
  search(
    question: { question: string; query: string },
    limit: number,
    signal: AbortSignal,
  ): Promise<IndexedHit[]>;
  /** Whether it fell back to the slower index, without threads and WebAssembly; false before its first use. */
  isPlain(): boolean;
  /** Ends the threads, with what they are at. */
  close(): Promise<void>;
}

export type ReadPdfText = (file: string, signal: AbortSignal) => Promise<FileToIndex["text"]>;

const SHARDS = 2;
/** MB of heap that a thread may fill, and of what is just made: the default lets much garbage gather. */
const HEAP = 256;
const YOUNG = 16;
/** Bytes of files that are indexed before a thread looks for other work. */
const BATCH = 512 * 1024;
/** Milliseconds after which a file of one's own belongs to a process that is gone. */
const FORGOTTEN = 24 * 60 * 60 * 1000;
const PRIVATE_FOLDER = 0o700;

/** A shard's thread, and its files. */
interface Lane {
  /** The thread, or where none can be used, the shard itself. */
  thread: Pool | InMemoryShard;
  kept: string | null;
  own: string | null;
  /** Whether the thread has something that the kept file has not. */
  isAhead: boolean;
}

/**
 * Opens the index of a folder. Threads start with the first use.
 * @param place gives the folder where it is kept, the user's own; null: in memory, until it is closed
 * @param usesThreads false: no thread and no SQLite, as the user chose; slower
 */
export function openWorkspaceIndex(
  root: string,
  place: () => Promise<string | null>,
  usesThreads = true,
): WorkspaceIndex {
  let lanes: Promise<Lane[]> | null = null;
  let isPlain = false;
  let updating: Promise<unknown> = Promise.resolve();
  let latest: { files: WorkspaceFile[]; pdfText: ReadPdfText } = {
    files: [],
    pdfText: () => Promise.resolve(null),
  };

  const started = (): Promise<Lane[]> =>
    (lanes ??= (
      usesThreads ? place().then((folder) => openLanes(root, folder)) : Promise.resolve(inMemoryLanes(root))
    ).then((opened) => {
      isPlain = usesThreads && opened.some(({ thread }) => thread instanceof InMemoryShard);
      return opened;
    }));
  const close = async (): Promise<void> => {
    const open = lanes;
    lanes = null;
    if (open !== null) await closeLanes(await open);
  };
  const bringUpToDate = async (signal: AbortSignal): Promise<void> => {
    const turn = updating.then(async () => updateLanes(await started(), latest, signal));
    updating = turn.catch(() => undefined);
    return turn;
  };
  /** Where a thread or its file is damaged, once more from the start. */
  const orAnew = async <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    try {
      return await work();
    } catch {
      signal.throwIfAborted();
      await close();
      await forget(root, await place());
      await bringUpToDate(signal);
      return work();
    }
  };

  return {
    async update(files, pdfText, signal) {
      started().catch(() => undefined);
      latest = { files: await files, pdfText };
      await orAnew(() => bringUpToDate(signal), signal);
    },
    async search(question, limit, signal) {
      const found = await orAnew(
        async () => searchLanes(await started(), searchTerms(question), limit),
        signal,
      );
      signal.throwIfAborted();
      return found;
    },
    isPlain: () => isPlain,
    close,
  };
}

async function searchLanes(lanes: Lane[], asked: string, limit: number): Promise<IndexedHit[]> {
  const found = await Promise.all(lanes.map((lane) => tell<RankedPassage[]>(lane, "search", asked)));
  const mentioned = async (texts: string[]): Promise<IndexedHit[][]> => {
    const each = await Promise.all(lanes.map((lane) => tell<IndexedHit[][]>(lane, "mentioned", texts)));
    return texts.map((_, at) => each.flatMap((hits) => hits[at] ?? []));
  };
  return rankFiles(found.flat(), mentioned, limit);
}

async function openLanes(root: string, folder: string | null): Promise<Lane[]> {
  const isKept = folder !== null && (await makeOwnFolder(folder));
  const lanes = Array.from({ length: SHARDS }, (_, shard): Lane => {
    const kept = isKept ? keptFile(root, folder, shard) : null;
    const thread = pool(siblingBundle("workspace-worker.js"), {
      workerType: "thread",
      minWorkers: 1,
      maxWorkers: 1,
      workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: HEAP, maxYoungGenerationSizeMb: YOUNG } },
    });
    return { thread, kept, own: kept === null ? null : `${kept}.${randomUUID()}`, isAhead: false };
  });
  const opened = lanes.map(async (lane) => {
    try {
      await tell(lane, "open", root, lane.kept, lane.own);
    } catch {
      // Where no file can be written, memory will do.
      [lane.kept, lane.own] = [null, null];
      await tell(lane, "open", root, null, null);
    }
  });
  try {
    await Promise.all(opened);
    return lanes;
  } catch {
    // No WebAssembly, a damaged program, no more threads: what is left is to search without them.
    await closeLanes(lanes);
    return inMemoryLanes(root);
  }
}

function inMemoryLanes(root: string): Lane[] {
  return Array.from({ length: SHARDS }, () => {
    return { thread: new InMemoryShard(root), kept: null, own: null, isAhead: false };
  });
}

async function closeLanes(lanes: Lane[]): Promise<void> {
  await Promise.all(
    lanes.map(async ({ thread, own }) => {
      if (!(thread instanceof InMemoryShard)) await closeThreads(thread);
      if (own === null) return;
      await unlink(own).catch(() => undefined);
      // SQLite's lock is an empty folder.
      await rmdir(`${own}.lock`).catch(() => undefined);
    }),
  );
}

async function updateLanes(
  lanes: Lane[],
  { files, pdfText }: { files: WorkspaceFile[]; pdfText: ReadPdfText },
  signal: AbortSignal,
): Promise<void> {
  const parts: WorkspaceFile[][] = lanes.map(() => []);
  for (const file of files) parts[shardOf(file.path)]?.push(file);
  const ended = await Promise.allSettled(
    lanes.map(async (lane, at) => {
      // Handing over thousands of files takes a moment each time: other work gets its turn in between.
      await new Promise((resolve) => setTimeout(resolve, at));
      await updateLane(lane, parts[at] ?? [], pdfText, signal);
    }),
  );
  for (const each of ended) if (each.status === "rejected") throw each.reason;
}

async function updateLane(
  lane: Lane,
  files: WorkspaceFile[],
  pdfText: ReadPdfText,
  signal: AbortSignal,
): Promise<void> {
  const { missing, changed } = await tell<FileComparison>(lane, "compare", files);
  lane.isAhead ||= changed;
  const toAdd = missing.flatMap((at) => files[at] ?? []);
  for await (const batch of batchesOf(toAdd, pdfText, signal)) {
    signal.throwIfAborted();
    lane.isAhead = true;
    await tell(lane, "add", batch);
  }
  await tell(lane, "commit");
  if (lane.isAhead) await keep(lane);
  lane.isAhead = false;
}

async function* batchesOf(
  files: WorkspaceFile[],
  pdfText: ReadPdfText,
  signal: AbortSignal,
): AsyncGenerator<FileToIndex[]> {
  let batch: FileToIndex[] = [];
  let size = 0;
  for (const file of files) {
    if (isPackedDocument(file.path)) {
      const text = await pdfText(file.path, signal);
      if (text !== undefined) batch.push({ ...file, text });
    } else batch.push(file);
    size += file.size;
    if (size < BATCH) continue;
    yield batch;
    [batch, size] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** Puts a copy of a shard where the next process looks for it. What cannot be kept is done without. */
async function keep({ kept, own }: Lane): Promise<void> {
  if (kept === null || own === null) return;
  const draft = `${own}.draft`;
  try {
    await copyFile(own, draft, constants.COPYFILE_EXCL);
    const handle = await open(draft, constants.O_RDWR | constants.O_NOFOLLOW);
    await handle.sync().finally(() => handle.close());
    await rename(draft, kept);
  } catch {
    await unlink(draft).catch(() => undefined);
  }
}

async function tell<T>({ thread }: Lane, what: keyof IndexShard | "open", ...told: unknown[]): Promise<T> {
  if (thread instanceof InMemoryShard) {
    if (what === "open") return undefined as T;
    const call = thread[what].bind(thread) as (...given: unknown[]) => unknown;
    return (await call(...told)) as T;
  }
  return (await thread.exec(what, told)) as T;
}

/** The shard of a path, which depends on nothing but the path. */
function shardOf(file: string): number {
  return crc32(file) % SHARDS;
}

function keptFile(root: string, folder: string, shard: number): string {
  const name = sha256Hex(root).slice(0, 32);
  return path.join(folder, `${name}-${shard}.db`);
}

async function forget(root: string, folder: string | null): Promise<void> {
  if (folder === null) return;
  for (let shard = 0; shard < SHARDS; shard++) {
    await unlink(keptFile(root, folder, shard)).catch(() => undefined);
  }
}

/** Private files of one process: a shard's own file, its copies, and SQLite's lock, which is a folder. */
const OWN_NAME = /^[0-9a-f]{32}-\d\.db\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.copy|\.draft|\.lock)?$/;

/**
 * Makes the folder, and removes what processes that are gone had for themselves. Nothing else in it is touched.
 * @returns false where no real folder can be made
 */
async function makeOwnFolder(folder: string): Promise<boolean> {
  try {
    await createRealFolder(path.dirname(folder), folder, PRIVATE_FOLDER);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const name = OWN_NAME.exec(entry.name);
      if (name === null) continue;
      const left = path.join(folder, entry.name);
      const { mtimeMs } = await lstat(left).catch(() => ({ mtimeMs: Infinity }));
      if (Date.now() - mtimeMs <= FORGOTTEN) continue;
      if (entry.isFile()) await unlink(left).catch(() => undefined);
      else if (entry.isDirectory() && name[1] === ".lock") await rmdir(left).catch(() => undefined);
    }
    return true;
  } catch {
    return false;
  }
}
