import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { blockText, countWords, type Block, type SourceLines } from "../../core/document/blocks.js";
import { composeTerm } from "../../core/document/compose-term.js";
import type { Coverage } from "../../core/domain/reading.js";
import type { DomElement, DomNode } from "./dom-node.js";
import { namesOf } from "./html-tree.js";
import { readTable } from "./html-table.js";

/*
 * Splits an element into the blocks of a document. What is no part of it, such as menus, share bars and sign-up forms,
 * is recognized by elements, class names and ids, and skipped.
 */

/** A block with the number of its characters that are links. */
export type HtmlBlock = Block & { linked: number };

/** What was skipped, and why. */
type Dropped = Coverage["dropped"][number];

export interface BlockList {
  blocks: HtmlBlock[];
  links: { text: string; href: string }[];
  dropped: Dropped[];
}

const SKIPPED: Record<string, string> = {
  script: "scripts", style: "scripts", noscript: "scripts", template: "scripts", head: "scripts", link: "scripts",
  svg: "pictures", canvas: "pictures", video: "pictures", audio: "pictures", map: "pictures", object: "pictures",
  embed: "pictures", iframe: "pictures", nav: "navigation", select: "forms", button: "forms", input: "forms",
  textarea: "forms", footer: "the footer", dialog: "dialogs",
}; // prettier-ignore

const BLOCK = new Set([
  "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figure",
  "header", "hr", "li", "main", "ol", "p", "section", "summary", "table", "tr", "ul", "tbody", "thead", "center",
  "form", "figcaption", "footer", "caption", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "legend",
]); // prettier-ignore

/** Parts of class names and ids of elements that do not belong to the article. */
const NOISE =
  /(?:^|[\s_-])(?:ads?|advert(?:s|isement)?|sponsor(?:ed)?|promos?|promotion|newsletter|subscribe|subscription|sign-?up|signup|share|sharing|sharebar|social|socials|related|recirc(?:ulation)?|recommended|recommendations?|read-?more|readmore|also-?read|more-?(?:on|from|stories|news)|most-?(?:read|popular)|trending|comments?|disqus|author-?(?:bio|box|info|card|profile)|about-?author|bio|byline|breadcrumbs?|captions?|credits?|copyright|photographer|cookies?|consent|gdpr|skip-?link|skip-?to|screen-?reader(?:-?text)?|visually-?hidden|sr-?only|pagination|prev-?next|slideshow|tags|tag-?list|toolbar|print-?only|noprint|outbrain|taboola|donate|rating|reactions?|wp-caption-text|figcaption|inline-?newsletter|media-?caption)(?:$|[\s_-])/i;

/** In documentation, apparatus of the page: links to edit it, the way to it, votes. */
const APPARATUS =
  /(?:^|[\s_-])(?:breadcrumbs?|pagination|pager|prev-?next|edit-?(?:this-?)?(?:page|link|on)|last-?updated|page-?actions?|feedback|helpful|skip-?link|skip-?to|share|social|sr-?only|visually-?hidden|screen-?reader(?:-?text)?|vote(?:-?count)?|voting-?container|post-?menu|user-?info|reactions?|rating|toolbar|copy-?(?:button|link)?|banner|cookie-?(?:banner|consent)|tag-?list|noprint|catlinks|printfooter|advert(?:isement)?|carbon-?ads?|suggested-?edits|tooltip|menu|top-?bar)(?:$|[\s_-])/i;
const CONTENTS_LIST =
  /(?:^|[\s_-])(?:toc|table-?of-?contents|on-?this-?page|page-?nav|sidebar|side-?bar|page-?toc|right-?sidebar|localtoc)(?:$|[\s_-])/i;

const NOTE_NAMES =
  /(?:^|\s)(?:admonition|custom-block|markdown-alert|theme-admonition|starlight-aside)(?:$|\s)/;

/** An element with this many characters, or this share of all, belongs to the article whatever its name. */
const LARGE = { characters: 1500, share: 0.35 };

/** If skipping elements by name leaves less than this share, the names have another meaning on this page. */
const MIN_SHARE = 0.35;

/** So many sections with the words of their headings as ids are the custom of a page. */
const MIN_NAMED_SECTIONS = 3;

