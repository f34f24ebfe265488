import { toCompatibilityForm } from "../text/number-forms.js";
import type { QuoteCheck } from "../domain/schema.js";

/** The location of a quote in a text: [start, end) in UTF-16 units, and how it was found. */
export interface QuoteLocation {
  start: number;
  end: number;
  check: Exclude<QuoteCheck, "grounded">;
}

/**
 * Finds a quote in a text, exactly or after normalizing white space, quotation marks, dashes and Unicode form on both
 * sides. There is no fuzzier matching.
 */
export function locateQuote(quote: string, text: string): QuoteLocation | null {
  return createQuoteLocator(text)(quote);
}

/** Like `locateQuote`, for many quotes of one text: the text is normalized once, on demand. */
export function createQuoteLocator(text: string): (quote: string) => QuoteLocation | null {
  let normalized: Normalized | null = null;
  return (quote) => {
    const wanted = quote.trim();
    if (wanted === "") return null;
    const exact = text.indexOf(wanted);
    if (exact >= 0) return { start: exact, end: exact + wanted.length, check: "exact" };
    const needle = normalize(wanted).text.trim();
    if (needle === "") return null;
    const haystack = (normalized ??= normalize(text));
    const at = haystack.text.indexOf(needle);
    if (at < 0) return null;
    const start = originalRange(haystack, at).start;
    const end = originalRange(haystack, at + needle.length - 1).end;
    return { start, end, check: "normalized" };
  };
}

/** True for a quote too short to prove anything: fewer than three words and fewer than 12 letters or digits. */
export function isTooShort(quote: string): boolean {
  const letters = quote.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const words = quote.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return letters < 12 && words < 3;
}

/** A normalized text and its mapping to the original. */
interface Normalized {
  text: string;
  pieces: Pieces;
}

/** For each piece, its start in the normalized text, and its start and end in the original. */
interface Pieces {
  at: number[];
  starts: number[];
  /** -1 for a piece that is identical in both. */
  ends: number[];
}

const MARKS: Record<string, string> = {
  "\u2018": "'",
  "\u2019": "'",
  "\u201a": "'",
  "\u201b": "'",
  "\u2032": "'",
  "\u00b4": "'",
  "\u0060": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u201e": '"',
  "\u201f": '"',
  "\u2033": '"',
  "\u00ab": '"',
  "\u00bb": '"',
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2014": "-",
  "\u2015": "-",
  "\u2212": "-",
  "\u2026": "...",
};

/** A letter with its combining marks, or a Korean syllable, so that composed and decomposed forms compare alike. */
const CLUSTER = /[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|\P{M}\p{M}*|\p{M}+/suy;

const HIDDEN = /^[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]$/;

function normalize(original: string): Normalized {
  const written: string[] = [];
  const pieces: Pieces = { at: [], starts: [], ends: [] };
  let length = 0;
  let isBlankLast = false;
  for (let at = 0; at < original.length;) {
    const plain = plainEnd(original, at);
    if (plain > at) {
      push(original.slice(at, plain), at, -1);
      isBlankLast = false;
      at = plain;
      continue;
    }
    CLUSTER.lastIndex = at;
    const cluster = CLUSTER.exec(original)?.[0] ?? original.charAt(at);
    const start = at;
    at += cluster.length;
    if (HIDDEN.test(cluster)) continue;
    if (!/^\s$/u.test(cluster)) {
      const piece = MARKS[cluster] ?? toCompatibilityForm(cluster);
      push(piece, start, at);
      if (piece !== "") isBlankLast = piece.endsWith(" ");
    } else if (isBlankLast) {
      // A run of white space becomes one space, mapped to the whole run.
      pieces.ends[pieces.ends.length - 1] = at;
    } else {
      push(" ", start, at);
      isBlankLast = true;
    }
  }
  return { text: written.join(""), pieces };

  function push(piece: string, start: number, end: number): void {
    if (piece === "") return;
    written.push(piece);
    pieces.at.push(length);
    pieces.starts.push(start);
    pieces.ends.push(end);
    length += piece.length;
  }
}

/** The end of unchanged ASCII: characters, and single spaces between them, not followed by a combining mark. */
function plainEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    const isBlank = code === 0x20 && end > from && isPlainSign(text.charCodeAt(end + 1));
    if (!isBlank && !isPlainSign(code)) break;
    if (text.charCodeAt(end + 1) >= FIRST_MARK) break;
    end++;
  }
  // A final space may begin a run of white space.
  return end > from && text.charCodeAt(end - 1) === 0x20 ? end - 1 : end;
}

/** The first combining mark of Unicode. */
const FIRST_MARK = 0x300;

function isPlainSign(code: number): boolean {
  // The backtick counts as a quotation mark.
  return code > 0x20 && code < 0x7f && code !== 0x60;
}

/** Maps a position of the normalized text to its range in the original. */
function originalRange(
  { pieces: { at, starts, ends } }: Normalized,
  place: number,
): { start: number; end: number } {
  let low = 0;
  for (let high = at.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) <= place) low = middle;
    else high = middle;
  }
  const start = starts[low] ?? 0;
  const end = ends[low] ?? 0;
  if (end >= 0) return { start, end };
  const originalStart = start + place - (at[low] ?? 0);
  return { start: originalStart, end: originalStart + 1 };
}
