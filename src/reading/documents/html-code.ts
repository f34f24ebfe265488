import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { findElement, namesOf, type HtmlElement, type HtmlNode } from "./html-tree.js";

/*
 * Code of a page, word for word: comments stay, line numbers and buttons go, and lines that are elements stay lines.
 */

export interface CodeBlock {
  text: string;
  language: string;
  /** A file name or caption inside the block. */
  title: string;
}

const GUTTER =
  /(?:^|[\s_-])(?:line-?nos?|line-?numbers?|linenodiv|gutter|ln-?num|ln|lnt?|blob-num|hljs-ln-n(?:umbers)?|rouge-gutter|react-line-number|cm-gutters?|CodeMirror-(?:gutter|linenumber).*)(?:$|[\s_-])/i;
/** Highlighters call digits in code so as well: line numbers are told by where they stand. */
const NUMBERS = /(?:^|[\s_-])num(?:ber)?s?(?:$|[\s_-])/i;
const HEADER =
  /(?:^|[\s_-])(?:(?:code-?(?:block-?)?|snippet-?|block-?|highlight-?)?(?:header|title|toolbar|caption|filename|lang(?:uage)?(?:-?(?:name|label|tag))?))(?:$|[\s_-])/i;
const COPY =
  /(?:^|[\s_-])(?:copy(?:-?(?:btn|button|code|to-clipboard))?|clipboard(?:-?copy)?|zeroclipboard.*|sr-only|visually-hidden)(?:$|[\s_-])/i;
const LINE =
  /(?:^|\s)(?:line|ec-line|code-line|token-line|view-line|hljs-line|highlight-line|CodeMirror-line|cm-line|blob-code|cl|crayon-line|react-file-line)(?:$|\s)/i;
/** A piece of a line: Prism calls what follows the sign of a difference "token line". */
const TOKEN = /(?:^|\s)token(?:$|\s)/;
/** Containers of code that is not in `pre`. */
const CONTAINER =
  /(?:^|\s)(?:CodeMirror-code|cm-content|view-lines|syntaxhighlighter|blob-wrapper|js-file-line-container|hljs-ln|code-lines?-container|code-listing__lines)(?:$|\s)/;
const CODE_TABLE =
  /(?:^|\s)(?:highlighttable|rouge-table|rouge-line-table|lntable|hljs-ln|codehilitetable|js-file-line-container|crayon-table)(?:$|\s)/;
const BLOCK_CHILD = new Set(["div", "p", "li", "tr", "ol", "ul", "section"]);

/** What stands for a column of line numbers beside code. */
const NOTHING: CodeBlock = { text: "", language: "", title: "" };

/** The code block that an element is, without text for the numbers of its lines; null if it is none. */
export function codeBlockOf(element: HtmlElement): CodeBlock | null {
  const { localName } = element;
  const names = element.getAttribute("class") ?? "";
  const isBlock =
    localName === "pre" ||
    localName === "listing" ||
    localName === "xmp" ||
    CODE_TABLE.test(names) ||
    CONTAINER.test(names) ||
    (localName === "code" && isMultiline(element)) ||
    isLinesOfDivs(element, names);
  if (!isBlock) return null;
  if (isColumnOfNumbers(element)) return NOTHING;
  const reader = new CodeReader(hasNumberedLines(element), numberCells(element));
  reader.read(element, true);
  const text = withoutColumn(reader.text())
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
  return text.trim() === "" ? null : { text, language: languageOf(element), title: reader.title };
}

/** A `code` of several lines that is no part of a sentence. */
function isMultiline(code: HtmlElement): boolean {
  const style = code.getAttribute("style") ?? "";
  const hasLines = code.childNodes.some(
    (child) =>
      child.nodeType === 1 &&
      (BLOCK_CHILD.has(child.localName) || LINE.test(child.getAttribute("class") ?? "")),
  );
  if (hasLines) return code.parent?.localName !== "p";
  const isPreformatted = /white-space\s*:\s*(?:pre|break-spaces)/i.test(style);
  const names = code.getAttribute("class") ?? "";
  const isNamed =
    /(?:^|\s)(?:language-|lang-|hljs\b|prettyprint)/.test(names) || /display\s*:\s*block/i.test(style);
  const isMany =
    code.textContent.trim().includes("\n") ||
    code.childNodes.some((child) => child.nodeType === 1 && child.localName === "br");
  return isMany && (isPreformatted || isNamed);
}

/** A box named after code whose children are lines. */
function isLinesOfDivs(element: HtmlElement, names: string): boolean {
  if (element.localName !== "div" && element.localName !== "figure") return false;
  if (!/(?:^|[\s_-])(?:code|highlight|source|snippet|terminal|shell)(?:$|[\s_-])|code-?block/i.test(names))
    return false;
  const inner = element.childNodes.filter((child): child is HtmlElement => child.nodeType === 1);
  const lines = inner.filter((child) =>
    /(?:^|[\s_-])line(?:$|[\s_-])/i.test(child.getAttribute("class") ?? ""),
  );
  return (
    lines.length >= 1 &&
    inner.every((child) => lines.includes(child) || isApparatus(child) || HEADER.test(namesOf(child)))
  );
}

