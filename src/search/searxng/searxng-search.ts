import { msg, type Message } from "../../common/messages.js";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { ApiResponseTooLargeError, sendApiRequest, type ApiResponse } from "../../common/api-request.js";
import { ResearchError, isCancelled, type ErrorCode } from "../../common/errors.js";
import type { SearchHit, Search, SearchTraits } from "../../core/domain/ports.js";
import type { SearchProvider } from "../search-provider.js";
import { NO_USAGE } from "../../core/domain/schema.js";

/** One result; SearXNG's plugins also give results without an address, such as answers and maps. */
const Result = z.object({ url: z.string(), title: z.string().nullish() });

/** An engine that did not answer, and why: "timeout", "CAPTCHA", "access denied". */
const Unresponsive = z.tuple([z.string(), z.string()]).rest(z.unknown());

/** What SearXNG's JSON answer holds, as far as it is of use. */
const Answer = z.object({
  results: z.array(z.unknown()),
  unresponsive_engines: z.array(z.unknown()).catch([]).default([]),
});
type Answer = z.infer<typeof Answer>;

const WAIT_MS = 20_000;
/** The largest answer that is read, in megabytes. A page of results has a hundredth of it. */
const LARGEST_MB = 5;
/** From http to https, or to the path that a proxy adds. */
const MAX_REDIRECTS = 3;

const searxngTraits: SearchTraits = {
  id: "searxng",
  kind: "hits",
  cost: { tokens: false, perCall: null },
  usesQueryVariants: true,
};

export const searxngProvider: SearchProvider = {
  ...searxngTraits,
  scope: "web",
  feature: "searxngSearch",
  isConfigured: ({ settings }) => (settings.searxngUrl ?? "") !== "",
  open: ({ settings }) => createSearxngSearch(settings.searxngUrl ?? ""),
};

/**
 * Searches the web with a SearXNG server of the user's own. What it finds may be read, kept and
 * quoted, unlike grounded results. The server's address is the machine's own setting and is not
 * held against the guard of pages; the pages that it names are.
 *
 * @param address the server's, with or without a path; a user name and password in it are sent to that server alone
 */
export function createSearxngSearch(address: string): Search {
  const server = new URL(address);
  server.pathname = `${server.pathname.replace(/\/(?:search\/?)?$/, "")}/search`;
  server.hash = "";
  const authorization = basicAuthorization(server);
  server.username = server.password = "";
  return {
    ...searxngTraits,
    async search(question, limit, signal) {
      const url = new URL(server);
      url.searchParams.set("q", question.query);
      url.searchParams.set("format", "json");
      const answer = await askAgain({ url, authorization }, signal);
      const value = {
        hits: hitsOf(answer).slice(0, limit),
        grounded: null,
        failedEngines: failedEngines(answer),
      };
      return { value, usage: NO_USAGE, by: "SearXNG" };
    },
  };
}

