import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import { blockText, countWords } from "../../core/document/blocks.js";
import { renderBlocks } from "../../core/document/render-blocks.js";
import type { Coverage } from "../../core/domain/reading.js";
import type { DomElement } from "./dom-node.js";
import { splitBlocks, sumDropped, type BlockList, type HtmlBlock } from "./html-blocks.js";
import { linkShare, removeBoilerplate } from "./html-boilerplate.js";
import { countMainWords, findMainPart, type MainPart } from "./html-main.js";
import { readPageHead, type PageHead } from "./html-page-head.js";
import { preparePage } from "./html-prepare.js";
import { placeStreamedParts } from "./html-streamed-parts.js";
import {
  elementsOf,
  findElement,
  FLATTENED,
  parseHtmlTree,
  serializeHtml,
  type HtmlElement,
} from "./html-tree.js";

/** A page's main text in Markdown style: "## " headings, "- " items, fences around preformatted text. */
export interface PageText {
  title: string;
  text: string;
  /** Links of the text, as distinct absolute http(s) URLs. */
  links: { text: string; url: string }[];
  /** The page's canonical URL, absolute, or null. */
  canonical: string | null;
  /** Where the page sends its readers on its own, absolute, or null. */
  refresh: string | null;
  coverage: Coverage;
  warnings: string[];
}

/** Maximum number of elements for a DOM; larger pages are read as a whole, without one. */
const MAX_ELEMENTS = 60_000;
const MAX_LINKS = 200;
/** A text of fewer words than this share of the main part's is not its text: the whole part is taken. */
const MIN_KEPT = { declared: 0.7, body: 0.2 };
/** A text below this length is doubtful if it has less than this share of the page's prose. */
const DOUBTFUL = { characters: 500, share: 0.2 };

/** Blocks of a page, and the number of words of the part that they are from. */
interface MainText extends BlockList {
  title: string;
  words: number;
  warnings: string[];
}

/**
 * Extracts the main text of a page, without menus, banners and footers where they can be recognized.
 * @param url the page's URL, which links are relative to
 */
export function extractArticle(html: string, url: string): PageText {
  const root = parseHtmlTree(html);
  if (html.includes("S:")) placeStreamedParts(root);
  const head = readPageHead(root);
  // Permalinks tell what kind of page it is, and are taken away after that.
  const part = findMainPart(root);
  preparePage(root);
  const found = findMainText(root, head, part);
  const base = toAbsoluteUrl(head.base, url) ?? url;
  const links = new Map<string, string>();
  for (const { text, href } of found.links) {
    const target = toAbsoluteUrl(href, base);
    if (target !== null && links.size < MAX_LINKS && !links.has(target)) links.set(target, text);
  }
  const { text } = renderBlocks(found.blocks);
  const kept = found.blocks.reduce((sum, block) => sum + countWords(blockText(block)), 0);
  const isTold = head.articleBody !== "" && kept * 2 < countWords(head.articleBody);
  return {
    title: found.title || head.title,
    text: isTold ? head.articleBody : text,
    links: [...links].map(([target, label]) => ({ text: label, url: target })),
    canonical: toAbsoluteUrl(head.canonical, base),
    refresh: toAbsoluteUrl(head.refresh, base),
    coverage: { words: Math.max(found.words, kept), kept, dropped: sumDropped(found.dropped) },
    warnings: isTold ? [] : found.warnings,
  };
}

function findMainText(
  root: HtmlElement,
  head: PageHead,
  { main, isDeclared, isDocumentation, isTechnical }: MainPart,
): MainText {
  const body = findElement(root, (each) => each.localName === "body") ?? root;
  if (isDocumentation) {
    const part = main !== null && isMostOf(main, body) ? main : body;
    const found = splitBlocks(part, true);
    if (found.blocks.length > 0) {
      const title = titleIn(found.blocks) || head.title;
      return { ...found, title, words: countMainWords(part), warnings: [] };
    }
  }
  const article = readArticle(root);
  const whole = splitBlocks(main ?? body);
  const wholeBlocks = removeBoilerplate(whole.blocks, article?.title ?? head.title);
  const words = contentWords(wholeBlocks);
  const title = article?.title ?? head.title;
  if (article !== null) {
    const kept = isDeclared ? sharedWords(article.blocks, wholeBlocks) : contentWords(article.blocks);
    const least = words * (isDeclared || isTechnical ? MIN_KEPT.declared : MIN_KEPT.body);
    const length = article.blocks.reduce((sum, block) => sum + blockText(block).length, 0);
    const isDoubtful =
      length === 0 || (length < DOUBTFUL.characters && length < proseLength(wholeBlocks) * DOUBTFUL.share);
    if (!isDoubtful && kept >= least && !isTable(wholeBlocks, article.blocks)) {
      const blocks = addLostParagraphs(article.blocks, wholeBlocks);
      const lost = Math.max(0, words - contentWords(blocks));
      const dropped =
        lost === 0 ? whole.dropped : [...whole.dropped, { what: "parts beside the article", words: lost }];
      return {
        ...article,
        blocks,
        dropped,
        title,
        words: Math.max(words, contentWords(blocks)),
        warnings: [],
      };
    }
    if (!isDoubtful || isDeclared || isTechnical)
      return { ...whole, blocks: wholeBlocks, title, words, warnings: [] };
  }
  const { blocks, links, dropped } = splitBlocks(body);
  const warnings =
    blocks.length === 0 || elementsExceed(root)
      ? []
      : ["The main text could not be told from the rest of the page."];
  return { blocks, links, dropped, title, words: contentWords(blocks), warnings };
}

