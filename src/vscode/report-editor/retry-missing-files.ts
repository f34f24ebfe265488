import type { Finding } from "../../core/report/findings.js";

/*
 * What is missing is looked for again, with longer and longer pauses. VS Code's watcher tells most of what comes back,
 * but not all: a file that goes and returns within a second may be no event at all. Knows no VS Code.
 */

/** The first pause and the longest, in milliseconds; each is twice the one before. */
const FIRST = 2_000;
const LONGEST = 60_000;

const MISSING: ReadonlySet<Finding["kind"]> = new Set(["snapshot-missing", "gone"]);

/** Whether a check found that a file is not there. */
export function hasMissingFile(findings: readonly Finding[]): boolean {
  return findings.some(({ kind }) => MISSING.has(kind));
}

/** Looks that are to come, by the name of what is looked at. */
export interface RetrySchedule {
  /** Looks after the next pause; where a look is to come already, nothing changes. */
  later(name: string, look: () => void): void;
  /** Forgets what was found, or what nobody sees any more. */
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
