import type { Statistics } from "./statistics.js";

/*
 * Statistics in Prometheus' text exposition format, for the textfile collector of an exporter. Labels have few values;
 * no question, session or path is among them.
 */

type Labels = Record<string, string>;
interface Metric {
  name: string;
  help: string;
  samples: [labels: Labels, value: number][];
}

/** @returns lines with a final line break */
export function formatPrometheus(statistics: Statistics): string {
  return listMetrics(statistics)
    .filter(({ samples }) => samples.length > 0)
    .map(formatMetric)
    .join("");
}

function listMetrics(statistics: Statistics): Metric[] {
  const { sessions, completion, calls, tokens, usd, verdicts, caught, reused, limiter, reports } = statistics;
  const gauge = (name: string, help: string, samples: Metric["samples"]): Metric => ({
    name: `deep_research_${name}`,
    help,
    samples,
  });
  const one = (value: number): Metric["samples"] => [[{}, value]];
  const counts = (label: string, found: Partial<Record<string, number>>): Metric["samples"] =>
    Object.entries(found).map(([key, count]) => [{ [label]: key }, count ?? 0]);
  return [
    gauge("sessions", "Sessions by outcome.", counts("outcome", sessions.outcomes)),
    gauge("reports", "Reports made.", one(reports)),
    gauge(
      "questions",
      "Questions by kind.",
      statistics.kinds.map(({ kind, sessions: count }) => [{ kind }, count]),
    ),
    gauge("completion_seconds", "Time to a report, in seconds.", [
      ...completion.byDepth.flatMap(({ engine, depth, p50, p95 }): Metric["samples"] => [
        [{ engine, depth, quantile: "0.5" }, p50],
        [{ engine, depth, quantile: "0.95" }, p95],
      ]),
    ]),
    gauge("calls", "Calls by kind.", counts("kind", calls)),
    gauge("step_seconds", "Response time of calls, in seconds.", [
      ...statistics.steps.flatMap(({ step, p50, p95 }): Metric["samples"] => [
        [{ step, quantile: "0.5" }, p50 / 1000],
        [{ step, quantile: "0.95" }, p95 / 1000],
      ]),
    ]),
    gauge(
      "step_failures",
      "Calls that gave no result.",
      statistics.steps.map(({ step, failed }) => [{ step }, failed]),
    ),
    gauge("tokens", "Tokens by direction.", counts("direction", tokens)),
    gauge("spend_usd", "Spend in US dollars, at published prices.", one(usd)),
    gauge(
      "model_spend_usd",
      "Spend in US dollars by model.",
      statistics.models.map(({ model, usd: spent }) => [{ model }, spent]),
    ),
    gauge("sentences", "Sentences of reports by verdict.", counts("verdict", verdicts)),
    gauge("sentences_caught", "Sentences that failed a check and were rewritten or removed.", one(caught)),
    gauge("reused", "Calls saved, by what was reused.", counts("from", reused)),
    gauge("limiter_waits", "Calls that waited for a provider's limits.", one(limiter.waits)),
    gauge(
      "limiter_wait_seconds",
      "Time that calls waited for a provider's limits, in seconds.",
      one(limiter.seconds),
    ),
    gauge(
      "errors",
      "Errors by place and code.",
      statistics.errors.map(({ where, code, count }) => [{ where, code }, count]),
    ),
  ];
}

function formatMetric({ name, help, samples }: Metric): string {
  return [
    `# HELP ${name} ${escapeHelp(help)}`,
    `# TYPE ${name} gauge`,
    ...samples.map(([labels, value]) => `${name}${formatLabels(labels)} ${formatValue(value)}`),
    "",
  ].join("\n");
}

function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** As the format has it: backslash, quote and line break are escaped in a label's value. */
export function escapeLabel(value: string): string {
  return value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

function escapeHelp(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
}

function formatValue(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  return String(value);
}
