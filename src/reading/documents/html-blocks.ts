/*
 * Splits an element's text into blocks (headings, paragraphs, items, rows, preformatted text) with their share of
 * links. Captions, share bars and sign-up forms inside an article are recognized by class names and ids, and skipped.
 */

/** The used part of the DOM. */
interface DomNode {
  nodeType: number;
  nodeValue: string | null;
  childNodes: Iterable<DomNode>;
}

export interface DomElement extends DomNode {
  localName: string;
  textContent: string;
  getAttribute(name: string): string | null;
}

export interface Block {
  kind: "heading" | "text" | "item" | "pre" | "row";
  /** Text without Markdown marks. */
  text: string;
  /** 1 to 6; 0 if it is not a heading. */
  level: number;
  /** Characters of the text that are links. */
  linked: number;
  /** Whether a blank line precedes it. */
  isApart: boolean;
}

export interface BlockList {
  blocks: Block[];
  links: { text: string; href: string }[];
}

const SKIPPED = new Set([
  "script", "style", "noscript", "template", "svg", "nav", "iframe", "select", "button", "figcaption", "form", "input",
  "textarea", "object", "embed", "video", "audio", "canvas", "map", "footer", "dialog",
]); // prettier-ignore

const BLOCK = new Set([
  "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figure",
  "header", "hr", "li", "main", "ol", "p", "section", "summary", "table", "tr", "ul", "tbody", "thead", "center",
]); // prettier-ignore

/** Parts of class names and ids of elements that do not belong to the article. */
const NOISE =
  /(?:^|[\s_-])(?:ads?|advert(?:s|isement)?|sponsor(?:ed)?|promos?|promotion|newsletter|subscribe|subscription|sign-?up|signup|share|sharing|sharebar|social|socials|related|recirc(?:ulation)?|recommended|recommendations?|read-?more|readmore|also-?read|more-?(?:on|from|stories|news)|most-?(?:read|popular)|trending|comments?|disqus|author-?(?:bio|box|info|card|profile)|about-?author|bio|byline|breadcrumbs?|captions?|credits?|copyright|photographer|cookies?|consent|gdpr|skip-?link|skip-?to|screen-?reader(?:-?text)?|visually-?hidden|sr-?only|pagination|prev-?next|slideshow|tags|tag-?list|toolbar|print-?only|noprint|outbrain|taboola|donate|rating|reactions?|wp-caption-text|figcaption|inline-?newsletter|media-?caption)(?:$|[\s_-])/i;

/** An element with this many characters, or this share of all, belongs to the article whatever its name. */
const LARGE = { characters: 1500, share: 0.35 };

/** If skipping elements by name leaves less than this share, the names have another meaning on this page. */
const MIN_SHARE = 0.35;

/** Splits an element into blocks. @throws RangeError if it is nested too deeply */
export function splitBlocks(root: DomElement): BlockList {
  const all = root.textContent.replace(/\s+/g, " ").length;
  const found = collectBlocks(root, Math.min(LARGE.characters, all * LARGE.share));
  const length = found.blocks.reduce((sum, { text }) => sum + text.length, 0);
  return length < all * MIN_SHARE ? collectBlocks(root, 0) : found;
}

/** @param large elements with at least this many characters are never skipped */
function collectBlocks(root: DomElement, large: number): BlockList {
  const blocks: Block[] = [];
  const links: BlockList["links"] = [];
  let text = "";
  let linked = 0;
  let kind: Block["kind"] = "text";
  let level = 0;
  let isApart = true;

  const flush = (apart: boolean): void => {
    const clean = kind === "pre" ? text.replace(/^\n+/, "").trimEnd() : text.replace(/\s+/g, " ").trim();
    if (clean !== "" && clean !== "|") {
      blocks.push({ kind, text: clean, level, linked: Math.min(linked, clean.length), isApart });
      isApart = false;
    }
    text = "";
    linked = 0;
    kind = "text";
    level = 0;
    isApart ||= apart;
  };

  const walk = (node: DomNode, inLink: boolean, inPre: boolean): void => {
    if (node.nodeType === 3) {
      const value = node.nodeValue ?? "";
      text += inPre ? value : value.replace(/\s+/g, " ");
      if (inLink) linked += value.trim().length;
      return;
    }
    if (node.nodeType !== 1) return;
    const element = node as DomElement;
    const name = element.localName;
    if (SKIPPED.has(name) || isHidden(element) || (element !== root && isNoise(element, large))) return;
    if (name === "br") {
      if (inPre) text += "\n";
      else flush(false);
      return;
    }
    if (name === "a") {
      const href = element.getAttribute("href");
      const label = element.textContent.replace(/\s+/g, " ").trim();
      if (href !== null && label !== "") links.push({ text: label, href });
      children(element, true, inPre);
      return;
    }
    if (/^h[1-6]$/.test(name)) {
      flush(true);
      kind = "heading";
      level = Number(name.charAt(1));
      children(element, inLink, false);
      flush(true);
    } else if (name === "pre") {
      flush(true);
      kind = "pre";
      children(element, inLink, true);
      flush(true);
    } else if (name === "li") {
      flush(false);
      kind = "item";
      children(element, inLink, false);
      flush(false);
    } else if (name === "tr") {
      flush(false);
      kind = "row";
      text = "|";
      children(element, inLink, false);
      flush(false);
    } else if (name === "td" || name === "th") {
      text += " ";
      children(element, inLink, false);
      text += " |";
    } else if (BLOCK.has(name)) {
      // A paragraph in an item or cell is part of it.
      const isInside = kind === "item" ? text.trim() === "" : kind === "row";
      if (!isInside) flush(true);
      children(element, inLink, inPre);
      if (kind === "row") text += " ";
      else flush(true);
    } else children(element, inLink, inPre);
  };
  const children = (element: DomElement, inLink: boolean, inPre: boolean): void => {
    for (const child of element.childNodes) walk(child, inLink, inPre);
  };
  walk(root, false, false);
  flush(true);
  return { blocks, links };
}

function isHidden(element: DomElement): boolean {
  if (element.getAttribute("hidden") !== null) return true;
  const style = element.getAttribute("style");
  return style !== null && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style);
}

function isNoise(element: DomElement, large: number): boolean {
  const names = `${element.getAttribute("class") ?? ""} ${element.getAttribute("id") ?? ""}`;
  if (names.length < 3) return false;
  const plain = names.replace(/([a-z])([A-Z])/g, "$1-$2");
  return NOISE.test(plain) && element.textContent.trim().length < large;
}
