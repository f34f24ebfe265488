/* Text in braces, for the formats of TeX's family. */

/** For each opening brace of a text the index of the one that closes it. */
export type BracePairs = ReadonlyMap<number, number>;

/**
 * Pairs the braces of a text in one pass, however many it opens and does not close.
 * @param escape the sign before a brace that is a brace in the text
 */
export function pairBraces(text: string, escape: "\\" | "@"): BracePairs {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === escape) at++;
    else if (sign === "{") open.push(at);
    else if (sign === "}") {
      const from = open.pop();
      if (from !== undefined) pairs.set(from, at);
    }
  }
  return pairs;
}
