import type { StatisticsLabels } from "../../app/statistics-labels.js";
import type { Localizer } from "../../common/messages.js";
import type { Statistics } from "../../app/statistics.js";
import type { StatisticsFormat } from "./format.js";
import type { Colour } from "./svg-charts.js";

/** A chart with its data as a table. */
export interface Card {
  title: string;
  /** What the chart shows, in one sentence. */
  summary: string;
  /** The meaning of the colours, if there are several. */
  legend: { colour: Colour; name: string }[];
  /** The chart as SVG; empty if there is nothing to draw. */
  plot: string;
  table: { head: string[]; rows: string[][] };
}

/** The input of all cards. */
export interface CardContext {
  statistics: Statistics;
  l10n: Localizer;
  format: StatisticsFormat;
  names: StatisticsLabels;
}