/** Whether this is the first of two cells, the second of which holds the code whose lines it counts. */
function isColumnOfNumbers(block: HtmlElement): boolean {
  const numbers = block.localName === "pre" ? block.textContent.replace(/\s+/g, "") : "";
  if (!numbers.startsWith("1") || numbers !== countedTo(numbers.length)) return false;
  const cell = cellAround(block);
  const row = cell?.parent ?? null;
  if (cell === null || row === null) return false;
  const cells = row.childNodes.filter((child): child is HtmlElement => child.nodeType === 1);
  const [first, second] = cells;
  if (cells.length !== 2 || first !== cell || second === undefined) return false;
  return findElement(second, ({ localName }) => localName === "pre" || localName === "code") !== null;
}

/** The numbers from 1 on without spaces, up to a length. */
function countedTo(length: number): string {
  const parts: string[] = [];
  for (let next = 1, size = 0; size < length; next++) {
    parts.push(String(next));
    size += String(next).length;
  }
  return parts.join("");
}

function cellAround(block: HtmlElement): HtmlElement | null {
  let at = block.parent;
  for (let steps = 0; steps < 3 && at !== null; steps++, at = at.parent) if (at.localName === "td") return at;
  return null;
}

/** Elements at the start of lines that are elements, if they count these. */
function numberCells(block: HtmlElement): Set<HtmlElement> {
  const lines = block.childNodes.filter(
    (child): child is HtmlElement => child.nodeType === 1 && BLOCK_CHILD.has(child.localName),
  );
  const cells = lines.map(({ childNodes }) => childNodes.find((child) => child.nodeType === 1));
  const isCounted =
    lines.length >= 2 &&
    cells.every((cell, at) => cell?.localName === "span" && cell.textContent.trim() === String(at + 1)) &&
    lines.every(({ childNodes }) => childNodes.length > 1);
  return new Set(isCounted ? cells.filter((cell) => cell !== undefined) : []);
}

/** Whether elements that are named after numbers count the lines of a block. */
function hasNumberedLines(block: HtmlElement): boolean {
  let lines = 0;
  const numbers: number[] = [];
  let isAtStart = true;
  const walk = (node: HtmlNode): void => {
    if (node.nodeType === 3) {
      const text = node.nodeValue;
      lines += text.split("\n").length - 1;
      isAtStart = /\n[ \t]*$/.test(text.slice(-200)) || (isAtStart && text.trim() === "");
      return;
    }
    if (node.localName === "br") lines++;
    if (node.localName === "br" || BLOCK_CHILD.has(node.localName)) isAtStart = true;
    if (NUMBERS.test(namesOf(node))) {
      const number = node.textContent.trim();
      if (/^\d{1,6}$/.test(number)) numbers.push(isAtStart ? Number(number) : NaN);
    }
    for (const child of node.childNodes) walk(child);
    if (BLOCK_CHILD.has(node.localName)) isAtStart = true;
  };
  for (const child of block.childNodes) walk(child);
  const first = numbers[0] ?? NaN;
  return (
    numbers.length > 0 && numbers.length >= lines && numbers.every((number, at) => number === first + at)
  );
}

/** Line numbers, buttons, labels of buttons: not code. */
function isApparatus(element: HtmlElement, hasNumbers = false): boolean {
  const { localName } = element;
  if (
    localName === "button" ||
    localName === "clipboard-copy" ||
    localName === "svg" ||
    localName === "style"
  )
    return true;
  if (localName === "script") return true;
  const names = namesOf(element);
  if (COPY.test(names) && element.textContent.trim().length < 40) return true;
  const style = element.getAttribute("style") ?? "";
  const isNumber =
    GUTTER.test(names) ||
    (hasNumbers && NUMBERS.test(names)) ||
    element.getAttribute("data-line-number") !== null ||
    element.getAttribute("data-nosnippet") !== null ||
    element.getAttribute("data-linenos") !== null ||
    /user-select\s*:\s*none/i.test(style);
  return isNumber && /^[\s\d.:|~]*$/.test(element.textContent);
}

class CodeReader {
  /**
   * @param hasNumbers whether elements that are named after numbers count the lines
   * @param cells elements that do
   */
  constructor(
    private readonly hasNumbers: boolean,
    private readonly cells: Set<HtmlElement>,
  ) {}

  private readonly parts: string[] = [];
  /** Whether the text is at the start of a line. */
  private atStart = true;
  private size = 0;
  title = "";

  text(): string {
    return this.parts
      .join("")
      .replace(/\r\n?/g, "\n")
      .replace(/\u200b/g, "")
      .replaceAll("\u00a0", " ");
  }

  private add(text: string): void {
    if (text === "") return;
    this.parts.push(text);
    this.size += text.length;
    this.atStart = text.endsWith("\n");
  }

