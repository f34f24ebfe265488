import { writeLowered, writeRaised } from "../../core/text/raised-text.js";
import { codeBlockOf } from "./html-code.js";
import { formulaOf } from "./html-formulas.js";
import { nameTabPanels } from "./html-tabs.js";
import { elementsOf, findElement, namesOf, type HtmlElement, type HtmlNode } from "./html-tree.js";

/*
 * Rewrites a page's tree so that its text says what a reader sees: formulas and code as text, raised digits marked,
 * alternatives behind tabs shown, marks of notes and permalinks gone. What runs after it needs to know none of this.
 */

const NEVER = new Set(["style", "noscript", "iframe", "object", "embed", "canvas", "link"]);

/** Marks of notes: by the link's target, the class or the role. */
const NOTE_LINK = /^#(?:.*[-_:.])?(?:fn|ftn|foot-?note|cite|note|ref|endnote|bib)s?(?:[-_:.\d]|$)/i;
const NOTE_CLASS =
  /(?:^|[\s_-])(?:footnote(?:-?(?:ref|reference|link|anchor|call))?|fn-?ref|noteref|note-ref|reference|sdfootnoteanc|endnote-?(?:ref|reference))(?:$|[\s_-])/i;

const PERMALINK_CLASS =
  /(?:^|[\s_-])(?:header-?link|heading-?link|heading-?anchor|header-?anchor|anchor-?link|hash-?link|permalink|sl-anchor-link|anchorjs-link|direct-link|octicon-link|deep-link|mw-editsection|viewcode-link|viewcode-back|edit-?link|src-?link|copy-path)(?:$|[\s_-])/i;
