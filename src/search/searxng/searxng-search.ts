import { msg, type Message } from "../../common/messages.js";
import * as z from "zod";
import { ResearchError } from "../../common/errors.js";
import type { Search, SearchTraits } from "../../core/domain/ports.js";
import type { SearchProvider } from "../search-provider.js";
import { NO_USAGE } from "../../core/domain/schema.js";
import {
  askService,
  readJson,
  type Service,
  type ServiceFailure,
} from "../../reading/services/service-request.js";
import { toSearchHits } from "../web-services/search-hits.js";
import { serviceUserAgent } from "../../reading/services/service-address.js";

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

const searxngTraits: SearchTraits = {
  id: "searxng",
  kind: "hits",
  cost: { tokens: false, perCall: null },
  usesQueryVariants: true,
  keeps: "hits",
  covers: "web",
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
      const request = {
        url,
        headers: {
          accept: "application/json",
          "user-agent": serviceUserAgent(""),
          ...(authorization === null ? {} : { authorization }),
        },
        read: readJson(Answer),
        followsOwnHost: true,
        // The server is the user's own: it takes all queries of one research at once, which are 25 at most.
        limits: { concurrent: 25, pause: 0 },
      };
      const answer = await askService(searxngService(url.host), request, signal);
      const value = {
        hits: toSearchHits(answer.results.flatMap((each) => Result.safeParse(each).data ?? [])).slice(
          0,
          limit,
        ),
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

/** The server, as its errors name it. */
function searxngService(host: string): Service {
  const name = msg`The SearXNG server at ${host}`;
  const final = (what: Message, remedy: Message): ServiceFailure => ({
    error: new ResearchError("bad-settings", what, remedy),
    isPassing: false,
    wait: null,
  });
  return {
    name,
    hasKey: false,
    addressRemedy: msg`Check that SEARXNG_URL is the URL of a SearXNG server, and that no sign-in page of the network is in between.`,
    failureOf: ({ status }) =>
      status === 401
        ? final(
            msg`${name} asks for a user name and a password.`,
            msg`Put them into SEARXNG_URL: https://NAME:PASSWORD@host/.`,
          )
        : status === 403
          ? final(
              msg`${name} does not allow JSON results.`,
              msg`Add json to search.formats in its settings.yml.`,
            )
          : null,
  };
}

/** Engines that did not answer, such as "google (CAPTCHA)". */
function failedEngines(answer: Answer): string[] {
  return answer.unresponsive_engines.flatMap((each) => {
    const found = Unresponsive.safeParse(each).data;
    return found === undefined ? [] : [`${found[0]} (${found[1]})`.slice(0, 80)];
  });
}
