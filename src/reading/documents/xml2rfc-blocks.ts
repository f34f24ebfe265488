import { DroppedWords, type BlockDocument } from "./block-document.js";
import { findComments, withoutDeclarations } from "./docbook-blocks.js";
import { elementsOf, HtmlElement, parseHtmlTree, type HtmlNode } from "./html-tree.js";
import { readMarkupTree } from "./markup-document.js";
import { replaceReferences } from "./named-characters.js";

/*
 * The XML of RFCs and Internet-Drafts, in both of its versions, as blocks: its elements become those of HTML that mean
 * the same, and are read like a page. References within the document are written as its readers see them.
 */

const NAMES: Record<string, string> = {
  artwork: "pre", sourcecode: "pre", tt: "code", eref: "a", preamble: "p", postamble: "p", bcp14: "span", cref: "small",
  ul: "ul", ol: "ol", dl: "dl", aside: "div", blockquote: "blockquote", figure: "div", vspace: "br",
  middle: "div", back: "div", front: "div", rfc: "div", artset: "div",
}; // prettier-ignore
/** Facts about the document rather than its text. */
const NO_TEXT =
  /^(?:author|date|area|workgroup|keyword|iref|link|boilerplate|toc|seriesinfo|format|svg|organization|index)$/;

/** Whether a text is the source of an RFC. */
export function isXml2rfc(text: string): boolean {
  return /<rfc\s/.test(text) && /<(?:front|middle)\b/.test(text);
}

export function readXml2rfc(given: string): BlockDocument {
  const text = withoutDeclarations(replaceReferences(given, false)).replace(
    /<\?[^<>]{0,300}\?>/g,
    (instruction) => instruction.replace(/[^\n]/g, " "),
  );
  const root = parseHtmlTree(text, true);
  const dropped = new DroppedWords();
  for (const comment of findComments(text)) dropped.add("comments", comment);
  const reader = new RfcTree(dropped);
  reader.rewrite(root);
  return readMarkupTree(root, dropped, text);
}

/** Rewrites the tree of an RFC in place. */
class RfcTree {
  /** What a reference to an anchor shows. */
  private readonly shown = new Map<string, string>();

  constructor(private readonly dropped: DroppedWords) {}

  rewrite(root: HtmlElement): void {
    for (const element of elementsOf(root)) this.countMarkup(element);
    this.nameAnchors(root);
    this.rewriteChildren(root, 0);
  }

  private countMarkup(element: HtmlElement): void {
    this.dropped.add("markup", `${element.localName} ${element.localName}`);
    for (const [name, value] of Object.entries(element.attributes)) {
      this.dropped.add("markup", name);
      if (!/^(?:title|hangText)$/i.test(name)) this.dropped.add("markup", value);
    }
  }

  /** Sections, figures and tables are counted as the document's readers see them. */
  private nameAnchors(root: HtmlElement): void {
    const counts = { figure: 0, table: 0 };
    const walk = (element: HtmlElement, number: string, isBack: boolean): void => {
      let sections = 0;
      for (const child of children(element)) {
        const name = localName(child);
        const anchor = child.getAttribute("anchor") ?? "";
        let own = number;
        if (name === "section") {
          sections++;
          const isAppendix = isBack && number === "";
          const label = isAppendix ? String.fromCharCode(64 + sections) : String(sections);
          own = number === "" ? label : `${number}.${label}`;
          if (anchor !== "") this.shown.set(anchor, `${isBack ? "Appendix" : "Section"} ${own}`);
        } else if (name === "reference" && anchor !== "") this.shown.set(anchor, `[${anchor}]`);
        else if (name === "figure" && anchor !== "") this.shown.set(anchor, `Figure ${++counts.figure}`);
        else if (/^(?:table|texttable)$/.test(name) && anchor !== "")
          this.shown.set(anchor, `Table ${++counts.table}`);
        walk(child, own, isBack || name === "back");
      }
    };
    walk(root, "", false);
  }

  private rewriteChildren(parent: HtmlElement, depth: number): void {
    const kept: HtmlNode[] = [];
    for (const child of parent.childNodes) {
      if (child.nodeType === 3) kept.push(child);
      else kept.push(...this.rewriteElement(child, depth));
    }
    for (const child of kept) if (child.nodeType === 1) child.parent = parent;
    parent.childNodes = kept;
  }

