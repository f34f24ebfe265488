import { localDay } from "../../common/local-time.js";
import type { Depth, ProviderId, QuestionKind, Verdict } from "../../core/domain/schema.js";
import {
  STEPS,
  type SessionStats,
  type SessionOutcome,
  type StepStats,
  type StepName,
} from "./session-stats.js";
import type { ErrorRecord } from "./error-records.js";
import type { FailureKind } from "./failure-kind.js";

/* Summarizes the statistics of many sessions: counts, sums and percentiles over a range of days. */

/** Count and percentiles: 50 of 100 values are at most `p50`, and 95 at most `p95`. */
export interface Distribution {
  count: number;
  p50: number;
  p95: number;
}

export interface Statistics {
  /** First and last day, YYYY-MM-DD in local time; `from` null: no limit. */
  from: string | null;
  to: string;
  sessions: {
    total: number;
    outcomes: Partial<Record<SessionOutcome, number>>;
    /** Days on which sessions began, in order, without empty days. */
    days: { day: string; outcomes: Partial<Record<SessionOutcome, number>> }[];
  };
  kinds: { kind: QuestionKind; sessions: number }[];
  /** Duration of sessions with a report, in seconds. */
  completion: Distribution & {
    /** Number of sessions up to `upTo` seconds and above the previous row; null: no upper limit. */
    histogram: { upTo: number | null; sessions: number }[];
    byDepth: ({ engine: ProviderId; depth: Depth } & Distribution)[];
  };
  /** Calls by step, in milliseconds; `failed` calls gave no result. */
  steps: ({ step: StepName; failed: number } & Distribution)[];
  /** Calls by model, in milliseconds, with their cost; most calls first. */
  models: ({ model: string; in: number; out: number; usd: number } & Distribution)[];
  calls: { model: number; search: number; read: number };
  tokens: { in: number; out: number };
  usd: number;
  /** Spend by day and model, in order. Failed calls have no model. */
  spend: { day: string; model: string; in: number; out: number; usd: number }[];
  /** Number of report sentences by verdict, and of those that failed a check. */
  verdicts: Partial<Record<Verdict, number>>;
  caught: number;
  /** Failures by kind, most frequent first: failed steps and failed sessions. */
  failures: { what: FailureKind; steps: number; sessions: number }[];
  /** Sessions with a report. */
  reports: number;
  /** Calls that waited for a provider's limits, and for how long in all. */
  limiter: { waits: number; seconds: number };
  /** Errors that were counted on this machine, last seen first, also before their sessions were deleted. */
  errors: ErrorRecord[];
  /** Calls saved: answers from the cache, and steps that a resumed session reused. */
  reused: { cache: number; resumed: number };
}

/** The "model" of answers from the cache. */
const CACHE = "cache";
/** The model name for spend without a model. */
export const NO_MODEL = "";
/** Upper limits of the histogram's rows, in seconds. */
const HISTOGRAM_LIMITS = [5, 15, 30, 60, 120, 300, 600, 1800];

/** The local day of a journal's time; caches the last minute, since lines often share it. */
let minute = { text: "", day: "" };
function dayAt(iso: string): string {
  const text = iso.slice(0, 16);
  if (text !== minute.text) minute = { text, day: localDay(new Date(iso)) };
  return minute.day;
}

/** The first day of a range of days that ends today. */
export function firstDayOfRange(days: number, now: Date): string {
  return localDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1, 12));
}

/**
 * Summarizes the sessions of the last `days` days, today included.
 * @param days null: all of them
 * @param errors the folder's error records
 */
export function summarizeStatistics(
  all: readonly SessionStats[],
  days: number | null,
  now: Date,
  errors: readonly ErrorRecord[] = [],
): Statistics {
  const from = days === null ? null : firstDayOfRange(days, now);
  const sessions = all.filter(({ started }) => from === null || dayAt(started) >= from);
  const steps = sessions.flatMap((session) => session.steps);
  const failed = sessions.flatMap((session) => session.failures);
  const answered = steps.filter((step) => isAnswer(step));
  const byStep = new Map(grouped(steps, ({ step }) => step));
  const spend = sumSpend(steps, failed);
  const completed = sessions.filter(({ outcome }) => outcome === "done" || outcome === "partial");
  return {
    from,
    to: localDay(now),
    sessions: {
      total: sessions.length,
      outcomes: counts(sessions, ({ outcome }) => outcome),
      days: grouped(sessions, ({ started }) => dayAt(started))
        .map(([day, those]) => ({ day, outcomes: counts(those, ({ outcome }) => outcome) }))
        .sort((a, b) => (a.day < b.day ? -1 : 1)),
    },
    kinds: Object.entries(counts(sessions, ({ kind }) => kind))
      .map(([kind, count]) => ({ kind: kind as QuestionKind, sessions: count }))
      .sort((a, b) => b.sessions - a.sessions),
    completion: {
      ...distributionOf(completed.map(({ seconds }) => seconds)),
      histogram: histogram(completed.map(({ seconds }) => seconds)),
      byDepth: grouped(completed, ({ engine, depth }) => `${engine ?? ""} ${depth ?? ""}`)
        .map(([key, those]) => {
          const [engine, depth] = key.split(" ") as [ProviderId, Depth];
          return { engine, depth, ...distributionOf(those.map(({ seconds }) => seconds)) };
        })
        .sort((a, b) => b.count - a.count),
    },
    steps: STEPS.flatMap((step) => {
      const those = (byStep.get(step) ?? []).filter(({ by }) => by !== CACHE);
      const failedCount = failed.filter((each) => each.step === step).length;
      if (those.length + failedCount === 0) return [];
      return [
        { step, failed: failedCount, ...distributionOf(those.map(({ milliseconds }) => milliseconds)) },
      ];
    }),
    models: grouped(answered, ({ by }) => by)
      .map(([model, those]) => ({
        model,
        ...sumCost(those),
        ...distributionOf(those.map(({ milliseconds }) => milliseconds)),
      }))
      .sort((a, b) => b.count - a.count || (a.model < b.model ? -1 : 1)),
    calls: {
      model: steps.filter(({ step, by }) => isModel(step) && by !== CACHE).length,
      search: byStep.get("search")?.length ?? 0,
      read: byStep.get("read")?.length ?? 0,
    },
    tokens: { in: total(spend, (each) => each.in), out: total(spend, (each) => each.out) },
    usd: total(spend, ({ usd }) => usd),
    spend,
    verdicts: sumCounts(sessions.map(({ verdicts }) => verdicts)),
    caught: total(sessions, ({ caught }) => caught),
    failures: countFailures(sessions),
    reports: completed.length,
    limiter: {
      waits: steps.filter(({ waited }) => waited > 0).length,
      seconds: total(steps, ({ waited }) => waited) / 1000,
    },
    errors: errors.filter(({ last }) => from === null || dayAt(last) >= from),
    reused: {
      cache: steps.filter(({ by }) => by === CACHE).length,
      resumed: total(sessions, ({ kept }) => kept),
    },
  };
}

