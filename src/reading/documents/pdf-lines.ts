import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { writeLowered, writeRaised } from "../../core/text/raised-text.js";

/** A run of text from pdf.js with its position on the page, in points from the lower left. */
export interface PdfRun {
  text: string;
  x: number;
  y: number;
  width: number;
  /** Height of the letters. */
  size: number;
  endsLine: boolean;
  /** Number of its characters for which the file names no letter. */
  unnamed: number;
}

/** A line of a page, or the part of it in one column. */
export interface PdfLine {
  text: string;
  x: number;
  /** Where it ends. */
  end: number;
  y: number;
  size: number;
}

/** A gap of more than this many letters' heights parts columns. */
const COLUMN_GAP = 1.1;
/** A gap of more than this share of a letter's height is a space. */
const SPACE = 0.15;
/** Each of two columns has at least this number of lines, and this share of a page's. */
const MIN_COLUMN = { lines: 4, share: 0.2 };
/** Share of lines that may reach over the gap between columns, such as titles. */
const MAX_CROSSING = 0.25;

/** Joins runs to lines in file order, which nearly always is reading order; two columns are read one after the other. */
export function joinRuns(runs: PdfRun[]): PdfLine[] {
  const parts = new LineBuilder().join(runs);
  const gutter = findGutter(parts);
  return gutter === null ? joinRows(parts) : orderColumns(parts, gutter);
}

/** Raised or lowered text that is not yet written. */
interface Shifted {
  text: string;
  isUp: boolean;
}

class LineBuilder {
  private readonly lines: PdfLine[] = [];
  private open: PdfLine | null = null;
  /** Whether the text ends in white space: testing the growing text would be quadratic. */
  private isBlank = true;
  private readonly pieces: string[] = [];
  private shifted: Shifted | null = null;
  /** Whether the file ends a line here. Placed letters may each do so: the place of the next run decides. */
  private isEnded = false;

  join(runs: PdfRun[]): PdfLine[] {
    for (const run of runs) {
      // The place of the next run tells how wide a space is.
      const isSpace = run.text.trim() === "" && run.width > run.size * SPACE;
      if (run.text !== "" && !isSpace) this.add(run);
      this.isEnded = run.endsLine && run.text.trim() !== "";
    }
    this.close();
    return this.lines;
  }

  private put(text: string): void {
    this.pieces.push(text);
    this.isBlank = /\s$/.test(text);
  }

  private add(run: PdfRun): void {
    const { text, x, y, width, size } = run;
    const { open } = this;
    if (open !== null && this.isShifted(open, run)) {
      const isUp = y > open.y;
      if (this.shifted !== null && this.shifted.isUp !== isUp) this.writeShifted();
      this.shifted ??= { text: "", isUp };
      this.shifted.text += text;
      open.end = x + width;
      return;
    }
    const isSame =
      open !== null &&
      Math.abs(y - open.y) <= Math.max(size, open.size) * 0.4 &&
      x >= open.end - open.size * 2 &&
      x - open.end <= Math.max(size, open.size, 1) * COLUMN_GAP;
    if (open === null || !isSame) {
      this.close();
      this.open = { text: "", x, y, size, end: x + width };
      this.put(text);
      return;
    }
    const isEnded = this.isEnded && this.shifted === null;
    this.writeShifted();
    const isApart = isEnded || x - open.end > Math.max(size, 1) * SPACE;
    if (isApart && !this.isBlank && !/^\s/.test(text)) this.put(" ");
    this.put(text);
    open.end = Math.max(open.end, x + width);
    open.size = Math.max(open.size, size);
  }

  /** Whether a run is smaller, beside the line's text, and above or below its base. */
  private isShifted(open: PdfLine, { text, x, y, size }: PdfRun): boolean {
    if (text.trim() === "" || size > open.size * 0.85) return false;
    const rise = Math.abs(y - open.y);
    if (rise < open.size * 0.1 || rise > open.size * 0.75) return false;
    return x >= open.end - open.size * 0.5 && x - open.end < open.size * 0.5;
  }

  private writeShifted(): void {
    const { shifted } = this;
    this.shifted = null;
    if (shifted === null) return;
    // It stands right beside what it belongs to.
    while (this.pieces.at(-1)?.trim() === "") this.pieces.pop();
    const before = this.pieces.slice(-40).join("");
    this.put(shifted.isUp ? writeRaised(shifted.text, before) : writeLowered(shifted.text));
  }

  private close(): void {
    this.writeShifted();
    const { open } = this;
    const text = collapseWhitespace(this.pieces.join(""));
    if (open !== null && text !== "") this.lines.push({ ...open, text });
    this.open = null;
    this.pieces.length = 0;
    this.isBlank = true;
  }
}

/** Where the gap between two columns is; null for a page without them. */
function findGutter(parts: PdfLine[]): number | null {
  if (parts.length < MIN_COLUMN.lines * 2) return null;
  const left = Math.min(...parts.slice(0, 5000).map(({ x }) => x));
  const right = Math.max(...parts.slice(0, 5000).map(({ end }) => end));
  const least = Math.max(MIN_COLUMN.lines, parts.length * MIN_COLUMN.share);
  const characters = parts.reduce((sum, { text }) => sum + text.length, 0);
  let best: { at: number; crossing: number } | null = null;
  for (let step = 30; step <= 70; step++) {
    const at = left + ((right - left) * step) / 100;
    const crossing = parts.filter(({ x, end }) => x < at && end > at).length;
    const before = parts.filter(({ end }) => end <= at);
    const after = parts.filter(({ x }) => x >= at);
    if (before.length < least || after.length < least || crossing > parts.length * MAX_CROSSING) continue;
    // Cells of a table are short; columns of prose are not.
    if (characters / parts.length < 20 || !isAligned(after)) continue;
    if (best === null || crossing < best.crossing) best = { at, crossing };
  }
  return best === null ? null : best.at;
}

/** Whether most lines begin at one place, as those of a column do. */
function isAligned(lines: PdfLine[]): boolean {
  const counts = new Map<number, number>();
  for (const { x } of lines) counts.set(Math.round(x / 4), (counts.get(Math.round(x / 4)) ?? 0) + 1);
  return Math.max(...counts.values()) >= lines.length * 0.4;
}

/** What stands left of a gap before what stands right of it, between lines that reach over it. */
function orderColumns(parts: PdfLine[], gutter: number): PdfLine[] {
  const ordered: PdfLine[] = [];
  let left: PdfLine[] = [];
  let right: PdfLine[] = [];
  const flush = (): void => {
    ordered.push(...joinRows(left), ...joinRows(right));
    [left, right] = [[], []];
  };
  for (const part of parts) {
    if (part.end <= gutter) left.push(part);
    else if (part.x >= gutter) right.push(part);
    else {
      flush();
      ordered.push(part);
    }
  }
  flush();
  return ordered;
}

/** Puts parts of one row together, such as a table's cells. */
function joinRows(parts: PdfLine[]): PdfLine[] {
  const rows: PdfLine[] = [];
  for (const part of parts) {
    const last = rows.at(-1);
    const isSame =
      last !== undefined &&
      Math.abs(part.y - last.y) <= Math.max(part.size, last.size) * 0.4 &&
      part.x >= last.end;
    if (isSame) {
      last.text += ` ${part.text}`;
      last.end = part.end;
      last.size = Math.max(last.size, part.size);
    } else rows.push({ ...part });
  }
  return rows;
}
