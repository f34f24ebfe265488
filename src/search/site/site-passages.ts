import type { Reading } from "../../core/domain/reading.js";
import { splitPassages } from "../../core/text/passages.js";
import type { SitePage } from "../../reading/site/site-page.js";

/** A passage of a page of a site, as it is ranked. */
export interface SitePassage {
  /** Of its page, with the anchor of its section where that is known. */
  url: string;
  /** The page's title. */
  title: string;
  heading: string;
  text: string;
}

/** The passages of a site's own list. An entry whose address has an anchor is a section, and its title a heading. */
export function passagesOfList(pages: readonly SitePage[]): SitePassage[] {
  const titles = new Map<string, string>();
  for (const { url, title } of pages) {
    const page = withoutAnchor(url);
    if (page === url || !titles.has(page)) titles.set(page, title);
  }
  return pages.flatMap(({ url, title, text }) => {
    const page = withoutAnchor(url);
    const heading = page === url ? "" : title;
    const texts = text.trim() === "" ? [""] : splitPassages(text, "markdown").map((each) => each.text);
    return texts.map((each) => ({ url, title: titles.get(page) ?? title, heading, text: each }));
  });
}

/** The passages of a page that was read. */
export function passagesOfReading(
  url: string,
  { title, text }: Pick<Reading, "title" | "text">,
): SitePassage[] {
  return splitPassages(text, "markdown").map(({ heading, text: body }) => ({
    url,
    title,
    heading,
    text: body,
  }));
}

export function withoutAnchor(url: string): string {
  const at = url.indexOf("#");
  return at < 0 ? url : url.slice(0, at);
}
