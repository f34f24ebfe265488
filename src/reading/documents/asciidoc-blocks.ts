import type { Block } from "../../core/document/blocks.js";
import { findIndexFrom } from "../../core/text/linear-search.js";
import { asciidocInlineText } from "./asciidoc-inline.js";
import { introductionIn, paragraphOf, type BlockDocument } from "./block-document.js";
import { BlockReader, MAX_DEPTH } from "./block-reader.js";
import { parseCsv } from "./csv-blocks.js";
import {
  indentOf,
  isBlank,
  numberLines,
  trimBlankLines,
  withoutIndent,
  type NumberedLine,
} from "./numbered-lines.js";

/*
 * AsciiDoc as blocks: sections, lists with continuations, terms, delimited blocks, tables and notes. Both forms of the
 * language are read: that of Asciidoctor and the older one of git's manual.
 */

const SECTION = /^(={1,6}|#{1,6})[ \t]+(\S.*)$/;
const ATTRIBUTE = /^:!?([\w-]+)!?:(?:[ \t]+(.*))?$/;
const BLOCK_ATTRIBUTES = /^\[(?!\[)([^\]]*)\]\s*$/;
const ANCHOR = /^\[\[[^\]]*\]\]\s*$/;
const TITLE = /^\.(?![\s.])(\S.*)$/;
const DELIMITER = /^(-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|\/{4,}|--|`{3,}.*|~{4,})\s*$/;
const TABLE = /^[|,:!]={3,}\s*$/;
const ITEM = /^\s*(\*{1,6}|-|\.{1,6}|\d{1,4}\.|[a-zA-Z]\.|<(?:\d{1,3}|\.)>)[ \t]+(\S.*)$/;
const TERM = /^[ \t]*(\S.*?)(:{2,4}|;;)(?:[ \t]+(.*)|[ \t]*)$/;
const ADMONITION = /^(NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+(.*)$/;
const CONDITION = /^(?:ifdef|ifndef|ifeval|endif)::?\S*\[(.*)\]\s*$/;
const BLOCK_MACRO = /^(include|image|video|audio|toc|svg)::([^\s[]*)\[([^\]]*)\]\s*$/;

export function readAsciidoc(text: string): BlockDocument {
  return new AsciidocReader().readText(text);
}

/** What stands in lines above a block and says what it is. */
interface BlockHead {
  /** The first words in brackets, such as "source,python" or "NOTE". */
  style: string;
  title: NumberedLine | null;
}

class AsciidocReader extends BlockReader {
  private readonly attributes = new Map<string, string>();
  /** The titles of sections by the names that cross references use. */
  private titles: ReadonlyMap<string, string> = new Map();
  private lastLine = 0;
  /** For each delimiter, the line after which none is left. */
  private readonly unclosed = new Map<string, number>();
  protected readonly toText = (text: string): string =>
    asciidocInlineText(text, this.attributes, this.titles, this.dropped.add);

  override readText(text: string): BlockDocument {
    const lines = numberLines(text);
    this.lastLine = lines.length;
    this.titles = text.includes("<<") ? sectionTitles(lines) : new Map();
    return this.documentOf(this.parse(lines, 0));
  }

  protected override parse(lines: NumberedLine[], depth: number): Block[] {
    const blocks: Block[] = [];
    let head: BlockHead = { style: "", title: null };
    for (let at = 0; at < lines.length;) {
      const line = lines[at];
      if (line === undefined) break;
      if (depth >= MAX_DEPTH) {
        blocks.push(...paragraphOf(trimBlankLines(lines.slice(at)), (text) => text));
        break;
      }
      const isHead = this.headLine(line, head);
      if (isHead !== null) {
        head = isHead;
        at++;
      } else if (isBlank(line.text)) {
        at++;
        if (head.style !== "") head = { ...head, style: "" };
      } else {
        const before = blocks.length;
        at = this.block(lines, at, blocks, depth, head);
        if (head.title !== null) {
          const title = this.paragraphBlocks([head.title], "figure");
          const first = blocks[before];
          if (first?.kind !== "admonition") blocks.splice(before, 0, ...title);
        }
        head = { style: "", title: null };
      }
    }
    return blocks;
  }

  /** The head with a line that belongs to it; null if the line is part of the text. */
  private headLine({ text, number }: NumberedLine, head: BlockHead): BlockHead | null {
    if (/^\/\/(?!\/\/)/.test(text)) {
      this.dropped.add("comments", text);
      return head;
    }
    const condition = CONDITION.exec(text);
    if (condition !== null && !/^ifn?def::[^[]*\[[^\]\s]/.test(text)) {
      this.dropped.add("markup", text);
      return head;
    }
    const [, name, value = ""] = ATTRIBUTE.exec(text) ?? [];
    if (name !== undefined) {
      this.attributes.set(name, value);
      this.dropped.add("attributes", text);
      return head;
    }
    if (ANCHOR.test(text)) {
      this.dropped.add("markup", text);
      return head;
    }
    const style = BLOCK_ATTRIBUTES.exec(text)?.[1];
    if (style !== undefined) {
      this.dropped.add("markup", text);
      return { ...head, style: head.style === "" ? style : `${head.style},${style}` };
    }
    const title = TITLE.exec(text)?.[1];
    return title !== undefined && !DELIMITER.test(text) ? { ...head, title: { text: title, number } } : null;
  }

  protected block(
    lines: NumberedLine[],
    at: number,
    blocks: Block[],
    depth: number,
    head: BlockHead = { style: "", title: null },
  ): number {
    const { text = "" } = lines[at] ?? {};
    const section = SECTION.exec(text);
    if (section !== null) return this.section(lines, at, blocks, section);
    if (TABLE.test(text)) return this.table(lines, at, blocks, head);
    const delimiter = DELIMITER.exec(text)?.[1];
    if (delimiter !== undefined && !(delimiter === "--" && isBlank(lines[at + 1]?.text ?? ""))) {
      const end = this.delimited(lines, at, blocks, delimiter, head, depth);
      if (end !== null) return end;
    }
    if (text.trim() === "+") return at + 1;
    const conditional = /^ifn?def::\S{1,200}?\[(\S.*)\]\s*$/.exec(text);
    if (conditional !== null) {
      // What a condition holds in its own line is text, whether or not the condition is met.
      const [whole, inside = ""] = conditional;
      this.dropped.add("markup", whole.slice(0, whole.indexOf("[")));
      blocks.push(...this.parse([{ text: inside, number: lines[at]?.number ?? 0 }], depth + 1));
      return at + 1;
    }
    const macro = BLOCK_MACRO.exec(text);
    if (macro !== null) return this.macro(macro, lines, at, blocks);
    if (/^(?:'''|<<<|---|\*\*\*)\s*$/.test(text)) return at + 1;
    if (this.isTerm(text)) return this.terms(lines, at, blocks, depth);
    if (ITEM.test(text)) return this.list(lines, at, blocks, depth);
    if (/^\s/.test(text)) return this.literal(lines, at, blocks, head);
    return this.paragraph(lines, at, blocks, head);
  }

  private isTerm(text: string): boolean {
    const [, term = "", , rest] = TERM.exec(text) ?? [];
    return (
      term !== "" &&
      !/^\S+::\S*\[/.test(text) &&
      !(rest === undefined && /[a-z]::$/i.test(term)) &&
      !text.startsWith("//")
    );
  }

  private section(
    lines: NumberedLine[],
    at: number,
    blocks: Block[],
    [, marks = "", title = ""]: RegExpExecArray,
  ): number {
    const number = lines[at]?.number ?? 0;
    blocks.push(...this.headingBlocks(title.replace(/[ \t]+[=#]+\s*$/, ""), marks.length, number));
    if (marks.length > 1 || blocks.length > 1) return at + 1;
    // Author and revision stand right below the title.
    let end = at + 1;
    while (
      /^(?:[^\s:[/][^:<>]{0,80}<[^<>\s]+@[^<>\s]+>|v?\d+[\w.]*,\s.*|\d{4}-\d\d-\d\d)\s*$/.test(
        lines[end]?.text ?? "",
      ) ||
      isAuthorLine(lines, end)
    )
      this.dropped.add("author and revision", lines[end++]?.text ?? "");
    return end;
  }

  private delimited(
    lines: NumberedLine[],
    at: number,
    blocks: Block[],
    delimiter: string,
    head: BlockHead,
    depth: number,
  ): number | null {
    const isFence = delimiter.startsWith("`");
    const close = isFence ? (/^`+/.exec(delimiter)?.[0] ?? "```") : delimiter.trimEnd();
    const end = this.closeOf(lines, at, close);
    if (end < 0) return null;
    const all = lines.slice(at + 1, end);
    // Code of other files is not here, and neither is what a preprocessor decides.
    const isDirective = ({ text }: NumberedLine): boolean =>
      /^(?:include::\S{1,500}\[.*\]|(?:ifdef|ifndef|ifeval|endif)::\S{0,200}?\[.*\])\s*$/.test(text);
    const inside =
      /^[-.`~+]/.test(delimiter) && delimiter.trim() !== "--"
        ? all.filter((line) => !isDirective(line))
        : all;
    if (inside.length < all.length) this.dropped.addLines("included files", all.filter(isDirective));
    const words = head.style.split(",").map((word) => word.trim());
    const style = words[0] ?? "";
    const label = lines.slice(at, at + 1);
    const sign = delimiter.charAt(0);
    if (sign === "/") this.dropped.addLines("comments", inside);
    else if (/^(?:stem|latexmath|asciimath)/.test(style)) blocks.push(...this.formulaBlocks(inside));
    else if (isFence) blocks.push(...this.codeBlocks(inside, delimiter.slice(close.length).trim(), 0));
    else if (sign === "+") blocks.push(...paragraphOf(trimBlankLines(inside), stripTags));
    else if (
      /^(?:-{4,}|\.{4,})$/.test(delimiter) &&
      !/^(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION|quote|verse)/.test(style)
    )
      blocks.push(
        ...this.codeBlocks(
          inside,
          /^(?:source|,|listing)/.test(head.style) || style === "" ? (words[1] ?? "").replace(/=.*/, "") : "",
          0,
        ),
      );
    else if (sign === "~") {
      blocks.push(...this.codeBlocks(inside, "", 0));
    } else if (/^(?:source|listing|literal)/.test(style))
      blocks.push(...this.codeBlocks(inside, words[1] ?? "", 0));
    else blocks.push(...this.compound(style, head, inside, label, sign, depth));
    return end + 1;
  }

  private compound(
    style: string,
    head: BlockHead,
    inside: NumberedLine[],
    label: NumberedLine[],
    sign: string,
    depth: number,
  ): Block[] {
    const found = this.parse(inside, depth + 1);
    const named = /^(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)/.exec(style)?.[0];
    if (named !== undefined) {
      const title = head.title === null ? "" : `: ${this.toText(head.title.text)}`;
      return this.noteBlocks(capitalize(named) + title, label, found);
    }
    const isQuote = sign === "_" || /^(?:quote|verse)/.test(style);
    return isQuote ? this.quotationBlocks(found) : found;
  }

  private macro(
    [, name, target = "", label = ""]: RegExpExecArray,
    lines: NumberedLine[],
    at: number,
    blocks: Block[],
  ): number {
    if (name === "image") {
      const [shown = ""] = label.split(",");
      this.dropped.add("markup", `${name} ${target} ${label.slice(shown.length)}`);
      const place = lines
        .slice(at, at + 1)
        .map(({ number }) => ({ text: shown.replace(/^"|"$/g, ""), number }));
      blocks.push(...paragraphOf(place, (text) => text, "figure"));
    } else this.dropped.add(name === "include" ? "included files" : "markup", `${name} ${target} ${label}`);
    return at + 1;
  }

  private literal(lines: NumberedLine[], at: number, blocks: Block[], head: BlockHead): number {
    let end = at;
    while (end < lines.length && !isBlank(lines[end]?.text ?? "") && lines[end]?.text.trim() !== "+") end++;
    const inside = lines.slice(at, end);
    if (head.style === "normal") blocks.push(...this.paragraphBlocks(inside));
    else
      blocks.push(
        ...this.codeBlocks(
          inside,
          head.style.startsWith("source") ? (head.style.split(",")[1] ?? "").trim() : "",
        ),
      );
    return end;
  }

  private paragraph(lines: NumberedLine[], at: number, blocks: Block[], head: BlockHead): number {
    const line = lines[at];
    const { text: below = "" } = lines[at + 1] ?? {};
    const underline = /^([=\-~^+])\1{2,}\s*$/.exec(below);
    const width = line?.text.trimEnd().length ?? 0;
    if (
      line !== undefined &&
      underline !== null &&
      Math.abs(below.trimEnd().length - width) <= 3 &&
      /[\p{L}\p{N}]/u.test(line.text)
    ) {
      const level = "=-~^+".indexOf(underline[1] ?? "=") + 1;
      blocks.push(...this.headingBlocks(line.text, level, line.number));
      return at + 2;
    }
    let end = at + 1;
    for (; end < lines.length; end++) {
      const { text = "" } = lines[end] ?? {};
      if (isBlank(text) || text.trim() === "+" || BLOCK_ATTRIBUTES.test(text) || ANCHOR.test(text)) break;
      if (
        (DELIMITER.test(text) && text.trim() !== "--") ||
        TABLE.test(text) ||
        CONDITION.test(text) ||
        /^\/\/(?!\/)/.test(text)
      )
        break;
    }
    const inside = lines.slice(at, end);
    const [, named, rest = ""] = ADMONITION.exec(line?.text ?? "") ?? [];
    const style = /^(NOTE|TIP|IMPORTANT|WARNING|CAUTION)/.exec(head.style)?.[1];
    const label = named ?? style;
    if (label !== undefined) {
      const said =
        named === undefined ? inside : [{ text: rest, number: line?.number ?? 0 }, ...inside.slice(1)];
      blocks.push(...this.noteBlocks(capitalize(label), inside, this.paragraphBlocks(said)));
    } else if (/^(?:source|listing|literal|synopsis)/.test(head.style))
      blocks.push(...this.codeBlocks(inside, (head.style.split(",")[1] ?? "").trim(), 0));
    else if (/^(?:verse|quote)/.test(head.style)) blocks.push(...this.paragraphBlocks(inside, "quotation"));
    else blocks.push(...this.paragraphBlocks(inside));
    return end;
  }

  private list(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const introduction = introductionIn(blocks);
    const own = markOf(lines[at]?.text ?? "");
    let end = at;
    let count = 0;
    while (end < lines.length) {
      const next = skipBlank(lines, end);
      const line = lines[next];
      const [, , text = ""] = ITEM.exec(line?.text ?? "") ?? [];
      if (line === undefined || text === "" || markOf(line.text) !== own) break;
      const bounds = this.itemBounds(lines, next, own);
      const inside = [{ text, number: line.number }, ...bounds.inside];
      const given = /^\s*<?(\d+)/.exec(line.text)?.[1];
      count = given === undefined ? count + 1 : Number(given);
      const isNumbered = own.startsWith(".") || own === "1" || own === "<";
      const parts = this.parse(inside, depth + 1);
      const number = isNumbered ? count : null;
      blocks.push(...this.itemBlocks(parts, inside, number, introduction, end === at));
      end = bounds.end;
    }
    return Math.max(end, at + 1);
  }

  /**
   * The lines that belong to an item or term beside its first one: wrapped lines, deeper lists, and what "+" attaches.
   * @param own the mark of the list; "" for terms
   */
  private itemBounds(
    lines: NumberedLine[],
    at: number,
    own: string,
  ): { inside: NumberedLine[]; end: number } {
    const inside: NumberedLine[] = [];
    let end = at + 1;
    let isAttached = false;
    for (let next = at + 1; next < lines.length;) {
      const line = lines[next] ?? { text: "", number: 0 };
      if (line.text.trim() === "+") {
        isAttached = true;
        inside.push({ text: "", number: line.number });
        end = ++next;
        continue;
      }
      if (isBlank(line.text)) {
        const after = skipBlank(lines, next);
        const { text = "" } = lines[after] ?? {};
        const isDeeper = this.isDeeper(text, own, lines[at]?.text ?? "");
        const isIndented =
          own === "" && indentOf(text) > indentOf(lines[at]?.text ?? "") && !this.isTerm(text);
        if (after >= lines.length || !(isDeeper || isIndented || text.trim() === "+")) break;
        inside.push({ text: "", number: line.number });
        next = after;
        continue;
      }
      const mark = markOf(line.text);
      if (
        !isAttached &&
        ((own !== "" && mark === own) || this.endsItem(line.text, own, lines[at]?.text ?? ""))
      )
        break;
      // A deeper list stands right below the text.
      const isNested = !isAttached && inside.length > 0 && (mark !== "" || this.isTerm(line.text));
      if (isNested || (inside.length === 0 && own !== "" && mark !== ""))
        inside.push({ text: "", number: line.number });
      const delimiter = DELIMITER.exec(line.text)?.[1]?.trimEnd() ?? TABLE.exec(line.text)?.[0].trimEnd();
      const close =
        delimiter === undefined ? -1 : this.closeOf(lines, next, /^`+/.exec(delimiter)?.[0] ?? delimiter);
      const until = close < 0 ? next + 1 : close + 1;
      inside.push(...lines.slice(next, until));
      isAttached &&= BLOCK_ATTRIBUTES.test(line.text) || TITLE.test(line.text);
      end = next = until;
    }
    return { inside: own === "" ? dedented(inside) : inside, end };
  }

  /** The index of the line that closes a block; -1 if none does, as is remembered. */
  private closeOf(lines: NumberedLine[], at: number, close: string): number {
    const number = lines[at]?.number ?? 0;
    if (number >= (this.unclosed.get(close) ?? Infinity)) return -1;
    for (let end = at + 1; end < lines.length; end++) if (lines[end]?.text.trimEnd() === close) return end;
    if (lines.at(-1)?.number === this.lastLine) this.unclosed.set(close, number);
    return -1;
  }

  private isDeeper(text: string, own: string, first: string): boolean {
    const mark = markOf(text);
    if (mark === "") return this.isTerm(text) && (own !== "" || termDepth(text) > termDepth(first));
    return mark !== own && !(mark.startsWith(own.charAt(0)) && mark.length < own.length);
  }

  /** Whether a line right below an item begins what is no part of it. */
  private endsItem(text: string, own: string, first: string): boolean {
    if (SECTION.test(text) || BLOCK_ATTRIBUTES.test(text) || ANCHOR.test(text)) return true;
    const mark = markOf(text);
    if (mark !== "") return own !== "" && mark.startsWith(own.charAt(0)) && mark.length < own.length;
    return own === "" && this.isTerm(text) && termDepth(text) <= termDepth(first);
  }

  private terms(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const names: NumberedLine[] = [];
    let from = at;
    let rest: string | undefined;
    for (let next = at; next < lines.length; next = skipBlank(lines, next + 1)) {
      const line = lines[next];
      if (line === undefined || !this.isTerm(line.text)) break;
      if (names.length > 0 && termDepth(line.text) !== termDepth(names[0]?.text ?? "")) break;
      names.push(line);
      from = next;
      rest = TERM.exec(line.text)?.[3];
      if (rest !== undefined && rest !== "") break;
    }
    const last = names.at(-1);
    const bounds = this.itemBounds(lines, from, "");
    const inside =
      rest === undefined || rest === ""
        ? bounds.inside
        : [{ text: rest, number: last?.number ?? 0 }, ...bounds.inside];
    const term = names.map(({ text }) => this.toText(TERM.exec(text)?.[1]?.trim() ?? "")).join(", ");
    blocks.push(...this.termBlocks(term, names, this.parse(inside, depth + 1)));
    return bounds.end;
  }

  private table(lines: NumberedLine[], at: number, blocks: Block[], head: BlockHead): number {
    const mark = lines[at]?.text.trimEnd() ?? "";
    const found = findIndexFrom(lines, at + 1, ({ text }) => text.trimEnd() === mark);
    const end = found < 0 ? lines.length : found;
    const inside = lines.slice(at + 1, end);
    const isCsv = mark.startsWith(",") || mark.startsWith(":") || /format="?(?:csv|dsv|tsv)/.test(head.style);
    const rows = isCsv
      ? parseCsv(inside, mark.startsWith(":") ? ":" : ",").map(({ cells, place }) =>
          cells.map((text) => ({ text, number: place.first })),
        )
      : cellRows(inside, columnsOf(head.style), mark.startsWith("!") ? "!" : "|");
    const isHeaded =
      head.style.includes("header") ||
      (!/noheader|%autowidth(?!.*header)/.test(head.style) &&
        !isBlank(inside[0]?.text ?? "") &&
        isBlank(inside[1]?.text ?? "x"));
    const texts = rows.map((cells) => ({
      cells: cells.map(({ text }) => this.toText(text.replace(/^(?:\*|-)\s+/gm, ""))),
      lines: cells,
    }));
    blocks.push(...this.rowBlocks(texts, isHeaded ? 1 : 0));
    return Math.min(end + 1, lines.length);
  }
}