/** Headings of what stands beside an article. */
const BESIDE =
  /^(?:\d+ )?(?:related|comments?|leave a|share|newsletter|subscribe|sign up|recommended|more (?:from|on|stories)|most (?:read|popular)|trending|about the author|advertisement|follow|tags|you may|read (?:more|next)|also|latest|top stories|popular)\b/i;

/**
 * Splits an element into blocks.
 * @param isDocumentation whether only what is certainly apparatus is skipped
 */
export function splitBlocks(root: DomElement, isDocumentation = false): BlockList {
  if (isDocumentation) return new BlockCollector(root, { isDocumentation, large: 0 }).collect();
  const all = root.textContent.replace(/\s+/g, " ").length;
  const large = Math.min(LARGE.characters, all * LARGE.share);
  const found = new BlockCollector(root, { isDocumentation, large }).collect();
  const length = found.blocks.reduce((sum, block) => sum + blockText(block).length, 0);
  return length < all * MIN_SHARE ? new BlockCollector(root, { isDocumentation, large: 0 }).collect() : found;
}

/** A block as those of other formats. */
export function withoutLinked(block: HtmlBlock): Block {
  const whole: Block & { linked?: number } = { ...block };
  delete whole.linked;
  return whole;
}

/** What was skipped for each reason, most words first. */
export function sumDropped(dropped: Dropped[]): Dropped[] {
  const sums = new Map<string, number>();
  for (const { what, words } of dropped) if (what !== "") sums.set(what, (sums.get(what) ?? 0) + words);
  return [...sums].map(([what, words]) => ({ what, words })).sort((a, b) => b.words - a.words);
}

interface Options {
  isDocumentation: boolean;
  /** Elements with at least this many characters are never skipped for their names. */
  large: number;
}

const ADMONITION =
  /(?:^|\s)(?:admonition(?:block)?|theme-admonition|custom-block|starlight-aside|markdown-alert|alert--\w+|callout|hint|rm-Callout|msg|notice|notecard|docblock-warning)(?:[\s-]|$)/i;
const NAMED_ADMONITION =
  /(?:^|[\s_-])(note|tip|hint|important|warning|caution|danger|attention|info|deprecated|seealso|success|error|todo)(?:$|[\s_-])/i;
const ADMONITION_TITLE =
  /(?:^|\s)(?:admonition-title|admonitionHeading\w*|admonition-heading\w*|admonitionTitle\w*|custom-block-title|starlight-aside__title|markdown-alert-title|callout-(?:title|heading)|hint-title|title|alert-title|alert-heading)(?:\s|$)/i;

/** Notes within notes below this depth are text: only hostile pages have them. */
const MAX_NESTING = 20;

/** Splits one element. Cells, terms and notes are split by collectors of their own. */
class BlockCollector {
  private readonly blocks: HtmlBlock[] = [];
  private readonly links: BlockList["links"] = [];
  private readonly dropped: Dropped[] = [];
  private text = "";
  private linked = 0;
  private first = 0;
  private last = 0;
  private isApart = true;
  /** Headings of terms go below the last heading. */
  private level = 1;
  private quoting = 0;
  /** Number of notes, terms and cells around it. */
  private nesting = 0;
  private lists: { number: number | null; introduction: string | null }[] = [];
  /** The item or term that following paragraphs continue. */
  private open: HtmlBlock | null = null;
  /** What the next text is; null for a paragraph. */
  private pending:
    { kind: "item"; number: number | null } | { kind: "heading"; level: number } | { kind: "figure" } | null =
    null;

  private sectionsAreNamed: boolean | null = null;

  constructor(
    private readonly root: DomElement,
    private readonly options: Options,
  ) {}

  collect(): BlockList {
    this.walk(this.root, false);
    this.flush(true);
    return { blocks: this.blocks, links: this.links, dropped: this.dropped };
  }

  /** The blocks of an element by themselves, as part of this one. */
  private part(element: DomElement, level: number): HtmlBlock[] {
    return this.collectInside(element, level, null);
  }

  /** @param skipped an element inside that is read elsewhere */
  private collectInside(element: DomElement, level: number, skipped: DomElement | null): HtmlBlock[] {
    const inner = new BlockCollector(element, this.options);
    inner.level = level;
    inner.skipped = skipped;
    inner.nesting = this.nesting + 1;
    inner.children(element, false);
    inner.flush(true);
    for (const link of inner.links) this.links.push(link);
    for (const each of inner.dropped) this.dropped.push(each);
    return inner.blocks;
  }

