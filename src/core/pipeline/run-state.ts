import { toResearchError, isFatalModelError, isCancelled, type ResearchError } from "../../common/errors.js";
import type { z } from "zod";
import { removeInvisibleDeep } from "../../common/invisible-characters.js";
import type { PreviousResearch } from "./plan.js";
import type { Ports } from "../domain/ports.js";
import type { ResearchRequest } from "../domain/research-request.js";
import type { Source } from "../domain/schema.js";
import { TASKS, type TaskInput, type TaskName, type TaskOutput } from "../prompts/tasks.js";
import { trimEndMatching } from "../text/linear-search.js";

/** A request, and the session that answers it. */
export interface ResearchInput extends ResearchRequest {
  session: string;
  startedAt: Date;
  /** What was asked and answered before, where the question goes on from it. */
  before?: PreviousResearch;
}

/** One run of the method: what was asked, the ports, and what must be told at its end. */
export interface RunState {
  readonly ask: ResearchInput;
  readonly ports: Ports;
  readonly signal: AbortSignal;
  /** The question as it is meant: with what the user said of it, where it could be read in several ways. */
  question: string;
  /** Set once the model can no longer be asked: everything after is the fallback model's. */
  modelEnded: boolean;
  /** Why the report is less than was asked for, a sentence each. */
  readonly shortfalls: string[];
  /** What has been begun to be read, by place. */
  readonly reads: Map<string, Promise<Source>>;
  /** Facts that sentences say beyond their quotes, by sentence and quotes. */
  readonly facts: Map<string, Promise<string[]>>;
  /** Sentences removed because their evidence did not show them. */
  removed: number;
  /** Invisible characters taken out of what the model wrote. */
  invisible: number;
}

export function createRunState(ask: ResearchInput, ports: Ports, signal: AbortSignal): RunState {
  return {
    ask,
    ports,
    signal,
    question: ask.question,
    modelEnded: false,
    shortfalls: [],
    reads: new Map(),
    facts: new Map(),
    removed: 0,
    invisible: 0,
  };
}

/** Notes once why the report is partial, and says so to whoever watches. */
export function noteShortfall(run: RunState, reason: string): void {
  if (run.shortfalls.includes(reason)) return;
  run.shortfalls.push(reason);
  run.ports.emit({ type: "notice", message: reason });
}

/**
 * Asks the model, as a durable step.
 * @throws ResearchError where the model fails; notes where it can be asked no more.
 */
export async function askModel<N extends TaskName>(
  run: RunState,
  task: N,
  input: TaskInput<N>,
  label: string,
): Promise<TaskOutput<N>> {
  const { model, steps } = run.ports;
  try {
    const answer = await steps.run({
      kind: "model",
      label,
      input: { engine: model.engine, task, input },
      // The registry's type pairs each task with its own schema; the index loses that pairing.
      outcome: TASKS[task].output as unknown as z.ZodType<TaskOutput<N>>,
      free: model.rates === null,
      work: () => model.answer(task, input, run.signal),
    });
    const { value, removed } = removeInvisibleDeep(answer);
    run.invisible += removed;
    return value;
  } catch (error) {
    run.signal.throwIfAborted();
    if (isFatalModelError(error)) run.modelEnded = true;
    throw error;
  }
}

/**
 * Asks the model, and where it fails lets the fallback model answer, so that what was gathered is not lost.
 * @returns the answer and whether the model itself gave it.
 */
export async function askModelOrFallback<N extends TaskName>(
  run: RunState,
  task: N,
  input: TaskInput<N>,
  label: string,
): Promise<{ value: TaskOutput<N>; own: boolean }> {
  if (!run.modelEnded) {
    try {
      return { value: await askModel(run, task, input, label), own: true };
    } catch (error) {
      if (isCancelled(error)) throw error;
      noteShortfall(run, whyShort(label, toResearchError(error, "bad-answer", label)));
    }
  }
  return { value: (await run.ports.fallbackModel.answer(task, input, run.signal)).value, own: false };
}

/** Why the rest of the report is the fallback model's: the model can be asked no more. */
export function stopReason(error: ResearchError): string {
  return `${error.line} What had been found by then is shown as quotes.`;
}

function whyShort(label: string, error: ResearchError): string {
  return isFatalModelError(error)
    ? stopReason(error)
    : `${label} failed (${trimEndMatching(error.message, /[.\s]/)}); quotes stand there instead.`;
}