/** Whether a line right below the title names authors: attributes, a date or nothing follows. */
function isAuthorLine(lines: NumberedLine[], at: number): boolean {
  const { text = "" } = lines[at] ?? {};
  const { text: below = "" } = lines[at + 1] ?? {};
  const isNamed = text
    .split(/;\s*/)
    .every((each) =>
      /^\p{Lu}[\p{L}.'_-]{0,30}(?: [\p{L}.'_-]{1,30}){0,3}(?: <[^<>\s]{1,200}>)?\s*$/u.test(each),
    );
  return (
    isNamed &&
    text.includes(" ") &&
    (ATTRIBUTE.test(below) || /^v?\d[\w.-]*(?:,|\s|$)/.test(below) || text.includes("<"))
  );
}

/** The titles of sections by their anchors, and by the names that are made of titles. */
function sectionTitles(lines: NumberedLine[]): Map<string, string> {
  const titles = new Map<string, string>();
  for (const [at, { text }] of lines.entries()) {
    const title = SECTION.exec(text)?.[2];
    if (title === undefined) continue;
    const shown = title
      .replace(/\[\[[^\]]{0,200}\]\]/g, "")
      .replace(/[`*_]/g, "")
      .trim();
    for (let above = at - 1; above >= Math.max(0, at - 3); above--) {
      const id = /^\[\[([^\],]{1,200})(?:,[^\]]*)?\]\]\s*$|^\[#([\w:.-]{1,200})[^\]]*\]\s*$/.exec(
        lines[above]?.text ?? "",
      );
      if (id === null) break;
      titles.set(id[1] ?? id[2] ?? "", shown);
    }
    const made = shown
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_.-]/gu, "")
      .replace(/[\s.-]+/g, "_");
    for (const name of [`_${made}`, shown]) if (!titles.has(name)) titles.set(name, shown);
  }
  return titles;
}

/** Lines of a term's text, each paragraph without its indentation. */
function dedented(lines: NumberedLine[]): NumberedLine[] {
  const width = lines.reduce(
    (least, { text }) => (isBlank(text) ? least : Math.min(least, indentOf(text))),
    99,
  );
  const plain = width > 0 && width < 99 ? withoutIndent(lines, width) : lines;
  // The first paragraph of a term is prose, however it is indented.
  const first = plain.findIndex(({ text }) => isBlank(text));
  const until = first < 0 ? plain.length : first;
  const isItem = plain.slice(0, until).some(({ text }) => ITEM.test(text) || DELIMITER.test(text));
  return isItem ? plain : plain.map((line, at) => (at < until ? { ...line, text: line.text.trim() } : line));
}

/** The kind of an item's mark; "" for a line that is none. */
function markOf(text: string): string {
  const mark = ITEM.exec(text)?.[1] ?? "";
  if (/^\d/.test(mark)) return "1";
  if (/^[a-zA-Z]\./.test(mark)) return "a";
  return mark.startsWith("<") ? "<" : mark;
}

function termDepth(text: string): number {
  const sign = TERM.exec(text)?.[2] ?? "::";
  return sign === ";;" ? 1.5 : sign.length;
}

function skipBlank(lines: NumberedLine[], from: number): number {
  let at = from;
  while (at < lines.length && isBlank(lines[at]?.text ?? "")) at++;
  return at;
}

/** The number of columns that a table's attributes name; 0 if they name none. */
function columnsOf(style: string): number {
  const given = /cols="([^"]*)"/.exec(style)?.[1] ?? /cols=([^",\]]+)/.exec(style)?.[1] ?? "";
  if (given === "") return 0;
  return given.split(/[,;]/).reduce((sum, each) => sum + Number(/^\s*(\d{1,2})\*/.exec(each)?.[1] ?? 1), 0);
}

/** Parts cells that bars begin; without a number of columns, the first line of cells gives it. */
function cellRows(lines: NumberedLine[], given: number, bar: string): NumberedLine[][] {
  const cells: NumberedLine[] = [];
  let columns = given;
  for (const { text, number } of lines) {
    if (isBlank(text)) {
      columns ||= cells.length;
      continue;
    }
    const parts = splitBars(text, bar);
    const [before = "", ...own] = parts;
    const last = cells.at(-1);
    if (last !== undefined && !isBlank(before) && own.length === 0) last.text += `\n${before.trim()}`;
    else if (
      last !== undefined &&
      !isBlank(before) &&
      !/^\s*(?:\d*[.\d]*\+|\d+\*)?[<^>.]*[aehlmsdv]?\s*$/.test(before)
    )
      last.text += ` ${before.trim()}`;
    for (const [at, part] of own.entries()) {
      // What stands before the next bar may be its cell's attributes.
      const isNext = at < own.length - 1;
      cells.push({
        text: (isNext ? part.replace(/\s(?:\d*(?:\.\d+)?\+|\d+\*)?[<^>.]*[aehlmsdv]?$/, "") : part).trim(),
        number,
      });
    }
    if (given === 0 && columns === 0 && own.length > 1) columns = own.length;
  }
  columns ||= 1;
  const rows: NumberedLine[][] = [];
  for (let at = 0; at < cells.length; at += columns) rows.push(cells.slice(at, at + columns));
  return rows;
}

function splitBars(text: string, bar: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at) !== bar || text.charAt(at - 1) === "\\") continue;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  return [...parts, text.slice(from)].map((part) => part.replaceAll(`\\${bar}`, bar));
}

function stripTags(text: string): string {
  return text.replace(/<[^<>\n]{0,1000}>/g, "");
}

function capitalize(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase();
}
