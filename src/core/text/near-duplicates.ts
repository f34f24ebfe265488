/*
 * Recognizes copies of a text: the same article on two sites differs in a byline and a cookie notice, and counts as one
 * source. Similar pages of one site are kept apart: they are mostly versions of each other, and their differences
 * matter.
 */

/** A MinHash sketch: the smallest hashes of a text's shingles, to estimate the overlap of two texts. */
export interface MinHashSketch {
  /** Host of the page; empty for a file. */
  host: string;
  /** Hash of all words. */
  whole: number;
  least: number[];
}

/** Number of words in a shingle. */
const SHINGLE = 5;
/** Number of hashes in a sketch: the estimate is accurate to about a tenth. */
const SKETCH_SIZE = 128;
/** Minimum share of common shingles for two texts to count as one. */
const MIN_SIMILARITY = 0.8;
/** Texts with fewer shingles are too short to compare. */
const MIN_SHINGLES = 20;

export function minHash(text: string, host: string): MinHashSketch {
  const words = (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map(hash);
  const hashes = new Set<number>();
  for (let at = 0; at + SHINGLE <= words.length; at++) hashes.add(combineHashes(words, at, at + SHINGLE));
  const least = Uint32Array.from(hashes).sort().slice(0, SKETCH_SIZE);
  return { host, whole: combineHashes(words, 0, words.length), least: [...least] };
}

/** True if two texts are nearly identical. */
export function isNearDuplicate(one: MinHashSketch, other: MinHashSketch): boolean {
  if (one.least.length < MIN_SHINGLES || other.least.length < MIN_SHINGLES) return false;
  if (one.whole === other.whole) return true;
  if (one.host === other.host) return false;
  return sharedShare(one, other) >= MIN_SIMILARITY;
}

/** True if two texts may be the same: they share half of their shingles, or are too short to compare. */
export function mayBeSameText(one: MinHashSketch, other: MinHashSketch): boolean {
  if (one.least.length < MIN_SHINGLES || other.least.length < MIN_SHINGLES) return true;
  return sharedShare(one, other) >= 0.5;
}

/** Estimates the share of common shingles, from 0 to 1. */
function sharedShare({ least: one }: MinHashSketch, { least: other }: MinHashSketch): number {
  let union = 0;
  let shared = 0;
  // Both are sorted: merging them gives the smallest hashes of the union.
  for (let a = 0, b = 0; union < SKETCH_SIZE && (a < one.length || b < other.length); union++) {
    const left = one[a] ?? Infinity;
    const right = other[b] ?? Infinity;
    if (left === right) shared++;
    if (left <= right) a++;
    if (right <= left) b++;
  }
  return shared / union;
}

/** Combines the hashes in [from, to). */
function combineHashes(hashes: number[], from: number, to: number): number {
  let value = 0x811c9dc5;
  for (let at = from; at < to; at++) {
    value = Math.imul(value ^ (hashes[at] ?? 0), 0x01000193);
    value = (value ^ (value >>> 15)) >>> 0;
  }
  return value;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
