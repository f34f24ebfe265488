import { ResearchError, isCancelled } from "../../common/errors.js";
import { formatMessage } from "../../common/messages.js";
import type { Reading } from "../../core/domain/reading.js";
import type { SourceLocation } from "../../core/domain/schema.js";
import type { PageReader } from "../web/page-reader.js";
import { ARCHIVABLE_STATUSES, readArchivedPage } from "./archived-page.js";
import { githubPages } from "./github-pages.js";
import type { ServicePages, ServicePageTools } from "./service-page.js";
import { stackExchangePages } from "./stack-exchange-pages.js";
import { wikipediaPages } from "./wikipedia-pages.js";

/* Chooses what reads a page: the API of its service, the page itself, or an archive. */

const SERVICES = {
  github: githubPages,
  stackExchange: stackExchangePages,
  wikipedia: wikipediaPages,
} satisfies Record<string, ServicePages>;

export interface ServiceReaderOptions extends ServicePageTools {
  /** The services whose pages are read by their APIs. */
  services: Record<keyof typeof SERVICES, boolean>;
  /** Whether the archive is asked for pages that are gone. */
  usesArchive: boolean;
  /** "host:port" pairs that may be private: no archive hears of them. */
  privateHosts: readonly string[];
}

/** Reads pages of services by their APIs, and all others as `pages` does. @throws ResearchError as `pages.read` */
export function createServiceReader(
  pages: Pick<PageReader, "read">,
  options: ServiceReaderOptions,
): Pick<PageReader, "read"> {
  const readByService = async (url: URL, signal: AbortSignal): Promise<Reading | null> => {
    for (const name of Object.keys(SERVICES) as (keyof typeof SERVICES)[]) {
      const read = options.services[name] ? SERVICES[name].find(url) : null;
      if (read !== null) return read(options, signal);
    }
    return null;
  };
  /** The page itself, where its service limits requests or cannot be reached. */
  const readInstead = async (
    place: SourceLocation,
    why: ResearchError,
    signal: AbortSignal,
  ): Promise<Reading> => {
    try {
      const found = await pages.read(place, signal);
      return { ...found, warnings: [...found.warnings, `Read as a page: ${formatMessage(why.what)}`] };
    } catch (error) {
      signal.throwIfAborted();
      throw isCancelled(error) ? error : why;
    }
  };
  const readFromArchive = async (
    address: string,
    why: unknown,
    signal: AbortSignal,
  ): Promise<Reading | null> => {
    const status = why instanceof ResearchError ? why.status : undefined;
    if (!options.usesArchive || status === undefined || !ARCHIVABLE_STATUSES.has(status)) return null;
    if (options.privateHosts.includes(hostAndPort(address))) return null;
    return readArchivedPage(address, status, options, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      if (isCancelled(error)) throw error;
      // That the page is gone is the better reason.
      return null;
    });
  };
  return {
    async read(place, signal) {
      if (place.kind !== "page" || !URL.canParse(place.url)) return pages.read(place, signal);
      try {
        const reading = await readByService(new URL(place.url), signal);
        if (reading !== null) return reading;
      } catch (error) {
        signal.throwIfAborted();
        const isFinal = !(error instanceof ResearchError) || error.gone === true || isCancelled(error);
        if (isFinal) throw error;
        return readInstead(place, error, signal);
      }
      try {
        return { ...pageAttribution(new URL(place.url)), ...(await pages.read(place, signal)) };
      } catch (error) {
        signal.throwIfAborted();
        const archived = await readFromArchive(place.url, error, signal);
        if (archived === null) throw error;
        return archived;
      }
    },
  };
}

/** Whose text a page is, and its licence, where all pages of a host have the same. */
function pageAttribution({ hostname, pathname }: URL): Pick<Reading, "attribution"> {
  const isMdn = hostname === "developer.mozilla.org" && pathname.includes("/docs/");
  return isMdn ? { attribution: "By the contributors to MDN, CC BY-SA 2.5; its code examples CC0." } : {};
}

function hostAndPort(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  return `${hostname}:${port === "" ? (protocol === "https:" ? "443" : "80") : port}`;
}
