import MiniSearch from "minisearch";
import { isCancelled } from "../../common/errors.js";
import { msg, type Message } from "../../common/messages.js";
import type { Search, SearchHit, SearchTraits } from "../../core/domain/ports.js";
import { NO_USAGE, type Question } from "../../core/domain/schema.js";
import { splitPassages } from "../../core/text/passages.js";
import { RANKING } from "../../core/text/rank-passages.js";
import { listSitePages, type SiteAccess, type SiteIndex } from "../../reading/site/site-index.js";
import type { SitePage } from "../../reading/site/site-page.js";
import type { SearchProvider } from "../search-provider.js";
import { searchTerms } from "../workspace/rank-files.js";

const siteTraits: SearchTraits = {
  id: "site",
  kind: "hits",
  cost: { tokens: false, perCall: null },
  usesQueryVariants: true,
  keeps: "hits",
  covers: "sites",
};

export const siteProvider: SearchProvider = {
  ...siteTraits,
  feature: "siteSearch",
  scope: "site",
  isConfigured: ({ sites }) => sites.length > 0,
  open: ({ sites, openSite, notice }) => createSiteSearch(sites, openSite(), notice),
};

/** Pages of a site without texts in its list that are read, to see which of them answer. */
const MAX_CANDIDATES = 48;
/** A page far below the best shares only common words with the question. */
const WORTH_READING = 0.25;

type Index = MiniSearch<SitePage & { id: number }>;

/**
 * Searches sites that the user named, without a search service: in the site's own search index, or in its list of pages
 * of which the most likely are read. Sections of one page count together; a hit has the anchor of the best.
 */
export function createSiteSearch(
  sites: readonly string[],
  access: SiteAccess,
  notice: (message: Message) => void = () => undefined,
): Search {
  const lists = new Map<string, Promise<SiteIndex>>();
  const read = new Map<string, Promise<SitePage[]>>();
  const indexes = new WeakMap<SiteIndex, Index>();

  const listOf = (site: string, signal: AbortSignal): Promise<SiteIndex> => {
    const known =
      lists.get(site) ??
      listSitePages(site, access.fetch, signal).then((list) => {
        if (list.from === "none")
          notice(
            msg`${site} has no list of its pages (search index, llms.txt, sitemap): only that page is read.`,
          );
        return list;
      });
    lists.set(site, known);
    known.catch(() => lists.delete(site));
    return known;
  };

  /** The sections of a page; none where it cannot be read. */
  const sectionsOf = (page: SitePage, signal: AbortSignal): Promise<SitePage[]> => {
    const known =
      read.get(page.url) ??
      access.reader.read({ kind: "page", url: page.url }, signal).then(
        ({ title, text }) =>
          splitPassages(text, "markdown").map(({ heading, text: body }) => ({
            url: page.url,
            title: `${title} ${heading}`,
            text: body,
          })),
        (error: unknown) => {
          if (signal.aborted || isCancelled(error)) throw error;
          return [];
        },
      );
    read.set(page.url, known);
    known.catch(() => read.delete(page.url));
    return known;
  };

  const searchSite = async (
    site: string,
    question: Question,
    limit: number,
    signal: AbortSignal,
  ): Promise<SearchHit[]> => {
    const list = await listOf(site, signal);
    if (list.from === "none") return [{ place: { kind: "page", url: site }, title: site }];
    const index = indexes.get(list) ?? indexPages(list.pages);
    indexes.set(list, index);
    const terms = searchTerms(question);
    if (list.hasTexts) return rankPages(index, terms, limit);
    // By addresses alone little is known: the most likely pages are read, then ranked by what they say.
    const likely = rankPages(index, terms, MAX_CANDIDATES).map(({ place }) =>
      place.kind === "page" ? place.url : "",
    );
    const others = list.pages.map(({ url }) => url).filter((url) => !likely.includes(url));
    const candidates = [...likely, ...others].slice(0, MAX_CANDIDATES);
    const sections = await Promise.all(
      candidates.map((url) => sectionsOf({ url, title: "", text: "" }, signal)),
    );
    return rankPages(indexPages(sections.flat()), terms, limit);
  };

  return {
    ...siteTraits,
    async search(question, limit, signal) {
      signal.throwIfAborted();
      const found = await Promise.all(sites.map((site) => searchSite(site, question, limit, signal)));
      signal.throwIfAborted();
      const longest = Math.max(0, ...found.map((hits) => hits.length));
      const hits = Array.from({ length: longest }, (_, rank) =>
        found.flatMap((each) => each.slice(rank, rank + 1)),
      );
      return { value: { hits: hits.flat().slice(0, limit), grounded: null }, usage: NO_USAGE, by: "site" };
    },
  };
}

function indexPages(pages: SitePage[]): Index {
  const index: Index = new MiniSearch({
    fields: ["title", "text"],
    storeFields: ["url", "title"],
    ...RANKING,
  });
  index.addAll(pages.map((page, id) => ({ ...page, id })));
  return index;
}

/** Pages by their best sections: the second and third count a little, as with files. */
function rankPages(index: Index, terms: string, limit: number): SearchHit[] {
  const pages = new Map<string, { url: string; title: string; scores: number[] }>();
  for (const found of index.search(terms, { boost: { title: 1.5 } })) {
    const [url, title] = [String(found["url"]), String(found["title"])];
    const page = url.replace(/#.*$/s, "");
    const known = pages.get(page);
    if (known === undefined) pages.set(page, { url, title, scores: [found.score] });
    else known.scores.push(found.score);
  }
  const ranked = [...pages.values()]
    .map(({ url, title, scores: [best = 0, second = 0, third = 0] }) => ({
      url,
      title,
      score: best + 0.1 * second + 0.05 * third,
    }))
    .sort((a, b) => b.score - a.score || (a.url < b.url ? -1 : 1));
  const floor = (ranked[0]?.score ?? 0) * WORTH_READING;
  return ranked
    .filter(({ score }, rank) => score >= floor || rank < 4)
    .slice(0, limit)
    .map(({ url, title }) => ({ place: { kind: "page", url }, title: title || url }));
}
