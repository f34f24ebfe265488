import PQueue from "p-queue";
import { pool, type Pool } from "workerpool";
import { ResearchError, type ErrorCode } from "../common/errors.js";
import { uncheckedText, type CheckedText } from "./report-checker.js";
import { workerProgramFile } from "../common/worker-program.js";

/*
 * Checks reports on a thread of its own, so that the thread of the editor's extensions stays free: a report, a snapshot
 * or a workspace file that takes too long or too much memory loses its check and nothing else.
 */

export interface CheckRequest {
  /** The folder whose files a report may be about, absolute. */
  root: string;
  /** The workspace folder that the report lies in, and its folder of sessions; null where none is known. */
  workspace: string | null;
  sessions: string | null;
  markdown: string;
  /** Where the report lies, absolute. */
  file: string;
}

/** What the thread answers. */
export type CheckAnswer =
  { ok: true; checked: CheckedText } | { ok: false; code: ErrorCode; message: string; remedy: string };

export interface ReportCheckThread {
  /**
   * Checks the text of a report. One check runs at a time; a check that is cancelled while it waits never begins.
   * @returns what was found; a check that took too long or too much memory finds that alone
   * @throws ResearchError "bad-report" if it is no report of ours; the signal's reason
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
    (threads ??= pool(workerProgramFile("workspace-worker.js"), {
      workerType: "thread",
      maxWorkers: 1,
      workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: limits.heap } },
    }));
  return {
    check: (request, signal) => queue.add(() => checkOne(request, signal), { signal }),
    async close() {
      const open = threads;
      threads = null;
      await open?.terminate(true);
    },
  };

  /** A check under way is not cut off by a cancel: ending the thread would lose what it keeps for the next check. */
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
    if (!answer.ok) throw new ResearchError(answer.code, answer.message, answer.remedy);
    return answer.checked;
  }
}
