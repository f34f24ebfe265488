import path from "node:path";
import * as z from "zod";
import { statisticsLabels } from "../app/statistics-labels.js";
import { formatPrometheus } from "../app/prometheus.js";
import { ENGLISH_LOCALIZER } from "../common/messages.js";
import { providerName } from "../app/model-providers.js";
import { OFFLINE_PROVIDER } from "../core/domain/schema.js";
import { formatUsd } from "../core/progress/progress-line.js";
import { ResearchError } from "../common/errors.js";
import { loadStatistics, NO_MODEL, type Statistics } from "../app/statistics.js";
import { loadConfig } from "./flags.js";
import { formatElapsed } from "./format-elapsed.js";
import { EXIT, forTerminal, print, printJson } from "./output.js";

const Flags = z.object({
  workspace: z.string().optional(),
  json: z.boolean().default(false),
  days: z.string().optional(),
  format: z.string().optional(),
});
const Format = z.enum(["text", "json", "prometheus"]);

/** Prints statistics of the sessions' journals. */
export async function statsCommand(options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const format = Format.safeParse(flags.format ?? (flags.json ? "json" : "text")).data;
  if (format === undefined) {
    const message = `--format is ${JSON.stringify(flags.format)}; allowed: text, json or prometheus.`;
    throw new ResearchError("bad-settings", message);
  }
  const days = flags.days === undefined ? null : Number(flags.days);
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= 36_500)) {
    const message = `--days is ${JSON.stringify(flags.days)}; allowed: a whole number from 1.`;
    throw new ResearchError("bad-settings", message);
  }
  const config = await loadConfig({ workspace: flags.workspace });
  const [statistics] = await loadStatistics(config, [days], new AbortController().signal);
  if (format === "json") printJson(statistics);
  else if (format === "prometheus" && statistics !== undefined) print(formatPrometheus(statistics));
  else if (statistics === undefined || statistics.sessions.total + statistics.errors.length === 0)
    print("No sessions yet.");
  else {
    for (const line of formatStatistics(statistics, path.basename(config.workspace)))
      print(forTerminal(line));
  }
  return EXIT.done;
}

/** The statistics as lines, in blocks with aligned columns. */
export function formatStatistics(statistics: Statistics, workspace: string): string[] {
  const names = statisticsLabels(ENGLISH_LOCALIZER);
  const { sessions, completion, calls, tokens, reused } = statistics;
  const outcomes = Object.entries(sessions.outcomes).map(
    ([outcome, count]) => `${count} ${names.outcomes[outcome as keyof typeof names.outcomes]}`,
  );
  const since = statistics.from ?? sessions.days[0]?.day ?? statistics.to;
  const byModel = new Map<string, number>();
  for (const { model, usd } of statistics.spend) byModel.set(model, (byModel.get(model) ?? 0) + usd);
  const seconds = (value: number): string => formatElapsed(value * 1000);
  const verdicts = Object.entries(statistics.verdicts);
  return [
    `${workspace}, ${since} to ${statistics.to}`,
    `${sessions.total} ${sessions.total === 1 ? "session" : "sessions"}: ${outcomes.join(", ")}`,
    `${describeModelCalls(statistics)}, ${calls.search} searches, ${calls.read} sources read; not paid for again: ` +
      `${reused.cache} from the cache, ${reused.resumed} resumed`,
    ...(statistics.limiter.waits > 0
      ? [`${statistics.limiter.waits} calls waited for limits, ${seconds(statistics.limiter.seconds)} in all`]
      : []),
    `${tokens.in} tokens in, ${tokens.out} out, ${formatUsd(statistics.usd)}`,
    ...formatTable(
      "Kinds of question",
      ["sessions"],
      statistics.kinds.map(({ kind, sessions: count }) => [names.kinds[kind], String(count)]),
    ),
    ...formatTable(
      "Completion time",
      ["reports", "p50", "p95"],
      [
        ...completion.byDepth.map(({ engine, depth, count, p50, p95 }) => [
          `${names.engines.get(engine) ?? engine}, ${names.depths[depth]}`,
          String(count),
          seconds(p50),
          seconds(p95),
        ]),
        ...(completion.byDepth.length > 1
          ? [["all", String(completion.count), seconds(completion.p50), seconds(completion.p95)]]
          : []),
      ],
    ),
    ...formatTable(
      "Kinds of call",
      ["calls", "failed", "p50", "p95"],
      statistics.steps.map(({ step, count, failed, p50, p95 }) => [
        names.steps[step],
        String(count),
        String(failed),
        formatElapsed(p50),
        formatElapsed(p95),
      ]),
    ),
    ...formatTable(
      "Models",
      ["calls", "p50", "p95", "tokens in", "out", "spend"],
      statistics.models.map(({ model, count, p50, p95, in: into, out, usd }) => [
        model,
        String(count),
        formatElapsed(p50),
        formatElapsed(p95),
        String(into),
        String(out),
        formatUsd(usd),
      ]),
    ),
    ...formatTable(
      "Spend by day",
      ["model", "spend"],
      statistics.spend
        .filter(({ usd }) => usd > 0)
        .map(({ day, model, usd }) => [
          day,
          model === NO_MODEL ? "calls that failed" : model,
          formatUsd(usd),
        ]),
    ),
    ...formatTable(
      "Verdicts",
      ["sentences"],
      [
        ...verdicts.map(([verdict, count]) => [
          names.verdicts[verdict as keyof typeof names.verdicts],
          String(count),
        ]),
        ...(statistics.caught > 0
          ? [["failed a check, rewritten or removed", String(statistics.caught)]]
          : []),
      ],
    ),
    ...formatTable(
      "Failures",
      ["calls", "sessions"],
      statistics.failures.map(({ what, steps, sessions: ended }) => [
        names.failure(what),
        String(steps),
        String(ended),
      ]),
    ),
    ...formatTable(
      "Errors on this machine",
      ["code", "count", "last seen"],
      statistics.errors.map(({ where, code, count, last }) => [
        where,
        code,
        String(count),
        last.slice(0, 16),
      ]),
    ),
  ];
}

/** The offline engine’s steps are no calls of a model. */
function describeModelCalls({ calls, models }: Statistics): string {
  const offline = models.find(({ model }) => model === providerName(OFFLINE_PROVIDER))?.count ?? 0;
  const model = `${calls.model - offline} model calls`;
  return offline === 0 ? model : `${model}, ${offline} steps of the offline engine`;
}

/** A table with a title; empty if there are no rows. */
function formatTable(title: string, head: string[], rows: string[][]): string[] {
  if (rows.length === 0) return [];
  const all = [[title, ...head], ...rows];
  const widths = all.reduce<number[]>(
    (wide, row) => row.map((cell, at) => Math.max(wide[at] ?? 0, cell.length)),
    [],
  );
  const line = (row: string[]): string =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ");
  return [" ", ...all.map(line)];
}
