import { isCancelled } from "../../common/errors.js";
import type { Reader } from "../../core/domain/ports.js";
import { SITE_INDEX_FORMATS } from "./search-indexes.js";
import { listSitemaps, pageOfAddress, parseLlmsTxt, parseSitemap } from "./sitemap.js";
import { resolveWithin, siteFolder, type SitePage } from "./site-page.js";

/** What a site lists of its own pages. */
export interface SiteIndex {
  pages: SitePage[];
  /** Which kind of list it is from; "none" where the site has no list. */
  from: "search index" | "llms.txt" | "sitemap" | "none";
  /** Whether the list has the pages' texts, so that it alone tells which are worth reading. */
  hasTexts: boolean;
}

/** Fetches a file of a site, through the same guard as pages. @throws ResearchError; the signal's reason */
export type FetchSiteFile = (address: string, signal: AbortSignal) => Promise<Uint8Array>;

/** How a site is read: its lists as they are, its pages as text. */
export interface SiteAccess {
  fetch: FetchSiteFile;
  reader: Reader;
}

const MAX_SITEMAPS = 20;
const MAX_PAGES = 50_000;

/**
 * Lists the pages of a site: from its own search index, else from llms.txt and the sitemap. Only pages of the same host
 * below the folder that was named count.
 * @throws the signal's reason; whatever cannot be read is passed over
 */
export async function listSitePages(
  address: string,
  fetch: FetchSiteFile,
  signal: AbortSignal,
): Promise<SiteIndex> {
  const site = siteFolder(address);
  const get = async (file: string): Promise<Uint8Array | null> => {
    try {
      return await fetch(file, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (isCancelled(error)) throw error;
      return null;
    }
  };
  const text = async (file: string): Promise<string> => Buffer.from((await get(file)) ?? []).toString("utf8");

  for (const { file, parse } of SITE_INDEX_FORMATS) {
    const pages = parse(await text(new URL(file, site).href), site);
    if (pages !== null && pages.length > 0) return { pages, from: "search index", hasTexts: true };
  }
  const named = await llmsPages(site, text);
  const listed = (await sitemapPages(site, get, text)).filter(
    (url) => !named.some((each) => each.url === url),
  );
  const pages = [...named, ...listed.map(pageOfAddress)];
  const from = named.length > 0 ? "llms.txt" : listed.length > 0 ? "sitemap" : "none";
  return { pages, from, hasTexts: false };
}

async function llmsPages(site: URL, text: (file: string) => Promise<string>): Promise<SitePage[]> {
  for (const base of new Set([site.href, `${site.origin}/`])) {
    const pages = parseLlmsTxt(await text(`${base}llms.txt`), site, new URL(base));
    if (pages.length > 0) return pages;
  }
  return [];
}

async function sitemapPages(
  site: URL,
  get: (file: string) => Promise<Uint8Array | null>,
  text: (file: string) => Promise<string>,
): Promise<string[]> {
  const robots = listSitemaps(await text(`${site.origin}/robots.txt`));
  const usual = [`${site.href}sitemap.xml`, `${site.origin}/sitemap.xml`];
  const waiting = [...new Set([...robots, ...usual])];
  const found = new Set<string>();
  for (let read = 0; waiting.length > 0 && read < MAX_SITEMAPS && found.size < MAX_PAGES; read++) {
    const next = waiting.shift() ?? "";
    // A sitemap elsewhere may be anybody's.
    if (!URL.canParse(next) || new URL(next).origin !== site.origin) continue;
    const bytes = await get(next);
    if (bytes === null) continue;
    const { pages, sitemaps } = parseSitemap(bytes);
    waiting.unshift(...sitemaps.slice(0, MAX_SITEMAPS));
    for (const page of pages) {
      const url = resolveWithin(site, page);
      if (url !== null && found.size < MAX_PAGES) found.add(url);
    }
    if (found.size > 0 && sitemaps.length === 0 && waiting.every((each) => usual.includes(each))) break;
  }
  return [...found];
}
