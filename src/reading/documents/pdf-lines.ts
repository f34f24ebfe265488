import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { writeLowered, writeRaised } from "../../core/text/raised-text.js";
import { composeAccents } from "./compose-accents.js";
import type { PdfRun } from "./pdf-runs.js";

/** A line of a page, or the part of it in one column. */
export interface PdfLine {
  text: string;
  x: number;
  /** Where it ends. */
  end: number;
  y: number;
  size: number;
  /** The width of each letter of a line of code; 0 for other lines. */
  advance: number;
}

/** A line as text with its page. */
export type PageLine = PdfLine & {
  page: number;
  /** Whether space parts it from the line above. */
  isNew: boolean;
  /** Whether it is the first of a page or of a column. */
  isTop: boolean;
};

/** A gap of more than this many letters' heights parts columns. */
const COLUMN_GAP = 1.1;
/** A gap of more than this share of a letter's height is a space. */
const SPACE = 0.15;
/** Each of two columns has at least this number of lines, and this share of a page's. */
const MIN_COLUMN = { lines: 4, share: 0.2 };
/** Share of lines that may reach over the gap between columns, such as titles. */
const MAX_CROSSING = 0.25;

/** Between letters of fixed width, a gap of up to this many letters is white space of one line. */
const MAX_CODE_GAP = 40;
/** A page with this share of letters of Hebrew, Arabic and the like is read from right to left. */
const MIN_RIGHT_TO_LEFT = 0.3;

/** Joins runs to lines in file order, which nearly always is reading order; two columns are read one after the other. */
export function joinRuns(runs: PdfRun[]): PdfLine[] {
  const isRightToLeft = readsRightToLeft(runs);
  const parts = new LineBuilder().join(isRightToLeft ? sortRows(runs) : runs);
  const gutter = findGutter(parts);
  return gutter === null ? joinRows(parts, isRightToLeft) : orderColumns(parts, gutter, isRightToLeft);
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

function readsRightToLeft(runs: PdfRun[]): boolean {
  const sum = (which: PdfRun[]): number => which.reduce((total, { text }) => total + text.length, 0);
  return (
    sum(runs.filter(({ text }) => RIGHT_TO_LEFT.test(text))) >
    sum(runs.filter(({ text }) => /\p{L}/u.test(text))) * MIN_RIGHT_TO_LEFT
  );
}

/** Runs of one row from left to right: files of such scripts have them in either direction. */
function sortRows(runs: PdfRun[]): PdfRun[] {
  const rows: PdfRun[][] = [];
  for (const run of runs) {
    const row = rows.at(-1);
    const first = row?.[0];
    const isSame =
      first !== undefined && Math.abs(run.y - first.y) <= Math.max(run.size, first.size, 1) * 0.4;
    if (isSame) row?.push(run);
    else rows.push([run]);
  }
  return rows.flatMap((row) => row.toSorted((a, b) => a.x - b.x));
}

/** Pieces of a row from left to right, in the order in which they are read: words of Latin letters keep theirs. */
function readingOrder(pieces: string[]): string[] {
  if (!pieces.some((piece) => RIGHT_TO_LEFT.test(piece))) return pieces;
  const read: string[] = [];
  let latin: string[] = [];
  const flush = (): void => {
    // White space and signs at the ends belong to the text around.
    while (latin.length > 0 && !/[\p{L}\p{N}]/u.test(latin[0] ?? "")) read.push(latin.shift() ?? "");
    const after: string[] = [];
    while (latin.length > 0 && !/[\p{L}\p{N}]/u.test(latin.at(-1) ?? "")) after.push(latin.pop() ?? "");
    read.push(
      ...(latin.some((piece) => /\p{L}/u.test(piece)) ? latin.toReversed() : latin),
      ...after.toReversed(),
    );
    latin = [];
  };
  for (const piece of pieces.toReversed())
    if (RIGHT_TO_LEFT.test(piece)) {
      flush();
      read.push(piece);
    } else latin.push(piece);
  flush();
  return read;
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
    const { text, x, y, width, size, advance } = run;
    const { open } = this;
    if (open !== null && this.isShifted(open, run)) {
      const isUp = y > open.y;
      if (this.shifted !== null && this.shifted.isUp !== isUp) this.writeShifted();
      this.shifted ??= { text: "", isUp };
      this.shifted.text += text;
      open.end = x + width;
      open.advance = 0;
      return;
    }
    const isCode = open !== null && open.advance > 0 && advance > 0;
    const isSame =
      open !== null &&
      Math.abs(y - open.y) <= Math.max(size, open.size) * 0.4 &&
      x >= open.end - open.size * 2 &&
      x - open.end <= (isCode ? advance * MAX_CODE_GAP : Math.max(size, open.size, 1) * COLUMN_GAP);
    if (open === null || !isSame) {
      this.close();
      this.open = { text: "", x, y, size, end: x + width, advance };
      this.put(text);
      return;
    }
    const isEnded = this.isEnded && this.shifted === null;
    this.writeShifted();
    if (isCode) this.put(" ".repeat(Math.max(0, Math.round((x - open.end) / advance))));
    else {
      const isApart = isEnded || x - open.end > Math.max(size, 1) * SPACE;
      if (isApart && !this.isBlank && !/^\s/.test(text)) this.put(" ");
    }
    this.put(text);
    open.end = Math.max(open.end, x + width);
    open.size = Math.max(open.size, size);
    if (advance === 0 && text.trim() !== "") open.advance = 0;
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
    const whole = readingOrder(this.pieces).join("");
    const isCode = open !== null && open.advance > 0;
    const text = isCode ? whole.trimEnd() : composeAccents(collapseWhitespace(whole));
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
function orderColumns(parts: PdfLine[], gutter: number, isRightToLeft: boolean): PdfLine[] {
  const ordered: PdfLine[] = [];
  let left: PdfLine[] = [];
  let right: PdfLine[] = [];
  const flush = (): void => {
    const sides = [left, right].map((side) => joinRows(side, isRightToLeft));
    ordered.push(...(isRightToLeft ? sides.toReversed() : sides).flat());
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
function joinRows(parts: PdfLine[], isRightToLeft: boolean): PdfLine[] {
  const rows: PdfLine[] = [];
  for (const part of parts) {
    const last = rows.at(-1);
    const isSame =
      last !== undefined &&
      Math.abs(part.y - last.y) <= Math.max(part.size, last.size) * 0.4 &&
      part.x >= last.end;
    if (isSame) {
      last.text = (isRightToLeft ? [part.text, last.text] : [last.text, part.text]).join(" ");
      last.advance = 0;
      last.end = part.end;
      last.size = Math.max(last.size, part.size);
    } else rows.push({ ...part });
  }
  return rows;
}
