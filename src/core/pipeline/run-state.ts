import type { SentenceCheck } from "../evidence/check-sentence.js";
import { msg, formatMessage, type Message, withoutFullStop } from "../../common/messages.js";
import { describeStepTask, type StepTask } from "../domain/step-task.js";
import { toResearchError, isFatalModelError, isCancelled, type ResearchError } from "../../common/errors.js";
import type { z } from "zod";
import { removeInvisibleDeep } from "../../common/invisible-characters.js";
import type { PreviousResearch } from "../prompts/plan.js";
import type { Ports } from "../domain/ports.js";
import type { ResearchRequest } from "../domain/research-request.js";
import type { Clarification, MarkedEnvironment, Source } from "../domain/schema.js";
import { TASKS, type TaskInput, type TaskName, type TaskOutput } from "../prompts/tasks.js";

/** A request, and the session that answers it. */
export interface ResearchInput extends ResearchRequest {
  session: string;
  /** The day it started, YYYY-MM-DD. */
  day: string;
  /** The environment that the report names; absent in production. */
  environment?: MarkedEnvironment;
  /** What was asked and answered before, where the question goes on from it. */
  before?: PreviousResearch;
  /** Set for a session that an earlier version began: it cites what Google said, and takes hits in turns. */
  earlierMethod?: true;
}

/** One run of the method: what was asked, the ports, and what must be told at its end. */
export interface RunState {
  readonly ask: ResearchInput;
  readonly ports: Ports;
  readonly signal: AbortSignal;
  /** The question as it is meant: with what the user said of it, where it could be read in several ways. */
  question: string;
  /** What the user said of it; empty where nothing was asked back. */
  clarified: Clarification[];
  /** Addresses that the plan names, read beside what is found; none before the plan is there. */
  planPages: readonly string[];
  /** Set once the model can no longer be asked: everything after is the fallback model's. */
  modelEnded: boolean;
  /** Why the report is less than was asked for, a sentence each. */
  readonly shortfalls: string[];
  /** Documents whose format is not read. */
  readonly unread: Set<string>;
  /** What the report's limits say besides: what failed while others went on, a sentence each. */
  readonly limits: string[];
  /** What has been begun to be read, by place. */
  readonly reads: Map<string, Promise<Source>>;
  /** What code finds in sentences, by sentence and quotes. */
  readonly checks: Map<string, Promise<SentenceCheck>>;
  /** The last of them: each waits for the one before, so that none holds up what else the process does. */
  lastCheck: Promise<unknown>;
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
    clarified: [],
    planPages: [],
    modelEnded: false,
    shortfalls: [],
    unread: new Set(),
    limits: [],
    reads: new Map(),
    checks: new Map(),
    lastCheck: Promise.resolve(),
    removed: 0,
    invisible: 0,
  };
}

/** Notes once why the report is partial, and says so to whoever watches. */
export function noteShortfall(run: RunState, reason: Message): void {
  const text = formatMessage(reason);
  if (run.shortfalls.includes(text)) return;
  run.shortfalls.push(text);
  run.ports.emit({ type: "notice", message: reason });
}

/** Notes once what the report's limits shall say, though the report is whole, and says so to whoever watches. */
export function noteLimit(run: RunState, reason: Message): void {
  const text = formatMessage(reason);
  if (run.limits.includes(text)) return;
  run.limits.push(text);
  run.ports.emit({ type: "notice", message: reason });
}

/**
 * Asks the model, as a durable step.
 * @throws ResearchError where the model fails; notes where it can be asked no more.
 */
export async function askModel<N extends TaskName>(
  run: RunState,
  prompt: N,
  input: TaskInput<N>,
  task: StepTask,
): Promise<TaskOutput<N>> {
  const { model, steps } = run.ports;
  try {
    const answer = await steps.run({
      kind: "model",
      task,
      input: { engine: model.engine, task: prompt, input },
      // The registry's type pairs each task with its own schema; the index loses that pairing.
      outcome: TASKS[prompt].output as unknown as z.ZodType<TaskOutput<N>>,
      free: model.rates === null,
      work: () => model.answer(prompt, input, run.signal),
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
  prompt: N,
  input: TaskInput<N>,
  task: StepTask,
): Promise<{ value: TaskOutput<N>; own: boolean }> {
  if (!run.modelEnded) {
    try {
      return { value: await askModel(run, prompt, input, task), own: true };
    } catch (error) {
      if (isCancelled(error)) throw error;
      noteShortfall(run, whyShort(task, toResearchError(error, "bad-answer", describeStepTask(task))));
    }
  }
  return { value: (await run.ports.fallbackModel.answer(prompt, input, run.signal)).value, own: false };
}

/** Why the rest of the report is the fallback model's: the model can be asked no more. */
export function stopReason(error: ResearchError): Message {
  return msg`${error.text} The report shows the evidence found so far as quotes.`;
}

function whyShort(task: StepTask, error: ResearchError): Message {
  return isFatalModelError(error)
    ? stopReason(error)
    : msg`${describeStepTask(task)} failed (${withoutFullStop(error.what)}): the report shows quotes instead.`;
}
