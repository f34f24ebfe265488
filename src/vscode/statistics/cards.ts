import { figureNames } from "../../engine/figure-names.js";
import type { Words } from "../../engine/words.js";
import { OUTCOMES } from "../../sessions/figures.js";
import { NO_MODEL, type Statistics } from "../../sessions/statistics.js";
import { bucketsOf, firstOf, type Bucket } from "./buckets.js";
import type { Format } from "./format.js";
import { bars, columns, type Colour, type Columns } from "./plot.js";

/* What the page of statistics shows of one range of days: a card for each plot, with its table. */

export interface Card {
  title: string;
  /** What is to be seen, in a sentence. */
  summary: string;
  /** What the colours mean, where there are several. */
  legend: { colour: Colour; name: string }[];
  /** The plot as SVG; "" where there is nothing to draw. */
  plot: string;
  table: { head: string[]; rows: string[][] };
}

const MODELS: Colour[] = ["blue", "purple", "green", "yellow", "red"];

export function cardsOf(statistics: Statistics, l10n: Words, format: Format): Card[] {
  const names = figureNames(l10n);
  const first = [
    ...statistics.sessions.days.map(({ day }) => day),
    ...statistics.spend.map(({ day }) => day),
  ];
  const from = statistics.from ?? first.reduce((least, day) => (day < least ? day : least), statistics.to);
  const buckets = bucketsOf(from, statistics.to);
  const along = alongDays(buckets, l10n, format);
  return [sessions(), spend(), completion(), steps(), verdicts(), kinds(), models(), tokens(), failures()];

  function sessions(): Card {
    const { days, total, outcomes } = statistics.sessions;
    const title = l10n.t("Sessions");
    const done = outcomes.done ?? 0;
    const partial = outcomes.partial ?? 0;
    const summary = l10n.t(
      "{0} sessions: {1} done, {2} partial, {3} without a report.",
      format.number(total),
      format.number(done),
      format.number(partial),
      format.number(total - done - partial),
    );
    const legend = [
      { colour: "green", name: names.outcomes.done },
      { colour: "yellow", name: names.outcomes.partial },
      { colour: "red", name: l10n.t("no report") },
    ] as const;
    const split = (bucket: Bucket) => {
      const those = days.filter(({ day }) => firstOf(day, bucket.size) === bucket.day);
      const count = (name: "done" | "partial"): number =>
        those.reduce((sum, each) => sum + (each.outcomes[name] ?? 0), 0);
      const all = those.reduce(
        (sum, each) => sum + Object.values(each.outcomes).reduce((a, b) => a + b, 0),
        0,
      );
      return [count("done"), count("partial"), all - count("done") - count("partial")];
    };
    const shown = OUTCOMES.filter((outcome) => (outcomes[outcome] ?? 0) > 0);
    return {
      title,
      summary,
      legend: [...legend],
      plot: columns({
        title,
        summary,
        ...along,
        y: { label: l10n.t("sessions"), tick: format.number, whole: true },
        columns: buckets.map((bucket) => ({
          label: along.label(bucket),
          parts: split(bucket).map((value, index) => ({
            value,
            colour: legend[index]?.colour ?? "grey",
            text: `${along.name(bucket)}: ${format.number(value)} ${legend[index]?.name ?? ""}`,
          })),
        })),
      }),
      table: {
        head: [l10n.t("Day"), ...shown.map((outcome) => names.outcomes[outcome])],
        rows: days
          .toReversed()
          .map(({ day, outcomes: of }) => [
            format.wholeDay(day),
            ...shown.map((outcome) => format.number(of[outcome] ?? 0)),
          ]),
      },
    };
  }

  function spend(): Card {
    const title = l10n.t("Spend by day and model");
    const models = [...new Set(statistics.spend.filter(({ usd }) => usd > 0).map(({ model }) => model))].sort(
      (a, b) => spentBy(b) - spentBy(a),
    );
    const name = (model: string): string => (model === NO_MODEL ? l10n.t("calls that failed") : model);
    const summary =
      statistics.usd === 0
        ? l10n.t("Nothing was spent: the offline engine costs nothing.")
        : l10n.t(
            "{0} by the published prices, most of it for {1}.",
            format.usd(statistics.usd),
            name(models[0] ?? NO_MODEL),
          );
    const colourOf = (index: number): Colour => MODELS[index] ?? "grey";
    const spent = (bucket: Bucket, model: string): number =>
      statistics.spend
        .filter((each) => each.model === model && firstOf(each.day, bucket.size) === bucket.day)
        .reduce((sum, { usd }) => sum + usd, 0);
    return {
      title,
      summary,
      legend: models.map((model, index) => ({ colour: colourOf(index), name: name(model) })),
      plot:
        models.length === 0
          ? ""
          : columns({
              title,
              summary,
              ...along,
              y: { label: l10n.t("US dollars"), tick: format.usd },
              columns: buckets.map((bucket) => ({
                label: along.label(bucket),
                parts: models.map((model, index) => {
                  const value = spent(bucket, model);
                  const text = `${along.name(bucket)}, ${name(model)}: ${format.usd(value)}`;
                  return { value, colour: colourOf(index), text };
                }),
              })),
            }),
      table: {
        head: [
          l10n.t("Day"),
          l10n.t("Model"),
          l10n.t("Tokens in"),
          l10n.t("Tokens out"),
          l10n.t("US dollars"),
        ],
        rows: statistics.spend
          .toReversed()
          .map((row) => [
            format.wholeDay(row.day),
            name(row.model),
            format.number(row.in),
            format.number(row.out),
            format.usd(row.usd),
          ]),
      },
    };
  }

  function spentBy(model: string): number {
    return statistics.spend.filter((each) => each.model === model).reduce((sum, { usd }) => sum + usd, 0);
  }

  function completion(): Card {
    const { count, p50, p95, histogram, byDepth } = statistics.completion;
    const title = l10n.t("Completion time");
    const seconds = (value: number): string => format.duration(value * 1000);
    const summary =
      count === 0
        ? l10n.t("No session came to a report.")
        : l10n.t("Half of the reports came within {0}, 95 of 100 within {1}.", seconds(p50), seconds(p95));
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
        const range =
          upTo === null ? l10n.t("longer than {0}", low) : l10n.t("{0} to {1}", low, seconds(upTo));
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
      plot: last < 0 ? "" : columns(plot),
      table: {
        head: [l10n.t("Engine and depth"), l10n.t("Reports"), "p50", "p95"],
        rows: byDepth.map(({ engine, depth, ...row }) => [
          `${names.engines[engine]}, ${names.depths[depth]}`,
          format.number(row.count),
          seconds(row.p50),
          seconds(row.p95),
        ]),
      },
    };
  }

  function steps(): Card {
    const title = l10n.t("Response times by kind of call");
    const { model, search, read } = statistics.calls;
    const summary = l10n.t(
      "{0} calls of models, {1} searches, {2} sources read.",
      format.number(model),
      format.number(search),
      format.number(read),
    );
    const rows = statistics.steps.map((row) => ({ ...row, name: names.steps[row.step] }));
    return {
      title,
      summary,
      ...timesOf(rows, title, summary),
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

  function models(): Card {
    const title = l10n.t("Response times by model");
    const [most] = statistics.models;
    const summary =
      most === undefined
        ? l10n.t("No model was called.")
        : l10n.t("{0} was called most, {1} times.", engineName(most.model), format.number(most.count));
    const rows = statistics.models.map((row) => ({ ...row, name: engineName(row.model) }));
    return {
      title,
      summary,
      ...timesOf(rows, title, summary),
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

  /** The offline engine writes its name in English; everything else is a model's own name. */
  function engineName(model: string): string {
    return model === "offline engine" ? names.engines.offline : model;
  }

  function timesOf(
    rows: { name: string; count: number; p50: number; p95: number }[],
    title: string,
    summary: string,
  ): Pick<Card, "legend" | "plot"> {
    const slowest = Math.max(0, ...rows.map(({ p95 }) => p95));
    const [scale, unit] = slowest >= 120_000 ? [60_000, "min"] : slowest >= 1000 ? [1000, "s"] : [1, "ms"];
    const timed = rows.filter(({ count }) => count > 0);
    return {
      legend: [
        { colour: "blue", name: l10n.t("p50: half of the calls took at most so long") },
        { colour: "grey", name: l10n.t("p95: 95 of 100 calls") },
      ],
      plot:
        timed.length === 0
          ? ""
          : bars({
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

  function tokens(): Card {
    const title = l10n.t("Tokens");
    const { in: into, out } = statistics.tokens;
    const summary =
      into + out === 0
        ? l10n.t("No tokens were used: the offline engine computes on this machine.")
        : l10n.t("{0} tokens in, {1} out.", format.number(into), format.number(out));
    const legend = [
      { colour: "blue", name: l10n.t("in") },
      { colour: "purple", name: l10n.t("out") },
    ] as const;
    const compact = (value: number): string =>
      value >= 1e6 ? `${format.number(value / 1e6)} M` : value >= 1e3 ? `${format.number(value / 1e3)} k` : format.number(value); // prettier-ignore
    const used = (bucket: Bucket): [number, number] => {
      const those = statistics.spend.filter(({ day }) => firstOf(day, bucket.size) === bucket.day);
      return [those.reduce((sum, each) => sum + each.in, 0), those.reduce((sum, each) => sum + each.out, 0)];
    };
    return {
      title,
      summary,
      legend: into + out === 0 ? [] : [...legend],
      plot:
        into + out === 0
          ? ""
          : columns({
              title,
              summary,
              ...along,
              y: { label: l10n.t("tokens"), tick: compact, whole: true },
              columns: buckets.map((bucket) => ({
                label: along.label(bucket),
                parts: used(bucket).map((value, index) => ({
                  value,
                  colour: legend[index]?.colour ?? "grey",
                  text: `${along.name(bucket)}: ${format.number(value)} ${legend[index]?.name ?? ""}`,
                })),
              })),
            }),
      table: {
        head: [l10n.t("Day"), l10n.t("Tokens in"), l10n.t("Tokens out")],
        rows: buckets
          .map((bucket) => ({ bucket, used: used(bucket) }))
          .filter(({ used: [a, b] }) => a + b > 0)
          .reverse()
          .map(({ bucket, used: [a, b] }) => [along.name(bucket), format.number(a), format.number(b)]),
      },
    };
  }

  function kinds(): Card {
    const title = l10n.t("Kinds of question");
    const [most] = statistics.kinds;
    const all = statistics.kinds.reduce((sum, { sessions: those }) => sum + those, 0);
    const summary =
      most === undefined
        ? l10n.t("No session has a plan yet.")
        : l10n.t("Most asked: {0}, {1} of {2}.", names.kinds[most.kind], format.number(most.sessions), format.number(all)); // prettier-ignore
    return shares(
      title,
      summary,
      l10n.t("Kind"),
      l10n.t("sessions"),
      statistics.kinds.map(({ kind, sessions: those }) => ({
        name: names.kinds[kind],
        count: those,
        colour: "blue",
      })),
    );
  }

  function verdicts(): Card {
    const title = l10n.t("Verdicts");
    const colours = {
      supported: "green",
      qualified: "yellow",
      contradicted: "purple",
      unsupported: "red",
      "not-checked": "grey",
    } as const;
    const order = ["supported", "qualified", "contradicted", "unsupported", "not-checked"] as const;
    const all = order.reduce((sum, verdict) => sum + (statistics.verdicts[verdict] ?? 0), 0);
    const summary =
      all === 0
        ? l10n.t("No sentence was checked yet.")
        : l10n.t(
            "{0} of the sentences in reports are supported by their quotes; {1} failed a check before, and were rewritten or removed.",
            format.percent((statistics.verdicts.supported ?? 0) / all),
            format.number(statistics.caught),
          );
    return shares(
      title,
      summary,
      l10n.t("Verdict"),
      l10n.t("sentences"),
      order.map((verdict) => ({
        name: names.verdicts[verdict],
        count: statistics.verdicts[verdict] ?? 0,
        colour: colours[verdict],
      })),
    );
  }

  /** Counts as bars, each with its share of all. */
  function shares(
    title: string,
    summary: string,
    what: string,
    unit: string,
    rows: { name: string; count: number; colour: Colour }[],
  ): Card {
    const all = rows.reduce((sum, { count }) => sum + count, 0);
    const share = (count: number): string => format.percent(all === 0 ? 0 : count / all);
    return {
      title,
      summary,
      legend: [],
      plot:
        all === 0
          ? ""
          : bars({
              title,
              summary,
              x: { label: unit, tick: format.number, whole: true },
              rows: rows.map(({ name, count, colour }) => ({
                name,
                value: `${format.number(count)} · ${share(count)}`,
                parts: [{ value: count, colour, text: `${name}: ${format.number(count)} ${unit}` }],
              })),
            }),
      table: {
        head: [what, unit, l10n.t("Share")],
        rows: rows.map(({ name, count }) => [name, format.number(count), share(count)]),
      },
    };
  }

  function failures(): Card {
    const title = l10n.t("What went wrong");
    const all = statistics.failures.reduce((sum, { steps: those }) => sum + those, 0);
    const ended = statistics.failures.reduce((sum, { sessions: those }) => sum + those, 0);
    const summary =
      all + ended === 0
        ? l10n.t("Nothing failed.")
        : l10n.t("{0} calls failed; {1} sessions ended so.", format.number(all), format.number(ended));
    const rows = statistics.failures.map((row) => ({ ...row, name: names.failure(row.what) }));
    return {
      title,
      summary,
      legend:
        rows.length === 0
          ? []
          : [
              { colour: "yellow", name: l10n.t("calls and sessions") },
              { colour: "red", name: l10n.t("sessions that ended so") },
            ],
      plot:
        rows.length === 0
          ? ""
          : bars({
              title,
              summary,
              x: { label: l10n.t("failures"), tick: format.number, whole: true },
              rows: rows.slice(0, 10).map((row) => ({
                name: row.name,
                value: format.number(row.steps + row.sessions),
                parts: [
                  {
                    value: row.steps + row.sessions,
                    colour: "yellow",
                    text: `${row.name}: ${format.number(row.steps + row.sessions)}`,
                  },
                  { value: row.sessions, colour: "red", text: `${row.name}: ${format.number(row.sessions)}` },
                ],
              })),
            }),
      table: {
        head: [l10n.t("What went wrong"), l10n.t("Calls"), l10n.t("Sessions")],
        rows: rows.map((row) => [row.name, format.number(row.steps), format.number(row.sessions)]),
      },
    };
  }
}

/** How days stand along a plot, by their buckets. */
function alongDays(buckets: Bucket[], l10n: Words, format: Format) {
  const [{ size } = { size: "day" }] = buckets;
  return {
    x: size === "day" ? l10n.t("day") : size === "week" ? l10n.t("week") : l10n.t("month"),
    label: ({ day }: Bucket): string => (size === "month" ? format.month(day) : format.day(day)),
    name: ({ day }: Bucket): string =>
      size === "month"
        ? format.month(day)
        : size === "week"
          ? l10n.t("Week of {0}", format.wholeDay(day))
          : format.wholeDay(day),
  };
}
