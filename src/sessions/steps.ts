import { createHash } from "node:crypto";
import { asResearchError, isCancelled } from "../research/errors.js";
import type { EventListener } from "../research/events.js";
import type { Clock, Step, Steps } from "../research/ports.js";
import type { StepKind } from "../research/schema.js";
import type { Journal, Line, Outcome } from "./journal.js";

/** A step's identity: a hash of what it is and what its outcome depends on. */
export function stepKey(kind: StepKind, input: unknown): string {
  return createHash("sha256").update(kind).update("\0").update(canonical(input)).digest("hex").slice(0, 32);
}

/** JSON with sorted names, so that equal inputs have equal keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each !== null && typeof each === "object" && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

/** Durable steps over a journal: what has an outcome in it is not done again. */
export class JournaledSteps implements Steps {
  private readonly outcomes = new Map<string, Outcome>();
  private readonly running = new Map<string, Promise<unknown>>();

  constructor(
    private readonly journal: Journal,
    lines: Line[],
    private readonly clock: Clock,
    private readonly emit: EventListener,
    private readonly signal: AbortSignal,
  ) {
    for (const line of lines) if (line.type === "outcome") this.outcomes.set(line.key, line);
  }

  run<T>(step: Step<T>): Promise<T> {
    const key = stepKey(step.kind, step.input);
    // The same key means the same kind and input, hence the same type of outcome.
    const begun = (this.running.get(key) as Promise<T> | undefined) ?? this.begin(key, step);
    this.running.set(key, begun);
    return begun;
  }

  /** Resolves when nothing is running any more, however it ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.running.values());
  }

  private async begin<T>(key: string, { kind, label, outcome, work }: Step<T>): Promise<T> {
    this.signal.throwIfAborted();
    const known = this.outcomes.get(key);
    if (known !== undefined) {
      const value = outcome.safeParse(known.value);
      if (value.success) {
        const { by, usage, milliseconds } = known;
        this.emit({ type: "step", phase: "done", key, kind, label, by, usage, milliseconds, reused: true });
        return value.data;
      }
    }
    await this.journal.append({ type: "intent", key, kind, label, at: this.now() });
    this.emit({ type: "step", phase: "started", key, kind, label });
    const begun = performance.now();
    try {
      const { value, usage, by } = await work();
      const milliseconds = Math.round(performance.now() - begun);
      await this.journal.append({
        type: "outcome",
        key,
        kind,
        label,
        at: this.now(),
        by,
        usage,
        milliseconds,
        value,
      });
      this.emit({ type: "step", phase: "done", key, kind, label, by, usage, milliseconds, reused: false });
      return value;
    } catch (error) {
      // A failure is no outcome: the next run, or the next caller, tries again.
      this.running.delete(key);
      if (!isCancelled(error) && !this.signal.aborted) {
        const why = asResearchError(error, "bad-answer", label).line;
        await this.journal.append({ type: "failure", key, kind, label, at: this.now(), error: why });
        this.emit({ type: "step", phase: "failed", key, kind, label, error: why });
      }
      throw error;
    }
  }

  private now(): string {
    return this.clock.now().toISOString();
  }
}