  private place(): SourceLines | null {
    return this.first === 0 ? null : { first: this.first, last: Math.max(this.first, this.last) };
  }

  private push(block: Block, linked = 0): HtmlBlock {
    const whole = { ...block, linked };
    this.blocks.push(whole);
    this.isApart = false;
    return whole;
  }

  private flush(apart: boolean): void {
    const text = collapseWhitespace(this.text);
    if (text !== "") {
      const linked = Math.min(this.linked, text.length);
      const common = { place: this.place(), isApart: this.isApart };
      const { pending, open } = this;
      if (pending?.kind === "heading") {
        this.level = pending.level;
        this.push({ kind: "heading", text, level: pending.level, ...common }, linked);
        this.open = null;
      } else if (pending?.kind === "item") {
        const { introduction = null } = this.lists.at(-1) ?? {};
        const depth = Math.max(0, this.lists.length - 1);
        this.open = this.push(
          { kind: "item", text, depth, number: pending.number, introduction, ...common },
          linked,
        );
      } else if (pending?.kind === "figure") {
        this.push({ kind: "figure", text, ...common }, linked);
        this.open = null;
      } else if (open?.kind === "item" && this.lists.length > 0 && this.options.isDocumentation) {
        open.text += `\n${text}`;
        open.linked += linked;
        if (open.place !== null && common.place !== null) open.place.last = common.place.last;
      } else {
        this.push({ kind: this.quoting > 0 ? "quotation" : "paragraph", text, ...common }, linked);
      }
      this.pending = null;
    }
    this.text = "";
    this.linked = 0;
    this.first = this.last = 0;
    this.isApart ||= apart;
  }

  private walk(node: DomNode, inLink: boolean): void {
    if (node.nodeType === 3) {
      const value = (node.nodeValue ?? "").replace(/\s+/g, " ");
      if (value.trim() !== "") this.mark(node, node.nodeValue ?? "");
      this.text += value;
      if (inLink) this.linked += value.trim().length;
      return;
    }
    if (node.nodeType !== 1) return;
    const element = node as DomElement;
    const reason = element === this.root ? null : this.skipReason(element);
    if (reason !== null) {
      const words = countWords(element.textContent);
      if (words > 0) this.dropped.push({ what: reason, words });
      return;
    }
    this.enter(element, inLink);
  }

  private enter(element: DomElement, inLink: boolean): void {
    const name = element.localName;
    if (name === "br") this.flush(false);
    else if (name === "a") this.link(element);
    else if (/^h[1-6]$/.test(name)) this.heading(element, inLink);
    else if (name === "pre") this.code(element);
    else if (name === "ul" || name === "ol" || name === "menu") this.list(element, inLink);
    else if (name === "li") this.item(element, inLink);
    else if (name === "dl") this.terms(element);
    else if (name === "table") this.table(element, inLink);
    else if (name === "blockquote" && !this.isAdmonition(element)) {
      this.flush(true);
      this.quoting++;
      this.children(element, inLink);
      this.flush(true);
      this.quoting--;
    } else if (name === "figcaption") {
      this.flush(true);
      this.pending = { kind: "figure" };
      this.children(element, inLink);
      this.flush(true);
      this.pending = null;
    } else if (this.isAdmonition(element)) this.admonition(element);
    else if (BLOCK.has(name)) {
      this.flush(true);
      this.children(element, inLink);
      this.flush(true);
    } else this.children(element, inLink);
  }

  private children(element: DomElement, inLink: boolean): void {
    for (const child of element.childNodes) this.walk(child, inLink);
  }

  private mark(node: DomNode, value: string): void {
    const { line } = node;
    if (line === undefined) return;
    const skipped = /^\s*/.exec(value)?.[0].split("\n").length ?? 1;
    if (this.first === 0) this.first = line + skipped - 1;
    this.last = line + value.trimEnd().split("\n").length - 1;
  }

  private link(element: DomElement): void {
    const href = element.getAttribute("href");
    const label = collapseWhitespace(element.textContent);
    if (href !== null && label !== "") this.links.push({ text: label, href });
    this.children(element, href !== null);
  }

