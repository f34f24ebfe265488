import PQueue from "p-queue";
import { pool, type Pool } from "workerpool";
import { afterCpuTime } from "../../common/cpu-time-limit.js";
import { workerProgramFile } from "../../common/worker-program.js";
import { ResearchError, type ErrorCode } from "../../common/errors.js";
import type { RawDocument, DocumentText } from "./extract-text.js";

/** What a thread answers. */
export type ExtractionResult =
  { ok: true; text: DocumentText } | { ok: false; code: ErrorCode; message: string; remedy: string };

/** Reads documents on threads of their own. */
export interface ExtractionPool {
  /** @throws ResearchError as `documentText`, and "timeout" or "too-large" where it took too much; AbortError */
  read: (document: RawDocument, signal: AbortSignal) => Promise<DocumentText>;
  /** Starts the threads, so that the first read does not wait for them. */
  begin(): void;
  /** Ends the threads; what is being read then is lost. The next read starts them again. */
  close(): Promise<void>;
}

/** Milliseconds that one document may take, where the machine lets its thread run. */
const LONGEST = 20_000;
/** MB of heap that a thread may fill. */
const HEAP = 256;
/** MB for what a page leaves at once: with V8's own few, a page's tree is moved about again and again. */
const YOUNG = 64;
const THREADS = 2;
/** Milliseconds after which a document is slow, and the second thread reads what waits behind it. */
const SLOW = 1000;

/**
 * One thread reads, started with the first document or earlier by `begin`: it is warm after a few pages, and two of
 * them are no quicker while others compute, too. The second one is for what waits behind a slow document. One that
 * takes too long, takes too much or is cancelled is ended, with its thread; the others go on.
 */
export function openExtractionPool(limits = { milliseconds: LONGEST, heap: HEAP }): ExtractionPool {
  let threads: Pool | null = null;
  const turns = new PQueue({ concurrency: 1 });
  let slow = 0;
  const count = (change: number): void => {
    slow += change;
    turns.concurrency = Math.min(THREADS, 1 + slow);
  };
  const started = (): Pool =>
    (threads ??= pool(workerProgramFile("extraction-worker.js"), {
      workerType: "thread",
      minWorkers: 1,
      maxWorkers: THREADS,
      workerThreadOpts: {
        resourceLimits: { maxOldGenerationSizeMb: limits.heap, maxYoungGenerationSizeMb: YOUNG },
      },
    }));
  return {
    begin() {
      started();
    },
    read: (document, signal) => turns.add(() => readOne(document, signal), { signal }),
    async close() {
      const open = threads;
      threads = null;
      await open?.terminate(true);
    },
  };

  async function readOne(document: RawDocument, signal: AbortSignal): Promise<DocumentText> {
    signal.throwIfAborted();
    const reading = started().exec("read", [document]);
    const cancel = (): void => void reading.cancel();
    let hasTimedOut = false as boolean;
    // A file is not lost because other programs were busy: what is read must not depend on that.
    const stopTimer = afterCpuTime(limits.milliseconds, () => {
      hasTimedOut = true;
      cancel();
    });
    let end = (): void => undefined;
    const waited = setTimeout(() => {
      count(1);
      end = () => count(-1);
    }, SLOW);
    signal.addEventListener("abort", cancel, { once: true });
    let read: ExtractionResult;
    try {
      read = (await reading) as ExtractionResult;
    } catch (error) {
      signal.throwIfAborted();
      throw ended(document.address, error, hasTimedOut ? limits.milliseconds : null);
    } finally {
      stopTimer();
      clearTimeout(waited);
      end();
      signal.removeEventListener("abort", cancel);
    }
    if (!read.ok) throw new ResearchError(read.code, read.message, read.remedy);
    return read.text;
  }
}

/** @param milliseconds the limit, where it was reached */
function ended(address: string, error: unknown, milliseconds: number | null): ResearchError {
  if (milliseconds !== null) {
    return new ResearchError(
      "timeout",
      `${address} took longer than ${milliseconds / 1000} seconds to read.`,
    );
  }
  if (/heap|memory/i.test(error instanceof Error ? error.message : "")) {
    return new ResearchError("too-large", `${address} takes too much memory to read.`);
  }
  return new ResearchError("unreadable", `${address} could not be read: the reader ended unexpectedly.`, "", {
    cause: error,
  });
}