/** The signs that a permalink shows. */
const PERMALINK_SIGNS = /[#¶§☍🔗⚓∞*\u200b\u200c\uf0c1[\]]|\ufe0f/gu;
/** The words that a permalink shows. */
const PERMALINK_WORDS = /^(?:|link|permalink|direct link to .{0,200}|source|src|edit|docs|view source)$/i;

interface PageFacts {
  /** Ids of elements that a tab, button or link of the page opens. */
  opened: Set<string>;
}

/** Rewrites a page's tree in place. */
export function preparePage(root: HtmlElement): void {
  nameTabPanels(root);
  prepareChildren(root, { opened: findOpenedIds(root) }, "");
}

/** Ids that controls of the page refer to. */
function findOpenedIds(root: HtmlElement): Set<string> {
  const opened = new Set<string>();
  for (const element of elementsOf(root)) {
    for (const name of ["aria-controls", "data-target", "data-bs-target", "data-tab", "data-tab-target"]) {
      const value = element.getAttribute(name);
      if (value !== null) for (const id of value.split(/\s+/)) opened.add(id.replace(/^#/, ""));
    }
    const isTab = element.getAttribute("role") === "tab" || element.getAttribute("data-toggle") !== null;
    const href = element.getAttribute("href");
    if (isTab && href?.startsWith("#") === true) opened.add(href.slice(1));
  }
  return opened;
}

/** @param before text of the same line before these children; @returns the same with theirs */
function prepareChildren(parent: HtmlElement, facts: PageFacts, before: string): string {
  const kept: HtmlNode[] = [];
  let text = before;
  const put = (value: string, line: number): void => {
    if (value === "") return;
    kept.push({ nodeType: 3, nodeValue: value, line });
    text = (text + value).slice(-120);
  };
  for (const child of parent.childNodes) {
    if (child.nodeType === 3) {
      kept.push(child);
      text = (text + child.nodeValue).slice(-120);
      continue;
    }
    const { localName, line } = child;
    if (localName === "br" || BREAKS.has(localName)) text = "";
    const formula = formulaOf(child);
    if (formula !== null) {
      put(formula, line);
      continue;
    }
    if (NEVER.has(localName) || (localName === "script" && !isJsonLd(child))) continue;
    const code = codeBlockOf(child);
    if (code?.text === "") continue;
    if (code !== null) {
      kept.push(...codeNodes(child, code));
      text = "";
      continue;
    }
    if (localName === "sup" || localName === "sub") {
      if (isNoteMark(child)) continue;
      prepareChildren(child, facts, "");
      const inside = child.textContent;
      put(localName === "sub" ? writeLowered(inside) : writeRaised(inside, text), line);
      continue;
    }
    if (isBareNoteMark(child) || isPermalink(child, parent) || isLanguageLabel(child, parent)) continue;
    if (localName === "img") {
      put(inlineAlternative(child, parent), line);
      kept.push(child);
      continue;
    }
    if (localName === "template") {
      // The template of a shadow root is what the page shows; others are shown by scripts, if at all.
      if (child.getAttribute("shadowrootmode") === null && child.getAttribute("shadowroot") === null)
        continue;
      child.localName = "div";
      child.attributes = {};
    }
    if (isAlternative(child, facts)) showElement(child);
    if (localName === "button" || localName === "summary") unwrapControl(child);
    text = prepareChildren(child, facts, text);
    if (localName === "del" || localName === "s" || localName === "strike") markStruck(child);
    else if (localName === "code" || localName === "kbd" || localName === "samp") protectCode(child);
    if (BREAKS.has(localName)) text = "";
    kept.push(child);
  }
  for (const child of kept) if (child.nodeType === 1) child.parent = parent;
  parent.childNodes = kept;
  return text;
}

const BREAKS = new Set([
  "p", "div", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "main", "ul",
  "ol", "dl", "table", "tr", "blockquote", "figure", "header", "footer", "aside", "pre", "body", "details", "summary",
]); // prettier-ignore

function isJsonLd(script: HtmlElement): boolean {
  return /^application\/ld\+json/i.test(script.getAttribute("type") ?? "");
}

/** A title as a paragraph, and the code as a `pre` of one text. */
function codeNodes(
  element: HtmlElement,
  { text, language, title }: { text: string; language: string; title: string },
): HtmlNode[] {
  const { line, lastLine } = element;
  const pre = element;
  const names = element.getAttribute("id");
  pre.localName = "pre";
  pre.attributes = { ...(names === null ? {} : { id: names }), "data-code": language };
  pre.lastLine = lastLine;
  pre.childNodes = [{ nodeType: 3, nodeValue: text, line }];
  if (title === "" || title.toLowerCase() === language) return [pre];
  const caption = Object.assign(
    Object.create(Object.getPrototypeOf(element) as object) as HtmlElement,
    element,
  );
  caption.localName = "p";
  caption.attributes = {};
  caption.childNodes = [{ nodeType: 3, nodeValue: title, line }];
  return [caption, pre];
}

function isNoteMark(element: HtmlElement): boolean {
  const names = namesOf(element);
  const text = element.textContent.trim();
  if (text.length > 24) return false;
  if (NOTE_CLASS.test(names) || element.getAttribute("role") === "doc-noteref") return true;
  return findElement(element, (each) => isNoteLink(each)) !== null;
}

function isNoteLink(element: HtmlElement): boolean {
  if (element.localName !== "a") return false;
  const type = `${element.getAttribute("epub:type") ?? ""} ${element.getAttribute("role") ?? ""}`;
  if (/noteref|doc-biblioref/.test(type)) return true;
  const href = element.getAttribute("href") ?? "";
  const fragment = href.includes("#") ? href.slice(href.indexOf("#")) : "";
  return NOTE_CLASS.test(namesOf(element)) || NOTE_LINK.test(fragment);
}

/** A link outside of `sup` that is only the mark of a note, and the link back from a note. */
function isBareNoteMark(element: HtmlElement): boolean {
  const { localName } = element;
  if (localName !== "a" && localName !== "span") return false;
  const text = element.textContent.trim();
  if (text.length > 6) return false;
  const names = namesOf(element);
  if (
    /(?:^|[\s_-])(?:footnote-?back(?:ref|link)?|backref|data-footnote-backref|mw-cite-backlink|reversefootnote)(?:$|[\s_-])/i.test(
      names,
    )
  )
    return true;
  if (localName !== "a") return false;
  if (/^(?:\[\d{1,3}\]|(?:[↩⏎^↑*†‡]|\ufe0e)+)$/u.test(text))
    return isNoteLink(element) || /^(?:[↩⏎]|\ufe0e)+$/u.test(text);
  return (
    /^\d{1,3}$/.test(text) &&
    isNoteLink(element) &&
    /footnote|noteref/i.test(`${names} ${element.getAttribute("role") ?? ""}`)
  );
}

/** A link to the heading or term that it stands in, or to its source. */
function isPermalink(element: HtmlElement, parent: HtmlElement): boolean {
  if (element.localName !== "a" && element.localName !== "span") return false;
  const text = visibleText(element).trim();
  if (
    PERMALINK_CLASS.test(namesOf(element)) &&
    PERMALINK_WORDS.test(text.replace(PERMALINK_SIGNS, " ").trim())
  )
    return true;
  if (/(?:^|\s)mw-editsection/.test(element.getAttribute("class") ?? "")) return true;
  if (element.localName !== "a" || text.length > 2) return false;
  const isInTitle =
    /^(?:h[1-6]|dt|summary)$/.test(parent.localName) || /^h[1-6]$/.test(parent.parent?.localName ?? "");
  const href = element.getAttribute("href") ?? "#";
  return isInTitle && href.includes("#") && /^[#¶§🔗⚓∞\u200b\uf0c1]*$/u.test(text);
}

/** The text of an element without what only a screen reader says of it. */
function visibleText(element: HtmlElement): string {
  return element.childNodes
    .filter((child) => child.nodeType === 3 || !SPOKEN_ONLY.test(namesOf(child)))
    .map((child) => (child.nodeType === 3 ? child.nodeValue : child.textContent))
    .join("");
}

const SPOKEN_ONLY = /(?:^|[\s_-])(?:sr-?only|visually-?hidden|screen-?reader(?:-?text)?)(?:$|[\s_-])/i;

/** The name of a language above code that bears it, too. */
function isLanguageLabel(element: HtmlElement, parent: HtmlElement): boolean {
  if (element.localName !== "span" || element.getAttribute("class") !== "lang") return false;
  return /(?:^|\s)language-/.test(parent.getAttribute("class") ?? "");
}

/** The alternative text of an image within a sentence; "" for icons and images that stand alone. */
function inlineAlternative(image: HtmlElement, parent: HtmlElement): string {
  const alt = image.getAttribute("alt")?.replace(/\s+/g, " ").trim() ?? "";
  if (alt === "" || alt.length > 200) return "";
  if (/(?:^|[\s_-])(?:icon|avatar|badge|logo|spinner|flag|user)(?:$|[\s_-])/i.test(namesOf(image))) return "";
  if (/badge|shields\.io|avatar|gravatar|logo|sprite|pixel/i.test(image.getAttribute("src") ?? "")) return "";
  if (!/^(?:p|li|td|th|dd|dt|span|em|strong|b|i)$/.test(parent.localName)) return "";
  // Within a sentence there is text on a side of it.
  const at = parent.childNodes.indexOf(image);
  const beside = [parent.childNodes[at - 1], parent.childNodes[at + 1]];
  return beside.some((each) => each?.nodeType === 3 && /[\p{L}\p{N}]/u.test(each.nodeValue)) ? alt : "";
}

const ALTERNATIVE =
  /(?:^|[\s_-])(?:tab-?(?:content|pane|panel|body|item)s?|tabbed-(?:content|block)|tabs?__(?:item|content|panel)|sphinx-tabs-panel|accordion(?:-?(?:body|content|panel|collapse|item))?|collapse|collapsible(?:-?content)?|expand(?:able|er)?(?:-?content)?|toggle-?(?:content|body)|faq(?:-?(?:answer|content))?|details|code-?(?:tabs?|group|panel)|blocks|answer|spoiler|lang-?content|os-?content|platform-?content)(?:$|[\s_-])/i;
const OVERLAY =
  /(?:^|[\s_-])(?:modal|popup|popover|tooltip|dialog|menu|dropdown|drawer|lightbox|overlay|banner|toast|search|nav|cookie|consent|newsletter|subscribe|template|hidden-input|loading|loader|error|mobile)(?:$|[\s_-])/i;

function isHiddenByMarkup(element: HtmlElement): boolean {
  if (element.getAttribute("hidden") !== null) return true;
  const style = element.getAttribute("style");
  if (style !== null && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style)) return true;
  return element.getAttribute("aria-hidden") === "true";
}

/** Whether a hidden element is one of several that a reader can open, rather than apparatus. */
function isAlternative(element: HtmlElement, { opened }: PageFacts): boolean {
  if (!isHiddenByMarkup(element)) return false;
  const role = element.getAttribute("role") ?? "";
  if (role === "tabpanel") return true;
  if (/^(?:dialog|menu|tooltip|alert|status|search|navigation|presentation|img)$/.test(role)) return false;
  const names = namesOf(element);
  if (element.getAttribute("hidden") === "until-found") return true;
  if (
    OVERLAY.test(names) ||
    ["nav", "form", "dialog", "svg", "span", "a", "input", "ul", "header"].includes(element.localName)
  )
    return false;
  if (ALTERNATIVE.test(names)) return true;
  return opened.has(element.getAttribute("id") ?? " ") && /[\p{L}]/u.test(element.textContent);
}

function showElement(element: HtmlElement): void {
  const { attributes } = element;
  delete attributes["hidden"];
  delete attributes["aria-hidden"];
  delete attributes["style"];
  // Readability looks at this as well.
  attributes["class"] = (attributes["class"] ?? "").replace(/hidden|collapsed?/gi, "");
}

/** The heading of a foldable part stands in a button, or is one. */
function unwrapControl(control: HtmlElement): void {
  const heading = findElement(control, (each) => /^h[1-6]$/.test(each.localName));
  const isInHeading =
    /^(?:h[1-6]|summary)$/.test(control.parent?.localName ?? "") ||
    /^(?:heading)$/.test(control.parent?.getAttribute("role") ?? "");
  const isFold =
    control.getAttribute("aria-expanded") !== null && control.getAttribute("aria-controls") !== null;
  const names = namesOf(control);
  if (control.localName === "button" && (heading !== null || isInHeading)) control.localName = "span";
  else if (
    control.localName === "button" &&
    isFold &&
    /accordion|collaps|faq|toggle|expand|disclosure/i.test(names)
  ) {
    if (/[\p{L}]{3}/u.test(control.textContent)) control.localName = "p";
  } else if (control.localName === "button" && isSummary(control)) control.localName = "div";
}

/** A button that unfolds what it sums up, as an operation of an interface with its path. */
function isSummary(control: HtmlElement): boolean {
  return (
    control.getAttribute("aria-expanded") !== null &&
    control.childNodes.some((child) => child.nodeType === 1) &&
    control.textContent.split(/\s+/).filter((word) => /\p{L}{3}/u.test(word)).length >= 2 &&
    /summary|description/i.test(namesOf(control))
  );
}

/** Text that its author withdrew. */
function markStruck(element: HtmlElement): void {
  const text = element.textContent;
  if (!/[\p{L}\p{N}]/u.test(text)) return;
  const first = element.childNodes[0];
  const last = element.childNodes.at(-1);
  if (first?.nodeType === 3) first.nodeValue = first.nodeValue.replace(/^(\s*)/, "$1~~");
  else element.childNodes.unshift({ nodeType: 3, nodeValue: "~~", line: element.line });
  if (last?.nodeType === 3) last.nodeValue = `${last.nodeValue.trimEnd()}~~`;
  else element.childNodes.push({ nodeType: 3, nodeValue: "~~", line: element.line });
}

/** Code in a sentence keeps the signs that Markdown and HTML would take for their own. */
function protectCode(element: HtmlElement): void {
  const text = element.textContent;
  if (!/[<>*_~|[\]\\]/.test(text) || text.includes("`") || text.length > 200) return;
  // A link or mark-up inside stays; the backticks go around it.
  element.childNodes.unshift({ nodeType: 3, nodeValue: "`", line: element.line });
  element.childNodes.push({ nodeType: 3, nodeValue: "`", line: element.line });
}
