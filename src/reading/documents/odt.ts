import { elementsOf, parseHtmlTree, type HtmlElement } from "./html-tree.js";
import { readZipTexts } from "./zip-entries.js";

/*
 * OpenDocument texts (.odt) as HTML, which is read like any other: headings, lists, tables, links, notes, raised text.
 */

/** Maximum size of a part when it is unpacked, in bytes. */
const MAX_PART_BYTES = 60 * 1024 * 1024;
const MAX_SPAN = 100;
const CODE_STYLE = /\b(?:code|source|preformatted|listing)/i;

/** Whether bytes are an OpenDocument text: the first entry of the zip file says so, unpacked. */
export function isOdt(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
  return head.startsWith("PK") && head.includes("mimetypeapplication/vnd.oasis.opendocument.text");
}

/**
 * Reads an OpenDocument text as HTML.
 * @throws Error if the file is damaged
 */
export async function odtToHtml(bytes: Uint8Array): Promise<string> {
  const parts = await readZipTexts(bytes, ["content.xml", "meta.xml"], MAX_PART_BYTES);
  const content = parts.get("content.xml");
  if (content === undefined) throw new Error("content.xml is missing");
  const root = parseHtmlTree(content, true);
  const body = firstNamed(root, "office:text");
  const title = /<dc:title>([^<]{1,300})<\/dc:title>/.exec(parts.get("meta.xml") ?? "")?.[1] ?? "";
  const styles = readStyles(root);
  return `<html><head><title>${title}</title></head><body>${body === null ? "" : inside(body, styles)}</body></html>`;
}

/** What a style makes of its text. */
interface Style {
  tags: string[];
  isCode: boolean;
}

function readStyles(root: HtmlElement): Map<string, Style> {
  const styles = new Map<string, Style>();
  for (const element of elementsOf(root)) {
    if (element.localName !== "style:style") continue;
    const facts = firstNamed(element, "style:text-properties");
    const position = facts?.getAttribute("style:text-position") ?? "";
    const line = facts?.getAttribute("style:text-line-through-style") ?? "none";
    const tags = [
      ...(/^(?:super|[1-9]\d*%)/.test(position) ? ["sup"] : /^(?:sub|-)/.test(position) ? ["sub"] : []),
      ...(line === "none" ? [] : ["del"]),
    ];
    const parent = element.getAttribute("style:parent-style-name") ?? "";
    styles.set(element.getAttribute("style:name") ?? "", { tags, isCode: isCodeStyle(parent) });
  }
  return styles;
}

function isCodeStyle(name: string): boolean {
  return CODE_STYLE.test(name.replaceAll("_20_", " "));
}

type Styles = ReadonlyMap<string, Style>;

function inside(element: HtmlElement, styles: Styles): string {
  return element.childNodes
    .map((child) => (child.nodeType === 3 ? escapeHtml(child.nodeValue) : toHtml(child, styles)))
    .join("");
}

/** The elements that are named otherwise in HTML. */
const TAGS: Readonly<Record<string, string>> = {
  "text:list": "ul",
  "text:list-item": "li",
  "text:list-header": "li",
  "table:table": "table",
  "table:table-header-rows": "thead",
  "table:table-row": "tr",
  "text:note-body": "aside",
};
/** What is no text of the document: deleted text, remarks, what is counted, drawings. */
const LEFT_OUT = new Set([
  "text:tracked-changes",
  "office:annotation",
  "text:sequence-decls",
  "text:note-citation",
  "office:forms",
  "text:table-of-content",
]);

function toHtml(element: HtmlElement, styles: Styles): string {
  const name = element.localName;
  if (LEFT_OUT.has(name)) return "";
  const text = inside(element, styles);
  const tag = TAGS[name];
  if (tag !== undefined) return `<${tag}>${text}</${tag}>`;
  switch (name) {
    case "text:h": {
      const level = Math.min(6, Math.max(1, Number(element.getAttribute("text:outline-level") ?? "1") || 1));
      return `<h${level}>${text}</h${level}>`;
    }
    case "text:p":
      return paragraph(element, text, styles);
    case "text:span": {
      const { tags = [] } = styles.get(element.getAttribute("text:style-name") ?? "") ?? {};
      return tags.reduce((all, each) => `<${each}>${all}</${each}>`, text);
    }
    case "text:a":
      return `<a href="${escapeHtml(element.getAttribute("xlink:href") ?? "")}">${text}</a>`;
    case "table:table-cell":
      return cell(element, text);
    case "text:s":
      return " ".repeat(Math.min(MAX_SPAN, Number(element.getAttribute("text:c") ?? "1") || 1));
    case "text:tab":
      return "\t";
    case "text:line-break":
      return "<br>";
    default:
      return text;
  }
}

function paragraph(element: HtmlElement, text: string, styles: Styles): string {
  const style = element.getAttribute("text:style-name") ?? "";
  if (isCodeStyle(style) || styles.get(style)?.isCode === true) return `<pre><code>${text}</code></pre>`;
  return /^Title$/i.test(style) ? `<h1>${text}</h1>` : `<p>${text}</p>`;
}

function cell(element: HtmlElement, text: string): string {
  const span = (name: string): string => {
    const count = Number(element.getAttribute(`table:number-${name}-spanned`) ?? "1");
    return count > 1 ? ` ${name === "columns" ? "colspan" : "rowspan"}="${Math.min(MAX_SPAN, count)}"` : "";
  };
  return `<td${span("columns")}${span("rows")}>${text}</td>`;
}

function firstNamed(element: HtmlElement, name: string): HtmlElement | null {
  for (const each of elementsOf(element)) if (each.localName === name) return each;
  return null;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
