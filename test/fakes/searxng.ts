import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/*
 * A stand-in for a SearXNG server and for the web that it finds: real HTTP on 127.0.0.1. It answers
 * as SearXNG does: JSON only where that format is switched on, the whole list of keys in its answer.
 */

export interface FakePage {
  title: string;
  body: string | Buffer;
  /** Of the answer; text/html if not given. */
  type?: string;
  /** Begins and never ends. */
  hangs?: boolean;
  /** Words of which a query must hold one for the page to be found; always found if not given. */
  about?: string[];
}

export interface FakeWeb {
  /** For SEARXNG_URL. */
  address: string;
  /** "host:port", for ALLOWED_PRIVATE_HOSTS. */
  host: string;
  /** Paths that were asked for, in order. */
  asked: string[];
  queries: string[];
  /** Headers of each request. */
  headers: NodeJS.Dict<string | string[]>[];
  /** How a search is answered from now on. */
  mode: "json" | "no-json" | "html" | "busy";
  /** How the next searches are answered, one after the other, before `mode` counts. */
  faults: FakeWeb["mode"][];
  /** Results that are given besides the pages. */
  extra: { url: string; title: string }[];
  /** Results as they are sent, before all others: plugins give some without an address. */
  raw: unknown[];
  /** Engines that did not answer, with the reason. */
  unresponsive: [engine: string, reason: string][];
  /** "name:password" that a search has to bring; null for none. */
  credentials: string | null;
  /** Where a search is sent on to; null for nowhere. */
  redirect: string | null;
  close(): Promise<void>;
}

/** Starts it. @param pages by path, such as "/guide" */
export async function startFakeWeb(pages: Record<string, FakePage>): Promise<FakeWeb> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", web.address);
    web.asked.push(url.pathname);
    web.headers.push(request.headers);
    if (url.pathname === "/search") {
      const query = url.searchParams.get("q") ?? "";
      web.queries.push(query);
      const mode = web.faults.shift() ?? web.mode;
      const expected =
        web.credentials === null ? null : `Basic ${Buffer.from(web.credentials).toString("base64")}`;
      if (expected !== null && request.headers.authorization !== expected) {
        return void response.writeHead(401, { "www-authenticate": 'Basic realm="search"' }).end();
      }
      if (web.redirect !== null) {
        const location = web.redirect;
        if (location.startsWith("/")) web.redirect = null;
        return void response.writeHead(302, { location: `${location}${url.search}` }).end();
      }
      if (mode === "busy") return void response.writeHead(429).end("Too Many Requests");
      if (mode === "no-json") return void response.writeHead(403).end("Forbidden");
      if (mode === "html" || url.searchParams.get("format") !== "json") {
        return void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><p>Results");
      }
      const results = Object.entries(pages)
        .filter(
          ([, { about }]) => about === undefined || about.some((word) => query.toLowerCase().includes(word)),
        )
        .map(([path, { title }]) => ({ url: web.address + path, title }))
        .concat(web.extra)
        .map(({ url: found, title }, index) => ({
          url: found,
          title,
          content: `About ${title}`,
          engine: "fake",
          parsed_url: [],
          template: "default.html",
          engines: ["fake"],
          positions: [index + 1],
          score: 1 / (index + 1),
          category: "general",
        }));
      const answer = { query, number_of_results: 0, results: [...web.raw, ...results], answers: [], corrections: [], infoboxes: [], suggestions: [], unresponsive_engines: web.unresponsive }; // prettier-ignore
      return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    }
    const page = pages[url.pathname];
    if (page === undefined) return void response.writeHead(404).end("no");
    if (page.hangs === true) {
      response.writeHead(200, { "content-type": "text/html" }).write("<!doctype html><p>");
      return;
    }
    return void response
      .writeHead(200, { "content-type": page.type ?? "text/html; charset=utf-8" })
      .end(page.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const web: FakeWeb = {
    address: `http://${host}`,
    host,
    asked: [],
    queries: [],
    headers: [],
    mode: "json",
    faults: [],
    extra: [],
    raw: [],
    unresponsive: [],
    credentials: null,
    redirect: null,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return web;
}

/** An article with menus around it, as pages have them. */
export function article(title: string, paragraphs: string[]): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a> <a href="/about">About us</a></nav>
<main><article><h1>${title}</h1>
${paragraphs.map((each) => `<p>${each}</p>`).join("\n")}
</article></main><footer>Imprint, privacy, contact</footer></body></html>`;
}
