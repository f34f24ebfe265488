import robotsParser from "robots-parser";
import { isCancelled, ResearchError } from "../../common/errors.js";
import { rejectOnAbort } from "../../common/abort.js";
import { PRODUCT_TOKEN, shortUrl, type HttpResult } from "./http-request.js";

/*
 * What a site asks of programs in its robots.txt, as RFC 9309 reads it:
 * - a file that is not there (4xx), or that only more than five redirects or a refused address lead
 *   to, asks for nothing;
 * - a server that fails (5xx) may be asking for anything, so that nothing of it is read, though what
 *   has been asked for this once may be asked for again in the next run;
 * - where the file cannot be reached, the page cannot either, and its error is the file's.
 */

/** Bytes of a robots.txt that count; the rest of a longer one is not read. */
export const MAX_ROBOTS_BYTES = 500 * 1024;

/** Milliseconds that a robots.txt is waited for. */
export const ROBOTS_TIMEOUT_MS = 10_000;

/** Milliseconds; a site that asks for a longer pause between two pages gets this one. */
const LONGEST_PAUSE = 10_000;

/** Steps that matching one address against a file may take: a tenth of a second or so. */
const MOST_STEPS = 200_000_000;

export interface Robots {
  /**
   * Milliseconds that the site asks for between this page and the next; 0 where it does not say.
   *
   * @throws ResearchError "robots" where the page may not be read, or what asking for the file ended in
   */
  pauseAfter(url: URL, signal: AbortSignal): Promise<number>;
}

/** What a site's file says, or the status that it answered with instead. */
interface Rules {
  robots: ReturnType<typeof robotsParser> | null;
  failure: number | null;
  /** Characters in rules with a wildcard, each of which may be tried at each place of an address. */
  wild: number;
}

/** @param get asks for an address and follows its redirects; the last answer may be a redirect still */
export function createRobotsChecker(
  get: (address: string, signal: AbortSignal) => Promise<HttpResult>,
): Robots {
  const sites = new Map<string, Promise<Rules>>();

  /** Asked once for all who want to know. Who began it may give up: then the next one begins anew. */
  const rulesOf = async (origin: string, signal: AbortSignal): Promise<Rules> => {
    for (;;) {
      signal.throwIfAborted();
      const begun = sites.get(origin);
      let site = begun;
      if (site === undefined) {
        site = readRules(`${origin}/robots.txt`, get, signal);
        sites.set(origin, site);
        site.catch(() => sites.delete(origin));
      }
      try {
        return await rejectOnAbort(site, signal);
      } catch (error) {
        signal.throwIfAborted();
        const another = begun !== undefined;
        if (!another || (error instanceof ResearchError && !isCancelled(error))) throw error;
      }
    }
  };

  return {
    async pauseAfter(url, signal) {
      const { robots, failure, wild } = await rulesOf(url.origin, signal);
      if (failure !== null) {
        throw new ResearchError(
          "robots",
          `${url.host} returned HTTP ${failure} for its robots.txt, so none of its pages may be read for now.`,
          "Try again later.",
        );
      }
      if (robots === null) return 0;
      if (wild * url.href.length > MOST_STEPS || robots.isAllowed(url.href, PRODUCT_TOKEN) === false) {
        throw new ResearchError(
          "robots",
          `The robots.txt of ${url.host} disallows ${shortUrl(url)}.`,
          "Read it in a browser; if you may keep a copy, save it in the workspace.",
        );
      }
      const seconds = robots.getCrawlDelay(PRODUCT_TOKEN) ?? 0;
      return Math.min(Math.max(seconds * 1000, 0), LONGEST_PAUSE);
    },
  };
}

async function readRules(
  address: string,
  get: (address: string, signal: AbortSignal) => Promise<HttpResult>,
  signal: AbortSignal,
): Promise<Rules> {
  const none: Rules = { robots: null, failure: null, wild: 0 };
  let answer: HttpResult;
  try {
    answer = await get(address, signal);
  } catch (error) {
    const nowhere =
      error instanceof ResearchError && (error.code === "refused-address" || error.code === "bad-url");
    // The page's own address is checked on its own.
    if (nowhere) return none;
    throw error;
  }
  if (answer.kind === "redirect") return none;
  if (answer.kind === "refusal") return answer.status >= 500 ? { ...none, failure: answer.status } : none;
  const text = condensed(new TextDecoder().decode(answer.bytes));
  const wild = text
    .split("\n")
    .filter((line) => line.includes("*") && !line.startsWith("user-agent"))
    .reduce((sum, line) => sum + line.length, 0);
  return { robots: robotsParser(address, text), failure: null, wild };
}

/**
 * The file without what concerns other programs' names, repeated names and repeated wildcards: the
 * parser keeps each rule once for each name above it, which a hostile file could use to fill the memory.
 */
function condensed(text: string): string {
  const lines: string[] = [];
  const names = new Set<string>();
  let namesBegin = true;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const line = raw.replace(/#.*/, "");
    const colon = line.indexOf(":");
    const field = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (field === "") continue;
    if (field !== "user-agent") {
      namesBegin = true;
      lines.push(line.replace(/\*{2,}/g, "*"));
      continue;
    }
    if (namesBegin) names.clear();
    namesBegin = false;
    const said = (line.slice(colon + 1).split("/")[0] ?? "").trim().toLowerCase();
    const name = said === "*" || said === PRODUCT_TOKEN.toLowerCase() ? said : "another";
    if (!names.has(name)) lines.push(`user-agent: ${name}`);
    names.add(name);
  }
  return lines.join("\n");
}
