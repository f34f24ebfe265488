import { DroppedWords, type BlockDocument } from "./block-document.js";
import { elementsOf, HtmlElement, parseHtmlTree } from "./html-tree.js";
import { readMarkupTree } from "./markup-document.js";
import { replaceReferences } from "./named-characters.js";
import { readPlainText } from "./plain-text-blocks.js";

/*
 * DocBook, in SGML or XML, as blocks: its elements become those of HTML that mean the same, and are read like a page.
 */

const NAMES: Record<string, string> = {
  para: "p", simpara: "p", formalpara: "div", itemizedlist: "ul", orderedlist: "ol", procedure: "ol", step: "li",
  substeps: "ol", simplelist: "ul", member: "li", variablelist: "dl", varlistentry: "div", term: "dt",
  programlisting: "pre", screen: "pre", literallayout: "pre", synopsis: "pre", blockquote: "blockquote",
  superscript: "sup", subscript: "sub", row: "tr", entry: "td", thead: "thead", tbody: "tbody", emphasis: "em",
  literal: "code", command: "code", option: "code", filename: "code", varname: "code", function: "code", ulink: "a",
  link: "a", xref: "a", glosslist: "dl", glossentry: "div", glossterm: "dt", glossdef: "dd", refname: "p",
  refpurpose: "p", segmentedlist: "dl", example: "div", figure: "div", caption: "figcaption", footnote: "small",
  quote: "q", userinput: "code", computeroutput: "code", constant: "code", envar: "code", t: "p", sourcecode: "pre",
  artwork: "pre", eref: "a", subtitle: "p", revremark: "p",
}; // prettier-ignore
const SECTIONS =
  /^(?:book|part|chapter|appendix|preface|article|section|sect[1-5]|simplesect|refentry|refsect[1-3]|refsection|refsynopsisdiv|set|reference|glossary|bibliography)$/;
const NOTES = /^(?:note|tip|important|warning|caution)$/;
const NO_TEXT =
  /^(?:indexterm|remark|bookinfo|articleinfo|refentryinfo|info|revhistory|toc|titleabbrev|refmeta|abstractinfo|anchor|co|artheader|boilerplate|toc|keyword|workgroup|area|author)$/;

/** Whether a text is DocBook. */
export function isDocBook(text: string): boolean {
  const head = text.slice(0, 20_000);
  if (/<!doctype\s+(?:debiandoc|linuxdoc)/i.test(head)) return false;
  if (/docbook/i.test(head.slice(0, 3000))) return true;
  return (
    /<(?:chapter|refentry|sect[1-5]|section|appendix|article|book|part|preface|glossary|glossdiv|refsect1|qandaset|variablelist)\b[^<>]*>/.test(
      head,
    ) && /<(?:title|para|simpara|refnamediv|glossterm)>/.test(head)
  );
}

/**
 * Reads SGML of other kinds, whose marks may be short or left open, as text without them: "<em/this/", "</>".
 */
export function readSgml(text: string): BlockDocument {
  const dropped = new DroppedWords();
  const plain = text
    // eslint-disable-next-line redos/no-vulnerable -- its repetition is bounded
    .replace(/<!--[^]{0,5000}?-->/g, (comment) => {
      dropped.add("comments", comment);
      return comment.replace(/[^\n]/g, "");
    })
    .replace(/<([A-Za-z][\w-]{0,30})\/([^<>/\n]{1,300})\//g, (_, name: string, inside: string) => {
      dropped.add("markup", name);
      return inside;
    })
    .replace(/<[/!]?[A-Za-z]?[^<>\n]{0,300}>/g, (tag) => {
      dropped.add("markup", tag);
      return "";
    });
  return {
    ...readPlainText(replaceReferences(plain, true)),
    dropped: () => dropped.list(),
    words: () => replaceReferences(text, true),
  };
}

export function readDocBook(given: string): BlockDocument {
  const isXml = /^\s*<\?xml\s/.test(given);
  const plain = withoutDeclarations(replaceReferences(given, false));
  const text = isXml ? plain : asXml(plain);
  const dropped = new DroppedWords();
  const root = parseHtmlTree(
    text.replace(/^\s*<\?xml[^>]*\?>/, (head) => head.replace(/[^\n]/g, " ")),
    true,
  );
  const facts = new Set<HtmlElement>();
  for (const element of elementsOf(root)) {
    dropped.add("markup", `${element.localName} ${element.localName}`);
    for (const name in element.attributes) dropped.add("markup", `${name} ${element.attributes[name] ?? ""}`);
    if (NO_TEXT.test(element.localName.toLowerCase())) dropFacts(element, facts, dropped);
    rename(element);
  }
  for (const comment of findComments(text)) dropped.add("comments", comment);
  return readMarkupTree(root, dropped, text);
}

/** Elements that have no end in SGML. */
const EMPTY =
  /<(xref|anchor|graphic|inlinegraphic|imagedata|colspec|spanspec|co|footnoteref|void|sbr|beginpage)(?=[\s>])([^<>]{0,500}[^<>/])?>/g;

