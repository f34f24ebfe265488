import { isCancelled, ResearchError } from "../../common/errors.js";
import { msg, type Message } from "../../common/messages.js";
import type { Search, SearchHit, SearchTraits } from "../../core/domain/ports.js";
import { NO_USAGE, type Question } from "../../core/domain/schema.js";
import type { Reading } from "../../core/domain/reading.js";
import { isFeatureOn } from "../../config/features.js";
import { findReadTheDocsProject, type ReadTheDocsProject } from "../../reading/site/read-the-docs.js";
import { listSitePages, type SiteAccess, type SiteIndex } from "../../reading/site/site-index.js";
import { resolveWithin, siteFolder, type SitePage } from "../../reading/site/site-page.js";
import type { SearchProvider } from "../search-provider.js";
import { searchTerms } from "../workspace/rank-files.js";
import { searchReadTheDocs } from "./read-the-docs-search.js";
import { indexSitePages, type SitePageIndex } from "./rank-site-pages.js";
import { passagesOfList, passagesOfReading, withoutAnchor, type SitePassage } from "./site-passages.js";

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
  open: ({ sites, openSite, notice, settings }) =>
    createSiteSearch(sites, openSite(), {
      notice,
      contact: settings.contact ?? "",
      asksReadTheDocs: isFeatureOn("readTheDocsSearch", settings),
    }),
};

/** Pages of a site without texts in its list that are read for a question, to see which of them answer. */
const MOST_READ = 48;
/** Of a site with more pages, so many are read by their titles and addresses; the others are those that they lead to. */
const FIRST_READ = 24;
/** Pages of a site that are read in a run at most, by whatever number of questions. */
const MOST_READ_IN_RUN = 160;
/** Where Read the Docs finds fewer pages, the lists of the site are searched as well. */
const ENOUGH_FOUND = 4;
/** How many of the best pages lead on by their links. */
const LEADING_PAGES = 4;

/** A page that was read, to be ranked. */
interface ReadSitePage {
  passages: SitePassage[];
  links: Reading["links"];
}

interface SiteSearchOptions {
  /** Receives what people should know. */
  notice: (message: Message) => void;
  /** How Read the Docs reaches the user; empty: not at all. */
  contact: string;
  /** Whether Read the Docs is asked about the sites that it hosts. */
  asksReadTheDocs: boolean;
}

/**
 * Searches sites that the user named: by the search of Read the Docs where that hosts the site, else without a search
 * service, in the site's own search index or in its list of pages, of which the most likely are read. Sections of one page
 * count together; a hit has the anchor of the best.
 */
export function createSiteSearch(
  sites: readonly string[],
  access: SiteAccess,
  options: Partial<SiteSearchOptions> = {},
): Search {
  const { notice = () => undefined, contact = "", asksReadTheDocs = false } = options;
  const searches = sites.map((site) =>
    createSearchOfSite(site, access, { notice, contact, asksReadTheDocs }),
  );

  return {
    ...siteTraits,
    async search(question, limit, signal) {
      signal.throwIfAborted();
      const found = await Promise.all(searches.map((site) => site.search(question, limit, signal)));
      signal.throwIfAborted();
      const longest = Math.max(0, ...found.map((hits) => hits.length));
      const hits = Array.from({ length: longest }, (_, rank) =>
        found.flatMap((each) => each.slice(rank, rank + 1)),
      );
      return { value: { hits: hits.flat().slice(0, limit), grounded: null }, usage: NO_USAGE, by: "site" };
    },
  };
}

interface SearchOfSite {
  search(question: Question, limit: number, signal: AbortSignal): Promise<SearchHit[]>;
}

