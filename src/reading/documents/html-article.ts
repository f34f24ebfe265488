import { Readability } from "@mozilla/readability";
import { Parser } from "htmlparser2";
import { parseHTML } from "linkedom";
import { splitBlocks, type DomElement } from "./html-blocks.js";
import { blocksToText, removeBoilerplate } from "./html-boilerplate.js";
import { extractHtmlFileText } from "./html-plain-text.js";

/** A page's main text, Markdown-like: "## " headings, "- " items, fences around what was preformatted. */
export interface PageText {
  title: string;
  text: string;
  /** Where the text links to, absolute http(s) addresses, each once. */
  links: { text: string; url: string }[];
  /** The address that the page gives as its own, absolute, or null. */
  canonical: string | null;
  warnings: string[];
}

/** Elements of a page that a tree is made of; a page with more is read whole, without one. */
const MOST_ELEMENTS = 60_000;
const MOST_LINKS = 200;
/** A text shorter than this is held against the page's other prose; one with less than this share of it is doubted. */
const DOUBTFUL = { characters: 500, share: 0.2 };

interface Page {
  title: string;
  text: string;
  links: { text: string; href: string }[];
  base: string | null;
  canonical: string | null;
}

/**
 * Takes the main text out of a page, without menus, banners and footers where those can be told.
 * @param url where the page is: what its links are relative to
 */
export function extractArticle(html: string, url: string): PageText {
  const page = articleOf(html);
  const base = absolute(page?.base ?? null, url) ?? url;
  const links = new Map<string, string>();
  for (const { text, href } of page?.links ?? []) {
    const target = absolute(href, base);
    if (target !== null && links.size < MOST_LINKS && !links.has(target)) links.set(target, text);
  }
  const rest = {
    links: [...links].map(([target, text]) => ({ text, url: target })),
    canonical: absolute(page?.canonical ?? null, base),
  };
  const text = page?.text ?? "";
  if (text.length >= DOUBTFUL.characters) return { title: page?.title ?? "", text, warnings: [], ...rest };
  // Only what is short is held against the whole page: most pages are taken apart once.
  const whole = extractHtmlFileText(html);
  const title = page?.title.trim() ? page.title : whole.title;
  if (text === "" || text.length < proseIn(whole.text) * DOUBTFUL.share) {
    const warnings = whole.text === "" ? [] : ["The main text could not be told from the rest of the page."];
    return { title, text: whole.text, warnings, ...rest };
  }
  return { title, text, warnings: [], ...rest };
}

/** Characters in paragraphs: long lines that end as sentences do. Menus and footers have none. */
function proseIn(text: string): number {
  return text
    .split("\n")
    .filter((line) => line.length >= 100 && /[.!?…。！？]["'”’)]*$/.test(line))
    .reduce((sum, line) => sum + line.length, 0);
}

/** An http(s) address, made absolute; null for anything else. */
function absolute(href: string | null, base: string): string | null {
  if (href === null || !URL.canParse(href.trim(), base)) return null;
  const url = new URL(href.trim(), base);
  url.hash = "";
  return /^https?:$/.test(url.protocol) && url.username === "" ? url.href : null;
}

/** What is needed of linkedom's document; the DOM's own types belong to browsers. */
interface Document {
  body: unknown;
  querySelector(selector: string): DomElement | null;
}

/** No page is nested so deep but one that is made to hang whoever reads it: its tree takes minutes. */
const DEEPEST = 300;

/** Elements that can be nested; those that may be left open, as a paragraph, would count for too much. */
const NESTED =
  /<(\/?)(?:div|span|section|article|main|table|ul|ol|dl|blockquote|font|b|i|u|s|em|strong|a|center|form|fieldset|details|label|big|small|code|ruby|svg|g|math|mrow)(?=[\s>/])/gi;

function isTooLarge(html: string): boolean {
  let tags = 0;
  const tag = /<[a-z]/gi;
  while (tags <= MOST_ELEMENTS && tag.test(html)) tags++;
  return tags > MOST_ELEMENTS;
}

function isTooDeep(html: string): boolean {
  let open = 0;
  let most = 0;
  for (const [, close] of html.matchAll(NESTED)) {
    open = close === "/" ? Math.max(0, open - 1) : open + 1;
    most = Math.max(most, open);
  }
  // A first count, which scripts and elements left open can raise; only then is it worth a proper one.
  if (most <= DEEPEST) return false;
  let depth = 0;
  let deepest = 0;
  const parser = new Parser({
    onopentagname: () => (deepest = Math.max(deepest, ++depth)),
    onclosetag: () => depth--,
  });
  parser.end(html);
  return deepest > DEEPEST;
}

function articleOf(html: string): Page | null {
  if (isTooLarge(html) || isTooDeep(html)) return null;
  try {
    const { document } = parseHTML(html) as unknown as { document: Document };
    if (document.body === null) return null;
    const base = document.querySelector("base[href]")?.getAttribute("href") ?? null;
    const canonical = document.querySelector("link[rel=canonical]")?.getAttribute("href") ?? null;
    const parsed = new Readability(document, {
      maxElemsToParse: MOST_ELEMENTS,
      keepClasses: true,
      serializer: (element: unknown) => element as DomElement,
    }).parse();
    const content = parsed?.content ?? null;
    if (content === null) return { title: "", text: "", links: [], base, canonical };
    const title = parsed?.title?.trim() ?? "";
    const { blocks, links } = splitBlocks(content);
    return { title, text: blocksToText(removeBoilerplate(blocks, title)), links, base, canonical };
  } catch {
    // Too many elements, nested too deep, or no document at all: the plain way reads it.
    return null;
  }
}
