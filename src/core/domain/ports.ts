import * as z from "zod";
import type { Estimate } from "./estimate.js";
import type { EventListener } from "./events.js";
import type { Reading } from "./reading.js";
import type { ClarifyingQuestion } from "../pipeline/plan.js";
import {
  SourceLocation,
  Usage,
  type SourceKind,
  type Clarification,
  type ProviderId,
  type Plan,
  type Question,
  type Source,
  type StepKind,
} from "./schema.js";
import type { StepTask } from "./step-task.js";
import type { SteeringState } from "../pipeline/steering.js";
import type { TaskInput, TaskName, TaskOutput } from "../prompts/tasks.js";

/*
 * What the method needs from outside. Each port's promise stands beside it; the method knows no
 * other way to a model, the network, a file or the time.
 */

/** A value with what it cost and who answered. */
export interface Costed<T> {
  value: T;
  usage: Usage;
  /** The model, provider or reader that answered, as a person would name it. */
  by: string;
  /** Milliseconds of which it waited for the provider's limits; absent: none. */
  waited?: number;
}

/** USD for a million tokens. */
export interface Rate {
  in: number;
  out: number;
}

/**
 * Answers the method's tasks. The value passes the task's own schema.
 * @throws ResearchError: `endsTheModel` tells those after which asking again is pointless.
 */
export interface Model {
  readonly engine: ProviderId;
  /** Characters of one source that are worth giving to extraction: its best passages. */
  readonly extractCharacters: number;
  /** What tokens cost today, in USD for a million, for the tasks that think and those that read; null where free. */
  readonly rates: { think: Rate; read: Rate } | null;
  answer<N extends TaskName>(
    task: N,
    input: TaskInput<N>,
    signal: AbortSignal,
  ): Promise<Costed<TaskOutput<N>>>;
}

/** A place that may be read, best first. */
export const SearchHit = z.object({ place: SourceLocation, title: z.string() });
export type SearchHit = z.infer<typeof SearchHit>;

/** An answer that Google wrote and vouches for, span by span. `sources` are indexes into `pages`. */
export const GroundedAnswer = z.object({
  /** The whole answer, as it came; absent in sessions of earlier versions. */
  text: z.string().optional(),
  pages: z.array(z.object({ url: z.string(), title: z.string() })),
  spans: z.array(z.object({ text: z.string(), pages: z.array(z.number()) })),
  queries: z.array(z.string()),
  /** Google's search suggestions as it sent them (HTML): kept, never rendered by us. */
  suggestions: z.string(),
});
export type GroundedAnswer = z.infer<typeof GroundedAnswer>;

export const SearchResult = z.object({
  hits: z.array(SearchHit),
  grounded: GroundedAnswer.nullable(),
  /** Engines behind a search that did not answer, and why, such as "google (CAPTCHA)". */
  failedEngines: z.array(z.string()).optional(),
  /** Documents where it searched whose format is not read. */
  unread: z.array(z.string()).optional(),
});
export type SearchResult = z.infer<typeof SearchResult>;

/** What a search costs. */
interface SearchCost {
  /** Whether a search is a call of a model that is paid by the token. */
  tokens: boolean;
  /** The price of one search in USD; null where it costs nothing besides. */
  perCall: number | null;
}

/** What a search is, apart from how it searches. */
export interface SearchTraits {
  /** Stable, part of the step's key: "workspace", "google". */
  readonly id: string;
  /** "hits": places that we read. "answers": text that the provider vouches for, whose sources we cannot read. */
  readonly kind: "hits" | "answers";
  readonly cost: SearchCost;
  /** Whether other wordings of a question may find something else; false where it finds words of its own. */
  readonly usesQueryVariants: boolean;
  readonly keeps: SearchKeeps;
  /** What kind of source it finds; absent: it is asked whatever kinds the plan chose. */
  readonly covers?: SourceKind;
}

/**
 * What the provider lets us keep of what it finds, on disk and beyond the run. "hits": places, titles and their order.
 * "urls": the addresses of pages that we read, which are ours by reading. "nothing": not even these.
 */
export type SearchKeeps = "hits" | "urls" | "nothing";

/** Finds places to read for a question; `limit` bounds the hits. An empty result is an answer. */
export interface Search extends SearchTraits {
  search(question: Question, limit: number, signal: AbortSignal): Promise<Costed<SearchResult>>;
}

/** Whether a search is paid for. */
export function isPaidSearch({ cost }: Pick<SearchTraits, "cost">): boolean {
  return cost.tokens || cost.perCall !== null;
}

/** Reads one place. @throws ResearchError if it is refused, unreachable, too large or has no text. */
export interface Reader {
  /** `readAt` where it was read earlier than now, from a cache. */
  read(place: SourceLocation, signal: AbortSignal): Promise<Reading & { readAt?: Date }>;
}

/** Keeps what was read. The file is there, whole, when `keep` returns. */
export interface SnapshotStore {
  keep(place: SourceLocation, reading: Reading, readAt: Date): Promise<Source>;
  /** The snapshot's text. @throws ResearchError if it is gone or its hash does not match. */
  text(source: Source): Promise<string>;
  /** Whether `text` would give it. */
  has(source: Source): Promise<boolean>;
}

export interface Step<T> {
  kind: StepKind;
  task: StepTask;
  /** What the outcome depends on, as plain JSON; with `kind` it is the step's identity. */
  input: unknown;
  outcome: z.ZodType<T>;
  /** Whether it costs nothing though others of its kind do; absent: it may cost. */
  free?: boolean;
  work: () => Promise<Costed<T>>;
  /** Whether a known outcome still holds; absent: it does. */
  holds?: (value: T) => Promise<boolean>;
  /** True: the outcome may not be kept as it is, only what `record` is given; absent: it is kept. */
  isTransient?: boolean;
}

/**
 * Runs a costly thing once. The intent is in the journal before `work` starts and the outcome
 * before the value is returned; a step that has an outcome is not run again, in this process or a
 * later one, and two callers of one step at the same time share it. A failure is no outcome.
 */
export interface Steps {
  run<T>(step: Step<T>): Promise<T>;
  /** Keeps what may be kept of a transient step's outcome. From then on, that is its outcome for later processes. */
  record<T>(step: Step<T>, value: T): Promise<void>;
}

export interface Clock {
  now(): Date;
  /** Resolves when it is the caller's turn to compute for a while: others wait for theirs meanwhile. */
  turn(): Promise<void>;
}

export interface Ports {
  model: Model;
  /** Answers where `model` no longer can, so that a run ends with what is there. Costs nothing. */
  fallbackModel: Model;
  searches: Search[];
  reader: Reader;
  snapshots: SnapshotStore;
  steps: Steps;
  clock: Clock;
  emit: EventListener;
  /** Whether the model judges sentences; absent: it does. Otherwise code alone does, and the rest is not checked. */
  modelVerifies?: boolean;
  /** What the user changes while it runs; absent: nothing. */
  steering?: SteeringState;
  /** Asks the user back, once; empty: the question as it stands. Absent: the question as it stands. */
  clarify?: (unclear: ClarifyingQuestion[]) => Promise<Clarification[]>;
  /** Shows the plan before anything is spent and returns what shall run; absent: the plan as it is. */
  review?: (plan: Plan) => Promise<Plan>;
  /** Asks whether a research that may cost this shall run. @throws where it shall not; absent: it shall. */
  approve?: (estimate: Estimate) => Promise<void>;
}
