import { msg } from "../../common/messages.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { SERVICE_KEYS } from "../../config/service-keys.js";
import type { Search, SearchTraits } from "../../core/domain/ports.js";
import { askService, type Service } from "../../reading/services/service-request.js";
import { serviceUserAgent } from "../../reading/services/service-address.js";
import type { SearchProvider } from "../search-provider.js";
import { toSearchHits, type WebResult } from "./search-hits.js";
import { WEB_SEARCHES, type WebSearchRow } from "./web-search-table.js";

/** General web searches. Each is asked only where the user named it, and has its key where it needs one. */
export const webSearchProviders: readonly SearchProvider[] = WEB_SEARCHES.map((row) => ({
  ...traitsOf(row, row.isKeyOptional ? null : ""),
  scope: "web",
  feature: row.feature,
  isConfigured: ({ settings, keys }) =>
    (settings.webSearches ?? []).includes(row.id) && (row.isKeyOptional || keys[row.id] !== undefined),
  costWith: ({ keys }) => traitsOf(row, keys[row.id] ?? null).cost,
  open: ({ settings, keys }) => createWebSearch(row, keys[row.id] ?? null, settings.contact ?? ""),
}));

function traitsOf({ id, keeps, price }: WebSearchRow, key: string | null): SearchTraits {
  return {
    id,
    kind: "hits",
    cost: { tokens: false, perCall: key === null ? null : price },
    usesQueryVariants: false,
    keeps,
    covers: "web",
  };
}

/** Searches with the service of a row. @param key null where none is set and none is needed */
function createWebSearch(row: WebSearchRow, key: string | null, contact: string): Search {
  const { label, env } = SERVICE_KEYS[row.id];
  const service: Service = {
    name: label,
    hasKey: key !== null,
    keyRemedy: msg`Check the key in ${env}.`,
    ...(row.failureOf === undefined ? {} : { failureOf: row.failureOf }),
  };
  const { limits, price } = row;
  return {
    ...traitsOf(row, key),
    async search(question, limit, signal) {
      const query = cutQuery(question.query, limits.query);
      const results: WebResult[] = [];
      let page = 0;
      for (let hasMore = true; hasMore && page < limits.pages && results.length < limit; page++) {
        const { url, headers, body } = row.request(query, Math.min(limit, limits.hits), page, key);
        const found = await askService(
          service,
          {
            url: new URL(url),
            headers: { accept: "application/json", "user-agent": serviceUserAgent(contact), ...headers },
            ...(body === undefined ? {} : { body }),
            read: row.read,
          },
          signal,
        );
        results.push(...found.results);
        hasMore = found.hasMore;
      }
      return {
        value: { hits: toSearchHits(results).slice(0, limit), grounded: null },
        usage: { in: 0, out: 0, usd: key === null ? 0 : page * price },
        by: label,
      };
    },
  };
}

/** A query that is no longer than the service allows, cut between words. */
export function cutQuery(query: string, longest: number): string {
  const text = collapseWhitespace(query);
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest + 1);
  const end = cut.lastIndexOf(" ");
  return end > 0 ? cut.slice(0, end) : cut.slice(0, longest);
}
