import * as z from "zod";
import { ResearchError, type ErrorCode } from "../../common/errors.js";
import { msg, type Message } from "../../common/messages.js";
import { parseJson } from "../../common/parse-json.js";
import type { FeatureName } from "../../config/features.js";
import type { ServiceKeyName } from "../../config/service-keys.js";
import type { SearchKeeps } from "../../core/domain/ports.js";
import { limitError, type ServiceFailure } from "../../reading/services/service-request.js";
import type { ApiResponse } from "../../common/api-request.js";
import { readResults, type WebResult } from "./search-hits.js";

/*
 * General search services with an API, one row each. To add one, add a row, its key in config/service-keys.ts, and its
 * feature. What they find is read by us: their own excerpts are never evidence.
 */

export interface WebSearchRow {
  id: Exclude<ServiceKeyName, "github">;
  feature: FeatureName;
  /** Whether it answers without a key, too. */
  isKeyOptional: boolean;
  keeps: SearchKeeps;
  /** USD for one request with a key, at the list price. */
  price: number;
  /** Most results of one page, characters of a query at most, and pages at most for one search. */
  limits: { hits: number; query: number; pages: number };
  /** @param page from 0 @param key null where none is set */
  request: (query: string, hits: number, page: number, key: string | null) => WebSearchRequest;
  /** @throws an error for an answer in another form */
  read: (body: string) => { results: WebResult[]; hasMore: boolean };
  failureOf?: (response: ApiResponse) => ServiceFailure | null;
}

interface WebSearchRequest {
  url: string;
  headers: Record<string, string>;
  /** Sent as JSON; absent: GET. */
  body?: unknown;
}

const Result = z.object({ url: z.string(), title: z.string().nullish() });
const Results = z.object({ results: z.array(z.unknown()) });

/** What Tavily says where a request without a key is not served. Its `next_actions` are never followed. */
const TavilyEnvelope = z.object({
  error: z.object({
    code: z.string(),
    retry_after_seconds: z.number().nonnegative().nullish(),
    next_actions: z.array(z.unknown()),
  }),
});

const tavily: WebSearchRow = {
  id: "tavily",
  feature: "tavilySearch",
  isKeyOptional: true,
  keeps: "hits",
  price: 0.008,
  limits: { hits: 20, query: 400, pages: 1 },
  request: (query, hits, _, key) => ({
    url: "https://api.tavily.com/search",
    headers: key === null ? { "x-tavily-access-mode": "keyless" } : { authorization: `Bearer ${key}` },
    body: {
      query,
      max_results: hits,
      search_depth: "basic",
      topic: "general",
      include_answer: false,
      include_raw_content: false,
    },
  }),
  read: (body) => {
    const { results } = Results.parse(JSON.parse(body));
    return { results: readResults(results, Result), hasMore: false };
  },
  failureOf: ({ body }) => {
    const envelope = body.includes("next_actions")
      ? TavilyEnvelope.safeParse(parseJson(body)).data
      : undefined;
    if (envelope === undefined) return null;
    const seconds = envelope.error.retry_after_seconds ?? null;
    return {
      error: new ResearchError(
        "rate-limit",
        msg`The allowance of Tavily without a key is used up for now.`,
        msg`Try again later, or set a key in TAVILY_API_KEY.`,
      ),
      isPassing: seconds !== null,
      wait: seconds === null ? null : seconds * 1000,
    };
  },
};

const BraveAnswer = z.object({
  type: z.literal("search"),
  query: z.object({ more_results_available: z.boolean().default(false) }),
  web: z.object({ results: z.array(z.unknown()) }).optional(),
});

const brave: WebSearchRow = {
  id: "brave",
  feature: "braveSearch",
  isKeyOptional: false,
  keeps: "urls",
  price: 0.005,
  limits: { hits: 20, query: 400, pages: 3 },
  request: (query, hits, page, key) => ({
    url: `https://api.search.brave.com/res/v1/web/search?${new URLSearchParams({
      q: query.split(/\s+/).slice(0, 50).join(" "),
      count: `${hits}`,
      offset: `${page}`,
      text_decorations: "false",
      result_filter: "web",
    }).toString()}`,
    headers: { "x-subscription-token": key ?? "" },
  }),
  read: (body) => {
    const { query, web } = BraveAnswer.parse(JSON.parse(body));
    return { results: readResults(web?.results ?? [], Result), hasMore: query.more_results_available };
  },
  failureOf: ({ status, body, headers }) => {
    if (status === 422 && body.includes("SUBSCRIPTION_TOKEN_INVALID"))
      return finalFailure(
        "bad-key",
        msg`${"Brave Search"} refuses the key (HTTP ${status}).`,
        msg`Check the key in ${"BRAVE_API_KEY"}.`,
      );
    if (status !== 429) return null;
    // Two numbers each, of the second and of the month: what is left, and seconds until it is full again.
    const [, leftOfMonth] = numbersOf(headers["x-ratelimit-remaining"]);
    if (leftOfMonth === 0)
      return finalFailure("day-quota", msg`The quota of ${"Brave Search"} is used up (HTTP ${status}).`);
    const [seconds] = numbersOf(headers["x-ratelimit-reset"]);
    return seconds === undefined
      ? null
      : { error: limitError(braveService, status, seconds * 1000), isPassing: true, wait: seconds * 1000 };
  },
};

const braveService = { name: "Brave Search", hasKey: true };

/** The numbers of a header such as "0, 1987". */
function numbersOf(header: string | string[] | undefined): number[] {
  return String(header ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => /^\d{1,9}$/.test(each))
    .map(Number);
}

/** A failure that is the same the next time. */
function finalFailure(code: ErrorCode, what: Message, remedy?: Message): ServiceFailure {
  return { error: new ResearchError(code, what, remedy), isPassing: false, wait: null };
}

const exa: WebSearchRow = {
  id: "exa",
  feature: "exaSearch",
  isKeyOptional: false,
  keeps: "urls",
  price: 0.007,
  limits: { hits: 25, query: 400, pages: 1 },
  request: (query, hits, _, key) => ({
    url: "https://api.exa.ai/search",
    headers: { "x-api-key": key ?? "" },
    body: { query, type: "auto", numResults: hits },
  }),
  read: (body) => {
    const { results } = Results.parse(JSON.parse(body));
    return { results: readResults(results, Result), hasMore: false };
  },
};

const SerperAnswer = z.object({
  searchParameters: z.looseObject({}),
  organic: z.array(z.unknown()).default([]),
});
const SerperResult = z
  .object({ link: z.string(), title: z.string().nullish() })
  .transform(({ link, title }) => ({ url: link, title }));

const serper: WebSearchRow = {
  id: "serper",
  feature: "serperSearch",
  isKeyOptional: false,
  keeps: "hits",
  price: 0.001,
  limits: { hits: 10, query: 400, pages: 3 },
  request: (query, hits, page, key) => ({
    url: "https://google.serper.dev/search",
    headers: { "x-api-key": key ?? "" },
    body: { q: query, num: hits, page: page + 1 },
  }),
  read: (body) => {
    const { organic } = SerperAnswer.parse(JSON.parse(body));
    const results = readResults(organic, SerperResult);
    return { results, hasMore: results.length >= serper.limits.hits };
  },
  failureOf: ({ status, body }) =>
    (status === 400 || status === 403) && /not enough credits/i.test(body)
      ? finalFailure("billing", msg`The quota of ${"Serper"} is used up (HTTP ${status}).`)
      : null,
};

export const WEB_SEARCHES: readonly WebSearchRow[] = [tavily, brave, exa, serper];
