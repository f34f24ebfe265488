import type { FigureNames } from "../../app/statistics-labels.js";
import type { Words } from "../../common/messages.js";
import type { Statistics } from "../../storage/statistics/summarize.js";
import type { Format } from "./format.js";
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
export interface On {
  statistics: Statistics;
  l10n: Words;
  format: Format;
  names: FigureNames;
}