  private heading(element: DomElement, inLink: boolean): void {
    this.flush(true);
    const level = Number(element.localName.charAt(1));
    const from = this.blocks.length;
    const lists = this.lists;
    this.lists = [];
    this.pending = { kind: "heading", level };
    if (element.line !== undefined) this.first = element.line;
    this.children(element, inLink);
    this.flush(true);
    this.pending = null;
    this.lists = lists;
    // Lines of one heading belong together.
    const [head, ...more] = this.blocks.slice(from);
    if (head?.kind !== "heading" || more.length === 0 || !more.every((each) => each.kind === "paragraph"))
      return;
    head.text = [head.text, ...more.map(blockText)].join(" ");
    this.blocks.length = from + 1;
  }

  private code(element: DomElement): void {
    this.flush(true);
    const text = element.textContent.replace(/^\n+/, "").trimEnd();
    this.pending = null;
    if (text.trim() === "") return;
    const { line } = element;
    const place = line === undefined ? null : { first: line, last: line + text.split("\n").length - 1 };
    this.push({
      kind: "code",
      text,
      language: element.getAttribute("data-code") ?? "",
      place,
      isApart: true,
    });
    this.open = null;
    this.isApart = true;
  }

  private list(element: DomElement, inLink: boolean): void {
    this.flush(this.lists.length === 0);
    const before = this.blocks.at(-1);
    const said = before !== undefined && "text" in before && before.kind !== "heading" ? before.text : "";
    const start = Number(element.getAttribute("start") ?? 1);
    const isOrdered = element.localName === "ol";
    this.lists.push({
      number: isOrdered ? (Number.isSafeInteger(start) ? start : 1) : null,
      introduction: /[:：]$/.test(said) || this.lists.length > 0 ? said || null : null,
    });
    this.children(element, inLink);
    this.flush(false);
    this.lists.pop();
    if (this.lists.length === 0) this.open = null;
    this.isApart ||= this.lists.length === 0;
  }

  private item(element: DomElement, inLink: boolean): void {
    this.flush(false);
    const list = this.lists.at(-1);
    const isLoose = list === undefined;
    if (isLoose) this.lists.push({ number: null, introduction: null });
    const number = list?.number ?? null;
    if (list?.number != null) list.number++;
    this.open = null;
    this.pending = { kind: "item", number };
    if (element.line !== undefined) this.first = element.line;
    this.children(element, inLink);
    this.flush(false);
    this.pending = null;
    this.open = null;
    if (isLoose) this.lists.pop();
  }

  /** Terms with their explanations; long ones become headings with what stands below them. */
  private terms(element: DomElement): void {
    this.flush(true);
    let names: DomElement[] = [];
    const groups: { names: DomElement[]; texts: DomElement[] }[] = [];
    const gather = (from: DomElement): void => {
      for (const child of from.childNodes) {
        if (child.nodeType !== 1) continue;
        const each = child as DomElement;
        if (each.localName === "dt") {
          if (names.length === 0 || (groups.at(-1)?.texts.length ?? 0) > 0)
            groups.push({ names: (names = [each]), texts: [] });
          else names.push(each);
        } else if (each.localName === "dd") {
          const group = groups.at(-1);
          if (group === undefined) groups.push({ names: [], texts: [each] });
          else group.texts.push(each);
        } else if (each.localName === "div" || each.localName === "section" || each.localName === "span")
          gather(each);
        else if (this.skipReason(each) === null) groups.push({ names: [], texts: [each] });
      }
    };
    gather(element);
    for (const { names: heads, texts } of groups) this.term(heads, texts);
    this.isApart = true;
  }

  private term(heads: DomElement[], texts: DomElement[]): void {
    const level = Math.min(6, this.level + 1);
    const term = heads
      .map((head) => this.part(head, level).map(blockText).join(" ").trim())
      .filter((each) => each !== "")
      .join(", ");
    const blocks = texts.flatMap((each) => this.part(each, level));
    const line = heads[0]?.line;
    const place = line === undefined ? null : { first: line, last: texts.at(-1)?.lastLine ?? line };
    const depth = this.lists.length;
    for (const block of composeTerm(term, place, depth, level, blocks)) this.push(block);
  }

