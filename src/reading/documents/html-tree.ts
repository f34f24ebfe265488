import { Parser } from "htmlparser2";

/*
 * A page as a tree that can be changed, with the line of each node. Unlike a DOM it costs little, and text that is
 * nested too deeply stays in it.
 */

interface HtmlTextNode {
  nodeType: 3;
  nodeValue: string;
  /** 1-based line of the source. */
  line: number;
}

export class HtmlElement {
  readonly nodeType = 1;
  readonly nodeValue = null;
  childNodes: HtmlNode[] = [];
  /** The line where it ends. */
  lastLine: number;

  constructor(
    public localName: string,
    public attributes: Record<string, string>,
    public parent: HtmlElement | null,
    public line: number,
  ) {
    this.lastLine = line;
  }

  getAttribute(name: string): string | null {
    return this.attributes[name] ?? null;
  }

  get textContent(): string {
    const parts: string[] = [];
    const walk = (node: HtmlNode): void => {
      if (node.nodeType === 3) parts.push(node.nodeValue);
      else for (const child of node.childNodes) walk(child);
    };
    walk(this);
    return parts.join("");
  }
}

export type HtmlNode = HtmlElement | HtmlTextNode;

/** Elements below this depth become siblings: only hostile pages have them, and walking must not overflow the stack. */
export const MAX_ELEMENT_DEPTH = 300;

/** Marks the root of a tree that was nested too deeply for a DOM. */
export const FLATTENED = "data-flattened";

/** Parses a page or a fragment of one. Never throws. @param isXml names keep their case, and all elements may be empty */
export function parseHtmlTree(html: string, isXml = false): HtmlElement {
  const lineAt = createLineCounter(html);
  const root = new HtmlElement("#root", {}, null, 1);
  let open = root;
  let depth = 0;
  // Open elements that were added beside their parent.
  let beyond = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const element = new HtmlElement(name, attributes, open, lineAt(parser.startIndex));
        open.childNodes.push(element);
        if (depth >= MAX_ELEMENT_DEPTH) {
          root.attributes[FLATTENED] = "";
          beyond++;
          return;
        }
        open = element;
        depth++;
      },
      onclosetag() {
        if (beyond > 0) {
          beyond--;
          return;
        }
        open.lastLine = lineAt(Math.max(parser.startIndex, 0));
        open = open.parent ?? root;
        depth--;
      },
      ontext(data) {
        const last = open.childNodes.at(-1);
        if (last?.nodeType === 3) last.nodeValue += data;
        else open.childNodes.push({ nodeType: 3, nodeValue: data, line: lineAt(parser.startIndex) });
      },
    },
    isXml
      ? { xmlMode: true, decodeEntities: true, recognizeSelfClosing: true }
      : { decodeEntities: true, lowerCaseTags: true },
  );
  parser.write(html);
  parser.end();
  return root;
}

/** Returns a function that maps increasing indexes, or any, to their 1-based lines. */
function createLineCounter(text: string): (index: number) => number {
  const breaks: number[] = [];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) breaks.push(at);
  let last = 0;
  return (index) => {
    // Nearly all lookups are near the last one.
    if ((breaks[last - 1] ?? -1) < index) {
      for (let steps = 0; steps < 8; steps++, last++)
        if ((breaks[last] ?? Infinity) >= index) return last + 1;
    }
    let low = 0;
    let high = breaks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((breaks[middle] ?? Infinity) < index) low = middle + 1;
      else high = middle;
    }
    last = low;
    return low + 1;
  };
}

/** All elements in document order, the given one first. */
export function* elementsOf(root: HtmlElement): Generator<HtmlElement> {
  const open = [root];
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    yield element;
    for (let at = element.childNodes.length - 1; at >= 0; at--) {
      const child = element.childNodes[at];
      if (child?.nodeType === 1) open.push(child);
    }
  }
}

/** The first element, in document order, that fits. */
export function findElement(root: HtmlElement, fits: (element: HtmlElement) => boolean): HtmlElement | null {
  if (fits(root)) return root;
  for (const child of root.childNodes) {
    const found = child.nodeType === 1 ? findElement(child, fits) : null;
    if (found !== null) return found;
  }
  return null;
}

/** Class names and id of an element, with words in camel case parted. */
export function namesOf(element: { getAttribute(name: string): string | null }): string {
  const names = `${element.getAttribute("class") ?? ""} ${element.getAttribute("id") ?? ""}`;
  return names.length < 3 ? "" : names.replace(/([a-z])([A-Z])/g, "$1-$2");
}

const VOID = new Set([
  "area",
  "base",
  "br",
  "col",
  "embed",
  "hr",
  "img",
  "input",
  "link",
  "meta",
  "source",
  "wbr",
]);
const RAW = new Set(["script", "style"]);

/** What tells the main text, and what of an element its blocks need. The rest would only make a second tree larger. */
const TELLING = new Set([
  "class", "id", "role", "href", "rel", "hidden", "aria-hidden", "aria-modal", "aria-label", "alt", "src", "data-code", "start",
  "reversed", "type", "colspan", "rowspan", "summary", "datatable", "dir", "lang", "name", "content", "property", "itemprop",
  "itemscope", "itemtype",
]); // prettier-ignore

/** Writes a tree as HTML. @param isBrief whether what says nothing of its text is left out */
export function serializeHtml(root: HtmlElement, isBrief = false): string {
  const parts: string[] = [];
  const walk = (node: HtmlNode, isRaw: boolean, isCode: boolean): void => {
    if (node.nodeType === 3) {
      const text = isBrief && !isCode ? node.nodeValue.replace(/\s{2,}/g, " ") : node.nodeValue;
      parts.push(isRaw ? text : escapeText(text));
      return;
    }
    const { localName, attributes } = node;
    if (isBrief && localName === "svg") return;
    if (localName !== "#root") {
      parts.push("<", localName);
      for (const name in attributes) {
        const isTold =
          TELLING.has(name) || (name === "style" && /display|visibility/.test(attributes[name] ?? ""));
        if ((isBrief && !isTold) || /[\s"'<>/=]/.test(name)) continue;
        parts.push(" ", name, '="', escapeText(attributes[name] ?? "").replaceAll('"', "&quot;"), '"');
      }
      parts.push(">");
      if (VOID.has(localName)) return;
      // The parser takes the first line break of these away.
      if (localName === "pre") parts.push("\n");
    }
    const hasCode = isCode || localName === "pre";
    for (const child of node.childNodes) walk(child, RAW.has(localName), hasCode);
    if (localName !== "#root") parts.push("</", localName, ">");
  };
  walk(root, false, false);
  return parts.join("");
}

function escapeText(text: string): string {
  return /[&<>]/.test(text)
    ? text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    : text;
}
