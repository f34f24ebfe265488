import type { Coverage } from "../../core/domain/reading.js";

/** Below this share of the main part's words, a source counts as read in part. */
const MIN_SHARE = 0.9;
/** In shorter texts a menu or two outweighs the rest. */
const MIN_WORDS = 50;

/** A warning for a source of which less than nine tenths of the main part's words were read. */
export function coverageWarnings({ words, kept }: Coverage): string[] {
  if (words < MIN_WORDS || kept >= words * MIN_SHARE) return [];
  const percent = Math.floor((100 * kept) / words);
  return [`Only ${percent}% of the words of its main part were read.`];
}