  private rewriteElement(element: HtmlElement, depth: number): HtmlNode[] {
    const name = localName(element);
    if (NO_TEXT.test(name)) {
      this.dropped.add("facts about the document", element.textContent);
      return [];
    }
    if (name === "reference") return [this.referenceItem(element)];
    if (/^(?:xref|relref|ref)$/.test(name)) return [this.referenceText(element)];
    const isSection = /^(?:section|abstract|note|references)$/.test(name);
    const inner = isSection ? depth + 1 : depth;
    const title = titleOfSection(element, name);
    const kind = element.getAttribute("type") ?? "";
    const attributes = element.attributes;
    element.attributes = {};
    if (isSection) element.localName = "section";
    else if (name === "title" || name === "name")
      element.localName = depth === 0 || name === "name" ? headingName(element, depth) : "p";
    else if (name === "texttable") this.rewriteTable(element);
    else if (name === "list") rewriteList(element, attributes["style"] ?? listStyle(element));
    else if (name === "t")
      element.localName = children(element).some((each) => BLOCKS.test(localName(each))) ? "div" : "p";
    else if (name === "spanx") element.localName = attributes["style"] === "verb" ? "code" : "em";
    else if (name === "contact") element.childNodes = [textNode(attributes["fullname"] ?? "", element.line)];
    else element.localName = NAMES[name] ?? name;
    if (element.localName === "pre" && /^[\w+#.-]{1,30}$/.test(kind))
      element.attributes = { class: `language-${kind}` };
    if (element.localName === "a" && element.childNodes.length === 0)
      element.childNodes = [textNode(attributes["target"] ?? "", element.line)];
    this.rewriteChildren(element, inner);
    if (title !== "") {
      const tag = isSection ? `h${Math.min(6, inner + 1)}` : "p";
      const heading = new HtmlElement(tag, {}, element, element.line);
      heading.childNodes = [textNode(title, element.line)];
      element.childNodes.unshift(heading);
    }
    return [element];
  }

  /** A reference as it is shown: its own text, or the number of what it refers to. */
  private referenceText(element: HtmlElement): HtmlNode {
    const target = element.getAttribute("target") ?? "";
    const own = element.textContent.trim();
    const part = element.getAttribute("section") ?? element.getAttribute("x:sec") ?? "";
    const name = this.shown.get(target) ?? target;
    if (own !== "") return textNode(own, element.line);
    return textNode(part === "" ? name : `Section ${part} of ${name}`, element.line);
  }

  private referenceItem(element: HtmlElement): HtmlElement {
    const anchor = element.getAttribute("anchor") ?? "";
    let title = "";
    const series: string[] = [];
    for (const each of elementsOf(element)) {
      const name = localName(each);
      if (name === "title" && title === "") title = each.textContent.replace(/\s+/g, " ").trim();
      else if (name === "seriesinfo")
        series.push(`${each.getAttribute("name") ?? ""} ${each.getAttribute("value") ?? ""}`);
      else if (/^(?:author|date|annotation|abstract)$/.test(name))
        this.dropped.add("facts about the document", each.textContent);
    }
    const item = new HtmlElement("p", {}, element.parent, element.line);
    item.childNodes = [textNode(`[${anchor}] ${[`“${title}”`, ...series].join(", ")}`, element.line)];
    return item;
  }

  /** Cells that follow each other become the rows of a table. */
  private rewriteTable(table: HtmlElement): void {
    table.localName = "div";
    const columns = children(table).filter((each) => localName(each) === "ttcol");
    const rows: HtmlElement[] = [];
    const kept: HtmlNode[] = [];
    const body = new HtmlElement("table", {}, table, table.line);
    const startRow = (line: number): HtmlElement => {
      const row = new HtmlElement("tr", {}, body, line);
      rows.push(row);
      return row;
    };
    for (const child of table.childNodes) {
      if (child.nodeType === 3 || !/^(?:ttcol|c)$/.test(localName(child))) {
        kept.push(child);
        continue;
      }
      if (rows.length === 0) kept.push(body);
      const isHead = localName(child) === "ttcol";
      const last = rows.at(-1);
      const isFull = last === undefined || last.childNodes.length >= Math.max(1, columns.length);
      const row = isFull ? startRow(child.line) : last;
      child.localName = isHead ? "th" : "td";
      child.attributes = {};
      child.parent = row;
      row.childNodes.push(child);
    }
    body.childNodes = rows;
    table.childNodes = kept;
  }
}

const BLOCKS = /^(?:list|figure|texttable|ul|ol|dl|artwork|sourcecode|table|l?t|blockquote|aside)$/;

/** A name without the prefix of its extension, as "x:ref". */
function localName(element: HtmlElement): string {
  return element.localName.toLowerCase().replace(/^[a-z]{1,8}:/, "");
}

function children(element: HtmlElement): HtmlElement[] {
  return element.childNodes.filter((child): child is HtmlElement => child.nodeType === 1);
}

function textNode(text: string, line: number): HtmlNode {
  return { nodeType: 3, nodeValue: text, line };
}

function headingName(element: HtmlElement, depth: number): string {
  const parent = element.parent?.localName ?? "";
  if (parent === "table") return "caption";
  return parent === "section" || depth === 0 ? `h${Math.min(6, depth + 1)}` : "p";
}

/** The title of a section or figure that stands in an attribute, or goes without saying. */
function titleOfSection(element: HtmlElement, name: string): string {
  if (name === "abstract") return "Abstract";
  const title = element.getAttribute("title") ?? "";
  return /^(?:section|note|references|figure|texttable)$/.test(name) ? title : "";
}

/** A list without a style has that of the list around it. */
function listStyle(list: HtmlElement): string {
  return children(list).some((each) => each.getAttribute("hangText") !== null) ? "hanging" : "empty";
}

function rewriteList(list: HtmlElement, style: string): void {
  const items = children(list).filter((each) => /^l?t$/.test(localName(each)));
  if (style === "hanging") {
    list.localName = "dl";
    list.childNodes = children(list).flatMap((item) => {
      if (!items.includes(item)) return [item];
      const term = new HtmlElement("dt", {}, list, item.line);
      term.childNodes = [textNode(item.getAttribute("hangText") ?? "", item.line)];
      item.localName = "dd";
      item.attributes = {};
      return [term, item];
    });
  } else if (style === "empty") list.localName = "div";
  else {
    list.localName = /^(?:symbols)$/.test(style) ? "ul" : "ol";
    for (const item of items) {
      item.localName = "li";
      item.attributes = {};
    }
  }
}
