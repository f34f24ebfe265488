import type { Finding } from "../../core/report/findings.js";

/*
 * Looks for missing files again, with increasing pauses. VS Code's watcher reports most files that reappear,
 * but not all: a file that is removed and restored within a second may cause no event. Does not depend on VS
 * Code.
 */

/** First and longest pause in milliseconds; each pause is twice the one before. */
const FIRST = 2_000;
const LONGEST = 60_000;

const MISSING: ReadonlySet<Finding["kind"]> = new Set(["snapshot-missing", "gone"]);

/** Whether a check found a missing file. */
export function hasMissingFile(findings: readonly Finding[]): boolean {
  return findings.some(({ kind }) => MISSING.has(kind));
}

/** Scheduled retries by name. */
export interface RetrySchedule {
  /** Schedules a retry after the next pause, unless one is already scheduled. */
  later(name: string, look: () => void): void;
  /** Cancels retries for a file that was found or is no longer needed. */
  stop(name: string): void;
  dispose(): void;
}

export function createRetrySchedule(first = FIRST, longest = LONGEST): RetrySchedule {
  const waiting = new Map<string, { pause: number; timer: NodeJS.Timeout | null }>();
  return {
    later: (name, look) => {
      const known = waiting.get(name) ?? { pause: first, timer: null };
      waiting.set(name, known);
      known.timer ??= setTimeout(() => {
        known.timer = null;
        known.pause = Math.min(longest, known.pause * 2);
        look();
      }, known.pause);
    },
    stop: (name) => {
      clearTimeout(waiting.get(name)?.timer ?? undefined);
      waiting.delete(name);
    },
    dispose: () => {
      for (const { timer } of waiting.values()) clearTimeout(timer ?? undefined);
      waiting.clear();
    },
  };
}
