import { type Message } from "../common/messages.js";
import PQueue from "p-queue";
import { pool, type Pool } from "workerpool";
import { ResearchError, type ErrorCode } from "../common/errors.js";
import { uncheckedText, type CheckedText } from "./checked-text.js";
import { closeThreads } from "../common/close-threads.js";
import { siblingBundle } from "../common/sibling-bundle.js";

/*
 * Checks reports on a separate thread to keep the extension host responsive. If a report, snapshot or workspace file
 * takes too much time or memory, only its check is lost.
 */

export interface CheckRequest {
  /** The folder of the cited workspace files, absolute. */
  root: string;
  /** The report's workspace folder and its sessions folder; null if unknown. */
  workspace: string | null;
  sessions: string | null;
  markdown: string;
  /** The report's absolute path. */
  file: string;
}

export type CheckAnswer =
  { ok: true; checked: CheckedText } | { ok: false; code: ErrorCode; what: Message; remedy: Message };

export interface ReportCheckThread {
  /**
   * Checks the text of a report. One check runs at a time; a check cancelled while waiting never starts.
   * @returns the result; a check that exceeded its limits returns only that finding
   * @throws ResearchError "bad-report" if it is not a Deep Research report; the signal's reason
   */
  check(request: CheckRequest, signal: AbortSignal): Promise<CheckedText>;
  /** Ends the thread. The next check starts a new one. */
  close(): Promise<void>;
}

interface CheckLimits {
  /** Milliseconds that one check may take. */
  milliseconds: number;
  /** MB of heap that the thread may fill. */
  heap: number;
}

const LIMITS: CheckLimits = { milliseconds: 10_000, heap: 512 };

export function openReportCheckThread(limits = LIMITS): ReportCheckThread {
  let threads: Pool | null = null;
  const queue = new PQueue({ concurrency: 1 });
  const startedPool = (): Pool =>
    (threads ??= pool(siblingBundle("workspace-worker.js"), {
      workerType: "thread",
      maxWorkers: 1,
      workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: limits.heap } },
    }));
  return {
    check: (request, signal) => queue.add(() => checkOne(request, signal), { signal }),
    async close() {
      const open = threads;
      threads = null;
      if (open !== null) await closeThreads(open);
    },
  };

  /** A cancel does not interrupt a running check: ending the thread would lose its cache. */
  async function checkOne(request: CheckRequest, signal: AbortSignal): Promise<CheckedText> {
    signal.throwIfAborted();
    let answer: CheckAnswer;
    try {
      answer = (await startedPool().exec("check", [request]).timeout(limits.milliseconds)) as CheckAnswer;
    } catch {
      signal.throwIfAborted();
      return uncheckedText({ kind: "unchecked", says: [] });
    }
    signal.throwIfAborted();
    if (!answer.ok) throw new ResearchError(answer.code, answer.what, answer.remedy);
    return answer.checked;
  }
}
