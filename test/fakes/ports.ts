import { formatMessage } from "../../src/common/messages.js";
import { describeStepTask } from "../../src/core/domain/step-task.js";
import type { ResearchEvent } from "../../src/core/domain/events.js";
import { ResearchError } from "../../src/common/errors.js";
import type {
  SearchResult,
  Model,
  Costed,
  Ports,
  Search,
  SnapshotStore,
  Step,
  Steps,
} from "../../src/core/domain/ports.js";
import { EMPTY_READING } from "../../src/core/domain/empty-reading.js";
import { NO_USAGE, type SourceLocation, type Question, type Source } from "../../src/core/domain/schema.js";
import type { TaskInput, TaskName, TaskOutput } from "../../src/core/prompts/tasks.js";

/** What a scripted model answers, by task; the n-th call of a task (from 0) may answer otherwise. */
export type Script = {
  [N in TaskName]?: (input: TaskInput<N>, call: number) => TaskOutput<N> | Promise<TaskOutput<N>>;
};

export class ScriptedModel implements Model {
  readonly extractCharacters = 4000;
  readonly rates = null;
  readonly calls: { task: TaskName; input: unknown }[] = [];

  constructor(
    readonly engine: "gemini" | "offline",
    private readonly script: Script,
  ) {}

  async answer<N extends TaskName>(
    task: N,
    input: TaskInput<N>,
    signal: AbortSignal,
  ): Promise<Costed<TaskOutput<N>>> {
    signal.throwIfAborted();
    const answer = this.script[task];
    const call = this.calls.filter((each) => each.task === task).length;
    this.calls.push({ task, input });
    if (answer === undefined) throw new Error(`The script has no answer for ${task}.`);
    return { value: await answer(input, call), usage: { in: 10, out: 5, usd: 0.001 }, by: "scripted" };
  }

  /** The inputs of each call of a task. */
  asked<N extends TaskName>(task: N): TaskInput<N>[] {
    return this.calls.filter((each) => each.task === task).map(({ input }) => input as TaskInput<N>);
  }

  count(task: TaskName): number {
    return this.calls.filter((each) => each.task === task).length;
  }
}

/** Ports over pages in memory. Steps are remembered in `outcomes`, which a later run may be given. */
export function inMemory(given: {
  model: Model;
  spare?: Model;
  pages: Record<string, string>;
  /** What pages call their own address. */
  canonical?: Record<string, string>;
  find?: (question: Question) => Promise<SearchResult> | SearchResult;
  outcomes?: Map<string, unknown>;
  delay?: (label: string) => Promise<void>;
  wordings?: boolean;
  keeps?: Search["keeps"];
}): Ports & { events: ResearchEvent[]; outcomes: Map<string, unknown> } {
  const { model, pages, delay = () => Promise.resolve() } = given;
  const outcomes = given.outcomes ?? new Map<string, unknown>();
  const events: ResearchEvent[] = [];
  const texts = new Map<string, string>();
  const running = new Map<string, Promise<unknown>>();
  const everything: SearchResult = {
    hits: Object.keys(pages).map((url) => ({ place: { kind: "page", url }, title: url })),
    grounded: null,
  };
  const search: Search = {
    id: "memory",
    usesQueryVariants: given.wordings ?? false,
    kind: "hits",
    cost: { tokens: false, perCall: null },
    keeps: given.keeps ?? "hits",
    search: async (question) => ({
      value: await (given.find?.(question) ?? everything),
      usage: NO_USAGE,
      by: "memory",
    }),
  };
  const steps: Steps = {
    run: <T>(step: Step<T>): Promise<T> => {
      const key = JSON.stringify([step.kind, step.input]);
      const known = running.get(key);
      if (known !== undefined) return known as Promise<T>;
      const work = async (): Promise<T> => {
        if (outcomes.has(key)) return step.outcome.parse(outcomes.get(key));
        events.push({ type: "step", phase: "started", key, kind: step.kind, task: step.task });
        await delay(formatMessage(describeStepTask(step.task)));
        const { value } = await step.work();
        if (step.isTransient !== true) outcomes.set(key, JSON.parse(JSON.stringify(value)));
        return value;
      };
      const begun = work();
      running.set(key, begun);
      begun.catch(() => running.delete(key));
      return begun;
    },
    record: (step, value) => {
      outcomes.set(JSON.stringify([step.kind, step.input]), JSON.parse(JSON.stringify(value)));
      return Promise.resolve();
    },
  };
  const canonicalOf = (place: SourceLocation): string | null =>
    place.kind === "page" ? (given.canonical?.[place.url] ?? null) : null;
  const snapshots: SnapshotStore = {
    keep: (place, reading, readAt): Promise<Source> => {
      const sha256 = Buffer.from(reading.text).toString("hex").slice(0, 64).padEnd(64, "0");
      texts.set(sha256, reading.text);
      return Promise.resolve({
        place,
        title: reading.title,
        readAt: readAt.toISOString(),
        sha256,
        textSha256: reading.text,
        commit: null,
        lines: null,
        pages: null,
        canonical: reading.canonical,
        queries: [],
        warnings: [],
      });
    },
    has: () => Promise.resolve(true),
    text: ({ sha256, place }) =>
      Promise.resolve(texts.get(sha256 ?? "") ?? (place.kind === "page" ? (pages[place.url] ?? "") : "")),
  };
  return {
    model,
    fallbackModel: given.spare ?? model,
    searches: [search],
    reader: {
      read: (place) => {
        const text = place.kind === "page" ? pages[place.url] : undefined;
        return text === undefined
          ? Promise.reject(new ResearchError("unreachable", "There is no such page."))
          : Promise.resolve({
              title: "A page",
              text,
              commit: null,
              ...EMPTY_READING,
              canonical: canonicalOf(place),
            });
      },
    },
    snapshots,
    steps,
    clock: { now: () => new Date("2026-11-22T10:15:00Z"), turn: () => Promise.resolve() },
    emit: (event) => events.push(event),
    events,
    outcomes,
  };
}
