import http from "node:http";
import { ResearchError } from "../../common/errors.js";
import { assertPublicUrl, isAllowedHost, resolveHost, type ResolveHost } from "./url-guard.js";
import { createHostThrottle } from "./host-throttle.js";
import {
  sendRequest,
  shortUrl,
  type HttpResult,
  type ResponseBody,
  type FetchLimits,
} from "./http-request.js";
import { createRobotsChecker, MAX_ROBOTS_BYTES, ROBOTS_TIMEOUT_MS } from "./robots.js";

export type { FetchLimits } from "./http-request.js";

/** A page as it came. */
export interface FetchedPage extends ResponseBody {
  /** Where it came from in the end, after redirects. */
  url: URL;
}

export const PAGE_LIMITS: FetchLimits = {
  bytes: 5 * 1024 * 1024,
  pdfBytes: 20 * 1024 * 1024,
  redirects: 5,
  firstByte: 15_000,
  total: 30_000,
};

/** Milliseconds; a server that asks to wait longer than this is not asked again. */
const LONGEST_WAIT = 10_000;

export interface WebOptions {
  /** "host:port" pairs that may be private, or at an odd port. */
  allowed: ReadonlySet<string>;
  limits?: FetchLimits;
  /** How names become addresses: a test's seam. */
  resolve?: ResolveHost;
  /** Milliseconds between two requests to one host: a test's seam. */
  pause?: number;
}

/** The web as one run sees it: what was learnt of a site's wishes is kept, nothing else. */
export interface WebClient {
  /**
   * Fetches a page. Each hop of a redirect is checked like the first address, and asked for in its
   * host's turn and if its robots.txt allows; nothing is sent along.
   *
   * @throws ResearchError "bad-url", "refused-address", "robots", "unreachable", "too-large", "timeout",
   *   "unreadable", "empty-page"; the signal's reason at a cancel
   */
  page(address: string, signal: AbortSignal): Promise<FetchedPage>;
}

export function createWebClient({
  allowed,
  limits = PAGE_LIMITS,
  resolve = resolveHost,
  pause,
}: WebOptions): WebClient {
  const throttle = createHostThrottle(pause);

  /** Asks, and follows redirects. What ends it: a page, a refusal, or one redirect too many. */
  const follow = async (
    address: string,
    within: FetchLimits,
    tooLarge: "error" | "cut",
    pauseAfter: (url: URL) => Promise<number | null>,
    signal: AbortSignal,
  ): Promise<{ url: URL; answer: HttpResult }> => {
    let url = assertPublicUrl(address, allowed);
    let { total: left } = within;
    let mayWait = true;
    for (let hop = 0; ;) {
      const rest = await pauseAfter(url);
      const asked = url;
      const answer = await throttle.schedule(url, rest, signal, async () => {
        const began = performance.now();
        const mayBePrivate = isAllowedHost(asked, allowed);
        try {
          return await sendRequest(asked, { resolve, mayBePrivate, limits: within, left, tooLarge }, signal);
        } finally {
          // Waiting for one's turn is no fault of the server's.
          left -= performance.now() - began;
        }
      });
      if (mayWait && answer.kind === "refusal" && isWorthWaiting(answer)) {
        mayWait = false;
        throttle.pauseHost(url, answer.retryAfter ?? 0);
        continue;
      }
      if (answer.kind !== "redirect" || hop === within.redirects) return { url, answer };
      url = redirected(url, answer.location, allowed);
      hop++;
    }
  };

  const robotsLimits: FetchLimits = {
    bytes: MAX_ROBOTS_BYTES,
    pdfBytes: MAX_ROBOTS_BYTES,
    redirects: 5,
    firstByte: Math.min(ROBOTS_TIMEOUT_MS, limits.firstByte),
    total: Math.min(ROBOTS_TIMEOUT_MS, limits.total),
  };
  const robots = createRobotsChecker(async (address, signal) => {
    const { answer } = await follow(address, robotsLimits, "cut", () => Promise.resolve(null), signal);
    return answer;
  });

  return {
    async page(address, signal) {
      const pauseAfter = (url: URL): Promise<number> => robots.pauseAfter(url, signal);
      const { url, answer } = await follow(address, limits, "error", pauseAfter, signal);
      if (answer.kind === "redirect") {
        throw new ResearchError(
          "unreachable",
          `${shortUrl(assertPublicUrl(address, allowed))} redirects more than ${limits.redirects} times.`,
        );
      }
      if (answer.kind === "refusal") throw refusal(url, answer);
      const { status, bytes, type, charset } = answer;
      if (bytes.length === 0) {
        throw new ResearchError("empty-page", `${shortUrl(url)} is empty (${inWords(status)}).`);
      }
      return { url, bytes, type, charset };
    },
  };
}

/**
 * Fetches one page with throttle of its own; who reads more than one keeps a Web.
 *
 * @param allowed "host:port" pairs that may be private, or at an odd port
 * @throws as Web.page does
 */
export function fetchPage(
  address: string,
  allowed: ReadonlySet<string>,
  signal: AbortSignal,
  limits: FetchLimits = PAGE_LIMITS,
): Promise<FetchedPage> {
  return createWebClient({ allowed, limits }).page(address, signal);
}

type Refusal = Extract<HttpResult, { kind: "refusal" }>;

function isWorthWaiting({ status, retryAfter }: Refusal): boolean {
  return (status === 429 || status === 503) && retryAfter !== null && retryAfter <= LONGEST_WAIT;
}

function redirected(from: URL, location: string, allowed: ReadonlySet<string>): URL {
  if (!URL.canParse(location, from.href)) {
    throw new ResearchError("bad-url", `${shortUrl(from)} redirects to an invalid address.`);
  }
  return assertPublicUrl(new URL(location, from.href).href, allowed);
}

function refusal(url: URL, { status, retryAfter }: Refusal): ResearchError {
  const minutes = Math.ceil((retryAfter ?? 0) / 60_000);
  const error = new ResearchError(
    "unreachable",
    `${shortUrl(url)} answered ${inWords(status)}.`,
    minutes > 0 ? `Retry-After: ${minutes} minutes.` : "",
  );
  if (status === 404 || status === 410) error.gone = true;
  return error;
}

/** Such as "HTTP 404 (not found)". */
function inWords(status: number): string {
  const said = http.STATUS_CODES[status];
  return `HTTP ${status}${said === undefined ? "" : ` (${said.toLowerCase()})`}`;
}
