/*
 * Shares of a whole in a text whose number words are figures: "25 %", "1/4", "1 in 4", "602 of 2,408". They are compared by
 * their value, since a report writes "a quarter" for "25 %", and "half" for "1,204 of 2,408".
 */

export interface Share {
  /** Between 0 and 1. */
  value: number;
  /** Half of the last digit that is written; 0 for a fraction. */
  precision: number;
  isAbout: boolean;
  start: number;
  end: number;
}

const SHARE =
  /(?<![\d.,/])(?:(?<part>\d{1,2})\/(?<whole>\d{1,3})(?![\d/]|[.,]\d)|(?<percent>\d{1,3}(?:[.,]\d{1,3})?)[ -]?(?:%|percent|prozent)(?!\p{L})|(?<some>\d{1,3}(?:[.,]?\d{3}){0,3}) (?:(?:out )?of|in|von) (?:(?:every|the|all|den) )?(?<all>\d{1,3}(?:[.,]?\d{3}){0,3})(?![\d/%]|[.,:]\d))/giu;
const ABOUT =
  /(?<!\p{L})(?:about|around|roughly|nearly|almost|approximately|some|over|etwa|rund|ungefähr|fast|knapp|gut|circa|ca\.) (?:the |die |der )?$/iu;

/** Finds the shares of a text. The parts of "3 of 10" count as a share only where the first is the smaller one. */
export function findShares(text: string): Share[] {
  return Array.from(text.matchAll(SHARE), (match) => {
    const groups = match.groups ?? {};
    const [value, precision] = valueOf(groups);
    const isAbout = ABOUT.test(text.slice(Math.max(0, match.index - 20), match.index));
    return { value, precision, isAbout, start: match.index, end: match.index + match[0].length };
  }).filter(({ value }) => value > 0 && value < 1);
}

function valueOf(groups: Record<string, string | undefined>): [number, number] {
  const { part, whole, percent, some = "", all = "" } = groups;
  if (part !== undefined) return [Number(part) / Number(whole), 0];
  if (percent !== undefined) {
    const [, decimals = ""] = percent.split(/[.,]/);
    return [Number(percent.replace(",", ".")) / 100, 0.5 / 10 ** (decimals.length + 2)];
  }
  const number = (digits: string): number => Number(digits.replaceAll(/[.,]/g, ""));
  return [number(some) / number(all), 0];
}

/** Shares that differ by less are one where a text says "about". */
const ABOUT_EQUAL = 0.02;

/** Whether two shares are one, in the precision in which they are written. */
export function isSameShare(one: Share, other: Share): boolean {
  // Two percentages are compared as written, with their units.
  if (one.precision > 0 && other.precision > 0) return false;
  const least = one.isAbout || other.isAbout ? ABOUT_EQUAL : 0;
  return Math.abs(one.value - other.value) <= Math.max(least, one.precision, other.precision, 0.0005);
}
