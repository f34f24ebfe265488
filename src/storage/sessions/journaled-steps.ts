import { createHash } from "node:crypto";
import { toResearchError, isCancelled, ResearchError } from "../../common/errors.js";
import type { EventListener } from "../../core/domain/events.js";
import type { Clock, Costed, Step, Steps } from "../../core/domain/ports.js";
import { describeStepTask } from "../../core/domain/step-task.js";
import { NO_USAGE, type StepKind } from "../../core/domain/schema.js";
import { addUsageTo, type Budget } from "./budget.js";
import type { JournalLine } from "./journal-schema.js";
import { addStepCost, type Journal, type Spent, type StoredOutcome } from "./journal.js";

/** A step's identity: a hash of its kind and of everything that its outcome depends on. */
export function stepKey(kind: StepKind, input: unknown): string {
  return hashStep(kind, toCanonicalJson(input));
}

function hashStep(kind: StepKind, input: string): string {
  return createHash("sha256").update(kind).update("\0").update(input).digest("hex").slice(0, 32);
}

/** JSON with sorted keys, so that equal inputs give equal hashes. */
export function toCanonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each !== null && typeof each === "object" && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

type OutcomeLine = Extract<JournalLine, { type: "outcome" }>;

/** The environment of one run's steps. */
export interface StepsContext {
  journal: Journal;
  outcomes: Map<string, StoredOutcome>;
  /** Updated by the steps. */
  spent: Spent;
  budget: Budget;
  clock: Clock;
  emit: EventListener;
  signal: AbortSignal;
}

/** Durable steps: a step with an outcome in the journal is not run again. */
export class JournaledSteps implements Steps {
  private readonly running = new Map<string, Promise<unknown>>();
  /** Running calls that the run no longer waits for. */
  private readonly late = new Set<Promise<unknown>>();
  /** Outcomes that may not be kept: they are in memory alone until `record` says what of them is written. */
  private readonly transient = new Map<string, OutcomeLine>();
  /** Steps whose outcome was emitted: a step that is requested twice counts once. */
  private readonly told = new Set<string>();

  /**
   * Set when a session file could not be read or written; no more steps start then. Treating it as one failed source
   * would continue without that source and pay for work that a resumed run discards.
   */
  failure: ResearchError | null = null;

  constructor(private readonly on: StepsContext) {}

  run<T>(step: Step<T>): Promise<T> {
    const input = toCanonicalJson(step.input);
    const key = hashStep(step.kind, input);
    // The same key means the same kind and input, hence the same type of outcome.
    const existing = this.running.get(key) as Promise<T> | undefined;
    if (existing !== undefined) return existing;
    // Finished steps are in the journal; only running ones are kept here.
    const started = this.unlessFailed(key, input.length, step).finally(() => this.running.delete(key));
    this.running.set(key, started);
    return started;
  }

  async record<T>({ kind, input }: Step<T>, value: T): Promise<void> {
    const key = stepKey(kind, input);
    const line = this.transient.get(key);
    const { journal, outcomes } = this.on;
    if (line === undefined || outcomes.has(key)) return;
    const { by, usage, milliseconds } = line;
    outcomes.set(key, { by, usage, milliseconds, at: await journal.append({ ...line, value }) });
  }

  /** Resolves when no step is running, whatever the results. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.running.values(), ...this.late]);
  }

  private async unlessFailed<T>(key: string, characters: number, step: Step<T>): Promise<T> {
    if (this.failure !== null) throw this.failure;
    try {
      return await this.begin(key, characters, step);
    } catch (error) {
      this.noteFailure(error);
      throw error;
    }
  }

  /** Reports an error; one of a session file stops further steps. */
  noteFailure(error: unknown): void {
    const isFileError =
      error instanceof ResearchError && (error.code === "cannot-write" || error.code === "cannot-read");
    if (isFileError) this.failure ??= error;
  }

  private async begin<T>(key: string, characters: number, step: Step<T>): Promise<T> {
    const { journal, emit, signal, budget, clock } = this.on;
    const { kind, task } = step;
    signal.throwIfAborted();
    const existing = await this.findOutcome(key, step);
    if (existing !== null) return existing.value;
    signal.throwIfAborted();
    const release = budget.begin(kind, characters, step.free);
    try {
      await journal.append({ type: "intent", key, kind, task, at: clock.now().toISOString() });
      emit({ type: "step", phase: "started", key, kind, task });
      // Give other steps a turn: starting a request takes a moment, too.
      await clock.turn();
      const work = this.work(key, step, release);
      return await Promise.race([work, this.orOver(work)]);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** The journal's outcome, if it is still valid. */
  private async findOutcome<T>(
    key: string,
    { kind, task, outcome, holds }: Step<T>,
  ): Promise<{ value: T } | null> {
    const transient = this.transient.get(key);
    if (transient !== undefined) return { value: outcome.parse(transient.value) };
    const stored = this.on.outcomes.get(key);
    if (stored === undefined) return null;
    const value = outcome.safeParse(await this.on.journal.valueAt(stored.at));
    if (!value.success || (holds !== undefined && !(await holds(value.data)))) return null;
    const { by, usage, milliseconds } = stored;
    if (!this.told.has(key)) {
      this.told.add(key);
      this.on.emit({ type: "step", phase: "done", key, kind, task, by, usage, milliseconds, reused: true });
    }
    return { value: value.data };
  }

  /** @param release frees the reserved budget as soon as the actual cost is known */
  private async work<T>(
    key: string,
    { kind, task, work, isTransient }: Step<T>,
    release: () => void,
  ): Promise<T> {
    const { journal, outcomes, spent, clock, emit, signal } = this.on;
    const started = performance.now();
    const at = (): string => clock.now().toISOString();
    let paid: Costed<T>;
    try {
      paid = await work();
    } catch (error) {
      release();
      // A failure is not an outcome: the next run or caller tries again.
      if (!isCancelled(error) && !signal.aborted) {
        const failed = toResearchError(error, "bad-answer", describeStepTask(task));
        const usage = failed.usage ?? NO_USAGE;
        addStepCost(spent, usage);
        const { code, text: errorText } = failed;
        await journal.append({ type: "failure", key, kind, task, at: at(), code, error: errorText, usage });
        emit({ type: "step", phase: "failed", key, kind, task, error: errorText, code, usage });
      }
      throw error;
    }
    const { value, usage, by } = paid;
    const waited = paid.waited === undefined ? {} : { waited: Math.round(paid.waited) };
    const milliseconds = Math.round(performance.now() - started);
    // Release and add synchronously, so that a call is never counted twice.
    release();
    addUsageTo(spent, kind, usage);
    const line = {
      type: "outcome",
      key,
      kind,
      task,
      at: at(),
      by,
      usage,
      milliseconds,
      ...waited,
      value,
    } as const;
    if (isTransient === true) this.transient.set(key, line);
    else outcomes.set(key, { by, usage, milliseconds, at: await journal.append(line) });
    this.told.add(key);
    emit({ type: "step", phase: "done", key, kind, task, by, usage, milliseconds, ...waited, reused: false });
    return value;
  }

  /** Stops waiting when the run's time is over; results that were paid for are still journaled. */
  private orOver<T>(work: Promise<T>): Promise<never> {
    return this.on.budget.over.catch((why: unknown) => {
      const pending = work.catch(() => undefined).finally(() => this.late.delete(pending));
      this.late.add(pending);
      throw why;
    });
  }
}