function basicAuthorization({ username, password }: URL): string | null {
  if (username === "" && password === "") return null;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials, "utf8").toString("base64")}`;
}

/** A search as it is sent. */
interface SearxngRequest {
  url: URL;
  /** Sent to this host alone, and not from https to http. */
  authorization: string | null;
}

/** What may be otherwise a moment later: a server that is busy, restarts, or was cut off. */
const PASSING = new Set<ErrorCode>(["rate-limit", "unreachable", "bad-answer"]);
/** Milliseconds before the second and the third try, at least and at most. */
const WAITS = [
  [300, 600],
  [1000, 2000],
] as const;

async function askAgain(request: SearxngRequest, signal: AbortSignal): Promise<Answer> {
  for (const [least, most] of WAITS) {
    try {
      return await ask(request, signal);
    } catch (error) {
      if (!(error instanceof ResearchError) || !PASSING.has(error.code)) throw error;
      await wait(least + Math.random() * (most - least), undefined, { signal });
    }
  }
  return ask(request, signal);
}

async function ask(request: SearxngRequest, signal: AbortSignal): Promise<Answer> {
  const where = msg`The SearXNG server at ${request.url.host}`;
  const response = await send(request, where, signal);
  assertSuccess(response, where);
  try {
    return Answer.parse(JSON.parse(response.body));
  } catch (error) {
    const isPage = /^\s*<(?:!doctype|html)/i.test(response.body);
    throw new ResearchError(
      "bad-answer",
      isPage ? msg`${where} answered with a web page.` : msg`${where} did not return a list of results.`,
      isPage
        ? msg`Check that SEARXNG_URL is the URL of a SearXNG server, and that no sign-in page of the network is in between.`
        : msg`Check that SEARXNG_URL is the URL of a SearXNG server.`,
      { cause: error },
    );
  }
}

async function send(request: SearxngRequest, where: Message, signal: AbortSignal): Promise<ApiResponse> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]);
  try {
    return await follow(request, where, either);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ResearchError) throw error;
    if (either.aborted)
      throw new ResearchError("timeout", msg`${where} did not answer within ${WAIT_MS / 1000} seconds.`);
    if (isCancelled(error)) throw error;
    if (error instanceof ApiResponseTooLargeError)
      throw new ResearchError("too-large", msg`${where} returned more than ${LARGEST_MB} MB.`);
    throw new ResearchError("unreachable", msg`${where} could not be reached.`, msg`Check SEARXNG_URL.`, {
      cause: error,
    });
  }
}

/** Sends the search, and follows redirects on the same host. */
async function follow(
  { url, authorization }: SearxngRequest,
  where: Message,
  signal: AbortSignal,
): Promise<ApiResponse> {
  for (let at = url, hop = 0; ; hop++) {
    const headers = {
      accept: "application/json",
      "user-agent": "DeepResearch/0.1",
      ...(authorization === null ? {} : { authorization }),
    };
    const response = await sendApiRequest(at, { headers, maxBytes: LARGEST_MB * 1024 * 1024 }, signal);
    const { location } = response.headers;
    if (location === undefined || ![301, 302, 303, 307, 308].includes(response.status)) return response;
    const next = URL.canParse(location, at.href) ? new URL(location, at) : null;
    const isOwn =
      next?.hostname === at.hostname && (next.protocol === at.protocol || next.protocol === "https:");
    if (next === null || !isOwn || hop === MAX_REDIRECTS) {
      throw new ResearchError(
        "bad-settings",
        msg`${where} redirects to another address; the question was not sent there.`,
        msg`Set SEARXNG_URL to the final URL.`,
      );
    }
    at = next;
  }
}

function assertSuccess({ status }: ApiResponse, where: Message): void {
  if (status === 401) {
    throw new ResearchError(
      "bad-settings",
      msg`${where} asks for a user name and a password.`,
      msg`Put them into SEARXNG_URL: https://NAME:PASSWORD@host/.`,
    );
  }
  if (status === 403) {
    throw new ResearchError(
      "bad-settings",
      msg`${where} does not allow JSON results.`,
      msg`Add json to search.formats in its settings.yml.`,
    );
  }
  if (status === 429) {
    throw new ResearchError(
      "rate-limit",
      msg`${where} is limiting requests (HTTP 429).`,
      msg`Try again later.`,
    );
  }
  if (status < 200 || status >= 300)
    throw new ResearchError("unreachable", msg`${where} answered HTTP ${status}.`);
}

function hitsOf({ results }: Answer): SearchHit[] {
  return results.flatMap((each): SearchHit[] => {
    const result = Result.safeParse(each).data;
    const parsed = result !== undefined && URL.canParse(result.url) ? new URL(result.url) : null;
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) return [];
    const title = result?.title?.trim() ?? "";
    return [{ place: { kind: "page", url: parsed.href }, title: title === "" ? parsed.href : title }];
  });
}

/** Engines that did not answer, such as "google (CAPTCHA)". */
function failedEngines(answer: Answer): string[] {
  return answer.unresponsive_engines.flatMap((each) => {
    const found = Unresponsive.safeParse(each).data;
    return found === undefined ? [] : [`${found[0]} (${found[1]})`.slice(0, 80)];
  });
}