/** SGML as XML: capitals in names say nothing, and some elements have no end. Code within "<![CDATA[" stays. */
function asXml(text: string): string {
  return text
    .split("]]>")
    .map((part) => {
      const code = part.indexOf("<![CDATA[");
      const marked = code < 0 ? part : part.slice(0, code);
      const lower = marked.replace(/<\/?[A-Za-z][\w.-]{0,60}/g, (tag) => tag.toLowerCase());
      return lower.replace(EMPTY, "<$1$2/>") + part.slice(marked.length);
    })
    .join("]]>");
}

/** A text without the declarations within its document type, whose end would be read as text; lines stay. */
export function withoutDeclarations(text: string): string {
  const start = text.search(/<!doctype\s/i);
  const open = start < 0 ? -1 : text.indexOf("[", start);
  const end = open < 0 ? -1 : text.indexOf("]>", open);
  if (end < 0 || text.slice(start, open).includes(">")) return text;
  return text.slice(0, open) + text.slice(open, end + 1).replace(/[^\n]/g, " ") + text.slice(end + 1);
}

/** Counts what is no text of the document as left out; within another such part it is counted already. */
function dropFacts(element: HtmlElement, facts: Set<HtmlElement>, dropped: DroppedWords): void {
  for (let at = element.parent; at !== null; at = at.parent) if (facts.has(at)) return;
  facts.add(element);
  for (const child of element.childNodes)
    if (child.nodeType === 3) dropped.add("facts about the document", child.nodeValue);
    else if (child.localName !== "title") dropped.add("facts about the document", child.textContent);
}

function rename(element: HtmlElement): void {
  const name = element.localName.toLowerCase();
  const parent = element.parent?.localName ?? "";
  if (NO_TEXT.test(name)) {
    // The title of a book stands among facts about it.
    const title = element.childNodes.find((child) => child.nodeType === 1 && child.localName === "title");
    element.childNodes = title === undefined ? [] : [title];
    element.localName = "div";
  } else if (NOTES.test(name)) {
    element.localName = "div";
    element.attributes = { class: `admonition ${name}` };
    element.childNodes.unshift(titleElement(element, name));
  } else if (SECTIONS.test(name)) element.localName = "section";
  else if (name === "title" || name === "bridgehead" || (name === "name" && parent === "section")) {
    const isSection =
      parent === "section" || parent === "#root" || (parent === "div" && sectionDepth(element) > 0);
    element.localName = isSection ? `h${Math.min(6, Math.max(1, sectionDepth(element)))}` : "p";
  } else if (name === "listitem")
    element.localName = element.parent?.attributes["data-was"] === "varlistentry" ? "dd" : "li";
  else if (name === "glossterm" && !/^(?:div|glossentry)$/.test(parent)) element.localName = "em";
  else if (name === "xref")
    element.childNodes.push({
      nodeType: 3,
      nodeValue: element.getAttribute("linkend") ?? "",
      line: element.line,
    });
  else
    element.localName =
      NAMES[name] ??
      (name === "table" || name === "informaltable"
        ? "table"
        : name === "tgroup"
          ? "div"
          : element.localName);
  if (/^(?:varlistentry|glossentry)$/.test(name)) element.attributes = { "data-was": "varlistentry" };
  else if (!NOTES.test(name)) element.attributes = codeAttributes(element);
}

/** The language of a listing, and nothing else. */
function codeAttributes(element: HtmlElement): Record<string, string> {
  const language = element.getAttribute("language");
  return element.localName === "pre" && language !== null ? { class: `language-${language}` } : {};
}

function titleElement(element: HtmlElement, name: string): HtmlElement {
  const label = new HtmlElement("p", { class: "admonition-title" }, element, element.line);
  const title = element.childNodes.find((child) => child.nodeType === 1 && child.localName === "title");
  if (title?.nodeType === 1) {
    element.childNodes = element.childNodes.filter((child) => child !== title);
    label.childNodes = title.childNodes;
  } else
    label.childNodes = [
      { nodeType: 3, nodeValue: name.charAt(0).toUpperCase() + name.slice(1), line: element.line },
    ];
  return label;
}

function sectionDepth(element: HtmlElement): number {
  let depth = 0;
  for (let at = element.parent; at !== null; at = at.parent) if (at.localName === "section") depth++;
  return depth;
}

/** Comments and declarations. A search by hand takes linear time, whatever the text opens and does not close. */
export function findComments(text: string): string[] {
  const found: string[] = [];
  for (let start = text.indexOf("<!"); start >= 0;) {
    const closing = text.startsWith("<!--", start) ? "-->" : ">";
    const at = text.indexOf(closing, start + 2);
    if (at < 0) break;
    const end = at + closing.length;
    found.push(text.slice(start, end));
    start = text.indexOf("<!", end);
  }
  return found;
}
