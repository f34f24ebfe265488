import { worker } from "workerpool";
import type { indexWorkerMethods } from "../search/workspace/index-worker.js";
import type { CheckAnswer, CheckRequest } from "../verification/report-check-thread.js";

/*
 * The program of the threads that index a workspace and of the one that checks reports. A thread does one of the two, so
 * each part is loaded when it is first asked for: SQLite is never loaded to check a report.
 */

type Indexing = typeof indexWorkerMethods;

async function loadIndexing(): Promise<Indexing> {
  return (await import("../search/workspace/index-worker.js")).indexWorkerMethods;
}

worker({
  open: async (...asked: Parameters<Indexing["open"]>) => (await loadIndexing()).open(...asked),
  compare: async (...asked: Parameters<Indexing["compare"]>) => (await loadIndexing()).compare(...asked),
  add: async (...asked: Parameters<Indexing["add"]>) => (await loadIndexing()).add(...asked),
  commit: async () => (await loadIndexing()).commit(),
  search: async (...asked: Parameters<Indexing["search"]>) => (await loadIndexing()).search(...asked),
  mentioned: async (...asked: Parameters<Indexing["mentioned"]>) =>
    (await loadIndexing()).mentioned(...asked),
  close: async () => (await loadIndexing()).close(),
  check: async (request: CheckRequest): Promise<CheckAnswer> =>
    (await import("../verification/report-check-worker.js")).checkOnThread(request),
});
