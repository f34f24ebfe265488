import { msg, type Message } from "../../common/messages.js";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { ResearchError, isCancelled, type ErrorCode } from "../../common/errors.js";
import type { SearchHit, Search, SearchTraits } from "../../core/domain/ports.js";
import type { SearchProvider } from "../search-provider.js";
import { NO_USAGE } from "../../core/domain/schema.js";

/** What SearXNG's JSON answer holds, as far as it is of use. */
const Answer = z.object({
  results: z.array(z.object({ url: z.string(), title: z.string().nullish() })),
});

const WAIT = 20_000;
/** The largest answer that is read, in megabytes. A page of results has a hundredth of it. */
const LARGEST_MB = 5;

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
 * @param address the server's, with or without a path
 */
export function createSearxngSearch(address: string): Search {
  const server = new URL(address);
  server.pathname = `${server.pathname.replace(/\/(?:search\/?)?$/, "")}/search`;
  server.hash = "";
  return {
    ...searxngTraits,
    async search(question, limit, signal) {
      const url = new URL(server);
      url.searchParams.set("q", question.query);
      url.searchParams.set("format", "json");
      const hits = hitsOf(await askAgain(url, signal)).slice(0, limit);
      return { value: { hits, grounded: null }, usage: NO_USAGE, by: "SearXNG" };
    },
  };
}

/** What may be otherwise a moment later: a server that is busy, restarts, or was cut off. */
const PASSING = new Set<ErrorCode>(["rate-limit", "unreachable", "bad-answer"]);
/** Milliseconds before the second and the third try, at least and at most. */
const WAITS = [
  [300, 600],
  [1000, 2000],
] as const;

async function askAgain(url: URL, signal: AbortSignal): Promise<z.infer<typeof Answer>> {
  for (const [least, most] of WAITS) {
    try {
      return await ask(url, signal);
    } catch (error) {
      if (!(error instanceof ResearchError) || !PASSING.has(error.code)) throw error;
      await wait(least + Math.random() * (most - least), undefined, { signal });
    }
  }
  return ask(url, signal);
}

async function ask(url: URL, signal: AbortSignal): Promise<z.infer<typeof Answer>> {
  const where = msg`The SearXNG server at ${url.host}`;
  const either = AbortSignal.any([signal, AbortSignal.timeout(WAIT)]);
  let text: string;
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json", "user-agent": "DeepResearch/0.1" },
      credentials: "omit",
      signal: either,
    });
    if (response.status === 403) {
      throw new ResearchError(
        "bad-settings",
        msg`${where} does not allow JSON results.`,
        msg`Add json to search.formats in its settings.yml.`,
      );
    }
    if (response.status === 429) {
      throw new ResearchError(
        "rate-limit",
        msg`${where} is limiting requests (HTTP 429).`,
        msg`Try again later.`,
      );
    }
    if (!response.ok) throw new ResearchError("unreachable", msg`${where} answered HTTP ${response.status}.`);
    text = await bounded(response, where);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ResearchError) throw error;
    if (either.aborted)
      throw new ResearchError("timeout", msg`${where} did not answer within ${WAIT / 1000} seconds.`);
    if (isCancelled(error)) throw error;
    throw new ResearchError("unreachable", msg`${where} could not be reached.`, msg`Check SEARXNG_URL.`, {
      cause: error,
    });
  }
  try {
    return Answer.parse(JSON.parse(text));
  } catch (error) {
    throw new ResearchError(
      "bad-answer",
      msg`${where} did not return a list of results.`,
      msg`Check that SEARXNG_URL is the URL of a SearXNG server.`,
      { cause: error },
    );
  }
}

async function bounded(response: Response, where: Message): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    if (length > LARGEST_MB * 1024 * 1024) {
      throw new ResearchError("too-large", msg`${where} returned more than ${LARGEST_MB} MB.`);
    }
    text += decoder.decode(chunk as Uint8Array, { stream: true });
  }
  return text + decoder.decode();
}

function hitsOf({ results }: z.infer<typeof Answer>): SearchHit[] {
  return results.flatMap(({ url, title }): SearchHit[] => {
    const parsed = URL.canParse(url) ? new URL(url) : null;
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) return [];
    return [{ place: { kind: "page", url: parsed.href }, title: title?.trim() ? title.trim() : parsed.href }];
  });
}
