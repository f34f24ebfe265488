import { existsSync } from "node:fs";
import path from "node:path";
import { pool, type Pool } from "workerpool";
import { ResearchError, type ErrorCode } from "../../research/errors.js";
import type { Document, DocumentText } from "./document.js";

/** What a thread answers. */
export type Read =
  { ok: true; text: DocumentText } | { ok: false; code: ErrorCode; message: string; remedy: string };

/** Reads documents on threads of their own. */
export interface ReadingThreads {
  /** @throws ResearchError as `documentText`, and "timeout" or "too-large" where it took too much; AbortError */
  read: (document: Document, signal: AbortSignal) => Promise<DocumentText>;
  /** Starts the threads, so that the first read does not wait for them. */
  begin(): void;
  /** Ends the threads; what is being read then is lost. The next read starts them again. */
  close(): Promise<void>;
}

/** Milliseconds that one document may take. */
const LONGEST = 20_000;
/** MB of heap that a thread may fill. */
const HEAP = 256;
const THREADS = 2;

/**
 * Threads are started when the first document is read, or earlier by `begin`. One that takes too long, takes too much or is
 * cancelled is ended, with its document; the others go on.
 */
export function openReadingThreads(limits = { milliseconds: LONGEST, heap: HEAP }): ReadingThreads {
  let threads: Pool | null = null;
  const started = (): Pool =>
    (threads ??= pool(workerFile(), {
      workerType: "thread",
      minWorkers: THREADS,
      maxWorkers: THREADS,
      workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: limits.heap } },
    }));
  return {
    begin() {
      started();
    },
    async read(document, signal) {
      signal.throwIfAborted();
      const reading = started().exec("read", [document]).timeout(limits.milliseconds);
      const cancel = (): void => void reading.cancel();
      signal.addEventListener("abort", cancel, { once: true });
      let read: Read;
      try {
        read = (await reading) as Read;
      } catch (error) {
        signal.throwIfAborted();
        throw ended(document.address, error, limits.milliseconds);
      } finally {
        signal.removeEventListener("abort", cancel);
      }
      if (!read.ok) throw new ResearchError(read.code, read.message, read.remedy);
      return read.text;
    },
    async close() {
      const open = threads;
      threads = null;
      await open?.terminate(true);
    },
  };
}

function ended(address: string, error: unknown, milliseconds: number): ResearchError {
  if (error instanceof Error && error.name === "TimeoutError") {
    return new ResearchError(
      "timeout",
      `${address} took longer than ${milliseconds / 1000} seconds to read.`,
    );
  }
  if (/heap|memory/i.test(error instanceof Error ? error.message : "")) {
    return new ResearchError("too-large", `${address} takes too much memory to read.`);
  }
  return new ResearchError("unreadable", `${address} could not be read: reading it ended unexpectedly.`, "", {
    cause: error,
  });
}

/** The thread's program: a bundle of its own, beside ours or one folder above. */
function workerFile(): string {
  const beside = [".", "..", "../.."].map((folder) => path.join(__dirname, folder, "reading.js"));
  return beside.find((file) => existsSync(file)) ?? beside[0] ?? "";
}
