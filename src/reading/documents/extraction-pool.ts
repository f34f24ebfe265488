import { msg, type Message } from "../../common/messages.js";
import PQueue from "p-queue";
import { pool, type Pool } from "workerpool";
import { afterCpuTime } from "../../common/cpu-time-limit.js";
import { closeThreads } from "../../common/close-threads.js";
import { siblingBundle } from "../../common/sibling-bundle.js";
import { ResearchError, type ErrorCode } from "../../common/errors.js";
import type { DocumentText } from "./document-text.js";
import type { RawDocument } from "./extract-text.js";

export type ExtractionResult =
  { ok: true; text: DocumentText } | { ok: false; code: ErrorCode; what: Message; remedy: Message };

/** Extracts text on worker threads. */
export interface ExtractionPool {
  /** @throws ResearchError as `extractDocumentText`, and "timeout" or "too-large" if a limit was exceeded; AbortError */
  read: (document: RawDocument, signal: AbortSignal) => Promise<DocumentText>;
  /** Starts a thread, so that the first read does not wait for it. */
  begin(): void;
  /** Ends the threads and pending reads. The next read starts them again. */
  close(): Promise<void>;
}

/** Time limit for one document, in milliseconds of available CPU time. */
const TIMEOUT_MS = 20_000;
/** Heap limit of a thread, in MB. */
const HEAP_MB = 256;
/** Young generation size in MB: with V8's small default, a page's tree is copied repeatedly. */
const YOUNG_GENERATION_MB = 64;
const THREADS = 2;
/** Milliseconds after which a document counts as slow, so that the second thread reads the next one. */
const SLOW_AFTER_MS = 1000;

/**
 * Opens a pool with one thread, started by `begin` or the first document. It is fast after a few pages, and two threads
 * are no faster while the CPU is busy, so the second one is used only while a slow document blocks the first. A
 * document that exceeds a limit or is cancelled is ended with its thread; others continue.
 */
export function openExtractionPool(limits = { milliseconds: TIMEOUT_MS, heap: HEAP_MB }): ExtractionPool {
  let threads: Pool | null = null;
  const queue = new PQueue({ concurrency: 1 });
  let slowReads = 0;
  const changeSlowReads = (change: number): void => {
    slowReads += change;
    queue.concurrency = Math.min(THREADS, 1 + slowReads);
  };
  const startedPool = (): Pool =>
    (threads ??= pool(siblingBundle("extraction-worker.js"), {
      workerType: "thread",
      minWorkers: 1,
      maxWorkers: THREADS,
      workerThreadOpts: {
        resourceLimits: {
          maxOldGenerationSizeMb: limits.heap,
          maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
        },
      },
    }));
  return {
    begin() {
      startedPool();
    },
    read: (document, signal) => queue.add(() => readOne(document, signal), { signal }),
    async close() {
      const open = threads;
      threads = null;
      if (open !== null) await closeThreads(open);
    },
  };

  async function readOne(document: RawDocument, signal: AbortSignal): Promise<DocumentText> {
    signal.throwIfAborted();
    const reading = startedPool().exec("read", [document]);
    const cancel = (): void => void reading.cancel();
    let hasTimedOut = false as boolean;
    // CPU time, so that the result does not depend on the load of other programs.
    const stopTimer = afterCpuTime(limits.milliseconds, () => {
      hasTimedOut = true;
      cancel();
    });
    let end = (): void => undefined;
    const slowTimer = setTimeout(() => {
      changeSlowReads(1);
      end = () => changeSlowReads(-1);
    }, SLOW_AFTER_MS);
    signal.addEventListener("abort", cancel, { once: true });
    let read: ExtractionResult;
    try {
      read = (await reading) as ExtractionResult;
    } catch (error) {
      signal.throwIfAborted();
      throw readError(document.address, error, hasTimedOut ? limits.milliseconds : null);
    } finally {
      stopTimer();
      clearTimeout(slowTimer);
      end();
      signal.removeEventListener("abort", cancel);
    }
    if (!read.ok) throw new ResearchError(read.code, read.what, read.remedy);
    return read.text;
  }
}

/** @param milliseconds the limit, where it was reached */
function readError(address: string, error: unknown, milliseconds: number | null): ResearchError {
  if (milliseconds !== null) {
    return new ResearchError(
      "timeout",
      msg`${address} took longer than ${milliseconds / 1000} seconds to read.`,
    );
  }
  if (/heap|memory/i.test(error instanceof Error ? error.message : "")) {
    return new ResearchError("too-large", msg`${address} takes too much memory to read.`);
  }
  return new ResearchError(
    "unreadable",
    msg`${address} could not be read: the reader ended unexpectedly.`,
    "",
    {
      cause: error,
    },
  );
}
