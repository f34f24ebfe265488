import * as z from "zod";
import type { Search, SearchTraits } from "../../core/domain/ports.js";
import { NO_USAGE } from "../../core/domain/schema.js";
import { askService, readJson, type Service } from "../../reading/services/service-request.js";
import { serviceUserAgent } from "../../reading/services/service-address.js";
import type { SearchProvider } from "../search-provider.js";
import { readResults, toSearchHits } from "../web-services/search-hits.js";
import { cutQuery } from "../web-services/web-search.js";

const mdnTraits: SearchTraits = {
  id: "mdn",
  kind: "hits",
  cost: { tokens: false, perCall: null },
  usesQueryVariants: false,
  keeps: "hits",
  covers: "reference",
};

export const mdnProvider: SearchProvider = {
  ...mdnTraits,
  scope: "web",
  feature: "mdnSearch",
  isConfigured: ({ settings }) => (settings.webSearches ?? []).includes("mdn"),
  open: ({ settings }) => createMdnSearch(settings.contact ?? ""),
};

const SITE = "https://developer.mozilla.org";
const service: Service = { name: "MDN", hasKey: false };
const Found = z.object({ documents: z.array(z.unknown()) });
const FoundPage = z.object({ mdn_url: z.string().startsWith("/"), title: z.string() });
const LONGEST_QUERY = 200;
const MAX_PER_PAGE = 50;
/** In milliseconds; short, because MDN does not document this search. */
const TIMEOUT_MS = 5000;

/** Searches MDN Web Docs in English. */
function createMdnSearch(contact: string): Search {
  return {
    ...mdnTraits,
    async search(question, limit, signal) {
      const url = new URL(`${SITE}/api/v1/search`);
      url.search = new URLSearchParams({
        q: cutQuery(question.query, LONGEST_QUERY),
        locale: "en-US",
        size: `${Math.min(limit, MAX_PER_PAGE)}`,
        page: "1",
      }).toString();
      const { documents } = await askService(
        service,
        {
          url,
          headers: { accept: "application/json", "user-agent": serviceUserAgent(contact) },
          read: readJson(Found),
          timeout: TIMEOUT_MS,
        },
        signal,
      );
      const results = readResults(documents, FoundPage).map(({ mdn_url: path, title }) => ({
        url: new URL(path, SITE).href,
        title,
      }));
      const hits = toSearchHits(results).filter(
        ({ place }) => place.kind === "page" && place.url.startsWith(`${SITE}/`),
      );
      return { value: { hits: hits.slice(0, limit), grounded: null }, usage: NO_USAGE, by: "MDN" };
    },
  };
}
