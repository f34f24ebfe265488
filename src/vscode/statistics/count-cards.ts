import type { Card, CardContext } from "./card.js";
import { renderBars, type Colour } from "./svg-charts.js";

/* Cards with counts: kinds of question, verdicts, failures. */

export function createKindsCard(context: CardContext): Card {
  const { statistics, l10n, format, names } = context;
  const title = l10n.t("Kinds of question");
  const [most] = statistics.kinds;
  const all = statistics.kinds.reduce((sum, { sessions: those }) => sum + those, 0);
  const summary =
    most === undefined
      ? l10n.t("No sessions have a plan yet.")
      : l10n.t("Most common: {0}, {1} of {2}.", names.kinds[most.kind], format.number(most.sessions), format.number(all)); // prettier-ignore
  return shares(
    context,
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

export function createVerdictsCard(context: CardContext): Card {
  const { statistics, l10n, format, names } = context;
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
      ? l10n.t("No sentences have been checked yet.")
      : l10n.t(
          "{0} of the sentences in reports are supported by their quotes; {1} first failed a check and were rewritten or removed.",
          format.percent((statistics.verdicts.supported ?? 0) / all),
          format.number(statistics.caught),
        );
  return shares(
    context,
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

/** Counts as bars, each with its share of the total. */
function shares(
  { l10n, format }: CardContext,
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
        : renderBars({
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

export function createFailuresCard(context: CardContext): Card {
  const { statistics, l10n, format, names } = context;
  const title = l10n.t("Failures");
  const all = statistics.failures.reduce((sum, { steps: those }) => sum + those, 0);
  const ended = statistics.failures.reduce((sum, { sessions: those }) => sum + those, 0);
  const summary =
    all + ended === 0
      ? l10n.t("Nothing failed.")
      : l10n.t(
          "{0} calls failed; {1} sessions ended because of a failure.",
          format.number(all),
          format.number(ended),
        );
  const rows = statistics.failures.map((row) => ({ ...row, name: names.failure(row.what) }));
  return {
    title,
    summary,
    legend:
      rows.length === 0
        ? []
        : [
            { colour: "yellow", name: l10n.t("calls and sessions") },
            { colour: "red", name: l10n.t("sessions that ended because of it") },
          ],
    plot:
      rows.length === 0
        ? ""
        : renderBars({
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
      head: [l10n.t("Failures"), l10n.t("Calls"), l10n.t("Sessions")],
      rows: rows.map((row) => [row.name, format.number(row.steps), format.number(row.sessions)]),
    },
  };
}

/** Errors as they were counted on this machine; deleting a session takes none away. */
export function createErrorsCard({ statistics, l10n, format }: CardContext): Card {
  const { errors } = statistics;
  const all = errors.reduce((sum, { count }) => sum + count, 0);
  return {
    title: l10n.t("Errors on this machine"),
    summary:
      errors.length === 0
        ? l10n.t("No errors were counted.")
        : l10n.t("{0} errors of {1} kinds were counted.", format.number(all), format.number(errors.length)),
    legend: [],
    plot: "",
    table: {
      head: [l10n.t("Where"), l10n.t("Code"), l10n.t("Count"), l10n.t("First seen"), l10n.t("Last seen")],
      rows: errors.map(({ where, code, count, first, last }) => [
        where,
        code,
        format.number(count),
        first.slice(0, 10),
        last.slice(0, 10),
      ]),
    },
  };
}
