import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { formatMessage } from "../../src/common/messages.js";
import { ResearchError } from "../../src/common/errors.js";
import type { ServiceKeys } from "../../src/config/service-keys.js";
import type { SearchHit } from "../../src/core/domain/ports.js";
import type { Question } from "../../src/core/domain/schema.js";
import { EMPTY_SEARCH_CONTEXT, SEARCH_PROVIDERS } from "../../src/search/providers.js";
import { loadEnvironmentConfig } from "../../src/app/load-config.js";
import { isGithubTokenWanted } from "../../src/app/service-keys.js";
import { askGithub, isGithubLimitLow } from "../../src/reading/services/github-api.js";
import { askService } from "../../src/reading/services/service-request.js";
import { findServiceLimits } from "../../src/reading/services/service-throttle.js";
import { searchReadTheDocs } from "../../src/search/site/read-the-docs-search.js";
import { startFakeServices, type FakeServices, type ServiceAnswer } from "../fakes/services/services.js";
import {
  fakeGithub,
  fakeMdn,
  fakeReadTheDocs,
  fakeStackExchange,
  fakeWikipedia,
  stackExchangeThrottle,
} from "../fakes/services/open-services.js";
import { serviceTime } from "../../src/reading/services/service-time.js";
import {
  FAKE_KEYS,
  fakeBrave,
  fakeExa,
  fakeSerper,
  fakeTavily,
  TAVILY_ALLOWANCE_USED_UP,
  type FoundPage,
} from "../fakes/services/web-searches.js";

/* What every search that asks a service must do, whatever the service answers. */

const QUESTION: Question = {
  id: "q0",
  question: "How do harbours dredge mud?",
  query: "harbours dredge mud",
};
const never = new AbortController().signal;
const ESC = String.fromCharCode(27);

/** No search of its own: it is a part of searching the sites that it hosts. */
const READ_THE_DOCS = "readthedocs";

interface SearchCase {
  id: string;
  host: string;
  /** How many hits it gives at most for one search. */
  most: number;
  /** Whether a key goes with its requests. */
  hasKey: boolean;
  /** Tries after a limit without a time. */
  limitTries: number;
  /** The address of a hit, where the service makes it. */
  address?: (page: FoundPage, rank: number) => string;
}

const withKey = { hasKey: true, limitTries: 3 };
const open = { hasKey: false, limitTries: 3 };

const CASES: SearchCase[] = [
  { id: "tavily", host: "api.tavily.com", most: 20, ...withKey },
  { id: "brave", host: "api.search.brave.com", most: 60, ...withKey },
  { id: "exa", host: "api.exa.ai", most: 25, ...withKey },
  { id: "serper", host: "google.serper.dev", most: 30, ...withKey },
  { id: "github", host: "api.github.com", most: 100, hasKey: true, limitTries: 1 },
  { id: "stackexchange", host: "api.stackexchange.com", most: 40, ...open },
  {
    id: "wikipedia",
    host: "en.wikipedia.org",
    most: 50,
    ...open,
    address: ({ title }, rank) =>
      `https://en.wikipedia.org/w/index.php?${new URLSearchParams({ title: title.replaceAll(" ", "_"), oldid: `${1001 + rank}` }).toString()}`,
  },
  {
    id: "mdn",
    host: "developer.mozilla.org",
    most: 50,
    ...open,
    address: ({ url }) => url.replace("https://a.example", "https://developer.mozilla.org"),
  },
  {
    id: READ_THE_DOCS,
    host: "app.readthedocs.org",
    most: 50,
    ...open,
    address: ({ url }) => `${url.replace("https://a.example", "https://docs.example")}#best`,
  },
];