function createSearchOfSite(
  site: string,
  access: SiteAccess,
  { notice, contact, asksReadTheDocs }: SiteSearchOptions,
): SearchOfSite {
  let listed: Promise<{ list: SiteIndex; index: SitePageIndex }> | null = null;
  let hosted: Promise<ReadTheDocsProject | null> | null = null;
  const read = new Map<string, Promise<ReadSitePage | null>>();

  const openList = (signal: AbortSignal): Promise<{ list: SiteIndex; index: SitePageIndex }> => {
    const opened =
      listed ??
      listSitePages(site, access.fetch, signal).then((list) => {
        const { length } = list.pages;
        if (list.from === "none")
          notice(
            msg`${site} has no list of its pages (search index, llms.txt, sitemap): only that page is read.`,
          );
        else if (!list.hasTexts && length > MOST_READ)
          notice(
            msg`${site} has no search index: of its ${length} pages, at most ${MOST_READ} are read for a question, and ${MOST_READ_IN_RUN} in a run.`,
          );
        return { list, index: indexSitePages(passagesOfList(list.pages)) };
      });
    listed = opened;
    opened.catch(() => (listed = null));
    return opened;
  };

  const findProject = (signal: AbortSignal): Promise<ReadTheDocsProject | null> => {
    const found =
      hosted ??
      access.fetch(site, signal).then(
        (bytes) => findReadTheDocsProject(siteFolder(site), Buffer.from(bytes).toString("utf8")),
        (error: unknown) => {
          if (signal.aborted || isCancelled(error)) throw error;
          return findReadTheDocsProject(siteFolder(site), "");
        },
      );
    hosted = found;
    found.catch(() => (hosted = null));
    return found;
  };

  /** What Read the Docs finds; nothing where it does not host the site, or cannot be asked. */
  const askReadTheDocs = async (query: string, limit: number, signal: AbortSignal): Promise<SearchHit[]> => {
    const project = asksReadTheDocs ? await findProject(signal) : null;
    if (project === null) return [];
    try {
      return await searchReadTheDocs(project, siteFolder(site), query, limit, contact, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof ResearchError)) throw error;
      notice(msg`${error.text} The lists of ${site} are searched instead.`);
      return [];
    }
  };

  /** The pages that can be read. */
  const readPages = async (urls: readonly string[], signal: AbortSignal): Promise<ReadSitePage[]> => {
    const pages = await Promise.all(urls.map((url) => readPage(url, signal)));
    return pages.filter((page) => page !== null);
  };

  const readPage = (url: string, signal: AbortSignal): Promise<ReadSitePage | null> => {
    const known = read.get(url);
    if (known !== undefined) return known;
    if (read.size >= MOST_READ_IN_RUN) return Promise.resolve(null);
    const reading = access.reader.read({ kind: "page", url }, signal).then(
      (found) => ({ passages: passagesOfReading(url, found), links: found.links }),
      (error: unknown) => {
        if (signal.aborted || isCancelled(error)) throw error;
        return null;
      },
    );
    read.set(url, reading);
    reading.catch(() => read.delete(url));
    return reading;
  };

  /** Reads what is likely by titles and addresses, then what the best of that leads to. */
  const readLikely = async (
    { pages }: SiteIndex,
    index: SitePageIndex,
    terms: string,
    signal: AbortSignal,
  ): Promise<SitePassage[]> => {
    const likely = pageAddresses(await index.rank(terms, MOST_READ));
    const all = [...new Set([...likely, ...byDepth(pages.map(({ url }) => withoutAnchor(url)))])];
    const first = all.slice(0, all.length <= MOST_READ ? MOST_READ : FIRST_READ);
    const found = await readPages(first, signal);
    if (first.length === all.length) return found.flatMap(({ passages }) => passages);
    const best = pageAddresses(
      await indexSitePages(found.flatMap((page) => page.passages)).rank(terms, LEADING_PAGES),
    );
    const leading = found.filter(({ passages: [passage] }) => best.includes(passage?.url ?? ""));
    const links = linksWithin(
      siteFolder(site),
      leading.flatMap((page) => page.links),
    );
    const further = pageAddresses(await indexSitePages(passagesOfList(links)).rank(terms, MOST_READ));
    const next = [...new Set([...further, ...likely])].filter((url) => !first.includes(url));
    const more = await readPages(next.slice(0, MOST_READ - first.length), signal);
    return [...found, ...more].flatMap(({ passages }) => passages);
  };

  /** What the site's own lists tell. */
  const searchLists = async (
    question: Question,
    limit: number,
    signal: AbortSignal,
  ): Promise<SearchHit[]> => {
    const { list, index } = await openList(signal);
    if (list.from === "none") return [{ place: { kind: "page", url: site }, title: site }];
    const terms = searchTerms(question);
    if (list.hasTexts) return index.rank(terms, limit);
    // By addresses alone little is known: pages are read, then ranked by what they say.
    return indexSitePages(await readLikely(list, index, terms, signal)).rank(terms, limit);
  };

  return {
    async search(question, limit, signal) {
      const found = await askReadTheDocs(question.query, limit, signal);
      if (found.length >= Math.min(limit, ENOUGH_FOUND)) return found;
      const listed = await searchLists(question, limit, signal);
      const known = new Set(pageAddresses(found));
      const others = listed.filter((hit) => pageAddresses([hit]).every((page) => !known.has(page)));
      return [...found, ...others].slice(0, limit);
    },
  };
}

function pageAddresses(hits: readonly SearchHit[]): string[] {
  return hits.flatMap(({ place }) => (place.kind === "page" ? withoutAnchor(place.url) : []));
}

/** Pages above others first: they lead on. */
function byDepth(urls: readonly string[]): string[] {
  const depth = (url: string): number => new URL(url).pathname.split("/").filter(Boolean).length;
  return urls.toSorted((a, b) => depth(a) - depth(b));
}

/** What links of pages say of other pages of the site. */
function linksWithin(site: URL, links: Reading["links"]): SitePage[] {
  return links.flatMap(({ text, url }) => {
    const page = resolveWithin(site, withoutAnchor(url));
    return page === null ? [] : [{ url: page, title: text, text: "" }];
  });
}
