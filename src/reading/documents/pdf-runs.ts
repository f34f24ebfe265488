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
  /** The width of each letter of a font of code; 0 for other fonts. */
  advance: number;
}

/** A run with what is known of its font and direction. */
interface FontRun extends PdfRun {
  font: string;
  /** Quarters of a turn from the usual direction; null for text at an angle. */
  turn: number | null;
}

/**
 * Reads the runs of a page. Turned text is placed as if the page were turned, and stands apart: the direction that most
 * letters have comes first.
 * @param isFixedFont whether the file calls a font one of fixed width
 */
export function readRuns(items: object[], isFixedFont: (font: string) => boolean): PdfRun[][] {
  const runs = removeDoubles(items.flatMap(toRun));
  for (const same of groupBy(runs, ({ size }) => size).values()) {
    const isWrong = !isSizeLikely(same);
    for (const [font, own] of groupBy(same, (run) => run.font).entries()) {
      if (isWrong) correctSize(own, widthOfLetters(own) ?? widthOfLetters(same) ?? 0);
      markFixed(own, isFixedFont(font));
    }
  }
  return Array.from(groupBy(runs, ({ turn }) => turn).values()).toSorted(
    (a, b) => countLetters(b) - countLetters(a),
  );
}

function toRun(item: object): FontRun[] {
  if (!("str" in item) || typeof item.str !== "string" || !("transform" in item)) return [];
  const { transform } = item;
  if (!Array.isArray(transform)) return [];
  const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = transform.map(Number);
  const size = Math.hypot(c, d);
  const width = "width" in item ? Number(item.width) : 0;
  const font = "fontName" in item ? String(item.fontName) : "";
  // Characters without a Unicode mapping, which are useless to readers.
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  const text = item.str.replace(/[\u0000-\u001f\u007f-\u009f\ue000-\uf8ff\ufffd]/g, "");
  const endsLine = "hasEOL" in item && item.hasEOL === true;
  const unnamed = item.str.length - text.length;
  if (text === "" && unnamed === 0 && !endsLine) return [];
  const turn = turnOf(a, b);
  return [{ text, ...turnedPlace(turn, x, y), width, size, endsLine, unnamed, advance: 0, font, turn }];
}

/** Text that is drawn again within this share of its height, as some programs do in place of bold letters. */
const SAME_PLACE = 0.1;

function removeDoubles(runs: FontRun[]): FontRun[] {
  const drawn = new Map<string, FontRun>();
  return runs.filter((run) => {
    if (run.text.trim() === "") return true;
    const before = drawn.get(run.text);
    drawn.set(run.text, run);
    if (before?.size !== run.size) return true;
    return Math.max(Math.abs(before.x - run.x), Math.abs(before.y - run.y)) > run.size * SAME_PLACE;
  });
}

/** How far text may lean, in quarters of a turn. */
const MAX_LEAN = 0.1;

function turnOf(a: number, b: number): number | null {
  const quarters = Math.atan2(b, a) / (Math.PI / 2);
  const turn = Math.round(quarters);
  return Math.abs(quarters - turn) > MAX_LEAN ? null : (turn + 4) % 4;
}

function turnedPlace(turn: number | null, x: number, y: number): { x: number; y: number } {
  if (turn === 1) return { x: y, y: -x };
  if (turn === 2) return { x: -x, y: -y };
  return turn === 3 ? { x: -y, y: x } : { x, y };
}

/** The width of an average letter, in its height; letters beyond these bounds have another height. */
const LETTER_WIDTH = { usual: 0.5, least: 0.2, most: 1.6 };
/** Letters that tell a font's width. */
const MIN_LETTERS = 4;

/** The width of an average letter; null where there are too few. */
function widthOfLetters(runs: FontRun[]): number | null {
  const shown = runs.filter(({ text, width }) => text.trim() !== "" && width > 0);
  const letters = shown.reduce((sum, { text }) => sum + text.length, 0);
  return letters < MIN_LETTERS ? null : shown.reduce((sum, { width }) => sum + width, 0) / letters;
}

/** Whether letters can be as high as the file says; fonts of pictures may have any unit. */
function isSizeLikely(runs: FontRun[]): boolean {
  const width = widthOfLetters(runs);
  const size = runs[0]?.size ?? 0;
  return width === null || (width >= size * LETTER_WIDTH.least && width <= size * LETTER_WIDTH.most);
}

function correctSize(runs: FontRun[], width: number): void {
  for (const run of runs) {
    // Bold letters are wider, so sizes are told in steps.
    run.size = Math.max(2, Math.round(width / LETTER_WIDTH.usual / 2) * 2);
    // Gaps were taken for spaces by the wrong size: the places of the letters tell.
    if (run.text.trim() === "") run.text = "";
  }
}

/** Marks runs in a font whose letters are as wide as each other. */
function markFixed(runs: FontRun[], isNamed: boolean): void {
  const width = widthOfLetters(runs);
  const shown = runs.filter(({ text }) => text.trim() !== "");
  if (width !== null && (isNamed ? hasOneWidth(shown, width) : isFixedByWidth(shown, width)))
    for (const run of runs) run.advance = width;
}

/** By how much letters of one width differ: not at all, but for rounding. */
const SAME_WIDTH = 0.005;

function hasOneWidth(runs: FontRun[], width: number): boolean {
  return runs.every(
    (run) => run.text.length < 2 || Math.abs(run.width / run.text.length - width) < width * SAME_WIDTH,
  );
}

/** Whether narrow and wide letters are as wide as each other. */
function isFixedByWidth(runs: FontRun[], width: number): boolean {
  if (runs.length < 4 || !hasOneWidth(runs, width)) return false;
  const text = runs.map((run) => run.text).join("");
  return /[iljt]{2}/.test(text) && /[mwMW]/.test(text) && !/[\p{Lo}]/u.test(text) && new Set(text).size > 12;
}

function countLetters(runs: PdfRun[]): number {
  return runs.reduce((sum, { text }) => sum + text.trim().length, 0);
}

function groupBy<T, K>(all: T[], keyOf: (each: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const each of all) {
    const group = groups.get(keyOf(each));
    if (group === undefined) groups.set(keyOf(each), [each]);
    else group.push(each);
  }
  return groups;
}