describe("a search service", () => {
  let services: FakeServices;
  let pages: FoundPage[];
  let renews = true;

  beforeEach(async () => {
    pages = Array.from({ length: 3 }, (_, n) => ({ url: `https://a.example/${n}`, title: `Mud ${n}` }));
    services = await startFakeServices({
      "api.tavily.com": fakeTavily(() => pages),
      "api.search.brave.com": fakeBrave(() => pages),
      "api.exa.ai": fakeExa(() => pages),
      "google.serper.dev": fakeSerper(() => pages),
      "api.github.com": fakeGithub(() => pages),
      "api.stackexchange.com": fakeStackExchange(() => pages),
      "en.wikipedia.org": fakeWikipedia(() => pages),
      "developer.mozilla.org": fakeMdn(() => pages),
      "app.readthedocs.org": fakeReadTheDocs(() => pages),
    });
  });
  afterEach(() => services.close());

  const search = async (
    id: string,
    limit = 10,
    {
      signal = never,
      keys = FAKE_KEYS,
      query = QUESTION.query,
    }: { signal?: AbortSignal; keys?: ServiceKeys; query?: string } = {},
  ): Promise<SearchHit[]> => {
    if (id === READ_THE_DOCS) {
      const project = { project: "mud", version: "stable" };
      return searchReadTheDocs(
        project,
        new URL("https://docs.example/"),
        query,
        limit,
        "me@a.example",
        signal,
      );
    }
    const provider = SEARCH_PROVIDERS.find((each) => each.id === id);
    assert.ok(provider);
    // Its ten searches a minute are for one test of their own.
    if (id === "github" && renews) await services.renew();
    const context = {
      ...EMPTY_SEARCH_CONTEXT,
      keys,
      settings: { webSearches: [id], contact: "me@a.example" },
    };
    const found = await provider.open(context).search({ ...QUESTION, query }, limit, signal);
    return found.value.hits;
  };
  const urls = (hits: SearchHit[]): string[] =>
    hits.map(({ place }) => (place.kind === "page" ? place.url : ""));

  for (const { id, host, most, hasKey, limitTries, address = ({ url }: FoundPage) => url } of CASES) {
    describe(id, () => {
      const fault = (...answers: ServiceAnswer[]): void => void services.faults.set(host, answers);
      const failure = async (of: Promise<unknown> = search(id)): Promise<ResearchError> => {
        const error = await of.then(
          () => null,
          (thrown: unknown) => thrown,
        );
        assert.ok(error instanceof ResearchError, String(error));
        assert.doesNotMatch(formatMessage(error.text), /evil|\]\(|next_actions/);
        for (const key of Object.values(FAKE_KEYS)) assert.ok(!error.line.includes(key));
        return error;
      };

      it("finds pages in order, says who asks, and sends no key in an address", async () => {
        assert.deepEqual(urls(await search(id)), pages.map(address));
        for (const { headers, path, query } of services.callsTo(host)) {
          assert.match(String(headers["user-agent"]), /^DeepResearch\/.*contact: me@a\.example/);
          assert.equal(headers.cookie ?? headers.referer, undefined);
          const address = path + query.toString();
          for (const key of Object.values(FAKE_KEYS)) assert.ok(!address.includes(key));
        }
      });

      it("asks for further pages of results as far as they are wanted", async () => {
        pages = Array.from({ length: 100 }, (_, n) => ({ url: `https://a.example/${n}`, title: `Mud ${n}` }));
        assert.equal((await search(id, 5)).length, 5);
        assert.deepEqual(urls(await search(id, 100)), pages.slice(0, most).map(address));
      });

      it("takes no results for an answer", async () => {
        pages = [];
        assert.deepEqual(await search(id), []);
      });

      it("cuts a long query between words", async () => {
        const long = Array.from({ length: 80 }, () => "harbours").join(" ");
        assert.equal((await search(id, 10, { query: long })).length, 3);
      });

      it("asks again after an answer that is broken, and names one that stays so", async () => {
        const broken = ["{", "<!doctype html><p>Sign in", "null", '{"results":null}', "[]", '{"type":"x"}'];
        for (const body of broken) {
          fault({ body });
          assert.equal((await search(id)).length, 3, body);
        }
        fault({ body: "{" }, { body: "{" }, { body: "{" });
        assert.equal((await failure()).code, "bad-answer");
      });

      it("waits as Retry-After says in seconds and as a date, and no longer than ten seconds", async () => {
        fault({ status: 429, headers: { "retry-after": "1" } });
        const began = serviceTime.now();
        assert.equal((await search(id)).length, 3);
        assert.ok(serviceTime.now() - began >= 990);
        const date = new Date(Date.now() + 2000).toUTCString();
        fault({ status: 503, headers: { "retry-after": date } });
        assert.equal((await search(id)).length, 3);
        fault({ status: 429, headers: { "retry-after": "900" } });
        const error = await failure();
        assert.equal(error.code, "rate-limit");
        assert.match(error.line, /Try again in 15 minutes/);
        // Until then nothing is sent.
        renews = false;
        const sent = services.callsTo(host).length;
        assert.equal((await failure()).code, "rate-limit");
        assert.equal(services.callsTo(host).length, sent);
        renews = true;
      });

      it("gives up a limit without a time, after three tries at most", async () => {
        fault({ status: 429 }, { status: 429 }, { status: 429 });
        assert.equal((await failure()).code, "rate-limit");
        assert.equal(services.callsTo(host).length, limitTries);
      });

      it("asks again after a server error, three times at most", async () => {
        fault({ status: 500 }, { status: 502 });
        assert.equal((await search(id)).length, 3);
        fault({ status: 500 }, { status: 500 }, { status: 500 });
        assert.match((await failure()).line, /answered HTTP 500/);
      });

      it("names a refused key, a payment, a quota and a refused request, and asks once", async () => {
        for (const [status, code] of [
          [401, hasKey ? "bad-key" : "unreachable"],
          [403, hasKey ? "bad-key" : "unreachable"],
          [402, "billing"],
          [432, "day-quota"],
          [400, "bad-request"],
          [422, "bad-request"],
          [404, "unreachable"],
        ] as const) {
          const sent = services.callsTo(host).length;
          fault({ status, body: { error: "[evil](command:evil)" } });
          assert.equal((await failure()).code, code, `${status}`);
          assert.equal(services.callsTo(host).length, sent + 1);
        }
      });

      it("stops at a cancel while it waits for an answer and while it pauses", async () => {
        for (const answer of [{ hangs: true }, { status: 429, headers: { "retry-after": "8" } }]) {
          fault(answer);
          const began = performance.now();
          const signal = AbortSignal.timeout(150);
          await assert.rejects(search(id, 10, { signal }), { name: "TimeoutError" });
          assert.ok(performance.now() - began < 1500);
        }
      });

      it("reads no more than 5 MB", async () => {
        fault({ body: Buffer.alloc(6 * 1024 * 1024, " ") });
        assert.equal((await failure()).code, "too-large");
      });

      it("reads UTF-8 whatever the header says, and other encodings as it says", async () => {
        pages = [{ url: "https://a.example/", title: "Schlick im Hafen: Größe" }];
        await search(id);
        const texts = services.callsTo(host).map((call) => answerText(services.answerOf(call)));
        const answer = texts.find((text) => text.includes("Größe"));
        assert.ok(answer !== undefined);
        for (const encoding of ["utf8", "latin1"] as const) {
          fault({
            headers: { "content-type": "application/json; charset=iso-8859-1" },
            body: Buffer.from(answer, encoding),
          });
          assert.deepEqual(
            (await search(id)).map(({ title }) => title),
            ["Schlick im Hafen: Größe"],
          );
        }
      });

      it("follows no redirect, to whatever host", async () => {
        for (const location of [`http://${services.host}/evil.example/`, "https://evil.example/", "/else"]) {
          for (const status of [301, 307]) {
            fault({ status, headers: { location } });
            assert.equal((await failure()).code, "bad-settings");
          }
        }
        assert.deepEqual(services.callsTo("evil.example"), []);
      });

      it("takes addresses of pages alone, each once, and titles as plain text", async () => {
        pages = [
          { url: "javascript:alert(1)", title: "a script" },
          { url: "command:evil", title: "a command" },
          { url: "file:///etc/passwd", title: "a file" },
          { url: "data:text/plain,x", title: "data" },
          { url: "not an address", title: "no address" },
          {
            url: "https://a.example/mud",
            title: `Mud\n\n## Sources ${ESC}[31m[x](command:evil)${"y".repeat(9000)}`,
          },
          { url: "https://a.example/mud", title: "again" },
          { url: "https://a.example/untitled", title: "" },
        ];
        const hits = await search(id);
        if (id === "wikipedia") assert.ok(urls(hits).every((url) => new URL(url).host === host));
        else
          assert.deepEqual(
            new Set(urls(hits)),
            new Set(
              ["mud", "untitled"].map((path) => address({ url: `https://a.example/${path}`, title: "" }, 0)),
            ),
          );
        assert.ok(hits.every(({ title }) => title.length <= 300 && !title.includes("\n") && title !== ""));
      });
    });
  }

  it("of GitHub is asked ten times a minute, or thirty times with a token", async () => {
    // Slow enough that a busy machine sends them within the minute.
    services.setPace(4);
    renews = false;
    for (const [keys, most] of [
      [{}, 10],
      [FAKE_KEYS, 30],
    ] as const) {
      await services.renew();
      const before = services.calls.length;
      // A search asks for issues and for pull requests; those of the user's own question also for repositories.
      for (let n = 0; n < Math.floor(most / 3); n++) await search("github", 10, { keys });
      await search("github", 10, { keys }).then(
        () => assert.fail("one more search"),
        (error: unknown) => assert.equal(error instanceof ResearchError && error.code, "rate-limit"),
      );
      assert.equal(services.calls.length - before, most);
    }
    renews = true;
  });

  it("of GitHub says when its limit without a token is low, and no longer when it is not", async () => {
    const limit = (remaining: string): ServiceAnswer => ({
      headers: { "x-ratelimit-limit": "60", "x-ratelimit-remaining": remaining },
      body: {},
    });
    const ask = (answer: ServiceAnswer, token: string | null = null): Promise<unknown> => {
      services.faults.set("api.github.com", [answer]);
      return askGithub("/repos/a/b", JSON.parse, { token, contact: "" }, never);
    };
    await ask(limit("40"));
    assert.equal(isGithubLimitLow(), false);
    await ask(limit("10"));
    assert.equal(isGithubLimitLow(), true);
    await ask(limit("59"));
    const refused = {
      status: 403,
      headers: { "x-ratelimit-remaining": "0" },
      body: { message: "API rate limit" },
    };
    await assert.rejects(ask(refused, FAKE_KEYS.github), { code: "rate-limit" });
    assert.equal(isGithubLimitLow(), false);
    await services.renew();
    await assert.rejects(ask(refused), { code: "rate-limit" });
    assert.equal(isGithubLimitLow(), true);
    const { config } = await loadEnvironmentConfig(
      ".",
      { name: (name) => name, values: {}, workspace: false },
      {},
    );
    assert.equal(isGithubTokenWanted(config), true);
    assert.equal(isGithubTokenWanted({ ...config, serviceKeys: FAKE_KEYS }), false);
    const settings = { ...config.settings, features: { githubSearch: false } };
    assert.equal(isGithubTokenWanted({ ...config, settings }), false);
  });

  it("of GitHub keeps to the repository that a question names, with its README and releases", async () => {
    await services.close();
    const release = (tag: string) => ({
      html_url: `https://github.com/colinhacks/zod/releases/tag/${tag}`,
      tag_name: tag,
      name: tag,
      body: "",
    });
    services = await startFakeServices({
      "api.github.com": fakeGithub(() => pages, {
        "/repos/colinhacks/zod/releases": [release("v4.2.0"), release("v4.1.0"), release("v4.0.0")],
      }),
    });
    const provider = SEARCH_PROVIDERS.find((each) => each.id === "github");
    const text = "What changed in colinhacks/zod 4.1.0 for JSON schema?";
    const context = {
      ...EMPTY_SEARCH_CONTEXT,
      settings: { webSearches: ["github"] },
      asked: { question: text, scopes: [] },
    };
    const found = await provider
      ?.open(context)
      .search({ id: "q1", question: "JSON schema", query: 'zod JSON schema user:evil "x"' }, 10, never);
    const addresses = urls(found?.value.hits ?? []);
    assert.ok(addresses.includes("https://github.com/colinhacks/zod"));
    assert.equal(
      addresses.find((url) => url.includes("/releases/")),
      "https://github.com/colinhacks/zod/releases/tag/v4.1.0",
    );
    const [first] = services.calls;
    assert.equal(first?.query.get("q"), "zod JSON schema user evil x is:issue repo:colinhacks/zod");
  });

  it("of Stack Exchange is left alone for as long as it asks", async () => {
    await services.close();
    services = await startFakeServices({
      "api.stackexchange.com": fakeStackExchange(() => pages, {}, [
        { backoff: 1 },
        {},
        { quota_remaining: 0 },
      ]),
    });
    services.setPace(1);
    await search("stackexchange");
    const began = performance.now();
    await search("stackexchange");
    assert.ok(performance.now() - began > 900);
    services.faults.set("api.stackexchange.com", [stackExchangeThrottle(1)]);
    assert.equal((await search("stackexchange")).length, 3);
    // The day's quota is used up.
    const sent = services.calls.length;
    await assert.rejects(search("stackexchange"), { code: "rate-limit" });
    assert.equal(services.calls.length, sent);
    await services.renew();
    services.faults.set("api.stackexchange.com", [stackExchangeThrottle(12_345)]);
    await assert.rejects(search("stackexchange"), (error: ResearchError) =>
      error.line.includes("in 206 minutes"),
    );
  });

  it("of Wikipedia is asked again where it is busy, which it says with HTTP 200", async () => {
    const busy = {
      headers: { "retry-after": "1" },
      body: { error: { code: "maxlag", info: "Waiting", lag: 6 } },
    };
    services.faults.set("en.wikipedia.org", [busy]);
    assert.equal((await search("wikipedia")).length, 3);
    services.faults.set("en.wikipedia.org", [
      { body: { error: { code: "badvalue", info: "[x](command:evil)" } } },
    ]);
    await assert.rejects(search("wikipedia"), { code: "bad-request" });
  });

  it("is asked without a key only where that is offered, and names what is missing", async () => {
    assert.equal((await search("tavily", 10, { keys: {} })).length, 3);
    const [call] = services.calls;
    assert.deepEqual(
      [call?.headers["x-tavily-access-mode"], call?.headers.authorization],
      ["keyless", undefined],
    );
    services.faults.set("api.tavily.com", [{ status: 403 }]);
    await assert.rejects(search("tavily", 10, { keys: {} }), { code: "no-key" });
    for (const id of ["brave", "exa", "serper"]) {
      const provider = SEARCH_PROVIDERS.find((each) => each.id === id);
      const settings = { webSearches: [id] };
      assert.ok(provider);
      assert.equal(provider.isConfigured({ ...EMPTY_SEARCH_CONTEXT, settings }), false);
      // A key alone chooses nothing: it may be there for another program.
      assert.equal(provider.isConfigured({ ...EMPTY_SEARCH_CONTEXT, keys: FAKE_KEYS }), false);
    }
  });

  it("never follows what Tavily proposes where the allowance without a key is used up", async () => {
    for (const status of [429, 402, 200]) {
      await services.close();
      services = await startFakeServices({ "api.tavily.com": fakeTavily(() => pages) });
      services.faults.set("api.tavily.com", [{ status, body: TAVILY_ALLOWANCE_USED_UP }]);
      await assert.rejects(search("tavily", 10, { keys: {} }), (error: ResearchError) => {
        assert.equal(error.code, "rate-limit");
        assert.match(error.line, /allowance of Tavily without a key is used up.*TAVILY_API_KEY/);
        assert.doesNotMatch(error.line, /pay|example|sign up/i);
        return true;
      });
      assert.equal(services.calls.length, 1);
    }
  });

  it("of GitHub sends no operators, and asks by meaning where a token is there", async () => {
    const query = "-mud NOT AND OR NOT AND OR NOT --dredge";
    assert.equal((await search("github", 10, { query })).length, 3);
    assert.equal((await search("github", 10, { query, keys: {} })).length, 3);
    const [first, , , last] = services.callsTo("api.github.com");
    assert.equal(first?.query.get("q"), "mud not and or not and or not dredge is:issue");
    assert.deepEqual([first.query.get("search_type"), last?.query.get("search_type")], ["hybrid", null]);
  });

  it("of Brave waits as its limit of a second says, and names the month's quota", async () => {
    const limit = (remaining: string, reset: string): ServiceAnswer => ({
      status: 429,
      headers: { "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset },
      body: { type: "ErrorResponse", error: { status: 429, code: "RATE_LIMITED" } },
    });
    services.faults.set("api.search.brave.com", [limit("0, 1987", "1, 1419704")]);
    const began = serviceTime.now();
    assert.equal((await search("brave")).length, 3);
    assert.ok(serviceTime.now() - began >= 990);
    services.faults.set("api.search.brave.com", [limit("0, 0", "1, 1419704")]);
    await assert.rejects(search("brave"), { code: "day-quota" });
  });

  it("of Serper names credits that are used up, whatever the status", async () => {
    for (const status of [400, 403]) {
      services.faults.set("google.serper.dev", [
        { status, body: { message: "Not enough credits", statusCode: status } },
      ]);
      await assert.rejects(search("serper"), { code: "billing" });
    }
  });

  it("that does not answer is given up after its time, and asked once", async () => {
    services.faults.set("api.exa.ai", [{ hangs: true }]);
    const asked = askService(
      { name: "Exa", hasKey: true },
      { url: new URL("https://api.exa.ai/search"), headers: {}, read: JSON.parse, timeout: 200 },
      never,
    );
    await assert.rejects(asked, { code: "timeout", message: /Exa did not answer within 0\.2 seconds/ });
    assert.equal(services.calls.length, 1);
  });

  it("that takes no key is not said to want one, but perhaps to know who asks", async () => {
    services.faults.set("en.wikipedia.org", [{ status: 403 }]);
    await assert.rejects(search("wikipedia"), (error: ResearchError) => {
      assert.match(error.line, /Wikipedia refuses the request \(HTTP 403\)\. .*RESEARCH_CONTACT/);
      return true;
    });
  });

  it("of another language has the limits of Wikipedia", () => {
    for (const language of ["de", "en", "zh-min-nan"])
      assert.equal(
        findServiceLimits(new URL(`https://${language}.wikipedia.org/w/api.php`)).limits.concurrent,
        1,
      );
    assert.equal(findServiceLimits(new URL("https://wikipedia.org.example/")).limits.concurrent, 2);
  });

  it("says what a wrong key is", async () => {
    for (const id of ["tavily", "brave", "exa", "serper"])
      await assert.rejects(
        search(id, 10, { keys: { [id]: "wrong-key-of-the-user" } }),
        { code: "bad-key" },
        id,
      );
  });
});

/** What a service sends, uncompressed. */
function answerText({ body, headers }: ServiceAnswer): string {
  if (!Buffer.isBuffer(body)) return JSON.stringify(body);
  return (headers?.["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString("utf8");
}
