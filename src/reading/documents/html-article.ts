import { Readability } from "@mozilla/readability";
import { Parser } from "htmlparser2";
import { parseHTML } from "linkedom";
import { splitBlocks, type DomElement } from "./html-blocks.js";
import { blocksToText, removeBoilerplate } from "./html-boilerplate.js";
import { extractHtmlFileText } from "./html-plain-text.js";

/** A page's main text in Markdown style: "## " headings, "- " items, fences around preformatted text. */
export interface PageText {
  title: string;
  text: string;
  /** Links of the text, as distinct absolute http(s) URLs. */
  links: { text: string; url: string }[];
  /** The page's canonical URL, absolute, or null. */
  canonical: string | null;
  warnings: string[];
}

/** Maximum number of elements for a DOM; larger pages are read as a whole, without one. */
const MAX_ELEMENTS = 60_000;
const MAX_LINKS = 200;
/** A text below this length is doubtful if it has less than this share of the page's prose. */
const DOUBTFUL = { characters: 500, share: 0.2 };

interface Page {
  title: string;
  text: string;
  links: { text: string; href: string }[];
  base: string | null;
  canonical: string | null;
}

/**
 * Extracts the main text of a page, without menus, banners and footers where they can be recognized.
 * @param url the page's URL, which links are relative to
 */
export function extractArticle(html: string, url: string): PageText {
  const page = parseArticle(html);
  const base = toAbsoluteUrl(page?.base ?? null, url) ?? url;
  const links = new Map<string, string>();
  for (const { text, href } of page?.links ?? []) {
    const target = toAbsoluteUrl(href, base);
    if (target !== null && links.size < MAX_LINKS && !links.has(target)) links.set(target, text);
  }
  const otherFields = {
    links: [...links].map(([target, text]) => ({ text, url: target })),
    canonical: toAbsoluteUrl(page?.canonical ?? null, base),
  };
  const text = page?.text ?? "";
  if (text.length >= DOUBTFUL.characters)
    return { title: page?.title ?? "", text, warnings: [], ...otherFields };
  // Only short texts are compared with the whole page, so that most pages are parsed once.
  const whole = extractHtmlFileText(html);
  const title = page?.title.trim() ? page.title : whole.title;
  if (text === "" || text.length < proseLength(whole.text) * DOUBTFUL.share) {
    const warnings = whole.text === "" ? [] : ["The main text could not be told from the rest of the page."];
    return { title, text: whole.text, warnings, ...otherFields };
  }
  return { title, text, warnings: [], ...otherFields };
}

/** Characters in paragraphs: long lines that end like sentences, unlike menus and footers. */
function proseLength(text: string): number {
  return text
    .split("\n")
    .filter((line) => line.length >= 100 && /[.!?…。！？]["'”’)]*$/.test(line))
    .reduce((sum, line) => sum + line.length, 0);
}

/** An absolute http(s) URL; null for anything else. */
function toAbsoluteUrl(href: string | null, base: string): string | null {
  if (href === null || !URL.canParse(href.trim(), base)) return null;
  const url = new URL(href.trim(), base);
  url.hash = "";
  return /^https?:$/.test(url.protocol) && url.username === "" ? url.href : null;
}

/** The used part of linkedom's document; DOM types are not available here. */
interface Document {
  body: unknown;
  querySelector(selector: string): DomElement | null;
}

/** Deeper nesting occurs only in hostile pages, whose DOM would take minutes. */
const MAX_DEPTH = 300;

/** Nestable elements, without those that may be left open, such as paragraphs. */
const NESTED =
  /<(\/?)(?:div|span|section|article|main|table|ul|ol|dl|blockquote|font|b|i|u|s|em|strong|a|center|form|fieldset|details|label|big|small|code|ruby|svg|g|math|mrow)(?=[\s>/])/gi;

function isTooLarge(html: string): boolean {
  let tags = 0;
  const tag = /<[a-z]/gi;
  while (tags <= MAX_ELEMENTS && tag.test(html)) tags++;
  return tags > MAX_ELEMENTS;
}

function isTooDeep(html: string): boolean {
  let open = 0;
  let most = 0;
  for (const [, close] of html.matchAll(NESTED)) {
    open = close === "/" ? Math.max(0, open - 1) : open + 1;
    most = Math.max(most, open);
  }
  // Scripts and unclosed elements can raise this first count, so a parser verifies it.
  if (most <= MAX_DEPTH) return false;
  let depth = 0;
  let deepest = 0;
  const parser = new Parser({
    onopentagname: () => (deepest = Math.max(deepest, ++depth)),
    onclosetag: () => depth--,
  });
  parser.end(html);
  return deepest > MAX_DEPTH;
}

function parseArticle(html: string): Page | null {
  if (isTooLarge(html) || isTooDeep(html)) return null;
  try {
    const { document } = parseHTML(html) as unknown as { document: Document };
    if (document.body === null) return null;
    const base = document.querySelector("base[href]")?.getAttribute("href") ?? null;
    const canonical = document.querySelector("link[rel=canonical]")?.getAttribute("href") ?? null;
    const parsed = new Readability(document, {
      maxElemsToParse: MAX_ELEMENTS,
      keepClasses: true,
      serializer: (element: unknown) => element as DomElement,
    }).parse();
    const content = parsed?.content ?? null;
    if (content === null) return { title: "", text: "", links: [], base, canonical };
    const title = parsed?.title?.trim() ?? "";
    const { blocks, links } = splitBlocks(content);
    return { title, text: blocksToText(removeBoilerplate(blocks, title)), links, base, canonical };
  } catch {
    // Too large, too deeply nested or not a document: the caller reads the plain text.
    return null;
  }
}
