import type { SearchHit } from "../domain/ports.js";
import { canonicalLocationKey } from "./source-identity.js";

/* How the hits of several searches become one list. */

/** How much the first ranks count against the others, as in the paper on reciprocal rank fusion (Cormack et al., 2009). */
const RANK_OFFSET = 60;

/**
 * Merges ranked lists by reciprocal rank fusion: a place that several searches find comes before one that a single search
 * finds at the same rank. Of one place only the first hit stays. Equal scores keep the order in turns.
 * @param lists best first; a list of several wordings of one search counts like any other
 */
export function mergeByRank(lists: readonly SearchHit[][]): SearchHit[] {
  const merged = new Map<string, { hit: SearchHit; score: number }>();
  for (const hit of takeInTurns(lists)) {
    const key = canonicalLocationKey(hit.place);
    if (!merged.has(key)) merged.set(key, { hit, score: 0 });
  }
  for (const list of lists) {
    const seen = new Set<string>();
    for (const [rank, { place }] of list.entries()) {
      const key = canonicalLocationKey(place);
      const found = merged.get(key);
      // A place that one list has twice counts with its best rank.
      if (found !== undefined && !seen.has(key)) found.score += 1 / (RANK_OFFSET + rank + 1);
      seen.add(key);
    }
  }
  // The sort is stable.
  return [...merged.values()].sort((a, b) => b.score - a.score).map(({ hit }) => hit);
}

/** The first of each list, then the second of each, and so on; of one place only the first. */
export function mergeInTurns(lists: readonly SearchHit[][]): SearchHit[] {
  return uniqueByLocation(takeInTurns(lists));
}

/** The hits without those of a place that came before. */
export function uniqueByLocation(hits: SearchHit[]): SearchHit[] {
  const seen = new Set<string>();
  return hits.filter(({ place }) => {
    const key = canonicalLocationKey(place);
    return !seen.has(key) && seen.add(key);
  });
}

function takeInTurns(lists: readonly SearchHit[][]): SearchHit[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, rank) =>
    lists.flatMap((list) => list.slice(rank, rank + 1)),
  ).flat();
}
