import { trimEndMatching } from "../text/linear-search.js";

/*
 * What a report says about what stays unanswered. A gap is a phrase; that of a word that no source holds is the word
 * between quotation marks.
 */

/** The gap of a word of the question that stands in no source. */
export function absentWordGap(word: string): string {
  return `“${word}”`;
}

/** The remarks of a report about its gaps, each a sentence: absent words together, then each other point. */
export function describeGaps(gaps: string[]): string[] {
  const words = gaps.flatMap((gap) => /^“([^”]+)”$/.exec(gap)?.[1] ?? []);
  // A point that is about an absent word is told with the word.
  const points = gaps.filter(
    (gap) => !/^“[^”]+”$/.test(gap) && !words.some((word) => gap.toLowerCase().includes(word.toLowerCase())),
  );
  const last = words.at(-1);
  const list = words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last ?? ""}`;
  return [
    ...(list === undefined ? [] : [`Nothing here speaks of ${list}.`]),
    ...points.map(unansweredPointRemark),
  ];
}

/** Gaps that stand on top of a report at most. */
const MOST_ON_TOP = 3;

/** The remark on a report that has no answer, only what is near one: it says what is missing. */
export function nearnessRemark(gaps: string[]): string {
  const missing = describeGaps(gaps.slice(0, MOST_ON_TOP));
  return ["Nothing here answers the question.", ...missing, "What follows is only near it."].join(" ");
}

/** The remark on a point that no evidence is about. */
export function unansweredPointRemark(point: string): string {
  return `Nothing was found about this point: ${withoutMark(point)}.`;
}

/** The remark on a point of which evidence was found that no sentence uses. */
export function uncitedPointRemark(point: string, quotes: number): string {
  const found = quotes === 1 ? "one quote is" : `${quotes} quotes are`;
  return `The report does not answer this point, although ${found} about it: ${withoutMark(point)}.`;
}

function withoutMark(point: string): string {
  return trimEndMatching(point, /[\s.?!？。]/);
}
