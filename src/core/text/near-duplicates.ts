/*
 * Copies of one text: the same article on two sites differs in a byline and a line about cookies, and
 * is one source all the same. Two pages of one site that are much alike are left apart: they are
 * mostly versions of each other, and what they differ in matters.
 */

/** The least hashes of a text's shingles: enough to tell how much two texts share. */
export interface MinHashSketch {
  /** Host of the page; empty for a file. */
  host: string;
  /** Hash of all words. */
  whole: number;
  least: number[];
}

/** Words in a shingle. */
const SHINGLE = 5;
/** Hashes that are kept: the estimate is good to about a tenth. */
const KEPT = 128;
/** The share of common shingles from which on two texts are one. */
const COPY = 0.8;
/** A text with fewer shingles is too short to be told from another by them. */
const SHORTEST = 20;

export function minHash(text: string, host: string): MinHashSketch {
  const words = (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map(hash);
  const hashes = new Set<number>();
  for (let at = 0; at + SHINGLE <= words.length; at++) hashes.add(combined(words, at, at + SHINGLE));
  const least = Uint32Array.from(hashes).sort().slice(0, KEPT);
  return { host, whole: combined(words, 0, words.length), least: [...least] };
}

/** True where two texts say the same in the same words. */
export function isNearDuplicate(one: MinHashSketch, other: MinHashSketch): boolean {
  if (one.least.length < SHORTEST || other.least.length < SHORTEST) return false;
  if (one.whole === other.whole) return true;
  if (one.host === other.host) return false;
  return sharedShare(one, other) >= COPY;
}

/** True where two texts that claim to be one could be: they share half of what they say, or are too short to tell. */
export function mayBeSameText(one: MinHashSketch, other: MinHashSketch): boolean {
  if (one.least.length < SHORTEST || other.least.length < SHORTEST) return true;
  return sharedShare(one, other) >= 0.5;
}

/** The share of shingles that two texts have in common, from 0 to 1, as their least hashes tell. */
function sharedShare({ least: one }: MinHashSketch, { least: other }: MinHashSketch): number {
  let union = 0;
  let shared = 0;
  // Both are in order: the least hashes of the two together come by walking along both.
  for (let a = 0, b = 0; union < KEPT && (a < one.length || b < other.length); union++) {
    const mine = one[a] ?? Infinity;
    const theirs = other[b] ?? Infinity;
    if (mine === theirs) shared++;
    if (mine <= theirs) a++;
    if (theirs <= mine) b++;
  }
  return shared / union;
}

/** One hash of the hashes in [from, to). */
function combined(hashes: number[], from: number, to: number): number {
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