  read(node: HtmlNode, isRoot = false): void {
    if (node.nodeType === 3) {
      this.add(node.nodeValue);
      return;
    }
    const { localName } = node;
    if (localName === "br") {
      this.add("\n");
      return;
    }
    if (!isRoot && (this.cells.has(node) || isApparatus(node, this.hasNumbers))) return;
    const names = namesOf(node);
    const isBlock = BLOCK_CHILD.has(localName);
    if (!isRoot && isBlock && HEADER.test(names) && this.size === 0) {
      this.title = collapseWhitespace(node.textContent);
      return;
    }
    if (localName === "table" || localName === "tbody" || localName === "thead") {
      for (const child of node.childNodes) if (child.nodeType === 1) this.read(child);
      return;
    }
    if (localName === "tr") {
      this.startLine();
      const before = this.size;
      for (const child of node.childNodes) if (child.nodeType === 1) this.read(child);
      this.endLine(before);
      return;
    }
    const style = node.getAttribute("style") ?? "";
    const isLine =
      isBlock ||
      (!isRoot && localName === "code" && /display\s*:\s*block/i.test(style)) ||
      (localName === "span" && /display\s*:\s*(?:block|grid|flex)/i.test(style));
    const isSoftLine =
      !isLine &&
      localName === "span" &&
      !TOKEN.test(node.getAttribute("class") ?? "") &&
      (LINE.test(node.getAttribute("class") ?? "") || node.getAttribute("data-line") !== null);
    if ((isLine || isSoftLine) && !isRoot) this.startLine();
    const before = this.size;
    for (const child of node.childNodes) this.read(child);
    if (isLine && !isRoot) this.endLine(before);
    // The code elements of one block may be its lines.
    else if (localName === "code" && !isRoot && isLineOfCode(node)) this.endLine(before);
  }

  private startLine(): void {
    if (!this.atStart) this.add("\n");
  }

  /** Ends an element that is a line, also an empty one. */
  private endLine(before: number): void {
    if (this.size === before || !this.atStart) this.add("\n");
  }
}

/** One of several `code` elements side by side. */
function isLineOfCode(code: HtmlElement): boolean {
  const all = code.parent?.childNodes ?? [];
  if (all.some((each) => each.nodeType === 3 && each.nodeValue.trim() !== "")) return false;
  const at = all.indexOf(code);
  const next = all[at + 1];
  return next?.nodeType === 1 && next.localName === "code";
}

/** Removes a first column of line numbers that are plain text: 1, 2, 3 and so on at the start of each line. */
function withoutColumn(code: string): string {
  const lines = code.split("\n");
  const filled = lines.filter((line) => line.trim() !== "");
  if (filled.length < 3) return code;
  const numbers = filled.map((line) => /^\s{0,4}(\d{1,5})(?:[ \t|:]|$)/.exec(line)?.[1]);
  const first = Number(numbers[0]);
  if (!numbers.every((each, at) => each !== undefined && Number(each) === first + at)) return code;
  return lines.map((line) => line.replace(/^\s{0,4}\d{1,5}(?:\s?[|:])?[ \t]?/, "")).join("\n");
}

const LANGUAGE = /(?:^|\s)(?:language|lang|highlight-source|highlight)-([\w+#.-]{1,30})/i;
const LOOSE_LANGUAGE = /(?:^|\s)(?:brush:|sourceCode|source-|hljs|src)\s?-?([\w+#.-]{1,30})/;
/** Languages that a `code` names by a class that is nothing else. */
const BARE_LANGUAGE =
  /^(?:[jt]sx?|javascript|typescript|json|html|xml|css|scss|sh|bash|shell|console|python|py|ruby|rb|go|rust|java|kotlin|swift|php|sql|yaml|yml|toml|ini|diff|c|cpp|csharp|cs|r|perl|lua|makefile|dockerfile|graphql|markdown|md)$/;
const NO_LANGUAGE =
  /^(?:none|text|txt|plain|plaintext|default|notranslate|code|source|unknown|block|nohighlight|wrap|src|js-file-line|copy|container|wrapper|inner|body)$/i;

/** The language that the block, a `code` in it or a box around it names. */
function languageOf(block: HtmlElement): string {
  const inner = block.childNodes.filter((child): child is HtmlElement => child.nodeType === 1).slice(0, 3);
  const around: HtmlElement[] = [];
  for (let at = block.parent; at !== null && around.length < 3; at = at.parent) around.push(at);
  for (const element of [block, ...inner, ...around]) {
    const named = element.getAttribute("data-lang") ?? element.getAttribute("data-language");
    const names = element.getAttribute("class") ?? "";
    const bare = element.localName === "code" ? BARE_LANGUAGE.exec(names.trim())?.[0] : undefined;
    const found = named ?? LANGUAGE.exec(names)?.[1] ?? LOOSE_LANGUAGE.exec(names)?.[1] ?? bare ?? "";
    if (found !== "" && /^[\w+#.-]+$/.test(found) && !NO_LANGUAGE.test(found)) return found.toLowerCase();
  }
  return "";
}
