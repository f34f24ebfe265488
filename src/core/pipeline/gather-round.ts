import { isCancelled } from "../../common/errors.js";
import { estimateResearch, type EstimateInput } from "./estimate.js";
import type { ResearchEvent } from "../domain/events.js";
import { gather, gatherForAddedQuestion, sourceLimit, type EvidencePool, type FoundHits } from "./gather.js";
import { searchWords } from "./plan.js";
import type { Steps } from "../domain/ports.js";
import type { RunState } from "./run-state.js";
import type { Question } from "../domain/schema.js";
import type { SteeringState } from "./steering.js";

/*
 * One round of gathering, which the user may change while it runs.
 *
 * What a round gathers depends only on the answers and on the changes, not on when a change came. So when the
 * user skips a question, the round restarts without it. Finished and running steps are reused; no new step
 * starts for the skipped question. A replay applies the same changes from the start and gets the same result.
 */

/** A round to be gathered. */
export interface RoundInput {
  number: number;
  before: EvidencePool;
  targets: Question[];
  /** All questions so far, the targets included, but those that were left out in earlier rounds. */
  questions: Question[];
  /** The id of the next question that comes to these: "q" and this number. */
  nextId: number;
  /** Whether another round may follow, for which some sources are kept. */
  more: boolean;
  early?: ReadonlyMap<string, Promise<FoundHits[]>>;
  /** What the research was expected to cost, for what it costs with one question more. */
  expected: EstimateInput;
}

/** What a round brought, with the questions that the user added to it. */
export interface RoundResult {
  gathered: EvidencePool;
  added: Question[];
}

/** Gathers a round, with the user's changes of it. */
export async function gatherRound(run: RunState, round: RoundInput): Promise<RoundResult> {
  const { steering } = run.ports;
  const { number, before, targets, questions, more, early } = round;
  if (steering === undefined) {
    const how = { round: number, most: sourceLimit(run, more), ...(early === undefined ? {} : { early }) };
    return { gathered: await gather(run, before, targets, questions, how), added: [] };
  }
  steering.begin(number, targets);
  const told = new Set<string>();
  const failures = new Map<string, Error>();
  for (;;) {
    const skipped = steering.skipped(number);
    const skipping = steering.nextSkip();
    const attempt = createRoundAttempt(run, told, failures);
    const gathering = gatherOnce(attempt.run, steering, round, skipped);
    // An abandoned attempt stops at its next step.
    gathering.catch(() => undefined);
    const whole = await Promise.race([gathering, skipping]);
    const isWhole =
      whole !== undefined &&
      steering.skipped(number).size === skipped.size &&
      steering.added(number).length === whole.added.length;
    if (isWhole) {
      steering.gathered();
      attempt.keep();
      return whole;
    }
    attempt.leave();
  }
}

/** Gathers the round with the changes that are known, and those questions that are added meanwhile. */
async function gatherOnce(
  run: RunState,
  steering: SteeringState,
  { number, before, targets, questions, nextId, more, early, expected }: RoundInput,
  skipped: ReadonlySet<string>,
): Promise<RoundResult> {
  for (const skip of skipped) run.ports.emit({ type: "steered", round: number, skip });
  let gathered = await gather(run, before, targets, questions, {
    round: number,
    most: sourceLimit(run, more),
    skipped,
    ...(early === undefined ? {} : { early }),
  });
  const added: Question[] = [];
  // One after the other, in their order: a replay knows all of them from the start.
  for (let n = 0; n < steering.added(number).length; n++) {
    const text = steering.added(number)[n] ?? "";
    const question: Question = { id: `q${nextId + n}`, question: text, query: searchWords(text) };
    added.push(question);
    steering.ask(question);
    const cost = estimateResearch({ ...expected, added: addedUntil(steering, number) + n + 1 });
    run.ports.emit({ type: "steered", round: number, add: question, estimate: cost });
    if (skipped.has(question.id)) {
      run.ports.emit({ type: "question", id: question.id, question: text, round: number, state: "skipped" });
      continue;
    }
    gathered = await gatherForAddedQuestion(run, gathered, question, [...questions, ...added], {
      round: number,
      skipped,
    });
  }
  return { gathered, added };
}

/** How many questions were added to the rounds before this one. */
function addedUntil(steering: SteeringState, round: number): number {
  let count = 0;
  for (let each = 1; each < round; each++) count += steering.added(each).length;
  return count;
}

/**
 * Wraps `run` for one attempt at a round. Its notes of what is missing count only after `keep()`. After
 * `leave()` it starts no steps and emits no events. The next attempt repeats neither emitted events nor
 * failed steps.
 */
function createRoundAttempt(
  run: RunState,
  told: Set<string>,
  failures: Map<string, Error>,
): { run: RunState; keep: () => void; leave: () => void } {
  const { ports } = run;
  const own = new Set<string>();
  let isLeft = false;
  const emit = (event: ResearchEvent): void => {
    const key = JSON.stringify(event);
    if (isLeft || told.has(key)) return;
    own.add(key);
    ports.emit(event);
  };
  const keyOf = (kind: string, input: unknown): string => JSON.stringify([kind, input]);
  const steps: Steps = {
    record: (step, value) => ports.steps.record(step, value),
    run: async (step) => {
      if (isLeft) throw new DOMException("The round began anew.", "AbortError");
      const failed = failures.size === 0 ? undefined : failures.get(keyOf(step.kind, step.input));
      if (failed !== undefined) throw failed;
      try {
        return await ports.steps.run(step);
      } catch (error) {
        if (error instanceof Error && !isCancelled(error)) failures.set(keyOf(step.kind, step.input), error);
        throw error;
      }
    },
  };
  const attempt: RunState = {
    ...run,
    ports: { ...ports, emit, steps },
    shortfalls: [...run.shortfalls],
    limits: [...run.limits],
    reads: new Map(run.reads),
  };
  const { invisible, removed } = run;
  return {
    run: attempt,
    keep: () => {
      run.modelEnded ||= attempt.modelEnded;
      for (const reason of attempt.shortfalls) {
        if (!run.shortfalls.includes(reason)) run.shortfalls.push(reason);
      }
      for (const reason of attempt.limits) {
        if (!run.limits.includes(reason)) run.limits.push(reason);
      }
      run.invisible += attempt.invisible - invisible;
      run.removed += attempt.removed - removed;
      for (const [place, reading] of attempt.reads) run.reads.set(place, reading);
    },
    leave: () => {
      isLeft = true;
      for (const key of own) told.add(key);
    },
  };
}
