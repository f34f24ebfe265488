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
  const points = gaps.filter((gap) => !/^“[^”]+”$/.test(gap));
  const last = words.at(-1);
  const list = words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last ?? ""}`;
  return [
    ...(list === undefined ? [] : [`Nothing here speaks of ${list}.`]),
    ...points.map((point) => `Nothing was found about this point: ${point}.`),
  ];
}