/** Count and percentiles of values; `p95` is the smallest value that 95% do not exceed. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = Float64Array.from(values).sort();
  const at = (of100: number): number =>
    sorted[Math.max(0, Math.ceil((sorted.length * of100) / 100) - 1)] ?? 0;
  return { count: sorted.length, p50: at(50), p95: at(95) };
}

function isModel(step: StepName): boolean {
  return step !== "search" && step !== "read";
}

/** Whether a model answered, which includes grounded searches. */
function isAnswer({ step, by, in: tokens }: StepStats): boolean {
  return by !== CACHE && (isModel(step) || tokens > 0);
}

function histogram(seconds: readonly number[]): Statistics["completion"]["histogram"] {
  const rows = [...HISTOGRAM_LIMITS, null].map((upTo) => ({ upTo: upTo, sessions: 0 }));
  for (const each of seconds) {
    const row = rows.find(({ upTo }) => upTo === null || each <= upTo);
    if (row !== undefined) row.sessions++;
  }
  return rows;
}

interface Cost {
  in: number;
  out: number;
  usd: number;
}

function sumCost(of: readonly Cost[]): Cost {
  return {
    in: total(of, (each) => each.in),
    out: total(of, (each) => each.out),
    usd: total(of, ({ usd }) => usd),
  };
}

function sumSpend(steps: readonly StepStats[], failed: SessionStats["failures"]): Statistics["spend"] {
  const rows = new Map<string, Statistics["spend"][number]>();
  const add = (at: string, model: string, { in: tokens, out, usd }: Cost): void => {
    if (tokens + out === 0 && usd === 0) return;
    const day = dayAt(at);
    const row = rows.get(`${day} ${model}`) ?? { day, model, in: 0, out: 0, usd: 0 };
    rows.set(`${day} ${model}`, { day, model, in: row.in + tokens, out: row.out + out, usd: row.usd + usd });
  };
  for (const step of steps) add(step.at, step.by, step);
  for (const failure of failed) add(failure.at, NO_MODEL, failure);
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function countFailures(sessions: readonly SessionStats[]): Statistics["failures"] {
  const found = new Map<FailureKind, { steps: number; sessions: number }>();
  const at = (what: FailureKind) => {
    const known = found.get(what) ?? { steps: 0, sessions: 0 };
    found.set(what, known);
    return known;
  };
  for (const { failures, failed } of sessions) {
    for (const { what } of failures) at(what).steps++;
    if (failed !== null) at(failed).sessions++;
  }
  return [...found]
    .map(([what, count]) => ({ what, ...count }))
    .sort((a, b) => b.steps + b.sessions - a.steps - a.sessions || (a.what < b.what ? -1 : 1));
}

function total<T>(of: readonly T[], value: (each: T) => number): number {
  return of.reduce((sum, each) => sum + value(each), 0);
}

function counts<T, K extends string>(
  of: readonly T[],
  key: (each: T) => K | null,
): Partial<Record<K, number>> {
  const found: Partial<Record<K, number>> = {};
  for (const each of of) {
    const name = key(each);
    if (name !== null) found[name] = (found[name] ?? 0) + 1;
  }
  return found;
}

function sumCounts<K extends string>(all: readonly Partial<Record<K, number>>[]): Partial<Record<K, number>> {
  const sum: Partial<Record<K, number>> = {};
  for (const each of all) {
    for (const [name, count] of Object.entries(each) as [K, number][]) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}

function grouped<T>(of: readonly T[], key: (each: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const each of of) {
    const name = key(each);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [each]);
    else group.push(each);
  }
  return [...groups];
}
