import type { ResearchEvent } from "../../core/domain/events.js";

/*
 * Names of spans, attributes and metrics: OpenTelemetry's conventions for generative AI, which are still in
 * development, in this one file. No attribute holds a question, a quote, a full address or a path.
 */

const WORKFLOW = "deep_research";

export const METRIC_NAMES = {
  duration: "gen_ai.client.operation.duration",
  tokens: "gen_ai.client.token.usage",
  sessions: "deep_research.sessions",
  cost: "deep_research.cost.usd",
  reused: "deep_research.steps.reused",
  limiterPaused: "deep_research.limiter.paused_seconds",
} as const;

export type Attributes = Record<string, string | number | boolean>;

/** Searches that ask nobody outside this machine. */
const LOCAL_SEARCHES: ReadonlySet<string> = new Set(["workspace", "packages", "history", "earlier"]);

type StepEvent = Extract<ResearchEvent, { type: "step" }>;
type EndedStep = Exclude<StepEvent, { phase: "started" }>;

export interface SpanDescription {
  name: string;
  /** Whether a service elsewhere is called. */
  isClient: boolean;
  attributes: Attributes;
}

/** The span of a run, as far as it is known at its start. */
export function describeRunSpan(event: Extract<ResearchEvent, { type: "started" }>): SpanDescription {
  return {
    name: `invoke_workflow ${WORKFLOW}`,
    isClient: false,
    attributes: {
      "gen_ai.operation.name": "invoke_workflow",
      "gen_ai.workflow.name": WORKFLOW,
      // The first part of a session's id is its time; what follows is made of the question.
      "gen_ai.conversation.id": event.session.split("-").slice(0, 2).join("-"),
      "deep_research.depth": event.depth,
      "deep_research.engine": event.engine,
      "deep_research.resumed": event.resumed,
    },
  };
}

/** The attributes that a run's span gets at its end. */
export function describeRunEnd({ status, verdicts }: Extract<ResearchEvent, { type: "ended" }>): Attributes {
  const counts = Object.entries(verdicts ?? {}).map(([verdict, count]) => [
    `deep_research.verdicts.${verdict.replace("-", "_")}`,
    count,
  ]);
  return { "deep_research.status": status, ...(Object.fromEntries(counts) as Attributes) };
}

/** The span of a step that has ended. */
export function describeStepSpan(event: EndedStep): SpanDescription {
  const { name, isClient, attributes } = describeOperation(event);
  return {
    name,
    isClient,
    attributes: {
      ...attributes,
      "deep_research.task": event.task.type,
      ...(event.usage.in + event.usage.out > 0
        ? { "gen_ai.usage.input_tokens": event.usage.in, "gen_ai.usage.output_tokens": event.usage.out }
        : {}),
      ...(event.phase === "failed"
        ? { "error.type": event.code ?? "other" }
        : { "deep_research.reused": event.reused || event.by === "cache" }),
    },
  };
}

function describeOperation(event: EndedStep): SpanDescription {
  const { task, kind } = event;
  const by = event.phase === "done" ? event.by : null;
  if (task.type === "search") {
    return {
      name: `retrieval ${task.search}`,
      isClient: !LOCAL_SEARCHES.has(task.search),
      attributes: { "gen_ai.operation.name": "retrieval", "gen_ai.data_source.id": task.search },
    };
  }
  if (task.type === "read") {
    const isPage = task.place.kind === "page";
    const tool = isPage ? "read_page" : "read_file";
    return {
      name: `execute_tool ${tool}`,
      isClient: false,
      attributes: {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": tool,
        ...(task.place.kind === "page" && URL.canParse(task.place.url)
          ? { "url.domain": new URL(task.place.url).hostname }
          : {}),
      },
    };
  }
  const isRemote = by?.startsWith("gemini") === true;
  const model = by === null ? {} : { "gen_ai.request.model": by, "gen_ai.response.model": by };
  const provider = isRemote ? { "gen_ai.provider.name": "gcp.gemini" } : {};
  if (task.type === "plan") {
    const attributes = { "gen_ai.operation.name": "plan", ...model, ...provider };
    return { name: `plan ${WORKFLOW}`, isClient: false, attributes };
  }
  if (kind !== "model") {
    return { name: `${task.type} ${WORKFLOW}`, isClient: false, attributes: {} };
  }
  return {
    name: by === null ? "generate_content" : `generate_content ${by}`,
    isClient: isRemote,
    attributes: { "gen_ai.operation.name": "generate_content", ...model, ...provider },
  };
}
