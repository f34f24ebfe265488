import type { StatisticsLabels } from "../../app/statistics-labels.js";
import type { Localizer } from "../../common/messages.js";
import type { Statistics } from "../../storage/statistics/summarize.js";
import type { StatisticsFormat } from "./format.js";
import type { Colour } from "./svg-charts.js";

/** A plot with its table, as the page shows it. */
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

/** What cards are made of. */
export interface CardContext {
  statistics: Statistics;
  l10n: Localizer;
  format: StatisticsFormat;
  names: StatisticsLabels;
}
