/** A difference between two sequences: [from, to) in the first was replaced by [at, end) in the second. */
export interface SequenceDifference {
  from: number;
  to: number;
  at: number;
  end: number;
}

/** Maximum number of pairs to compare exactly; larger ranges are split at elements that are unique in both. */
const MAX_PAIRS = 1_000_000;

/** Finds the differences of two sequences, in order. Takes linear time except for small ranges. */
export function diffSequences(first: readonly string[], second: readonly string[]): SequenceDifference[] {
  const found: SequenceDifference[] = [];
  const open: SequenceDifference[] = [{ from: 0, to: first.length, at: 0, end: second.length }];
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    let { from, to, at, end } = range;
    while (from < to && at < end && first[from] === second[at]) {
      from++;
      at++;
    }
    while (from < to && at < end && first[to - 1] === second[end - 1]) {
      to--;
      end--;
    }
    if (from === to && at === end) continue;
    const anchors =
      from === to || at === end
        ? []
        : (to - from) * (end - at) <= MAX_PAIRS
          ? longestCommonSubsequence(first, second, { from, to, at, end })
          : uniqueAnchors(first, second, { from, to, at, end });
    if (anchors.length === 0) {
      found.push({ from, to, at, end });
      continue;
    }
    // Reversed, since the stack returns them in opposite order.
    const ends = [...anchors, [to, end] as const];
    const ranges = ends.map(([a, b], index): SequenceDifference => {
      const [before, previousAt] =
        index === 0 ? [from - 1, at - 1] : (anchors[index - 1] ?? [from - 1, at - 1]);
      return { from: before + 1, to: a, at: previousAt + 1, end: b };
    });
    open.push(...ranges.reverse());
  }
  return found;
}

/** The index pairs of a longest common subsequence. */
function longestCommonSubsequence(
  first: readonly string[],
  second: readonly string[],
  { from, to, at, end }: SequenceDifference,
): (readonly [number, number])[] {
  const width = end - at + 1;
  const lengths = new Uint32Array((to - from + 1) * width);
  for (let a = to - from - 1; a >= 0; a--) {
    for (let b = end - at - 1; b >= 0; b--) {
      lengths[a * width + b] =
        first[from + a] === second[at + b]
          ? (lengths[(a + 1) * width + b + 1] ?? 0) + 1
          : Math.max(lengths[(a + 1) * width + b] ?? 0, lengths[a * width + b + 1] ?? 0);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let a = 0, b = 0; a < to - from && b < end - at;) {
    if (first[from + a] === second[at + b]) pairs.push([from + a++, at + b++]);
    else if ((lengths[(a + 1) * width + b] ?? 0) >= (lengths[a * width + b + 1] ?? 0)) a++;
    else b++;
  }
  return pairs;
}

/** Pairs of elements that are unique in both ranges: the longest sequence in the same order. */
function uniqueAnchors(
  first: readonly string[],
  second: readonly string[],
  { from, to, at, end }: SequenceDifference,
): (readonly [number, number])[] {
  const uniqueIndexes = (all: readonly string[], start: number, stop: number): Map<string, number> => {
    const places = new Map<string, number>();
    for (let index = start; index < stop; index++) {
      const value = all[index] ?? "";
      places.set(value, places.has(value) ? -1 : index);
    }
    return places;
  };
  const others = uniqueIndexes(second, at, end);
  const pairs: (readonly [number, number])[] = [];
  for (const [value, index] of uniqueIndexes(first, from, to)) {
    const other = others.get(value) ?? -1;
    if (index >= 0 && other >= 0) pairs.push([index, other]);
  }
  return longestIncreasing(pairs.sort(([a], [b]) => a - b));
}

/** The longest subsequence of pairs whose second index increases. */
function longestIncreasing(pairs: (readonly [number, number])[]): (readonly [number, number])[] {
  const tails: number[] = [];
  const before: number[] = [];
  for (const [index, [, place]] of pairs.entries()) {
    let low = 0;
    for (let high = tails.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] ?? 0]?.[1] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? -1 : (tails[low - 1] ?? -1);
    tails[low] = index;
  }
  const chosen: (readonly [number, number])[] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) {
    const pair = pairs[index];
    if (pair !== undefined) chosen.push(pair);
  }
  return chosen.reverse();
}