/** A shorter paragraph may be a label or a call. */
const MIN_LOST_PARAGRAPH = 60;

/** Adds the paragraphs of prose that stand between those of an article and that it has lost. */
function addLostParagraphs(article: HtmlBlock[], whole: HtmlBlock[]): HtmlBlock[] {
  const texts = new Set(article.map(blockText));
  const isKept = (block: HtmlBlock): boolean => texts.has(blockText(block));
  const [first, last] = [whole.findIndex(isKept), whole.findLastIndex(isKept)];
  const lost = new Map<string, HtmlBlock[]>();
  let before = "";
  for (const block of whole.slice(Math.max(0, first), last + 1)) {
    if (isKept(block)) before = blockText(block);
    else if (isProse(block)) lost.set(before, [...(lost.get(before) ?? []), block]);
  }
  return article.flatMap((block) => {
    const after = lost.get(blockText(block)) ?? [];
    lost.delete(blockText(block));
    return [block, ...after];
  });
}

function isProse(block: HtmlBlock): boolean {
  const text = blockText(block);
  return (
    block.kind === "paragraph" &&
    text.length >= MIN_LOST_PARAGRAPH &&
    /[.!?…。！？:]["'”’)]*$/.test(text) &&
    linkShare(block) < 0.5
  );
}

/** Whether a page is mostly a table that its article has lost: cells become paragraphs there. */
function isTable(whole: HtmlBlock[], article: HtmlBlock[]): boolean {
  const rows = (blocks: HtmlBlock[]): HtmlBlock[] => blocks.filter(({ kind }) => kind === "row");
  const all = rows(whole);
  if (all.length < 5 || rows(article).length * 2 >= all.length) return false;
  return contentWords(all) >= contentWords(whole) * 0.5;
}

/** Words of blocks that are neither headings nor links. */
function contentWords(blocks: HtmlBlock[]): number {
  return blocks
    .filter((block) => block.kind !== "heading")
    .filter((block) => block.kind === "code" || block.kind === "row" || linkShare(block) < 0.5)
    .reduce((sum, block) => sum + countWords(blockText(block)), 0);
}

/** Words of an article that its page's main part has as well: it may have been taken from beside it. */
function sharedWords(article: HtmlBlock[], whole: HtmlBlock[]): number {
  const left = new Map<string, number>();
  for (const word of whole.flatMap((block) => wordsOf(block))) left.set(word, (left.get(word) ?? 0) + 1);
  return contentWords(
    article.filter((block) => {
      const words = wordsOf(block);
      let shared = 0;
      for (const word of words) {
        const count = left.get(word) ?? 0;
        if (count > 0) shared++;
        left.set(word, count - 1);
      }
      return shared * 2 > words.length;
    }),
  );
}

function wordsOf(block: HtmlBlock): string[] {
  return blockText(block).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Characters in paragraphs: long blocks that end like sentences, unlike menus and footers. */
function proseLength(blocks: HtmlBlock[]): number {
  return blocks
    .map(blockText)
    .filter((text) => text.length >= 100 && /[.!?…。！？]["'”’)]*$/.test(text))
    .reduce((sum, text) => sum + text.length, 0);
}

/** Whether an element holds a good part of a page's text; a `main` may hold only its top. */
function isMostOf(main: HtmlElement, body: HtmlElement): boolean {
  return countMainWords(main) >= countMainWords(body) * 0.3;
}

/** The only heading of the first level. */
function titleIn(blocks: HtmlBlock[]): string {
  const first = blocks.filter((block) => block.kind === "heading" && block.level === 1);
  const text = first.length === 1 && first[0] !== undefined ? blockText(first[0]) : "";
  return text.length <= 150 ? text : "";
}

/** An absolute http(s) URL; null for anything else. */
function toAbsoluteUrl(href: string | null, base: string): string | null {
  if (href === null || !URL.canParse(href.trim(), base)) return null;
  const url = new URL(href.trim(), base);
  url.hash = "";
  return /^https?:$/.test(url.protocol) && url.username === "" ? url.href : null;
}

function elementsExceed(root: HtmlElement): boolean {
  if (root.getAttribute(FLATTENED) !== null) return true;
  let count = 0;
  for (const element of elementsOf(root)) {
    if (element !== root && ++count > MAX_ELEMENTS) return true;
  }
  return false;
}

/** The article that Readability finds; null if there is none, or too much for a DOM. */
function readArticle(root: HtmlElement): (BlockList & { title: string }) | null {
  if (elementsExceed(root)) return null;
  try {
    const { document } = parseHTML(serializeHtml(root, true)) as unknown as { document: { body: unknown } };
    if (document.body === null) return null;
    const parsed = new Readability(document, {
      maxElemsToParse: MAX_ELEMENTS,
      keepClasses: true,
      serializer: (element: unknown) => element as DomElement,
    }).parse();
    const content = parsed?.content ?? null;
    if (content === null) return null;
    const title = parsed?.title?.trim() ?? "";
    const { blocks, links, dropped } = splitBlocks(content);
    return { title, blocks: removeBoilerplate(blocks, title), links, dropped };
  } catch {
    // Not a document after all: the caller reads the whole page.
    return null;
  }
}
