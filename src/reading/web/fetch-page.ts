import { msg, type Message } from "../../common/messages.js";
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

/** A fetched page. */
interface FetchedPage extends ResponseBody {
  /** Final URL after redirects. */
  url: URL;
}

export const PAGE_LIMITS: FetchLimits = {
  bytes: 5 * 1024 * 1024,
  pdfBytes: 20 * 1024 * 1024,
  redirects: 5,
  firstByte: 15_000,
  total: 30_000,
};

/** Milliseconds; a longer Retry-After is not waited for. */
const MAX_RETRY_AFTER_MS = 10_000;

export interface WebOptions {
  /** "host:port" pairs that may be private or use another port. */
  allowed: ReadonlySet<string>;
  limits?: FetchLimits;
  /** Name resolution; replaced in tests. */
  resolve?: ResolveHost;
  /** Milliseconds between two requests to one host; replaced in tests. */
  pause?: number;
}

/** Web access for one run. It keeps only robots.txt rules and throttling state. */
export interface WebClient {
  /**
   * Fetches a page. Every redirect target is checked like the first URL, and is subject to throttling and robots.txt.
   * No cookies or credentials are sent.
   *
   * @throws ResearchError "bad-url", "refused-address", "robots", "unreachable", "too-large", "timeout",
   *   "unreadable", "empty-page"; the signal's reason at a cancel
   */
  page(address: string, signal: AbortSignal, limitsOfPage?: FetchLimits): Promise<FetchedPage>;
}

export function createWebClient({
  allowed,
  limits = PAGE_LIMITS,
  resolve = resolveHost,
  pause,
}: WebOptions): WebClient {
  const throttle = createHostThrottle(pause);

  /** Sends requests and follows redirects, until a page, a refusal, or one redirect too many. */
  const follow = async (
    address: string,
    limitsOfRequest: FetchLimits,
    tooLarge: "error" | "cut",
    pauseAfter: (url: URL) => Promise<number | null>,
    signal: AbortSignal,
  ): Promise<{ url: URL; answer: HttpResult }> => {
    let url = assertPublicUrl(address, allowed);
    let { total: remainingMs } = limitsOfRequest;
    let mayWait = true;
    for (let hop = 0; ;) {
      const crawlDelay = await pauseAfter(url);
      const asked = url;
      const answer = await throttle.schedule(url, crawlDelay, signal, async () => {
        const began = performance.now();
        const mayBePrivate = isAllowedHost(asked, allowed);
        try {
          return await sendRequest(
            asked,
            { resolve, mayBePrivate, limits: limitsOfRequest, left: remainingMs, tooLarge },
            signal,
          );
        } finally {
          // The time limit does not include throttling.
          remainingMs -= performance.now() - began;
        }
      });
      if (mayWait && answer.kind === "refusal" && shouldRetry(answer)) {
        mayWait = false;
        throttle.pauseHost(url, answer.retryAfter ?? 0);
        continue;
      }
      if (answer.kind !== "redirect" || hop === limitsOfRequest.redirects) return { url, answer };
      url = resolveRedirect(url, answer.location, allowed);
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
    async page(address, signal, limitsOfPage = limits) {
      const pauseAfter = (url: URL): Promise<number> => robots.pauseAfter(url, signal);
      const { url, answer } = await follow(address, limitsOfPage, "error", pauseAfter, signal);
      if (answer.kind === "redirect") {
        throw new ResearchError(
          "unreachable",
          msg`${shortUrl(assertPublicUrl(address, allowed))} redirects more than ${limits.redirects} times.`,
        );
      }
      if (answer.kind === "refusal") throw refusalError(url, answer);
      const { status, bytes, type, charset } = answer;
      if (bytes.length === 0) {
        throw new ResearchError("empty-page", msg`${shortUrl(url)} is empty (${statusText(status)}).`);
      }
      return { url, bytes, type, charset };
    },
  };
}

const PROXY_AUTHENTICATION = 407;

type Refusal = Extract<HttpResult, { kind: "refusal" }>;

function shouldRetry({ status, retryAfter }: Refusal): boolean {
  return (status === 429 || status === 503) && retryAfter !== null && retryAfter <= MAX_RETRY_AFTER_MS;
}

function resolveRedirect(from: URL, location: string, allowed: ReadonlySet<string>): URL {
  if (!URL.canParse(location, from.href)) {
    throw new ResearchError("bad-url", msg`${shortUrl(from)} redirects to an invalid address.`);
  }
  return assertPublicUrl(new URL(location, from.href).href, allowed);
}

function refusalError(url: URL, { status, retryAfter }: Refusal): ResearchError {
  const minutes = Math.ceil((retryAfter ?? 0) / 60_000);
  const error = new ResearchError(
    "unreachable",
    msg`${shortUrl(url)} answered ${statusText(status)}.`,
    minutes > 0 ? msg`Retry-After: ${minutes} minutes.` : "",
  );
  error.status = status;
  if (status === 404 || status === 410) error.gone = true;
  if (status === PROXY_AUTHENTICATION) {
    return new ResearchError(
      "unreachable",
      msg`The proxy asks for a user name and a password (HTTP 407).`,
      msg`Put them into HTTPS_PROXY and HTTP_PROXY: http://NAME:PASSWORD@proxy:PORT.`,
    );
  }
  return error;
}

/** Such as "HTTP 404 (not found)". */
function statusText(status: number): Message {
  const said = http.STATUS_CODES[status];
  return said === undefined ? msg`HTTP ${status}` : msg`HTTP ${status} (${said.toLowerCase()})`;
}
