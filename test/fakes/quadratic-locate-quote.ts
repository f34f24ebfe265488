import { toCompatibilityForm } from "../../src/core/text/number-forms.js";
import type { QuoteLocation } from "../../src/core/evidence/locate-quote.js";

/*
 * As `src/core/evidence/locate-quote.ts` was before it took linear time: what it finds must stay the same.
 */

export function locateBefore(quote: string, text: string): QuoteLocation | null {
  const wanted = quote.trim();
  if (wanted === "") return null;
  const exact = text.indexOf(wanted);
  if (exact >= 0) return { start: exact, end: exact + wanted.length, check: "exact" };
  const needle = normalize(wanted).text.trim();
  if (needle === "") return null;
  const hay = normalize(text);
  const at = hay.text.indexOf(needle);
  if (at < 0) return null;
  const start = hay.starts[at];
  const end = hay.ends[at + needle.length - 1];
  return start === undefined || end === undefined ? null : { start, end, check: "normalized" };
}

interface Normalized {
  text: string;
  /** For each UTF-16 unit of `text`, where its origin starts and ends in the original. */
  starts: number[];
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
const CLUSTER = /[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|\P{M}\p{M}*|\p{M}+/gsu;

function normalize(original: string): Normalized {
  let text = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (const match of original.matchAll(CLUSTER)) {
    const cluster = match[0];
    const end = match.index + cluster.length;
    if (/^[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]$/.test(cluster)) continue;
    if (/^\s$/u.test(cluster)) {
      // A run of white space is one blank that ends where the run ends.
      if (text.endsWith(" ")) ends[ends.length - 1] = end;
      else push(" ", match.index, end);
      continue;
    }
    // Digits of other forms stay what they are: this differs on purpose from what was there.
    push(MARKS[cluster] ?? toCompatibilityForm(cluster), match.index, end);
  }
  return { text, starts, ends };

  function push(piece: string, start: number, end: number): void {
    text += piece;
    starts.push(...Array.from(piece.split(""), () => start));
    ends.push(...Array.from(piece.split(""), () => end));
  }
}
