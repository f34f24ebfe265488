import { splitSentences, type Span } from "../text/sentences.js";

/*
 * The numbers by which a model points at what it quotes. A quote is then the source's own text, and costs no output.
 */

/** What can be pointed at: a sentence, a list item, a table row or some lines of code. */
export interface NumberedUnit extends Span {
  /** Index of its passage; start and end count from that passage's start. */
  passage: number;
}

/** Consecutive lines of code are one unit, up to this length. */
const MAX_CODE_CHARACTERS = 400;
/** A quote says one thing: a longer range ends early. */
const MAX_QUOTE_CHARACTERS = 1500;

/** The units of all passages, in order; a unit's number is its index + 1. The same passages always give the same units. */
export function numberUnits({
  passages,
  format,
}: {
  passages: readonly { text: string }[];
  format: "markdown" | "code" | "text";
}): NumberedUnit[] {
  return passages.flatMap(({ text }, passage) => {
    const isCode = format === "code";
    const spans = splitSentences(text, isCode ? "code" : "markdown");
    const whole = isCode ? spans.map((span) => withCommentMark(text, span)) : spans;
    return joinCodeLines(text, whole, isCode).map((span) => ({ ...span, passage }));
  });
}

/** A comment's words with the mark before them in their line: what is quoted may be a block of code. */
function withCommentMark(text: string, { start, end }: Span): Span {
  const line = text.lastIndexOf("\n", start - 1) + 1;
  const mark = /^\s*([^\w\s]{1,4}\s*)$/.exec(text.slice(line, start))?.[1] ?? "";
  return { start: start - mark.length, end };
}

/** A passage's text with the number of each unit in front of it: "[#3] The port is 80." */
export function renderNumberedPassage(text: string, passage: number, units: readonly NumberedUnit[]): string {
  let rendered = "";
  let end = 0;
  for (const [index, unit] of units.entries()) {
    if (unit.passage !== passage) continue;
    rendered += `${text.slice(end, unit.start)}[#${index + 1}] `;
    end = unit.start;
  }
  return rendered + text.slice(end);
}

/**
 * The text between two units, both included, as a range of their passage.
 * @param first number of the first unit, 1-based
 * @param last number of the last; a range ends with its passage, and where it becomes too long
 * @returns null where there is no such unit
 */
export function rangeOfUnits(
  units: readonly NumberedUnit[],
  first: number,
  last: number,
): NumberedUnit | null {
  const opening = units[first - 1];
  if (opening === undefined) return null;
  let { end } = opening;
  for (let at = first; at < last; at++) {
    const next = units[at];
    if (next?.passage !== opening.passage || next.end - opening.start > MAX_QUOTE_CHARACTERS) break;
    end = next.end;
  }
  return { passage: opening.passage, start: opening.start, end };
}

/** Joins the lines of code that follow each other without a blank line. */
function joinCodeLines(text: string, spans: Span[], isCode: boolean): Span[] {
  const fences = isCode ? null : fencedRanges(text);
  const isCodeLine = ({ start, end }: Span): boolean =>
    fences === null || fences.some((fence) => fence.start <= start && end <= fence.end);
  const joined: Span[] = [];
  let isOpen = false;
  for (const span of spans) {
    const last = joined.at(-1);
    const isLine = isCodeLine(span);
    if (
      last !== undefined &&
      isOpen &&
      isLine &&
      span.end - last.start <= MAX_CODE_CHARACTERS &&
      /^[^\S\n]*\n[^\S\n]*$/.test(text.slice(last.end, span.start))
    ) {
      last.end = span.end;
    } else joined.push({ ...span });
    isOpen = isLine;
  }
  return joined;
}

const FENCE = /^\s{0,3}(`{3,}|~{3,})/;

function fencedRanges(text: string): Span[] {
  const found: Span[] = [];
  let open: { mark: string; start: number } | null = null;
  let start = 0;
  for (const line of text.split("\n")) {
    const mark = FENCE.exec(line)?.[1];
    if (open === null) {
      if (mark !== undefined) open = { mark, start };
    } else if (mark?.startsWith(open.mark)) {
      found.push({ start: open.start, end: start + line.length });
      open = null;
    }
    start += line.length + 1;
  }
  if (open !== null) found.push({ start: open.start, end: text.length });
  return found;
}
