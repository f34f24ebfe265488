import MiniSearch from "minisearch";
import type { SearchHit } from "../../core/domain/ports.js";
import { RANKING } from "../../core/text/rank-passages.js";
import {
  FIELD_WEIGHTS,
  findMentionedNames,
  mentionName,
  rankFiles,
  scoreFile,
  titleToIndex,
  type IndexedHit,
} from "../workspace/rank-files.js";
import { withoutAnchor, type SitePassage } from "./site-passages.js";

/*
 * Ranks the pages of a site as the files of a workspace are ranked: by their best passages, by the words of their titles
 * and addresses, and by what the best of them mention.
 */

export interface SitePageIndex {
  /** The pages that hold words of the search terms, best first, each with the anchor of its best section. */
  rank(terms: string, limit: number): Promise<SearchHit[]>;
}

export function indexSitePages(passages: readonly SitePassage[]): SitePageIndex {
  const index = new MiniSearch<SitePassage & { id: number }>({
    fields: ["title", "heading", "text"],
    ...RANKING,
  });
  index.addAll(
    passages.map((passage, id) => {
      const title = titleToIndex(pathOf(passage.url), passage.title);
      return { ...passage, id, title };
    }),
  );
  const named = pagesByName(passages);

  return {
    async rank(terms, limit) {
      const best = new Map<string, { passage: SitePassage; scores: number[] }>();
      for (const { id, score } of index.search(terms, { boost: FIELD_WEIGHTS })) {
        const passage = passages[id as number];
        if (passage === undefined) continue;
        const page = withoutAnchor(passage.url);
        const known = best.get(page);
        if (known === undefined) best.set(page, { passage, scores: [score] });
        else known.scores.push(score);
      }
      const found = [...best].map(([file, { passage, scores }]) => {
        const { title, text } = passage;
        return { file, title, score: scoreFile(pathOf(file), scores), passage: text };
      });
      const mentioned = (texts: string[]): Promise<IndexedHit[][]> =>
        Promise.resolve(texts.map((text) => findNamedPages(text, named)));
      const ranked = await rankFiles(found, mentioned, limit);
      return ranked.map(({ file, title }) => {
        const url = best.get(file)?.passage.url ?? file;
        return { place: { kind: "page", url }, title: title || url };
      });
    },
  };
}

/** The pages that other texts may name, by what they call them. */
function pagesByName(passages: readonly SitePassage[]): Map<string, IndexedHit> {
  const named = new Map<string, IndexedHit>();
  for (const { url, title } of passages) {
    const file = withoutAnchor(url);
    const name = mentionName(file, title);
    if (name !== null && !named.has(name)) named.set(name, { file, title });
  }
  return named;
}

function findNamedPages(text: string, named: Map<string, IndexedHit>): IndexedHit[] {
  return [...findMentionedNames(text, (name) => named.has(name))].flatMap((name) => named.get(name) ?? []);
}

/** The path of a page as that of a document: pages often have no ending, or that of a version. */
function pathOf(url: string): string {
  const { pathname } = new URL(url);
  let path = pathname;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    // Invalid encodings stay as they are.
  }
  return /\.(?:html?|md)$/i.test(path) ? path : `${path.replace(/\/$/, "")}.html`;
}
