import { msg } from "../../common/messages.js";
import robotsParser from "robots-parser";
import { isCancelled, ResearchError } from "../../common/errors.js";
import { rejectOnAbort } from "../../common/abort.js";
import { PRODUCT_TOKEN, shortUrl, type HttpResult } from "./http-request.js";

/*
 * robots.txt rules by RFC 9309:
 * - a missing file (4xx), or one reached only by more than five redirects or a refused address, allows everything;
 * - after a server error (5xx) nothing of the site may be read in this run; the next run asks again;
 * - if the file cannot be reached, neither can the page, which fails with the same error.
 */

/** Maximum bytes of a robots.txt; the rest is ignored. */
export const MAX_ROBOTS_BYTES = 500 * 1024;

/** Timeout for a robots.txt, in milliseconds. */
export const ROBOTS_TIMEOUT_MS = 10_000;

/** Maximum crawl delay, in milliseconds. */
const MAX_CRAWL_DELAY_MS = 10_000;

/** Maximum steps for matching one URL against a file: about a tenth of a second. */
const MAX_MATCH_STEPS = 200_000_000;

export interface Robots {
  /**
   * The site's crawl delay in milliseconds; 0 if it has none.
   *
   * @throws ResearchError "robots" if the page may not be read; the error of fetching robots.txt
   */
  pauseAfter(url: URL, signal: AbortSignal): Promise<number>;
}

/** A site's rules, or the error status of its robots.txt. */
interface Rules {
  robots: ReturnType<typeof robotsParser> | null;
  failure: number | null;
  /** Total length of rules with wildcards, each of which may be tried at every position of a URL. */
  wild: number;
}

/** @param get fetches a URL and follows redirects; its result may still be a redirect */
export function createRobotsChecker(
  get: (address: string, signal: AbortSignal) => Promise<HttpResult>,
): Robots {
  const sites = new Map<string, Promise<Rules>>();

  /** Fetched once for all callers. If the first caller is cancelled, the next one starts again. */
  const rulesOf = async (origin: string, signal: AbortSignal): Promise<Rules> => {
    for (;;) {
      signal.throwIfAborted();
      const pending = sites.get(origin);
      let site = pending;
      if (site === undefined) {
        site = readRules(`${origin}/robots.txt`, get, signal);
        sites.set(origin, site);
        site.catch(() => sites.delete(origin));
      }
      try {
        return await rejectOnAbort(site, signal);
      } catch (error) {
        signal.throwIfAborted();
        const isShared = pending !== undefined;
        if (!isShared || (error instanceof ResearchError && !isCancelled(error))) throw error;
      }
    }
  };

  return {
    async pauseAfter(url, signal) {
      const { robots, failure, wild } = await rulesOf(url.origin, signal);
      if (failure !== null) {
        throw new ResearchError(
          "robots",
          msg`${url.host} returned HTTP ${failure} for its robots.txt, so none of its pages may be read for now.`,
          msg`Try again later.`,
        );
      }
      if (robots === null) return 0;
      if (wild * url.href.length > MAX_MATCH_STEPS || robots.isAllowed(url.href, PRODUCT_TOKEN) === false) {
        throw new ResearchError(
          "robots",
          msg`The robots.txt of ${url.host} disallows ${shortUrl(url)}.`,
          msg`Read it in a browser; if you may keep a copy, save it in the workspace.`,
        );
      }
      const seconds = robots.getCrawlDelay(PRODUCT_TOKEN) ?? 0;
      return Math.min(Math.max(seconds * 1000, 0), MAX_CRAWL_DELAY_MS);
    },
  };
}

async function readRules(
  address: string,
  get: (address: string, signal: AbortSignal) => Promise<HttpResult>,
  signal: AbortSignal,
): Promise<Rules> {
  const noRules: Rules = { robots: null, failure: null, wild: 0 };
  let answer: HttpResult;
  try {
    answer = await get(address, signal);
  } catch (error) {
    const isRefused =
      error instanceof ResearchError && (error.code === "refused-address" || error.code === "bad-url");
    // The page's own URL is checked separately.
    if (isRefused) return noRules;
    throw error;
  }
  if (answer.kind === "redirect") return noRules;
  if (answer.kind === "refusal")
    return answer.status >= 500 ? { ...noRules, failure: answer.status } : noRules;
  const text = reduceRules(new TextDecoder().decode(answer.bytes));
  const wild = text
    .split("\n")
    .filter((line) => line.includes("*") && !line.startsWith("user-agent"))
    .reduce((sum, line) => sum + line.length, 0);
  return { robots: robotsParser(address, text), failure: null, wild };
}

/**
 * Reduces the file: other user agents share one name, and repeated names and wildcards are removed. The parser keeps
 * each rule once per user agent, which a hostile file could use to fill the memory.
 */
function reduceRules(text: string): string {
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
    const userAgent = (line.slice(colon + 1).split("/")[0] ?? "").trim().toLowerCase();
    const name = userAgent === "*" || userAgent === PRODUCT_TOKEN.toLowerCase() ? userAgent : "another";
    if (!names.has(name)) lines.push(`user-agent: ${name}`);
    names.add(name);
  }
  return lines.join("\n");
}
