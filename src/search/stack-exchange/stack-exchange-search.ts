import * as z from "zod";
import type { Search, SearchHit, SearchTraits } from "../../core/domain/ports.js";
import { NO_USAGE } from "../../core/domain/schema.js";
import { decodeEntities } from "../../reading/services/decode-entities.js";
import { askStackExchange } from "../../reading/services/stack-exchange-api.js";
import type { SearchProvider } from "../search-provider.js";
import { readResults, toSearchHits } from "../web-services/search-hits.js";
import { cutQuery } from "../web-services/web-search.js";

const stackExchangeTraits: SearchTraits = {
  id: "stackexchange",
  kind: "hits",
  cost: { tokens: false, perCall: null },
  usesQueryVariants: false,
  keeps: "hits",
  covers: "questions",
};

export const stackExchangeProvider: SearchProvider = {
  ...stackExchangeTraits,
  scope: "web",
  feature: "stackExchangeSearch",
  isConfigured: ({ settings }) => (settings.webSearches ?? []).includes("stackexchange"),
  open: ({ settings }) => createStackExchangeSearch(settings.contact ?? ""),
};

const Found = z.object({ title: z.string(), link: z.string() });
const LONGEST_QUERY = 200;
const MAX_PER_PAGE = 20;
const MAX_PAGES = 2;

/** Searches Stack Overflow for questions that have answers. */
function createStackExchangeSearch(contact: string): Search {
  return {
    ...stackExchangeTraits,
    async search(question, limit, signal) {
      const hits: SearchHit[] = [];
      const size = Math.min(limit, MAX_PER_PAGE);
      let hasMore = true;
      for (let page = 1; hasMore && page <= MAX_PAGES && hits.length < limit; page++) {
        const query = {
          q: cutQuery(question.query, LONGEST_QUERY),
          sort: "relevance",
          order: "desc",
          answers: "1",
          page: `${page}`,
          pagesize: `${size}`,
        };
        const found = await askStackExchange(
          "/search/advanced",
          "stackoverflow",
          query,
          z.unknown(),
          contact,
          signal,
        );
        const results = readResults(found.items, Found);
        hits.push(
          ...toSearchHits(results.map(({ link: url, title }) => ({ url, title: decodeEntities(title) }))),
        );
        hasMore = found.hasMore;
      }
      return { value: { hits: hits.slice(0, limit), grounded: null }, usage: NO_USAGE, by: "Stack Exchange" };
    },
  };
}
