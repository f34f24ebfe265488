import { createHash } from "node:crypto";
import { toResearchError, isCancelled, ResearchError } from "../../common/errors.js";
import type { EventListener } from "../../core/domain/events.js";
import type { Clock, Costed, Step, Steps } from "../../core/domain/ports.js";
import { NO_USAGE, type StepKind } from "../../core/domain/schema.js";
import { addUsageTo, type Budget } from "./budget.js";
import { addStepCost, type Journal, type Spent, type StoredOutcome } from "./journal.js";

/** A step's identity: a hash of what it is and what its outcome depends on. */
export function stepKey(kind: StepKind, input: unknown): string {
  return keyOf(kind, toCanonicalJson(input));
}

function keyOf(kind: StepKind, input: string): string {
  return createHash("sha256").update(kind).update("\0").update(input).digest("hex").slice(0, 32);
}

/** JSON with sorted names, so that equal inputs have equal keys. */
export function toCanonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each !== null && typeof each === "object" && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

/** What the steps of one run stand on. */
export interface StepsContext {
  journal: Journal;
  outcomes: Map<string, StoredOutcome>;
  /** Kept up to date here. */
  spent: Spent;
  budget: Budget;
  clock: Clock;
  emit: EventListener;
  signal: AbortSignal;
}

/** Durable steps over a journal: what has an outcome in it is not done again. */
export class JournaledSteps implements Steps {
  private readonly running = new Map<string, Promise<unknown>>();
  /** Calls that are still under way, though the run no longer waits for them. */
  private readonly late = new Set<Promise<unknown>>();
  /** Steps of which this run has told the outcome: a step that is asked for twice counts once. */
  private readonly told = new Set<string>();

  /**
   * Why nothing more is begun: the disk did not take or give back what belongs to the session. A research that took
   * this for one source that fails would go on without it, and pay for what a resumed one throws away.
   */
  failure: ResearchError | null = null;

  constructor(private readonly on: StepsContext) {}

  run<T>(step: Step<T>): Promise<T> {
    const input = toCanonicalJson(step.input);
    const key = keyOf(step.kind, input);
    // The same key means the same kind and input, hence the same type of outcome.
    const known = this.running.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    // What has ended is in the journal: only what is under way is kept here.
    const begun = this.unlessFailed(key, input.length, step).finally(() => this.running.delete(key));
    this.running.set(key, begun);
    return begun;
  }

  /** Resolves when nothing is running any more, however it ended. */
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

  /** Told of what went wrong; where that was a file of the session, nothing more is begun. */
  noteFailure(error: unknown): void {
    const isOfFiles =
      error instanceof ResearchError && (error.code === "cannot-write" || error.code === "cannot-read");
    if (isOfFiles) this.failure ??= error;
  }

  private async begin<T>(key: string, characters: number, step: Step<T>): Promise<T> {
    const { journal, emit, signal, budget, clock } = this.on;
    const { kind, label } = step;
    signal.throwIfAborted();
    const known = await this.known(key, step);
    if (known !== null) return known.value;
    signal.throwIfAborted();
    const release = budget.begin(kind, characters, step.free);
    try {
      await journal.append({ type: "intent", key, kind, label, at: clock.now().toISOString() });
      emit({ type: "step", phase: "started", key, kind, label });
      // Where many begin at once, each has its turn: to send a request takes a moment, too.
      await clock.turn();
      const work = this.work(key, step, release);
      return await Promise.race([work, this.orOver(work)]);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** The outcome that the journal has, if it still holds. */
  private async known<T>(
    key: string,
    { kind, label, outcome, holds }: Step<T>,
  ): Promise<{ value: T } | null> {
    const stored = this.on.outcomes.get(key);
    if (stored === undefined) return null;
    const value = outcome.safeParse(await this.on.journal.valueAt(stored.at));
    if (!value.success || (holds !== undefined && !(await holds(value.data)))) return null;
    const { by, usage, milliseconds } = stored;
    if (!this.told.has(key)) {
      this.told.add(key);
      this.on.emit({ type: "step", phase: "done", key, kind, label, by, usage, milliseconds, reused: true });
    }
    return { value: value.data };
  }

  /** @param release gives back what was set aside for it, as soon as what it cost is known */
  private async work<T>(key: string, { kind, label, work }: Step<T>, release: () => void): Promise<T> {
    const { journal, outcomes, spent, clock, emit, signal } = this.on;
    const begun = performance.now();
    const at = (): string => clock.now().toISOString();
    let paid: Costed<T>;
    try {
      paid = await work();
    } catch (error) {
      release();
      // A failure is no outcome: the next run, or the next caller, tries again.
      if (!isCancelled(error) && !signal.aborted) {
        const failed = toResearchError(error, "bad-answer", label);
        const usage = failed.usage ?? NO_USAGE;
        addStepCost(spent, usage);
        const { code, line: said } = failed;
        await journal.append({ type: "failure", key, kind, label, at: at(), code, error: said, usage });
        emit({ type: "step", phase: "failed", key, kind, label, error: failed.line, usage });
      }
      throw error;
    }
    const { value, usage, by } = paid;
    const milliseconds = Math.round(performance.now() - begun);
    // At once, with nothing in between: a call counts once, not as one under way, too.
    release();
    addUsageTo(spent, kind, usage);
    const line = { type: "outcome", key, kind, label, at: at(), by, usage, milliseconds, value } as const;
    outcomes.set(key, { by, usage, milliseconds, at: await journal.append(line) });
    this.told.add(key);
    emit({ type: "step", phase: "done", key, kind, label, by, usage, milliseconds, reused: false });
    return value;
  }

  /** Gives up waiting when the run's time is over; what was paid for still reaches the journal. */
  private orOver<T>(work: Promise<T>): Promise<never> {
    return this.on.budget.over.catch((why: unknown) => {
      const kept = work.catch(() => undefined).finally(() => this.late.delete(kept));
      this.late.add(kept);
      throw why;
    });
  }
}
