import * as z from "zod";
import type { Search, SearchTraits } from "../../core/domain/ports.js";
import { NO_USAGE } from "../../core/domain/schema.js";
import { askWikipedia, revisionAddress } from "../../reading/services/wikipedia-api.js";
import type { SearchProvider } from "../search-provider.js";
import { readResults, toSearchHits } from "../web-services/search-hits.js";
import { cutQuery } from "../web-services/web-search.js";

const wikipediaTraits: SearchTraits = {
  id: "wikipedia",
  kind: "hits",
  cost: { tokens: false, perCall: null },
  usesQueryVariants: false,
  keeps: "hits",
  covers: "encyclopedia",
};

export const wikipediaProvider: SearchProvider = {
  ...wikipediaTraits,
  scope: "web",
  feature: "wikipediaSearch",
  isConfigured: ({ settings }) => (settings.webSearches ?? []).includes("wikipedia"),
  open: ({ settings }) => createWikipediaSearch(settings.contact ?? ""),
};

const HOST = "en.wikipedia.org";
/** Without results the answer has no query. */
const Found = z
  .object({
    batchcomplete: z.literal(true).optional(),
    query: z.object({ pages: z.array(z.unknown()) }).optional(),
  })
  .refine(({ batchcomplete, query }) => batchcomplete === true || query !== undefined);
const FoundArticle = z.object({ title: z.string(), index: z.number(), lastrevid: z.int().positive() });
const LONGEST_QUERY = 250;
const MAX_HITS = 50;

/** Searches the English Wikipedia. Articles are cited by their current revision. */
function createWikipediaSearch(contact: string): Search {
  return {
    ...wikipediaTraits,
    async search(question, limit, signal) {
      const query = {
        action: "query",
        generator: "search",
        gsrsearch: cutQuery(question.query, LONGEST_QUERY),
        gsrlimit: `${Math.min(limit, MAX_HITS)}`,
        gsrnamespace: "0",
        prop: "info",
      };
      const { query: found } = await askWikipedia(HOST, query, Found, contact, signal);
      const articles = readResults(found?.pages ?? [], FoundArticle).sort((a, b) => a.index - b.index);
      const results = articles.map(({ title, lastrevid }) => ({
        url: revisionAddress(HOST, title, lastrevid),
        title,
      }));
      return {
        value: { hits: toSearchHits(results).slice(0, limit), grounded: null },
        usage: NO_USAGE,
        by: "Wikipedia",
      };
    },
  };
}
