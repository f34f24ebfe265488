/*
 * The engine in a process of its own, cold: researches that are begun together, and what the process
 * spent on them. A message in (EngineAsked), a message out (EngineFigures).
 */
import { formatMessage } from "../../../src/common/messages.js";
import { describeStepTask } from "../../../src/core/domain/step-task.js";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { EngineConfig } from "../../../src/app/types.js";
import type { ResearchRequest } from "../../../src/core/domain/research-request.js";
import { startResearch } from "../../../src/app/run-session.js";
import { watchWire, type WireFigures } from "./request-trace.js";

export interface EngineAsked {
  config: EngineConfig;
  asked: ResearchRequest[];
}

/** A step that was done, in milliseconds from the beginning. */
export interface Timed {
  kind: "model" | "search" | "read";
  label: string;
  begin: number;
  end: number;
}

export interface EngineFigures {
  /** Milliseconds from the first research's beginning to the last one's end. */
  wall: number;
  /** Milliseconds of processors, user and system, over that time. */
  cpu: number;
  /** Longest time for which nothing else could run on the main thread, in milliseconds. */
  block: number;
  /** The largest the process ever was, in MB. */
  memory: number;
  wire: WireFigures;
  /** What each research came to, in their order. */
  ended: {
    status: string;
    session: string;
    report: string | null;
    tokens: { in: number; out: number };
    problem: string;
  }[];
  /** The steps of the first research. */
  steps: Timed[];
  /** Sources that were read and had their evidence taken out, in all. */
  pages: number;
  /** What was said of researches that were not done, without the names in it, and how often. */
  notices: Record<string, number>;
}

/** Milliseconds between two looks at the event loop. */
const LOOK = 1;

process.once("message", (message: EngineAsked) => {
  void measure(message).then((figures) => process.send?.(figures));
});
process.once("disconnect", () => process.exit());

async function measure({ config, asked }: EngineAsked): Promise<EngineFigures> {
  const wire = watchWire(config.baseUrl ?? "");
  const steps: Timed[] = [];
  const begun = new Map<string, number>();
  const notices: Record<string, number> = {};
  let pages = 0;
  const loop = monitorEventLoopDelay({ resolution: LOOK });
  loop.enable();
  const cpu = process.cpuUsage();
  const began = performance.now();
  const ended = await Promise.all(
    asked.map(async (each, index) => {
      const said: string[] = [];
      const result = await startResearch(config, each, {
        signal: new AbortController().signal,
        listen: (event) => {
          const now = performance.now() - began;
          if (event.type === "evidence") pages++;
          if (event.type === "notice") said.push(formatMessage(event.message));
          if (event.type !== "step" || index > 0) return;
          if (event.phase === "started") begun.set(event.key, now);
          if (event.phase === "done")
            steps.push({
              kind: event.kind,
              label: formatMessage(describeStepTask(event.task)),
              begin: begun.get(event.key) ?? now,
              end: now,
            });
        },
      }).catch((error: unknown) => String(error));
      if (typeof result === "string")
        return { status: "failed", session: "", report: null, tokens: { in: 0, out: 0 }, problem: result };
      for (const each of result.status === "done" ? [] : said) {
        const plain = each
          .replace(/“[^”]*”|\S*\d\S*/g, "…")
          .replace(/^(Extracting from) .* failed/, "$1 … failed");
        notices[plain] = (notices[plain] ?? 0) + 1;
      }
      const { status, session, report, tokens, error } = result;
      return {
        status,
        session,
        report,
        tokens,
        problem: error === undefined ? "" : formatMessage(error.message),
      };
    }),
  );
  const wall = performance.now() - began;
  const spent = process.cpuUsage(cpu);
  loop.disable();
  return {
    wall,
    cpu: (spent.user + spent.system) / 1000,
    block: Math.max(0, loop.max / 1e6 - LOOK),
    memory: process.resourceUsage().maxRSS / 1024,
    wire: wire(),
    ended,
    steps,
    pages,
    notices,
  };
}
