import { blockText } from "../../core/document/blocks.js";
import type { HtmlBlock as Block } from "./html-blocks.js";

/*
 * Removes boilerplate from an article: links to other articles, calls to subscribe, credits, the repeated title,
 * author and date.
 */

/** From this share of links, a block counts as a link rather than a sentence. */
const MIN_LINK_SHARE = 0.8;
const SHORT = 160;
/** Maximum share that may be removed; a page that is a list of links stays unchanged. */
const MAX_REMOVED_SHARE = 0.6;

/** Beginnings of references to other content. */
const POINTER =
  /^(?:related(?: (?:stories|articles|content|news|topics|coverage|links))?|read (?:more|also|next|the full)|more(?: (?:on|from|news|stories|about|coverage|business|in|info)\b.*)?|also (?:see|read|on|in)|see (?:also|more)|recommended|you (?:may|might) (?:also|like)|don['’]t miss|must[- ]read|most (?:read|popular)|latest(?: news| stories)?|trending|top stories|watch(?: live| more| now)?|listen|(?:click|tap) (?:here|to)|sign up|subscribe|get the latest|get our|follow (?:us|me|him|her|them)|like us|join (?:us|the)|share (?:this|on|via)|tags?|topics?|filed under|advert(?:isement)?s?|sponsored|story continues|continue reading|scroll (?:down|to)|skip to|loading|comments?|view comments|leave a (?:comment|reply)|print|email this|back to top|photos?|videos?|gallery|image|read in|leia (?:mais|também)|veja (?:mais|também)|lire aussi|à lire|lesen sie auch|mehr (?:zum thema|dazu)|lee (?:más|también)|leggi anche|lees ook|читайте также|czytaj (?:także|też)|関連記事|相关阅读)\b\s*(?::|\||–|—|-|»|›|>|$)/iu;
const CALL =
  /^(?:sign up (?:now|here|today)\b|(?:sign up|register) (?:for|to) .{0,50}\b(?:newsletters?|e-?mails?|alerts|daily|weekly|inbox|trial)\b|subscribe (?:now|here|today)\b|subscribe to .{0,40}\b(?:newsletters?|podcast|channel|magazine|inbox)\b|get (?:our|breaking|updates|\w+ news)\b|get the latest .{0,40}\b(?:news|updates|stories|headlines|inbox)\b|follow (?:us|me|him|her|@|\S+ on (?:twitter|facebook|instagram))|like us on|join (?:our|us on|the conversation)|have a (?:tip|story|news tip)|click here (?:to|for)|support (?:our (?:work|journalism)|independent)|this (?:article|story|post) (?:was )?(?:originally |first )?(?:appeared|published)|originally published|download (?:our|the) app\b|start your (?:free )?(?:trial|day)|please (?:enable|turn on) javascript|this slideshow requires|media playback is (?:un|not )supported)/i;
const CREDIT =
  /^(?:(?:image|photo|picture|video|illustration|foto|bild|credit|source|quelle|fonte|fuente)s?(?: (?:credit|caption|copyright|courtesy(?: of)?|by|via|source))?s?\s*[:|©]|©|\(c\)|copyright\b|all rights reserved|getty images|\(?(?:ap|afp|reuters)(?: photo|\/)|(?:file )?photo(?:graph)? (?:by|courtesy|via))/i;
/** Names begin with capitals, which tells "By Ada Lovelace" from "By default". */
const BYLINE =
  /^(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Dd]oor|[Ww]ritten by|[Aa]uthor|[Pp]osted by|[Pp]ublished by|[Tt]exto?|[Rr]eporting by)\b[:\s]\s*\p{Lu}/u;
const DATED =
  /\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b|\b\d+ (?:min(?:ute)?s?|hours?|days?|weeks?|months?|years?) (?:ago|read)\b/i;
const ABOUT_AUTHOR =
  /^(?:\p{Lu}[\p{L}.'’-]+ ){2,4}(?:is|was|has been|joined|covers|writes|may be reached|can be reached)\b.{0,60}\b(?:reporter|editor|writer|correspondent|journalist|columnist|contributor|freelance|author|reached at|blogger|staff|joined|reporting)\b/u;
const CONTACT =
  /^(?:e-?mail|contact|reach|twitter|follow)\b.{0,40}(?:@|\bat\b)|^[\w.+-]+@[\w-]+\.\w+\b.{0,60}$|^(?:this (?:report|story|article) was )?(?:last )?updated\b.{0,60}$/iu;

/** Removes boilerplate blocks. @param title the page's title, which need not be repeated */
export function removeBoilerplate(blocks: Block[], title: string): Block[] {
  const kept = withoutTail(withoutHead(withoutPointers(blocks), title));
  const length = (all: Block[]): number => all.reduce((sum, block) => sum + blockText(block).length, 0);
  return length(kept) < length(blocks) * (1 - MAX_REMOVED_SHARE) ? blocks : kept;
}

/** The share of a block's characters that are links, 0 to 1. */
export function linkShare(block: Block): number {
  const { length } = blockText(block);
  return length === 0 ? 0 : block.linked / length;
}

function isSentence(block: Block): boolean {
  return /[.!?…。！？:;]["'”’)\]]*$/.test(blockText(block));
}

/** A credit is short and no sentence: "Source files are kept." is one. */
function isCredit(block: Block): boolean {
  const text = blockText(block);
  return CREDIT.test(text) && !(/^source/i.test(text) && isSentence(block));
}

function withoutPointers(blocks: Block[]): Block[] {
  const listed = linkedLists(blocks);
  const kept = blocks.filter((block, index) => {
    const { kind } = block;
    const text = blockText(block);
    if (kind === "code" || kind === "row" || kind === "term" || kind === "admonition") return true;
    if (listed.has(index)) return false;
    // "Comments" and "Tags" may be chapters of a manual, so a heading is removed only with its content.
    if (kind === "heading" || (kind === "item" && linkShare(block) < MIN_LINK_SHARE)) return true;
    const isShort = text.length < SHORT;
    if (isShort && (POINTER.test(text) || isCredit(block))) return false;
    if (text.length < 400 && CALL.test(text)) return false;
    const isAddress = /^\S+$/.test(text) && /[./]/.test(text);
    return !(
      kind !== "item" &&
      isShort &&
      linkShare(block) >= MIN_LINK_SHARE &&
      !isSentence(block) &&
      !isAddress
    );
  });
  const places = new Map(blocks.map((block, index) => [block, index]));
  // A heading without remaining content belonged to a removed list.
  return kept.filter((block, index) => {
    if (block.kind !== "heading") return true;
    const { level } = block;
    const next = kept[index + 1];
    const had = blocks[(places.get(block) ?? -1) + 1];
    const lost = had !== undefined && had !== next;
    const isFollowed = next?.kind === "heading" ? next.level > level : next !== undefined;
    return !lost || isFollowed;
  });
}

/** Indexes of items in lists that consist of links. */
function linkedLists(blocks: Block[]): Set<number> {
  const found = new Set<number>();
  for (let from = 0; from < blocks.length;) {
    let to = from;
    while (blocks[to]?.kind === "item") to++;
    const items = blocks.slice(from, to);
    const linked = items.filter(
      (item) => linkShare(item) >= MIN_LINK_SHARE && blockText(item).length < SHORT,
    );
    // What a sentence introduces is part of the text.
    const before = blocks[from - 1];
    const isIntroduced =
      before !== undefined && /[:：]$/.test(blockText(before)) && blockText(before).length > 25;
    if (items.length > 0 && !isIntroduced && linked.length >= items.length * 0.8)
      items.forEach((_, index) => found.add(from + index));
    from = Math.max(to, from + 1);
  }
  return found;
}

/** Removes title, date and byline above the first paragraph. */
function withoutHead(blocks: Block[], title: string): Block[] {
  const first = blocks.findIndex(
    (block) => block.kind === "code" || (blockText(block).length >= 100 && isSentence(block)),
  );
  if (first < 0) return blocks;
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
  const own = plain(title);
  return blocks.filter((block, index) => {
    if (index >= first || block.kind === "item" || block.kind === "row") return true;
    const text = plain(blockText(block));
    const isPart =
      text.length > 15 && own.startsWith(text) && (block.kind !== "heading" || block.level === 1);
    const isTitle = own !== "" && (text === own || isPart);
    if (isTitle) return false;
    if (block.kind === "heading") return true;
    const said = blockText(block);
    const isDate = DATED.test(said) && !isSentence(block);
    return !(said.length < 120 && ((BYLINE.test(said) && !isSentence(block)) || isDate));
  });
}

/** Removes notes about the author and copyright after the last paragraph. */
function withoutTail(blocks: Block[]): Block[] {
  let end = blocks.length;
  for (let steps = 0; steps < 6 && end > 1; steps++) {
    const block = blocks[end - 1];
    if (block === undefined) break;
    if (block.kind === "code" || block.kind === "row" || block.kind === "term") break;
    const text = blockText(block);
    const isAbout = text.length < 400 && (ABOUT_AUTHOR.test(text) || CONTACT.test(text) || isCredit(block));
    const isLink = text.length < SHORT && linkShare(block) >= 0.6;
    const isLabel = block.kind === "heading";
    if (!isAbout && !isLink && !isLabel) break;
    end--;
  }
  return blocks.slice(0, end);
}
