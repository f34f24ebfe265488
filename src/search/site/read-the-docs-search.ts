import * as z from "zod";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import type { SearchHit } from "../../core/domain/ports.js";
import type { ReadTheDocsProject } from "../../reading/site/read-the-docs.js";
import { resolveWithin } from "../../reading/site/site-page.js";
import { serviceUserAgent } from "../../reading/services/service-address.js";
import { askService, readJson, type Service } from "../../reading/services/service-request.js";
import { readResults, toSearchHits } from "../web-services/search-hits.js";
import { cutQuery } from "../web-services/web-search.js";

const service: Service = { name: "Read the Docs", hasKey: false };
const Found = z.object({ results: z.array(z.unknown()) });
const FoundPage = z.object({
  title: z.string().catch(""),
  path: z.string().startsWith("/"),
  blocks: z.array(z.object({ id: z.string().catch("") }).catch({ id: "" })).catch([]),
});
const LONGEST_QUERY = 250;
const MAX_PER_PAGE = 50;

/**
 * Asks Read the Docs which pages of a site answer a query. Results are taken as pages of the site as the user named it,
 * each with the anchor of its best section.
 * @param limit hits at most; one request is made, for 50
 * @param contact how Read the Docs reaches the user; empty: not at all
 * @throws ResearchError as `askService`; the signal's reason at a cancel
 */
export async function searchReadTheDocs(
  { project, version }: ReadTheDocsProject,
  site: URL,
  query: string,
  limit: number,
  contact: string,
  signal: AbortSignal,
): Promise<SearchHit[]> {
  const url = new URL("https://app.readthedocs.org/api/v3/search/");
  const scope = version === undefined ? project : `${project}/${version}`;
  // Marks in a query choose other projects, or leave words out.
  const words = collapseWhitespace(query.replace(/[^\p{L}\p{N}_.]+/gu, " "));
  url.search = new URLSearchParams({
    q: `project:${scope} ${cutQuery(words, LONGEST_QUERY)}`,
    page_size: `${Math.min(limit, MAX_PER_PAGE)}`,
  }).toString();
  const headers = { accept: "application/json", "user-agent": serviceUserAgent(contact) };
  const { results } = await askService(service, { url, headers, read: readJson(Found) }, signal);
  const pages = readResults(results, FoundPage).flatMap(({ title, path, blocks: [best] }) => {
    // "//" would start the address of another host.
    const page = resolveWithin(site, path.replace(/^\/+/, "/"));
    if (page === null) return [];
    const anchor = best === undefined || best.id === "" ? "" : `#${encodeURIComponent(best.id)}`;
    return [{ url: page + anchor, title }];
  });
  return toSearchHits(pages).slice(0, limit);
}
