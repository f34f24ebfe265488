/*
 * The headings that a text stands under, as one line: "Install > Linux". A heading may hold the sign that parts them.
 */

const SIGN = " > ";
/** The sign within a heading, between spaces that do not break. */
const WITHIN = "\u00a0>\u00a0";

/** Joins headings, outermost first. */
export function joinHeadings(headings: string[]): string {
  return headings.map((heading) => heading.replaceAll(SIGN, WITHIN)).join(SIGN);
}

/** Splits a line of `joinHeadings` into its headings; none for an empty one. */
export function splitHeadings(trail: string): string[] {
  return trail === "" ? [] : trail.split(SIGN).map((heading) => heading.replaceAll(WITHIN, SIGN));
}
