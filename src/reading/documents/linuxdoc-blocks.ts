import { DroppedWords, type BlockDocument } from "./block-document.js";
import { parseHtmlTree } from "./html-tree.js";
import { readMarkupTree } from "./markup-document.js";
import { replaceReferences } from "./named-characters.js";

/*
 * LinuxDoc, whose marks may be short or left open, as blocks: its marks become those of HTML that mean the same, line by
 * line, and are read like a page.
 */

/** Marks of HTML for those of LinuxDoc; what is not named here is text. */
const NAMES: Record<string, string> = {
  title: "h1", subtitle: "p", abstract: "p", p: "p", itemize: "ul", enum: "ol", descrip: "dl", item: "li", verb: "pre",
  code: "pre", quote: "blockquote", tscreen: "div", tt: "code", cf: "code", em: "em", it: "em", sl: "em", bf: "strong", sf: "span",
  rm: "span", footnote: "small", newline: "br", figure: "div", caption: "p", table: "div", chapt: "h2",
}; // prettier-ignore
/** Marks whose text are facts about the document. */
const FACTS = /<(author|date|translation|tdate)>([^<]{0,500})/gi;
const TAG = /<(\/?)([A-Za-z][\w-]{0,30})(?:\s([^<>]{0,500}))?>/g;

export function isLinuxDoc(text: string): boolean {
  return /<!doctype\s+linuxdoc\b/i.test(text.slice(0, 3000));
}

export function readLinuxDoc(given: string): BlockDocument {
  const dropped = new DroppedWords();
  const blank = (text: string): string => text.replace(/[^\n]/g, "");
  const text = replaceReferences(given, false)
    // eslint-disable-next-line redos/no-vulnerable -- its repetition is bounded
    .replace(/<!--[^]{0,5000}?-->/g, (comment) => {
      dropped.add("comments", comment);
      return blank(comment);
    })
    .replace(/<![^<>]{0,1000}>/g, (declaration) => {
      dropped.add("markup", declaration);
      return blank(declaration);
    })
    .replace(FACTS, (whole, name: string, fact: string) => {
      dropped.add("markup", name);
      dropped.add("facts about the document", fact);
      return blank(whole);
    })
    .replace(/<([A-Za-z][\w-]{0,30})\/([^<>/\n]{1,300})\//g, "<$1>$2</$1>")
    .replace(/<\/>/g, "");
  const marked = text.replace(TAG, (whole: string, slash: string, name: string, facts?: string) => {
    dropped.add("markup", whole.replace(/\bname="[^"]*"/i, ""));
    // A mark over several lines must not move those below it.
    return htmlMark(name.toLowerCase(), slash === "/", facts ?? "") + blank(whole);
  });
  const root = parseHtmlTree(marked.split("\n").map(withClosedHeading).join("\n"));
  return readMarkupTree(root, dropped, text);
}

function htmlMark(name: string, isEnd: boolean, facts: string): string {
  const level = /^sect([1-4]?)$/.exec(name)?.[1];
  if (level !== undefined) return isEnd ? "" : `<h${Number(level === "" ? 0 : level) + 2}>`;
  // The explanation of a term is what follows its mark.
  if (name === "tag") return isEnd ? "</dt><dd>" : "<dt>";
  if (/^(?:url|htmlurl|ref)$/.test(name)) return isEnd ? "" : referenceText(facts);
  if (name === "tabular") return isEnd ? "</td></tr></table>" : "<table><tr><td>";
  if (name === "colsep") return "</td><td>";
  if (name === "rowsep") return "</td></tr><tr><td>";
  const mark = NAMES[name];
  return mark === undefined ? "" : `<${isEnd ? "/" : ""}${mark}>`;
}

/** A link shows its name, or else its address. */
function referenceText(facts: string): string {
  return /\bname="([^"]*)"/i.exec(facts)?.[1] ?? /\b(?:url|id)="([^"]*)"/i.exec(facts)?.[1] ?? "";
}

/** The title of a section ends with its line, or with the first paragraph in it. */
function withClosedHeading(line: string): string {
  const { 0: tag, index } = /<h[1-6]>/.exec(line) ?? { 0: "", index: 0 };
  const mark = tag.slice(1, -1);
  const before = line.slice(0, index);
  const rest = line.slice(index + tag.length);
  if (mark === "" || rest.includes(`</${mark}>`)) return line;
  const end = rest.indexOf("<p>");
  return end < 0
    ? `${before}<${mark}>${rest}</${mark}>`
    : `${before}<${mark}>${rest.slice(0, end)}</${mark}>${rest.slice(end)}`;
}
