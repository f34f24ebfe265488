import { escapeHtml } from "./format.js";

/*
 * Charts as SVG. Horizontal positions are percentages and heights are pixels, so that a chart fills any width
 * and its text keeps its size. Colours are classes that the style sheet maps to the theme.
 */

export type Colour = "blue" | "green" | "yellow" | "red" | "purple" | "grey";

interface Axis {
  /** What is counted, with the unit. */
  label: string;
  tick: (value: number) => string;
  /** Whether only whole numbers make sense. */
  whole?: boolean;
}

interface Plot {
  /** The chart's title, used in `aria-labelledby`. */
  title: string;
  /** What the chart shows, in one sentence. */
  summary: string;
}

export interface Columns extends Plot {
  y: Axis;
  /** The label of the horizontal axis. */
  x: string;
  columns: {
    /** Below the column; empty for none. */
    label: string;
    /** From the bottom up; `text` is the tooltip. */
    parts: { value: number; colour: Colour; text: string }[];
  }[];
  /** Whether labels are at the boundaries between columns instead of below each. */
  edges?: boolean;
  /** Vertical lines at a position in columns: 1.5 is the middle of the second column. */
  marks?: { at: number; label: string }[];
}

export interface Bars extends Plot {
  x: Axis;
  rows: {
    name: string;
    value: string;
    /** Drawn on top of one another, the longest first. */
    parts: { value: number; colour: Colour; faint?: boolean; text: string }[];
  }[];
}

const TOP = 18;
const AREA = 150;
const ROW = 38;
/** Maximum number of labels on the horizontal axis; a narrow chart omits every second one. */
const LABELS = 7;

/** One column per bucket, with stacked parts. */
export function renderColumns(plot: Columns): string {
  const { marks = [], edges = false, x, y } = plot;
  const slot = 100 / Math.max(1, plot.columns.length);
  const highest = Math.max(0, ...plot.columns.map(({ parts }) => sum(parts)));
  const ticks = axisTicks(highest, y.whole ?? false);
  const top = ticks.at(-1) ?? 1;
  const yOf = (value: number): number => round(AREA - (value / top) * AREA);
  const grid = ticks.map(
    (tick) =>
      `<line class="grid" x1="0" x2="100%" y1="${yOf(tick)}" y2="${yOf(tick)}"/>` +
      `<text class="tick" x="-8" y="${yOf(tick) + 4}" text-anchor="end">${escapeHtml(y.tick(tick))}</text>`,
  );
  const drawn = plot.columns.map(({ parts }, index) => {
    let below = 0;
    const rects = parts
      .filter(({ value }) => value > 0)
      .map(({ value, colour, text }) => {
        const from = yOf(below);
        below += value;
        const height = Math.max(1, from - yOf(below));
        const place = `x="${round((index + 0.14) * slot)}%" width="${round(slot * 0.72)}%"`;
        return `<rect class="${colour}" ${place} y="${round(from - height)}" height="${round(height)}"><title>${escapeHtml(text)}</title></rect>`;
      });
    return rects.join("");
  });
  const every = edges ? 1 : Math.ceil(plot.columns.length / LABELS);
  const labels = plot.columns.map(({ label }, index) => {
    if (label === "" || index % every !== 0) return "";
    const minor = (index / every) % 2 === 1 ? " minor" : "";
    const at = round((index + (edges ? 1 : 0.5)) * slot);
    return `<text class="tick${minor}" x="${at}%" y="${AREA + 17}" text-anchor="middle">${escapeHtml(label)}</text>`;
  });
  const lines = marks.map(({ at, label }, index) => {
    const place = round(at * slot);
    // The first label is to the left of its line and the next one to the right, so that they cannot overlap.
    const anchor = index === 0 ? 'text-anchor="end" dx="-4"' : 'dx="4"';
    return (
      `<line class="mark" x1="${place}%" x2="${place}%" y1="-8" y2="${AREA}"/>` +
      `<text class="tick strong" x="${place}%" y="-1" ${anchor}>${escapeHtml(label)}</text>`
    );
  });
  const height = TOP + AREA + 52;
  return svg(plot, "columns", height, [
    `<text class="axis" x="-48" y="10">${escapeHtml(y.label)}</text>`,
    `<g transform="translate(0 ${TOP + 8})">`,
    ...grid,
    ...drawn,
    ...labels,
    ...lines,
    "</g>",
    `<text class="axis" x="100%" y="${height - 4}" text-anchor="end">${escapeHtml(x)}</text>`,
  ]);
}

/** One bar per row, with its name and value above it. */
export function renderBars(plot: Bars): string {
  const longest = Math.max(0, ...plot.rows.flatMap(({ parts }) => parts.map(({ value }) => value)));
  const ticks = axisTicks(longest, plot.x.whole ?? false);
  const end = ticks.at(-1) ?? 1;
  const width = (value: number): number => round((value / end) * 100);
  const area = plot.rows.length * ROW;
  const grid = ticks.map((tick, index) => {
    const anchor = index === 0 ? "start" : index === ticks.length - 1 ? "end" : "middle";
    const minor = index % 2 === 1 ? " minor" : "";
    return (
      `<line class="grid" x1="${width(tick)}%" x2="${width(tick)}%" y1="4" y2="${area}"/>` +
      `<text class="tick${minor}" x="${width(tick)}%" y="${area + 14}" text-anchor="${anchor}">${escapeHtml(plot.x.tick(tick))}</text>`
    );
  });
  const rows = plot.rows.map(({ name, value, parts }, index) => {
    const y = index * ROW;
    const rects = parts
      .filter((part) => part.value > 0)
      .map(
        (part) =>
          `<rect class="${part.colour}${part.faint === true ? " faint" : ""}" x="0" y="${y + 18}" width="${Math.max(0.4, width(part.value))}%" height="10"><title>${escapeHtml(part.text)}</title></rect>`,
      );
    return (
      `<text class="name" x="0" y="${y + 12}">${escapeHtml(name)}</text>` +
      `<text class="value" x="100%" y="${y + 12}" text-anchor="end">${escapeHtml(value)}</text>` +
      rects.join("")
    );
  });
  return svg(plot, "bars", area + 36, [
    ...grid,
    ...rows,
    `<text class="axis" x="100%" y="${area + 32}" text-anchor="end">${escapeHtml(plot.x.label)}</text>`,
  ]);
}

/** Round values starting at 0; the last one is at or above the maximum. */
export function axisTicks(highest: number, whole: boolean): number[] {
  if (highest <= 0) return [0, 1];
  const raw = highest / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= raw * 0.999) ?? raw;
  const even = whole ? Math.max(1, Math.ceil(step)) : step;
  const count = Math.ceil(highest / even - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * even).toPrecision(12)));
}

function svg({ title, summary }: Plot, kind: "columns" | "bars", height: number, parts: string[]): string {
  const name = escapeHtml(`${title}. ${summary}`);
  return `<svg class="plot ${kind}" role="img" aria-label="${name}" height="${height}">${parts.join("")}</svg>`;
}

function sum(parts: { value: number }[]): number {
  return parts.reduce((total, { value }) => total + value, 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
