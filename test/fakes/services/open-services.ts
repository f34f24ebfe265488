import { gzipSync } from "node:zlib";
import type { FakeService, ServiceAnswer } from "./services.js";
import { FAKE_KEYS, type FoundPage } from "./web-searches.js";

/* Services that answer without a key, as their owners document them. */

/** What GitHub holds, by the path of the API. A string is sent as it is, anything else as JSON. */
export type GithubContent = Record<string, unknown>;

/**
 * @param pages found by a search: the first an issue, the second a pull request, and so on
 * @param left requests without a token until the hour ends
 */
export function fakeGithub(pages: () => FoundPage[], content: GithubContent = {}, left = 60): FakeService {
  return ({ path, query, headers }): ServiceAnswer => {
    if (headers["user-agent"] === undefined) return { status: 403, body: "Request forbidden" };
    const isKnown = headers.authorization === `Bearer ${FAKE_KEYS.github}`;
    if (headers.authorization !== undefined && !isKnown)
      return { status: 401, body: { message: "Bad credentials", status: "401" } };
    const reset = `${Math.ceil(Date.now() / 1000) + 1800}`;
    const limits = {
      "x-ratelimit-limit": "60",
      "x-ratelimit-remaining": `${left}`,
      "x-ratelimit-reset": reset,
    };
    if (path === "/search/issues") {
      const q = query.get("q") ?? "";
      if (!/is:(?:issue|pull-request)/.test(q))
        return {
          status: 422,
          body: { message: "Query must include 'is:issue' or 'is:pull-request'", status: "422" },
        };
      const type = query.get("search_type");
      if (
        (q.match(/\b(?:AND|OR|NOT)\b/g) ?? []).length > 5 ||
        (type !== null && !(isKnown && type === "hybrid"))
      )
        return { status: 422, body: { message: "Validation Failed", status: "422" } };
      const parity = q.includes("is:issue") ? 0 : 1;
      const [page, size] = [Number(query.get("page")), Number(query.get("per_page"))];
      const all = pages().filter((_, n) => n % 2 === parity);
      return {
        body: {
          total_count: all.length,
          // GitHub stopped looking after its time: what it found by then counts.
          incomplete_results: true,
          ...(type === null ? {} : { search_type: type }),
          items: all.slice((page - 1) * size, page * size).map(({ url, title }, n) => ({
            html_url: url,
            number: n + 1,
            title,
            state: "open",
            body: null,
            user: { login: "someone" },
            labels: [],
            comments: 0,
            score: 1,
          })),
        },
      };
    }
    if (path === "/search/repositories")
      return { body: { total_count: 0, incomplete_results: false, items: [] } };
    if (!isKnown && left === 0)
      return {
        status: 403,
        headers: limits,
        body: {
          message: "API rate limit exceeded for 127.0.0.1.",
          documentation_url: "https://docs.example",
        },
      };
    left--;
    const found = content[decodeURIComponent(path)];
    if (found === undefined)
      return { status: 404, headers: limits, body: { message: "Not Found", status: "404" } };
    return { headers: { ...limits, "x-ratelimit-remaining": `${left}` }, body: found };
  };
}

/** What Stack Exchange holds, by the path of the API without "/2.3": the items. */
export type StackExchangeContent = Record<string, unknown[]>;

/** Always compressed, with entities in titles. @param extra fields that the next answers have besides, one after the other */
export function fakeStackExchange(
  pages: () => FoundPage[],
  content: StackExchangeContent = {},
  extra: Record<string, unknown>[] = [],
): FakeService {
  const answer = (body: unknown, status = 200): ServiceAnswer => ({
    status,
    headers: { "content-type": "application/json; charset=utf-8", "content-encoding": "gzip" },
    body: gzipSync(JSON.stringify(body)),
  });
  return ({ path, query }): ServiceAnswer => {
    const known = path.replace(/^\/2\.3/, "");
    if (query.get("site") === null)
      return answer({ error_id: 400, error_message: "site is required", error_name: "bad_parameter" }, 400);
    const quota = { quota_max: 300, quota_remaining: 298, ...extra.shift() };
    if (known === "/search/advanced") {
      const [page, size] = [Number(query.get("page")), Number(query.get("pagesize"))];
      const all = pages();
      const items = all.slice((page - 1) * size, page * size).map(({ url, title }, n) => ({
        tags: ["mud"],
        owner: { display_name: "Asker" },
        is_answered: true,
        question_id: n + 1,
        link: url,
        title: title.replaceAll("&", "&amp;").replaceAll("'", "&#39;"),
      }));
      return answer({ items, has_more: all.length > page * size, ...quota });
    }
    const items = content[known] ?? [];
    const size = Number(query.get("pagesize") ?? "30");
    return answer({ items: items.slice(0, size), has_more: items.length > size, ...quota });
  };
}

/** What Stack Exchange says to those who did not wait. */
export function stackExchangeThrottle(seconds: number): ServiceAnswer {
  return {
    status: 400,
    body: {
      error_id: 502,
      error_message: `too many requests from this IP, more requests available in ${seconds} seconds`,
      error_name: "throttle_violation",
    },
  };
}

/** An article, with its HTML as the parser gives it. */
export interface FakeArticle {
  title: string;
  revision: number;
  html: string;
}

