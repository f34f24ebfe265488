import { gunzipSync } from "node:zlib";
import { resolveWithin, type SitePage } from "./site-page.js";

/* The lists of pages that a site has for programs: sitemap.xml and llms.txt. Whatever is odd in them is passed over. */

const MAX_PAGES = 50_000;
const MAX_UNPACKED = 50 * 1024 * 1024;

/** The addresses in a sitemap: of pages, or of more sitemaps. */
export function parseSitemap(bytes: Uint8Array): { pages: string[]; sitemaps: string[] } {
  const text = unpack(bytes);
  const addresses: string[] = [];
  for (
    let at = text.indexOf("<loc>");
    at >= 0 && addresses.length < MAX_PAGES;
    at = text.indexOf("<loc>", at + 5)
  ) {
    const end = text.indexOf("</loc>", at);
    if (end < 0) break;
    addresses.push(decodeXml(text.slice(at + 5, Math.min(end, at + 3000))));
  }
  return text.includes("<sitemapindex")
    ? { pages: [], sitemaps: addresses }
    : { pages: addresses, sitemaps: [] };
}

/** The sitemaps that a robots.txt names. */
export function listSitemaps(robots: string): string[] {
  return robots
    .split("\n")
    .flatMap((line) => /^\s{0,20}sitemap:\s{0,20}(\S{1,2000})/i.exec(line.slice(0, 2100))?.[1] ?? []);
}

/** The pages that an llms.txt links to; none where it is a page that says there is no such file. */
export function parseLlmsTxt(text: string, site: URL, base: URL): SitePage[] {
  if (/^\s{0,200}</.test(text)) return [];
  return text.split("\n").flatMap((line) => {
    const [, title = "", address = "", note = ""] =
      /^\s{0,20}[-*] \[([^\]\n]{1,300})\]\(([^)\s]{1,2000})\)[: ]{0,5}(.{0,1000})/.exec(
        line.slice(0, 4000),
      ) ?? [];
    const url = address === "" ? null : resolveWithin(site, address, base);
    return url === null ? [] : [{ url, title, text: note }];
  });
}

/** A page as a sitemap knows it: by the words of its address. */
export function pageOfAddress(url: string): SitePage {
  const { pathname } = new URL(url);
  let path = pathname;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    // What is wrongly encoded is taken as it stands.
  }
  const title = path
    .replace(/\.\w{1,5}$/, "")
    .replace(/[/_.-]+/g, " ")
    .trim();
  return { url, title, text: "" };
}

/** Some servers send a packed file as it lies on the disk. */
function unpack(bytes: Uint8Array): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return Buffer.from(bytes).toString("utf8");
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED }).toString("utf8");
  } catch {
    return "";
  }
}

function decodeXml(text: string): string {
  return text
    .replace(/^\s*<!\[CDATA\[|\]\]>\s*$/g, "")
    .trim()
    .replace(
      /&(amp|lt|gt|quot|apos);/g,
      (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"' })[name] ?? "'",
    );
}