  private table(element: DomElement, inLink: boolean): void {
    this.flush(true);
    if (this.isAdmonition(element)) {
      this.admonition(element);
      return;
    }
    const rows = readTable(element, (cell) => this.part(cell, this.level).map(blockText).join("; "));
    if (rows === null) {
      this.children(element, inLink);
      this.flush(true);
      return;
    }
    for (const row of rows) {
      if (typeof row === "string") this.push({ kind: "paragraph", text: row, place: null, isApart: true });
      else this.push({ kind: "row", ...row, isApart: this.isApart });
    }
    this.isApart = true;
    this.open = null;
  }

  private isAdmonition(element: DomElement): boolean {
    if (this.nesting > MAX_NESTING) return false;
    const names = element.getAttribute("class") ?? "";
    if (
      names === "" ||
      /^(?:span|a|code|h[1-6]|body|html|main|button|i|em|strong|ul|ol|li)$/.test(element.localName)
    )
      return false;
    if (ADMONITION.test(names)) return element.textContent.trim() !== "";
    return (
      this.options.isDocumentation &&
      /^(?:div|aside|p|section|blockquote|table)$/.test(element.localName) &&
      /^(?:[\w-]*[\s])?(?:alert|box|callout|block|panel)?[\s-]*(?:note|tip|hint|important|warning|caution|danger|attention)(?:[\s-](?:block|box|alert|callout))?$/i.test(
        names.trim(),
      )
    );
  }

  private admonition(element: DomElement): void {
    this.flush(true);
    const title = findInside(element, (each) => ADMONITION_TITLE.test(each.getAttribute("class") ?? ""), 4);
    const names = element.getAttribute("class") ?? "";
    const named = NAMED_ADMONITION.exec(namesOf(element))?.[1] ?? (/seealso/i.test(names) ? "See also" : "");
    const said = collapseWhitespace(title?.textContent ?? "").replace(/:$/, "");
    const label = said || (element.getAttribute("aria-label") ?? "") || capitalized(named);
    const isContent = (each: DomElement): boolean =>
      each.localName === "td" && /(?:^|\s)content(?:\s|$)/.test(each.getAttribute("class") ?? "");
    const content = findInside(element, isContent, 4) ?? element;
    const blocks = this.collectInside(content, this.level, title);
    const [first, ...others] = blocks;
    if (first === undefined && label === "") return;
    if (
      label === "" ||
      (first?.kind === "paragraph" && first.text.toLowerCase().startsWith(label.toLowerCase()))
    ) {
      for (const { linked, ...block } of blocks) this.push(block, linked);
    } else if (first?.kind === "paragraph") {
      this.push(
        { kind: "admonition", label, text: first.text, place: first.place, isApart: true },
        first.linked,
      );
      for (const { linked, ...block } of others) this.push(block, linked);
    } else {
      const { line } = element;
      this.push({
        kind: "admonition",
        label,
        text: "",
        place: line === undefined ? null : { first: line, last: line },
        isApart: true,
      });
      for (const { linked, ...block } of blocks) this.push(block, linked);
    }
    this.isApart = true;
    this.open = null;
  }

  /** The title of a note, which is its label. */
  private skipped: DomElement | null = null;

  private skipReason(element: DomElement): string | null {
    const name = element.localName;
    if (element === this.skipped) return "";
    const { isDocumentation, large } = this.options;
    const skipped = SKIPPED[name];
    if (skipped !== undefined) return skipped;
    if (!isDocumentation && (name === "form" || name === "figcaption"))
      return name === "form" ? "forms" : "captions";
    if (isHidden(element)) return "hidden parts";
    if (name === "pre" || name === "code" || name === "table" || /^h[1-6]$/.test(name)) return null;
    const names = namesOf(element);
    // What a note is called is a topic: "share", "related".
    if (names === "" || NOTE_NAMES.test(names)) return null;
    const reason = isDocumentation ? apparatusName(element, names) : noiseName(element, names, large);
    return reason !== null && isNamedByHeading(element) && this.namesSections() ? null : reason;
  }

