import * as z from "zod";
import type { Reading } from "../../core/domain/reading.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { askWikipedia, revisionAddress } from "./wikipedia-api.js";
import { escapeMarkup, toDocument, type ServicePages, type ServicePageTools } from "./service-page.js";

/* Articles of Wikipedia, cited by the revision that was read. */

const Parsed = z.object({
  parse: z.object({ title: z.string(), revid: z.int().positive(), text: z.string() }),
});

export const wikipediaPages: ServicePages = {
  find({ hostname, pathname, searchParams }) {
    const host = hostname.replace(/\.m\.wikipedia/, ".wikipedia");
    if (!/^[a-z-]{2,16}\.wikipedia\.org$/.test(host)) return null;
    const revision = searchParams.get("oldid");
    if (pathname === "/w/index.php" && revision !== null && /^\d{1,12}$/.test(revision))
      return (tools, signal) => readArticle(host, { oldid: revision }, tools, signal);
    const title = /^\/wiki\/(.{1,500})$/.exec(pathname)?.[1];
    return title === undefined
      ? null
      : (tools, signal) => readArticle(host, { page: decodeTitle(title), redirects: "1" }, tools, signal);
  },
};

function decodeTitle(title: string): string {
  try {
    return decodeURIComponent(title);
  } catch {
    return title;
  }
}

async function readArticle(
  host: string,
  page: Record<string, string>,
  tools: ServicePageTools,
  signal: AbortSignal,
): Promise<Reading> {
  const query = { action: "parse", ...page, prop: "text|revid", disableeditsection: "1", disabletoc: "1" };
  const { parse } = await askWikipedia(host, query, Parsed, tools.contact, signal);
  const title = collapseWhitespace(parse.title);
  const address = revisionAddress(host, title, parse.revid);
  const html = `<!doctype html><html><head><title>${escapeMarkup(title)}</title></head><body><main><h1>${escapeMarkup(title)}</h1>${parse.text}</main></body></html>`;
  const found = await tools.text(toDocument(html, "text/html", address), signal);
  return {
    ...found,
    title,
    commit: null,
    canonical: address,
    address,
    attribution: "By the contributors to Wikipedia, CC BY-SA 4.0.",
  };
}
