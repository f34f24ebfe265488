import { Cache, type CacheLimits } from "../storage/cache/cache.js";
import { openExtractionPool, type ExtractionPool } from "../reading/documents/extraction-pool.js";
import { createPageReader, type PageReader } from "../reading/web/page-reader.js";
import { openWorkspaceIndex, type WorkspaceIndex } from "../search/workspace/workspace-index.js";

/*
 * What the runs of one process share: threads, caches and the limits on requests to one host.
 */

export interface SharedResources {
  threads: ExtractionPool;
  /** A reader of web pages, which remembers the robots rules and the pauses of sites. */
  pages(allowedPrivateHosts: string[]): PageReader;
  /** The cache in a folder. @param root the folder below which no link is followed */
  cache(folder: string, limits: CacheLimits, root: string): Cache;
  /** The index of a workspace, in the cache or, without one, in memory. @param usesThreads as for `openWorkspaceIndex` */
  index(root: string, cache: Cache | null, usesThreads: boolean): WorkspaceIndex;
  /** Called once the run has ended; the last run closes everything. */
  release(): Promise<void>;
}

let users = 0;
let threads: ExtractionPool | null = null;
const webs = new Map<string, PageReader>();
const caches = new Map<string, Cache>();
const indexes = new Map<string, WorkspaceIndex>();

/** Acquires the resources for one run. Call `release` once it has ended. */
export function acquireSharedResources(): SharedResources {
  users++;
  threads ??= openExtractionPool();
  const shared = threads;
  let isInside = true;
  return {
    threads: shared,
    pages(allowedPrivateHosts) {
      const key = JSON.stringify([...allowedPrivateHosts].sort());
      const pages = webs.get(key) ?? createPageReader({ allowedPrivateHosts, text: shared.read });
      webs.set(key, pages);
      return pages;
    },
    cache(folder, limits, root) {
      const key = JSON.stringify([folder, limits, root]);
      const cache = caches.get(key) ?? new Cache(folder, limits, undefined, root);
      caches.set(key, cache);
      return cache;
    },
    index(root, cache, usesThreads) {
      const key = JSON.stringify([root, cache?.folder, usesThreads]);
      const index =
        indexes.get(key) ??
        openWorkspaceIndex(root, async () => (await cache?.own("index")) ?? null, usesThreads);
      indexes.set(key, index);
      return index;
    },
    async release() {
      if (!isInside) return;
      isInside = false;
      if (--users > 0) return;
      threads = null;
      webs.clear();
      const used = [...caches.values()];
      caches.clear();
      const read = [...indexes.values()];
      indexes.clear();
      await Promise.all([
        shared.close(),
        ...read.map((index) => index.close()),
        ...used.map((cache) => cache.trim()),
      ]);
    },
  };
}
