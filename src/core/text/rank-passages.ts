import MiniSearch from "minisearch";
import { namesIn } from "./entry-name.js";
import type { Passage } from "./passages.js";
import { scopeFactors } from "./question-scope.js";
import { contentTerms, tokenize } from "./tokenize.js";

export { tokenize } from "./tokenize.js";
export { splitSentences } from "./sentences.js";

/** BM25 by minisearch, with our own tokenizer. */
export const RANKING = {
  tokenize,
  processTerm: (term: string): string => term,
  searchOptions: { tokenize: contentTerms, processTerm: (term: string): string => term },
};

/**
 * Ranks passages by the terms of the queries, best first; passages without any come last, in text order. All queries
 * count equally: the best passage for one of them ranks near the top.
 */
export function rankPassages(passages: Passage[], queries: string[]): Passage[] {
  // Only query terms are indexed; BM25 still uses the lengths of the whole passages.
  const wanted = new Set(queries.flatMap(contentTerms));
  const index = new MiniSearch<{ id: number; heading: string; names: string; text: string }>({
    fields: ["heading", "names", "text"],
    ...RANKING,
    processTerm: (term) => (wanted.has(term) ? term : null),
  });
  index.addAll(
    passages.map(({ heading, text }, id) => ({ id, heading, names: namesIn(heading, text).join(" "), text })),
  );
  const scores = passages.map(() => 0);
  for (const query of queries) {
    const hits = index.search(query, { boost: { heading: 3, names: NAMES } });
    const best = hits[0]?.score ?? 1;
    hits.forEach(({ id, score }, rank) => {
      const at = id as number;
      scores[at] = (scores[at] ?? 0) + score / best + 1 / (rank + 2);
    });
  }
  addScope(passages, queries, scores);
  return passages
    .map((passage, at) => ({ passage, at, score: scores[at] ?? 0 }))
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .map(({ passage }) => passage);
}

/** How much a word of a query counts in a name that a passage explains, beside what it counts in the text. */
const NAMES = 2;

/** What it counts that a passage's heading names the version or time asked for, or the newest: as much as the best hit. */
const IN_SCOPE = 1.5;

/** Raises the passages below the heading of what a query is confined to, and lowers those of other versions and times. */
function addScope(passages: Passage[], queries: string[], scores: number[]): void {
  const texts = passages.map(({ heading, text }) => ({ source: "", heading, text }));
  for (const query of queries) {
    scopeFactors(query, texts).forEach((factor, at) => {
      scores[at] = (scores[at] ?? 0) * Math.min(1, factor) + (factor > 1 ? IN_SCOPE : 0);
    });
  }
}
