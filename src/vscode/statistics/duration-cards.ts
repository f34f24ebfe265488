import { OFFLINE_PROVIDER } from "../../core/domain/schema.js";
import type { Card, CardContext } from "./card.js";
import { renderBars, renderColumns, type Columns } from "./svg-charts.js";

/* Cards with durations: of sessions and of calls. */

export function createCompletionCard(context: CardContext): Card {
  const { statistics, l10n, format, names } = context;
  const { count, p50, p95, histogram, byDepth } = statistics.completion;
  const title = l10n.t("Completion time");
  const seconds = (value: number): string => format.duration(value * 1000);
  const summary =
    count === 0
      ? l10n.t("No session has produced a report.")
      : l10n.t("Half of the reports were ready within {0}, 95% within {1}.", seconds(p50), seconds(p95));
  const ends = histogram.map(({ upTo }) => upTo);
  const last = histogram.findLastIndex(({ sessions: those }) => those > 0);
  const place = (value: number): number => {
    const at = ends.findIndex((end) => end === null || value <= end);
    const [low, high] = [ends[at - 1] ?? 0, ends[at] ?? null];
    return at + (high === null ? 0.5 : (value - low) / (high - low));
  };
  const plot: Columns = {
    title,
    summary,
    edges: true,
    x: l10n.t("time from question to report"),
    y: { label: l10n.t("reports"), tick: format.number, whole: true },
    columns: histogram.map(({ upTo, sessions: those }, index) => {
      const low = seconds(ends[index - 1] ?? 0);
      const range = upTo === null ? l10n.t("longer than {0}", low) : l10n.t("{0} to {1}", low, seconds(upTo));
      return {
        label: upTo === null ? "" : seconds(upTo),
        parts: [{ value: those, colour: "blue", text: `${range}: ${format.number(those)}` }],
      };
    }),
    marks: [
      { at: place(p50), label: "p50" },
      { at: place(p95), label: "p95" },
    ],
  };
  return {
    title,
    summary,
    legend: [],
    plot: last < 0 ? "" : renderColumns(plot),
    table: {
      head: [l10n.t("Engine and depth"), l10n.t("Reports"), "p50", "p95"],
      rows: byDepth.map(({ engine, depth, ...row }) => [
        `${names.engines.get(engine) ?? engine}, ${names.depths[depth]}`,
        format.number(row.count),
        seconds(row.p50),
        seconds(row.p95),
      ]),
    },
  };
}

export function createStepsCard(context: CardContext): Card {
  const { statistics, l10n, format, names } = context;
  const title = l10n.t("Response times by kind of call");
  const { model, search, read } = statistics.calls;
  const { waits, seconds } = statistics.limiter;
  const summary = [
    l10n.t(
      "{0} model calls, {1} searches, {2} sources read.",
      format.number(model),
      format.number(search),
      format.number(read),
    ),
    ...(waits === 0
      ? []
      : [
          l10n.t(
            "{0} calls waited for limits, {1} in all.",
            format.number(waits),
            format.duration(seconds * 1000),
          ),
        ]),
  ].join(" ");
  const rows = statistics.steps.map((row) => ({ ...row, name: names.steps[row.step] }));
  return {
    title,
    summary,
    ...renderDurations(context, rows, title, summary),
    table: {
      head: [l10n.t("Kind of call"), l10n.t("Calls"), l10n.t("Failed"), "p50", "p95"],
      rows: rows.map((row) => [
        row.name,
        format.number(row.count),
        format.number(row.failed),
        format.duration(row.p50),
        format.duration(row.p95),
      ]),
    },
  };
}

export function createModelsCard(context: CardContext): Card {
  const { statistics, l10n, format } = context;
  const title = l10n.t("Response times by model");
  const [most] = statistics.models;
  const summary =
    most === undefined
      ? l10n.t("No model was called.")
      : l10n.t(
          "{0} was called most often: {1} times.",
          engineName(context, most.model),
          format.number(most.count),
        );
  const rows = statistics.models.map((row) => ({ ...row, name: engineName(context, row.model) }));
  return {
    title,
    summary,
    ...renderDurations(context, rows, title, summary),
    table: {
      head: [
        l10n.t("Model"),
        l10n.t("Calls"),
        "p50",
        "p95",
        l10n.t("Tokens in"),
        l10n.t("Tokens out"),
        l10n.t("US dollars"),
      ],
      rows: rows.map((row) => [
        row.name,
        format.number(row.count),
        format.duration(row.p50),
        format.duration(row.p95),
        format.number(row.in),
        format.number(row.out),
        format.usd(row.usd),
      ]),
    },
  };
}

/** The offline engine's name is localized; other names are those of the models. */
function engineName({ names }: CardContext, model: string): string {
  return model === "offline engine" ? (names.engines.get(OFFLINE_PROVIDER) ?? model) : model;
}

function renderDurations(
  { l10n, format }: CardContext,
  rows: { name: string; count: number; p50: number; p95: number }[],
  title: string,
  summary: string,
): Pick<Card, "legend" | "plot"> {
  const slowest = Math.max(0, ...rows.map(({ p95 }) => p95));
  const [scale, unit] = slowest >= 120_000 ? [60_000, "min"] : slowest >= 1000 ? [1000, "s"] : [1, "ms"];
  const timed = rows.filter(({ count }) => count > 0);
  return {
    legend: [
      { colour: "blue", name: l10n.t("p50: half of the calls took at most this long") },
      { colour: "grey", name: l10n.t("p95: 95% of the calls") },
    ],
    plot:
      timed.length === 0
        ? ""
        : renderBars({
            title,
            summary,
            x: { label: l10n.t("response time ({0})", unit), tick: format.number },
            rows: timed.map(({ name, count, p50, p95 }) => ({
              name: `${name} (${format.number(count)})`,
              value: `${format.duration(p50)} · ${format.duration(p95)}`,
              parts: [
                { value: p95 / scale, colour: "grey", text: `${name}, p95: ${format.duration(p95)}` },
                { value: p50 / scale, colour: "blue", text: `${name}, p50: ${format.duration(p50)}` },
              ],
            })),
          }),
  };
}