  /** Whether sections have the words of their headings as ids: such an id says nothing of a part of the page. */
  private namesSections(): boolean {
    return (this.sectionsAreNamed ??= countInside(this.root, isNamedByHeading, 12) >= MIN_NAMED_SECTIONS);
  }
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

function findInside(
  root: DomElement,
  fits: (element: DomElement) => boolean,
  depth: number,
): DomElement | null {
  if (depth === 0) return null;
  for (const child of root.childNodes) {
    if (child.nodeType !== 1) continue;
    const element = child as DomElement;
    if (fits(element)) return element;
    const found = findInside(element, fits, depth - 1);
    if (found !== null) return found;
  }
  return null;
}

function countInside(root: DomElement, fits: (element: DomElement) => boolean, depth: number): number {
  if (depth === 0) return 0;
  let count = 0;
  for (const child of root.childNodes) {
    if (child.nodeType !== 1) continue;
    const element = child as DomElement;
    count += (fits(element) ? 1 : 0) + countInside(element, fits, depth - 1);
  }
  return count;
}

/** Whether the id of a section is its heading in words, as generators of documentation make it. */
function isNamedByHeading(element: DomElement): boolean {
  if (element.localName !== "section" && element.localName !== "div") return false;
  const words = (text: string): string =>
    text
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join("-") ?? "";
  const id = words(element.getAttribute("id") ?? "");
  return id !== "" && id === words(ownHeading(element)?.textContent ?? "");
}

function isHidden(element: DomElement): boolean {
  if (element.getAttribute("hidden") !== null) return true;
  if (element.getAttribute("aria-hidden") === "true")
    return element.textContent.length < 200 || !hasHeading(element);
  const style = element.getAttribute("style");
  return style !== null && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style);
}

function hasHeading(element: DomElement): boolean {
  return ownHeading(element) !== null;
}

function ownHeading(element: DomElement): DomElement | null {
  return findInside(element, (each) => /^h[1-6]$/.test(each.localName), 12);
}

function hasStructure(element: DomElement): boolean {
  return findInside(element, (each) => /^(?:h[1-6]|pre|table|dl)$/.test(each.localName), 12) !== null;
}

/** The name by which an element of an article is skipped; null if it is kept. */
function noiseName(element: DomElement, names: string, large: number): string | null {
  const found = NOISE.exec(names)?.[0].trim();
  if (found === undefined || element.textContent.trim().length >= large) return null;
  if (findInside(element, (each) => each.localName === "pre", 12) !== null) return null;
  const heading = ownHeading(element);
  if (
    heading !== null &&
    !BESIDE.test(heading.textContent.trim()) &&
    shareOfLinks(element) < 0.5 &&
    hasSentence(element)
  ) {
    return null;
  }
  return `“${found}”`;
}

/** Like `noiseName`, for documentation. */
function apparatusName(element: DomElement, names: string): string | null {
  const listed = CONTENTS_LIST.exec(names)?.[0].trim();
  if (listed !== undefined && isListOfContents(element)) return "the list of contents";
  const found = APPARATUS.exec(names)?.[0].trim();
  if (found === undefined) return null;
  const text = element.textContent.trim();
  if (text.length > 600 || hasStructure(element)) return null;
  return shareOfLinks(element) >= 0.5 || !hasSentence(element) ? `“${found}”` : null;
}

/** Only links to parts of the same page, and a title. */
function isListOfContents(element: DomElement): boolean {
  let own = 0;
  let others = 0;
  const walk = (at: DomElement): void => {
    for (const child of at.childNodes) {
      if (child.nodeType !== 1) continue;
      const each = child as DomElement;
      if (each.localName === "a") {
        if ((each.getAttribute("href") ?? "").includes("#")) own++;
        else others++;
      } else walk(each);
    }
  };
  walk(element);
  return own > 0 && own >= others * 4 && shareOfLinks(element) >= 0.6;
}

function hasSentence(element: DomElement): boolean {
  const words = element.textContent.slice(0, 3000).trim().split(/\s+/);
  return words.some((word, index) => index >= 3 && /[.!?。！？]$/.test(word));
}

function shareOfLinks(element: DomElement): number {
  let linked = 0;
  const walk = (at: DomElement): void => {
    for (const child of at.childNodes) {
      if (child.nodeType !== 1) continue;
      const each = child as DomElement;
      if (each.localName === "a") linked += each.textContent.trim().length;
      else walk(each);
    }
  };
  walk(element);
  return linked / Math.max(1, element.textContent.trim().length);
}
