import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

/*
 * A documentation site of the pages in a folder: real HTTP on 127.0.0.1, below /docs/, with the list of its pages that a
 * generator would write.
 */

export interface DocsSite {
  address: string;
  /** "host:port", for ALLOWED_PRIVATE_HOSTS. */
  host: string;
  close(): Promise<void>;
}

/** @param list the search index of MkDocs, or a sitemap */
export async function startDocsSite(folder: string, list: "index" | "sitemap"): Promise<DocsSite> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".html"));
  const pages = new Map(
    names.map((name) => [`/docs/${name}`, readFileSync(path.join(folder, name), "utf8")]),
  );
  const server = createServer((request, response) => {
    const send = (type: string, body: string): void => {
      response.writeHead(200, { "content-type": type }).end(body);
    };
    const page = pages.get(request.url ?? "");
    if (page !== undefined) send("text/html; charset=utf-8", page);
    else if (list === "index" && request.url === "/docs/search/search_index.json") {
      const docs = [...pages].flatMap(sections);
      send("application/json", JSON.stringify({ config: { lang: ["en"] }, docs }));
    } else if (list === "sitemap" && request.url === "/docs/sitemap.xml") {
      const urls = [...pages.keys()].map((url) => `<url><loc>${site.address}${url}</loc></url>`);
      send("application/xml", `<?xml version="1.0"?><urlset>${urls.join("")}</urlset>`);
    } else response.writeHead(404).end("no");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const site: DocsSite = {
    address: `http://${host}`,
    host,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return site;
}

/** As MkDocs does it: an entry for the page, and one for each of its sections. */
function sections([url, html]: [string, string]): { location: string; title: string; text: string }[] {
  const location = url.replace(/^\/docs\//, "");
  const title = /<title>([^<]*)/.exec(html)?.[1] ?? "";
  const found = [...html.matchAll(/<section id="([^"]*)"><h\d>([^<]*)<\/h\d>(.*?)<\/section>/gs)];
  const text = (inner: string): string => inner.replace(/<[^>]*>/g, " ");
  return [
    { location, title, text: "" },
    ...found.map(([, id = "", heading = "", inner = ""]) => ({
      location: `${location}#${id}`,
      title: heading,
      text: text(inner),
    })),
  ];
}
