import { NO_MODEL, OUTCOMES } from "../../app/statistics.js";
import { listBuckets, bucketStart, type Bucket } from "./time-buckets.js";
import type { Card, CardContext } from "./card.js";
import { renderColumns, type Colour } from "./svg-charts.js";

/* Cards by day: sessions, spend, tokens. */

const MODELS: Colour[] = ["blue", "purple", "green", "yellow", "red"];

type On = CardContext & { buckets: Bucket[]; along: ReturnType<typeof dayAxis> };

export function createDailyCards(figures: CardContext): { sessions: Card; spend: Card; tokens: Card } {
  const { statistics } = figures;
  const days = [...statistics.sessions.days.map(({ day }) => day), ...statistics.spend.map(({ day }) => day)];
  const from = statistics.from ?? days.reduce((least, day) => (day < least ? day : least), statistics.to);
  const buckets = listBuckets(from, statistics.to);
  const context = { ...figures, buckets, along: dayAxis(buckets, figures) };
  return {
    sessions: createSessionsCard(context),
    spend: createSpendCard(context),
    tokens: createTokensCard(context),
  };
}

function createSessionsCard(context: On): Card {
  const { statistics, l10n, format, names, buckets, along } = context;
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
    const those = days.filter(({ day }) => bucketStart(day, bucket.size) === bucket.day);
    const count = (name: "done" | "partial"): number =>
      those.reduce((sum, each) => sum + (each.outcomes[name] ?? 0), 0);
    const all = those.reduce((sum, each) => sum + Object.values(each.outcomes).reduce((a, b) => a + b, 0), 0);
    return [count("done"), count("partial"), all - count("done") - count("partial")];
  };
  const shown = OUTCOMES.filter((outcome) => (outcomes[outcome] ?? 0) > 0);
  return {
    title,
    summary,
    legend: [...legend],
    plot: renderColumns({
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

function createSpendCard(context: On): Card {
  const { statistics, l10n, format, buckets, along } = context;
  const title = l10n.t("Spend by day and model");
  const models = [...new Set(statistics.spend.filter(({ usd }) => usd > 0).map(({ model }) => model))].sort(
    (a, b) => spentBy(context, b) - spentBy(context, a),
  );
  const name = (model: string): string => (model === NO_MODEL ? l10n.t("calls that failed") : model);
  const summary =
    statistics.usd === 0
      ? l10n.t("Nothing was spent: the offline engine is free.")
      : l10n.t(
          "{0} at published prices, most of it for {1}.",
          format.usd(statistics.usd),
          name(models[0] ?? NO_MODEL),
        );
  const colourOf = (index: number): Colour => MODELS[index] ?? "grey";
  const spent = (bucket: Bucket, model: string): number =>
    statistics.spend
      .filter((each) => each.model === model && bucketStart(each.day, bucket.size) === bucket.day)
      .reduce((sum, { usd }) => sum + usd, 0);
  return {
    title,
    summary,
    legend: models.map((model, index) => ({ colour: colourOf(index), name: name(model) })),
    plot:
      models.length === 0
        ? ""
        : renderColumns({
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
      head: [l10n.t("Day"), l10n.t("Model"), l10n.t("Tokens in"), l10n.t("Tokens out"), l10n.t("US dollars")],
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

function spentBy({ statistics }: On, model: string): number {
  return statistics.spend.filter((each) => each.model === model).reduce((sum, { usd }) => sum + usd, 0);
}

function createTokensCard(context: On): Card {
  const { statistics, l10n, format, buckets, along } = context;
  const title = l10n.t("Tokens");
  const { in: into, out } = statistics.tokens;
  const summary =
    into + out === 0
      ? l10n.t("No tokens were used: the offline engine runs on this machine.")
      : l10n.t("{0} tokens in, {1} out.", format.number(into), format.number(out));
  const legend = [
    { colour: "blue", name: l10n.t("in") },
    { colour: "purple", name: l10n.t("out") },
  ] as const;
  const compact = (value: number): string =>
    value >= 1e6 ? `${format.number(value / 1e6)} M` : value >= 1e3 ? `${format.number(value / 1e3)} k` : format.number(value); // prettier-ignore
  const used = (bucket: Bucket): [number, number] => {
    const those = statistics.spend.filter(({ day }) => bucketStart(day, bucket.size) === bucket.day);
    return [those.reduce((sum, each) => sum + each.in, 0), those.reduce((sum, each) => sum + each.out, 0)];
  };
  return {
    title,
    summary,
    legend: into + out === 0 ? [] : [...legend],
    plot:
      into + out === 0
        ? ""
        : renderColumns({
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

/** The labels of a chart over days, by bucket. */
function dayAxis(buckets: Bucket[], { l10n, format }: CardContext) {
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