/** Articles by search have the revisions 1001, 1002 … */
export function fakeWikipedia(pages: () => FoundPage[], articles: FakeArticle[] = []): FakeService {
  return ({ path, query, headers }): ServiceAnswer => {
    if (!(headers["user-agent"] ?? "").startsWith("DeepResearch/")) return { status: 403, body: "Forbidden" };
    if (path !== "/w/api.php" || query.get("format") !== "json" || query.get("formatversion") !== "2")
      return { status: 400, body: "<!doctype html><p>Bad request" };
    if (query.get("action") === "query") {
      const limit = Number(query.get("gsrlimit"));
      const found = pages().slice(0, limit);
      if (found.length === 0) return { body: { batchcomplete: true } };
      // Pages come in the order of their ids, not of their ranks.
      const list = found.map(({ title }, n) => ({
        pageid: 9000 - n,
        ns: 0,
        title,
        index: n + 1,
        contentmodel: "wikitext",
        touched: "2026-01-01T00:00:00Z",
        lastrevid: 1001 + n,
        length: 1234,
      }));
      return {
        body: {
          batchcomplete: true,
          continue: { gsroffset: limit, continue: "gsroffset||" },
          query: { pages: list.reverse() },
        },
      };
    }
    const article = articles.find(
      ({ title, revision }) =>
        `${revision}` === query.get("oldid") || title === query.get("page")?.replaceAll("_", " "),
    );
    if (article === undefined)
      return {
        body: { error: { code: "missingtitle", info: "The page you specified doesn't exist.", docref: "" } },
      };
    return {
      body: { parse: { title: article.title, pageid: 1, revid: article.revision, text: article.html } },
    };
  };
}

export function fakeMdn(pages: () => FoundPage[]): FakeService {
  return ({ path, query }): ServiceAnswer => {
    if (path !== "/api/v1/search") return { status: 404 };
    if ((query.get("q") ?? "").length < 2)
      return { status: 400, body: { errors: { q: [{ message: "too short", code: "invalid" }] } } };
    const size = Number(query.get("size"));
    return {
      body: {
        documents: pages()
          .slice(0, size)
          .map(({ url, title }) => ({
            mdn_url: url.replace("https://a.example", ""),
            score: 1,
            title,
            locale: "en-us",
            slug: "x",
            popularity: 0,
            summary: "",
            highlight: { body: [], title: [] },
          })),
        metadata: { took_ms: 3, total: { value: 1, relation: "eq" }, size, page: 1 },
        suggestions: [],
      },
    };
  };
}

/** What Read the Docs finds in a project: each page with the section that answers best. */
export function fakeReadTheDocs(pages: () => FoundPage[]): FakeService {
  return ({ path, query }): ServiceAnswer => {
    if (path !== "/api/v3/search/") return { status: 404, body: { detail: "Not found." } };
    const [, project = "", version = "latest"] =
      /^project:([\w.-]+)(?:\/([\w.-]+))? \S/.exec(query.get("q") ?? "") ?? [];
    if (project === "") return { status: 400, body: { q: ["This field is required."] } };
    const size = Number(query.get("page_size"));
    const all = pages();
    return {
      body: {
        count: all.length,
        next: null,
        previous: null,
        projects: [{ slug: project, versions: [{ slug: version }] }],
        query: (query.get("q") ?? "").replace(/^\S+ /, ""),
        fuzzy_fallback: false,
        results: all.slice(0, size).map(({ url, title }) => ({
          type: "page",
          project: { slug: project, alias: null },
          version: { slug: version },
          title,
          domain: `https://${project}.readthedocs.io`,
          path: url.replace("https://a.example", ""),
          highlights: { title: [] },
          blocks: [
            { type: "section", id: "best", title, content: "", highlights: { title: [], content: [] } },
            { type: "section", id: "other", title, content: "", highlights: { title: [], content: [] } },
          ],
        })),
      },
    };
  };
}

/** The newest copy of each address. `at`: the archive shows that of a time nearby; or leads elsewhere. */
export type ArchivedCopies = Record<
  string,
  { timestamp: string; type?: string; body: string; at?: string; elsewhere?: string }
>;

export function fakeWayback(copies: ArchivedCopies): FakeService {
  return ({ host, path, query }): ServiceAnswer => {
    if (path === "/cdx/search/cdx") {
      const address = query.get("url") ?? "";
      const copy = copies[address];
      const rows =
        copy === undefined
          ? []
          : [
              ["timestamp", "original", "mimetype"],
              [copy.timestamp, address, copy.type ?? "text/html"],
            ];
      return { body: rows };
    }
    const [, timestamp, address = ""] = /^\/web\/(\d{14})id_\/(.*)$/.exec(path) ?? [];
    const copy = copies[address];
    if (copy?.elsewhere !== undefined) return { status: 302, headers: { location: copy.elsewhere } };
    if (copy?.at !== undefined && copy.timestamp === timestamp)
      return { status: 302, headers: { location: `/${host}/web/${copy.at}id_/${address}` } };
    if (copy === undefined || (copy.at ?? copy.timestamp) !== timestamp)
      return { status: 404, body: "no copy" };
    return { headers: { "content-type": copy.type ?? "text/html" }, body: copy.body };
  };
}
