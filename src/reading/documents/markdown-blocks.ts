import type { Block } from "../../core/document/blocks.js";
import type { Coverage } from "../../core/domain/reading.js";
import { headingOf, introductionIn, paragraphOf, titleOf, type BlockDocument } from "./block-document.js";
import { BlockReader, MAX_DEPTH, type RowText } from "./block-reader.js";
import { readFrontMatter } from "./front-matter.js";
import { readHtmlFragment } from "./html-fragment.js";
import { readGridTable } from "./rst-tables.js";
import { markdownInlineText, normalizeLabel } from "./markdown-inline.js";
import {
  endOfIndented,
  indentOf,
  isBlank,
  numberLines,
  removeIndent,
  trimBlankLines,
  withoutIndent,
  type NumberedLine,
} from "./numbered-lines.js";

/*
 * Markdown as blocks: CommonMark and GitHub's tables, notes and alerts, front matter, directives (":::note", "!!! note",
 * "```{note}"), definition lists, formulas, HTML and MDX. A parser with a complete syntax tree takes a hundred times
 * as long, which the index cannot spend on each file.
 */

/** Number of lines in which a directive, comment or table must end. */
const MAX_SPAN = 3000;

const FENCE = /^( {0,3})(`{3,}|~{3,})[ \t]*(.*)$/;
const ATX = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const RULE = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$/;
const ITEM = /^( {0,3})([-*+]|(\d{1,9})[.)])([ \t]+|$)/;
const QUOTE = /^ {0,3}> ?/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
const DELIMITERS = /^ {0,3}\|?(?:[ \t]*:?-+:?[ \t]*\|)*[ \t]*:?-+:?[ \t]*\|?[ \t]*$/;
const DIRECTIVE = /^ {0,3}(:{3,})[ \t]*(\S.*)$/;
const BLOCK_NOTE = /^(?:!!!|\?\?\?\+?)[ \t]+([\w-]+)(?:[ \t]+[\w-]+)*(?:[ \t]+"([^"]*)")?[ \t]*$/;
const TAB = /^===[+!]?[ \t]+"([^"]*)"[ \t]*$/;
const DEFINITION = /^ {0,3}\[([^\]^][^\]]{0,500})\]:(?:[ \t]*\S|[ \t]*$)/;
const NOTE = /^ {0,3}\[\^[^\]\s]{1,80}\]:[ \t]*/;
const BLOCK_TAG =
  /^ {0,3}<\/?(?:address|article|aside|base|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|optgroup|option|p|picture|param|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[\s/>]|$)/i;
const RAW_TAG = /^ {0,3}<(pre|script|style|textarea)(?=[\s>]|$)/i;
/** A tag that begins a line and is not one of a sentence. */
const LONE_TAG = /^ {0,3}<\/?(?:[A-Z][\w.]*|[a-z][\w-]*)(?:\s[^<>]*)?\/?>\s*$/;
const OPEN_COMPONENT = /^ {0,3}<[A-Z][\w.]*(?:\s[^<>]*)?$/;
/** A line of nothing but shortcodes of Hugo and Quarto, tags of Liquid, or what a preprocessor includes. */
const SHORTCODE =
  /^\s*(?:(?:\{\{<(?:[^>]|>(?!\}\})){0,1000}>\}\}|\{\{%(?:[^%]|%(?!\}\})){0,1000}%\}\}|\{%(?:[^%]|%(?!\})){0,1000}%\}|\{\{[#/*^][^{}]{0,500}\}\})\s*)+$/;
/** A line that stands for a part of another file. */
const INCLUDED =
  /^\s*(?:\{\{#(?:rustdoc_)?(?:include|playground)\s[^{}]{1,500}\}\}|<<<\s+[@.~/\w]\S{0,500}(?:\{[^{}]{0,100}\})?(?:\s\[[^\]]{0,100}\])?|--8<--\s+"[^"]{1,500}"|\{%-?\s*(?:end)?raw\s*-?%\})\s*$/;
const NAMED_NOTE =
  /^(?:note|tip|hint|info|information|important|warning|warn|caution|danger|attention|error|success|question|example|abstract|summary|bug|failure|quote|todo|seealso|see-also|deprecated|alert|versionadded|versionchanged|admonition)$/i;

/** Reads Markdown as blocks. @param isMdx whether components and imports are no text */
export function readMarkdown(text: string, isMdx = false): BlockDocument {
  return new MarkdownReader(isMdx).readText(text);
}

/** Reads Markdown; a document of several parts is read by one of them. */
export class MarkdownReader extends BlockReader {
  private readonly labels = new Set<string>();
  /** For each part of the text and each mark, the line before which none is left in that part. */
  private readonly searched = new WeakMap<NumberedLine[], Map<string, number>>();
  protected readonly toText = (text: string): string =>
    markdownInlineText(text, this.labels, this.dropped.add);

  constructor(private readonly isMdx: boolean) {
    super();
  }

  /** A part of a document, which has no front matter. */
  readPart(lines: NumberedLine[]): Block[] {
    this.findLabels(lines);
    return this.parse(lines, 0);
  }

  droppedWords(): Coverage["dropped"] {
    return this.dropped.list();
  }

  private findLabels(lines: NumberedLine[]): void {
    for (const { text } of lines) {
      if (!text.includes("]:")) continue;
      const label = DEFINITION.exec(text)?.[1];
      if (label !== undefined) this.labels.add(normalizeLabel(label));
    }
  }

  override readText(text: string): BlockDocument {
    const front = readFrontMatter(numberLines(text), this.dropped);
    this.findLabels(front.rest);
    const body = this.parse(front.rest, 0);
    const isTitled = body.some((block) => block.kind === "heading" && block.level === 1);
    const head = isTitled ? [] : headingOf(front.title, 1, front.titleLine);
    if (isTitled) this.dropped.add("front matter", front.title);
    const blocks = [...head, ...front.blocks, ...body];
    const title = front.title || titleOf(blocks);
    return { title, blocks, dropped: () => this.dropped.list() };
  }

  protected override parse(lines: NumberedLine[], depth: number): Block[] {
    const blocks: Block[] = [];
    for (let at = 0; at < lines.length;) {
      const { text = "" } = lines[at] ?? {};
      if (isBlank(text)) at++;
      else at = depth >= MAX_DEPTH ? this.prose(lines, at, blocks) : this.block(lines, at, blocks, depth);
    }
    return blocks;
  }

  /** Reads one block. @returns the index after its last line */
  protected block(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const { text = "" } = lines[at] ?? {};
    if (indentOf(text) >= 4) return this.indentedCode(lines, at, blocks);
    const first = text.trimStart().charAt(0);
    if (/\p{L}/u.test(first)) return this.paragraph(lines, at, blocks, depth);
    const readers: Record<string, (() => number) | undefined> = {
      "`": () => this.fence(lines, at, blocks, depth),
      "~": () => this.fence(lines, at, blocks, depth),
      "#": () => this.atx(lines, at, blocks),
      ">": () => this.quote(lines, at, blocks, depth),
      "<": () => this.html(lines, at, blocks),
      ":": () => this.directive(lines, at, blocks, depth),
      "!": () => this.blockNote(lines, at, blocks, depth),
      "?": () => this.blockNote(lines, at, blocks, depth),
      "=": () => this.blockNote(lines, at, blocks, depth),
      "[": () => this.definition(lines, at, blocks, depth),
      $: () => this.formula(lines, at, blocks),
      "{": () => this.shortcode(lines, at, blocks),
      "+": () => this.gridTable(lines, at, blocks),
    };
    const end = RULE.test(text)
      ? at + 1
      : ITEM.test(text)
        ? this.list(lines, at, blocks, depth)
        : (readers[first]?.() ?? at);
    return end > at ? end : this.paragraph(lines, at, blocks, depth);
  }

  /** A shortcode or tag in a line of its own; what one of them calls code is code. */
  private shortcode(lines: NumberedLine[], at: number, blocks: Block[]): number {
    const { text = "" } = lines[at] ?? {};
    if (!SHORTCODE.test(text)) return at;
    const [, sign = "", name = "", info = ""] =
      /^\s*(\{%|\{\{[<%])-?\s*(highlight|code|codeblock|code-block)\b\s*([\w+#-]*)/.exec(text) ?? [];
    const closing = sign === "{%" ? `end${name}` : `/${name}`;
    const isEnd = (line: string): boolean =>
      SHORTCODE.test(line) && line.replace(/[\s{}<%>-]+/g, "") === closing.replaceAll("-", "");
    const end = name === "" ? null : this.endAt(`${sign}${closing}`, lines, at + 1, isEnd);
    this.dropped.add("shortcodes", text);
    if (end === null) return at + 1;
    this.dropped.add("shortcodes", lines[end - 1]?.text ?? "");
    blocks.push(...this.codeBlocks(lines.slice(at + 1, end - 1), info, 0));
    return end;
  }

  private gridTable(lines: NumberedLine[], at: number, blocks: Block[]): number {
    if (!/^ {0,3}\+[-=+:]{3,}\+\s*$/.test(lines[at]?.text ?? "")) return at;
    let end = at;
    while (/^ {0,3}[+|]/.test(lines[end]?.text ?? "")) end++;
    const found = readGridTable(
      lines.slice(at, end).map(({ text, number }) => ({
        text: /^ {0,3}\+[-=+:]*\+\s*$/.test(text)
          ? text.replaceAll(":", text.includes("=") ? "=" : "-")
          : text,
        number,
      })),
    );
    if (found === null) return at;
    const rows = found.cells.map((row): RowText => ({
      cells: row.map((cell) =>
        this.toText(
          trimBlankLines(cell)
            .map(({ text }) => text.trim())
            .join("\n"),
        ),
      ),
      lines: row.flat().sort((a, b) => a.number - b.number),
    }));
    blocks.push(...this.rowBlocks(rows, found.heads));
    return end;
  }

  private prose(lines: NumberedLine[], at: number, blocks: Block[]): number {
    const end = endOfRun(lines, at, () => false);
    blocks.push(...paragraphOf(lines.slice(at, end), (text) => text));
    return end;
  }

  private indentedCode(lines: NumberedLine[], at: number, blocks: Block[]): number {
    const end = endOfIndented(lines, at, 4);
    blocks.push(...this.codeBlocks(lines.slice(at, end), "", 4));
    return end;
  }

  private fence(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const [, indent = "", fence = "", info = ""] = FENCE.exec(lines[at]?.text ?? "") ?? [];
    if (fence === "" || (fence.startsWith("`") && info.includes("`"))) return at;
    let end = at + 1;
    for (; end < lines.length; end++) {
      const [, , mark = "", rest = ""] = FENCE.exec(lines[end]?.text ?? "") ?? [];
      if (mark.startsWith(fence) && rest.trim() === "") break;
    }
    const within = lines.slice(at + 1, end);
    for (const { text } of within) if (INCLUDED.test(text)) this.dropped.add("included files", text);
    const inside = within
      .filter(({ text }) => !INCLUDED.test(text))
      .map(({ text, number }) => ({ text: removeIndent(text, indent.length), number }));
    const named = /^\{([\w:.-]+)\}(.*)$/.exec(info);
    const isCell =
      named !== null &&
      /^(?:r|python|julia|sql|bash|sh|ojs|js|code-cell|code|code-block)$/i.test(named[1] ?? "");
    if (named !== null && !isCell && !named[1]?.startsWith(".")) {
      const head = { text: (named[2] ?? "").trim(), number: lines[at]?.number ?? 0 };
      blocks.push(...this.directiveBlocks(named[1] ?? "", head, withoutOptions(inside), depth));
    } else {
      const words = info.replace(/[{}]/g, " ").trim();
      const language = words.split(/[\s,:]/)[0]?.replace(/^\./, "") ?? "";
      const title =
        /\b(?:title|filename|caption)\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(info)?.slice(1).find(Boolean) ?? "";
      if (title !== "")
        blocks.push(
          ...paragraphOf([{ text: title, number: lines[at]?.number ?? 0 }], (text) => text, "figure"),
        );
      this.dropped.add("markup", words.slice(language.length).replace(title, ""));
      if (language === "math") blocks.push(...this.formulaBlocks(inside));
      else
        blocks.push(
          ...this.codeBlocks(
            inside,
            /^code(?:-cell|-block)?$/.test(language) ? (words.split(/\s/)[1] ?? "") : language,
            0,
          ),
        );
    }
    return Math.min(end + 1, lines.length);
  }

  private atx(lines: NumberedLine[], at: number, blocks: Block[]): number {
    const line = lines[at];
    const [, marks, text = ""] = ATX.exec(line?.text ?? "") ?? [];
    if (line === undefined || marks === undefined) return at;
    const bare = text.trim().replace(/(?:^|[ \t])#+$/, "");
    this.heading(bare, marks.length, line.number, blocks);
    return at + 1;
  }

  private heading(text: string, level: number, number: number, blocks: Block[]): void {
    const open = text.lastIndexOf("{");
    const id = open >= 0 && /^\{[#.:][^{}]*\}\s*$/.test(text.slice(open)) ? text.slice(open) : "";
    this.dropped.add("markup", id);
    blocks.push(...this.headingBlocks(text.slice(0, text.length - id.length), level, number));
  }

  private quote(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    let end = at;
    const inside: NumberedLine[] = [];
    for (; end < lines.length; end++) {
      const { text, number } = lines[end] ?? { text: "", number: 0 };
      const mark = QUOTE.exec(text)?.[0];
      const isLazy =
        end > at && !isBlank(text) && !isBlank(inside.at(-1)?.text ?? "") && !this.interrupts(text);
      if (mark === undefined && !isLazy) break;
      inside.push({ text: text.slice(mark?.length ?? 0), number });
    }
    const [, named, title = ""] = /^\[!([\w-]+)\][-+]?[ \t]*(.*)$/.exec(inside[0]?.text.trim() ?? "") ?? [];
    if (named !== undefined) {
      const label = this.toText(title) || capitalizedName(named);
      blocks.push(...this.noteBlocks(label, inside.slice(0, 1), this.parse(inside.slice(1), depth + 1)));
    } else {
      blocks.push(...this.quotationBlocks(this.parse(inside, depth + 1)));
    }
    return end;
  }

  private list(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const introduction = introductionIn(blocks);
    const isOrdered = ITEM.exec(lines[at]?.text ?? "")?.[3] !== undefined;
    let isFirst = true;
    let end = at;
    while (end < lines.length) {
      let next = end;
      while (next < lines.length && isBlank(lines[next]?.text ?? "")) next++;
      const { text = "" } = lines[next] ?? {};
      const found = RULE.test(text) ? null : ITEM.exec(text);
      if (found === null || (found[3] !== undefined) !== isOrdered) break;
      const bounds = this.itemBounds(lines, next, found);
      const inside = this.parse(bounds.inside, depth + 1);
      const number = isOrdered ? Number(found[3]) : null;
      blocks.push(...this.itemBlocks(inside, bounds.inside, number, introduction, isFirst));
      isFirst = false;
      end = bounds.end;
    }
    return end;
  }

  /** The lines of an item without its mark and indentation, and the index after them. */
  private itemBounds(
    lines: NumberedLine[],
    at: number,
    [mark, , , , spaces = ""]: RegExpExecArray,
  ): { inside: NumberedLine[]; end: number } {
    const { text, number } = lines[at] ?? { text: "", number: 0 };
    const isCode = indentOf(spaces) > 4;
    const width =
      indentOf(" ".repeat(mark.length - spaces.length)) + (isCode || spaces === "" ? 1 : indentOf(spaces));
    const inside = [
      { text: isCode ? text.slice(mark.length - spaces.length + 1) : text.slice(mark.length), number },
    ];
    let end = at + 1;
    let isAfterBlank = false;
    let isFenced = FENCE.test(inside[0]?.text ?? "");
    for (let next = at + 1; next < lines.length; next++) {
      const line = lines[next] ?? { text: "", number: 0 };
      const isIn = indentOf(line.text) >= width;
      if (isBlank(line.text)) isAfterBlank = true;
      else if (!isIn && (isAfterBlank || isFenced || ITEM.test(line.text) || this.interrupts(line.text)))
        break;
      else {
        isAfterBlank = false;
        end = next + 1;
      }
      const bare = isIn ? removeIndent(line.text, width) : line.text.trimStart();
      if (FENCE.test(bare) && isIn) isFenced = !isFenced;
      inside.push({ text: bare, number: line.number });
    }
    return { inside: inside.slice(0, end - at), end };
  }

  private html(lines: NumberedLine[], at: number, blocks: Block[]): number {
    const { text = "" } = lines[at] ?? {};
    if (/^ {0,3}<!--/.test(text)) {
      const end = this.endAt("-->", lines, at, (line) => line.includes("-->"));
      if (end === null) return at;
      const { text: last = "" } = lines[end - 1] ?? {};
      const after = last.slice(last.indexOf("-->") + 3);
      this.dropped.addLines("comments", lines.slice(at, end - 1));
      this.dropped.add("comments", last.slice(0, last.length - after.length));
      if (!isBlank(after))
        blocks.push(...this.paragraphBlocks([{ text: after, number: lines[end - 1]?.number ?? 0 }]));
      return end;
    }
    const raw = RAW_TAG.exec(text)?.[1];
    const whole = raw ?? (/^ {0,3}<table[\s>]/i.test(text) ? "table" : undefined);
    if (whole !== undefined) {
      const close = `</${whole.toLowerCase()}>`;
      const end = this.endAt(close, lines, at, (line) => line.toLowerCase().includes(close));
      const isAlone = end !== null && (lines[end - 1]?.text ?? "").trimEnd().toLowerCase().endsWith(close);
      if (isAlone && /^(?:script|style)$/i.test(whole)) {
        this.dropped.addLines("scripts and styles", lines.slice(at, end));
        return end;
      }
      if (end !== null) return this.fragment(lines, at, end, blocks);
    }
    if (BLOCK_TAG.test(text))
      return this.fragment(
        lines,
        at,
        endOfRun(lines, at, () => false),
        blocks,
      );
    if (LONE_TAG.test(text) || OPEN_COMPONENT.test(text)) return this.componentTag(lines, at, blocks);
    return at;
  }

  private fragment(lines: NumberedLine[], at: number, end: number, blocks: Block[]): number {
    const summary = /^ {0,3}<summary>([^<>]*[*_`[][^<>]*)<\/summary>\s*$/i.exec(lines[at]?.text ?? "")?.[1];
    if (summary !== undefined) {
      blocks.push(...this.paragraphBlocks([{ text: summary, number: lines[at]?.number ?? 0 }]));
      this.dropped.add("markup", "summary summary");
      return at + 1;
    }
    // What follows a tag without blank lines is Markdown in most texts that write it.
    if (
      this.isMdx ||
      /^ {0,3}<\/?(?:details|summary|div|section|center)\b[^<>]*>\s*$/i.test(lines[at]?.text ?? "")
    ) {
      if (LONE_TAG.test(lines[at]?.text ?? "")) return this.componentTag(lines, at, blocks);
    }
    blocks.push(...readHtmlFragment(lines.slice(at, end), this.dropped));
    return end;
  }

  /** A tag on lines of its own: only its labels are shown. */
  private componentTag(lines: NumberedLine[], at: number, blocks: Block[]): number {
    const end = this.endAt(">", lines, at, (line) => /(?:^|[^=])>\s*$/.test(line)) ?? at + 1;
    const tag = lines.slice(at, end);
    const markup = tag.map(({ text }) => text).join("\n");
    const labels = [
      ...markup.matchAll(/\b(?:title|label|alt|caption|description|summary)=(?:\{?"([^"]*)"|\{?'([^']*)')/g),
    ];
    for (const [, double, single] of labels) {
      const label = double ?? single ?? "";
      blocks.push(
        ...paragraphOf(
          tag.slice(0, 1).map(({ number }) => ({ text: label, number })),
          (text) => text,
        ),
      );
    }
    this.dropped.add(
      "markup",
      labels.reduce((rest, [each]) => rest.replace(each, ""), markup),
    );
    for (const [each] of labels) this.dropped.add("markup", each.slice(0, each.indexOf("=")));
    return end;
  }

  private directive(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const [, fence, info = ""] = DIRECTIVE.exec(lines[at]?.text ?? "") ?? [];
    if (fence === undefined) return this.lineAfterTerm(lines, at);
    let open = 1;
    let end = at + 1;
    for (; end < Math.min(lines.length, at + MAX_SPAN); end++) {
      const [, mark = "", rest = ""] = /^\s*(:{3,})[ \t]*(.*)$/.exec(lines[end]?.text ?? "") ?? [];
      if (mark === "") continue;
      open += rest === "" ? -1 : 1;
      if (open === 0 || (mark === fence && fence.length > 3 && rest === "")) break;
    }
    const [, name = "", rest = ""] = /^\{?\.?([\w-]+)\}?[ \t]*(.*)$/.exec(info) ?? [];
    const number = lines[at]?.number ?? 0;
    // Within braces stand attributes, of which only the title is shown.
    const isAttributes =
      info.startsWith("{") && info.trimEnd().endsWith("}") && !info.startsWith(`{${name}}`);
    const title =
      /\btitle="([^"]*)"/.exec(rest)?.[1] ??
      /^\[([^\]]*)\]/.exec(rest)?.[1] ??
      (isAttributes || rest.startsWith("{") ? "" : rest.replace(/\{[^{}]*\}$/, ""));
    this.dropped.add("markup", isAttributes ? rest.replace(title, "") : "");
    blocks.push(...this.directiveBlocks(name, { text: title, number }, lines.slice(at + 1, end), depth));
    return Math.min(end + 1, lines.length);
  }

  /** A line such as ": text" without a term before it. */
  private lineAfterTerm(lines: NumberedLine[], at: number): number {
    const { text = "" } = lines[at] ?? {};
    if (!/^ {0,3}:{3,}[ \t]*$/.test(text)) return at;
    return at + 1;
  }

  private blockNote(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at];
    const note = BLOCK_NOTE.exec(line?.text ?? "");
    const tab = TAB.exec(line?.text ?? "")?.[1];
    if (line === undefined || (note === null && tab === undefined)) return at;
    const end = Math.max(at + 1, endOfIndented(lines, at + 1, 4));
    const head = { text: tab ?? note?.[2] ?? "", number: line.number };
    const name = tab === undefined ? (note?.[1] ?? "") : "tab";
    blocks.push(
      ...this.directiveBlocks(
        name,
        head,
        withoutIndent(lines.slice(at + 1, end), 4),
        depth,
        tab === undefined,
      ),
    );
    return end;
  }

  /** The blocks of a directive: a note with its label, or a title and what stands below it. */
  private directiveBlocks(
    name: string,
    head: NumberedLine,
    inside: NumberedLine[],
    depth: number,
    isNote = false,
  ): Block[] {
    const bare = name.replace(/^(?:callout-|rmd)/, "");
    if (/^(?:toctree|contents|include|figure-md|index|eval-rst|mermaid|raw)$/.test(bare)) {
      if (bare !== "eval-rst" && bare !== "mermaid") this.dropped.addLines("lists of contents", inside);
      else return this.codeBlocks(inside, bare === "mermaid" ? bare : "rst", 0);
      return [];
    }
    const blocks = this.parse(inside, depth + 1);
    const title = this.toText(head.text).trim();
    this.dropped.add("markup", name);
    if (isNote || NAMED_NOTE.test(bare))
      return this.noteBlocks(title || capitalizedName(bare), [head], blocks);
    // The label of a tab leads to what the tab shows.
    const isTab = /^tab(?:s|-item|bed)?$/i.test(bare) && blocks.length > 0 && /[\p{L}\p{N}]$/u.test(title);
    const label = isTab ? { text: `${head.text.trim()}:`, number: head.number } : head;
    return [...this.paragraphBlocks([label]), ...blocks];
  }

  private definition(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at];
    if (line === undefined) return at;
    const note = NOTE.exec(line.text)?.[0];
    if (note !== undefined) {
      const end = Math.max(
        endOfIndented(lines, at + 1, 2),
        endOfRun(lines, at, (text) => this.interrupts(text) || NOTE.test(text)),
      );
      const inside = [
        { text: line.text.slice(note.length), number: line.number },
        ...withoutIndent(lines.slice(at + 1, end)),
      ];
      blocks.push(...this.parse(inside, depth + 1));
      this.dropped.add("markup", note);
      return end;
    }
    if (DEFINITION.test(line.text)) {
      this.dropped.add("addresses of links", line.text);
      const next = lines[at + 1]?.text ?? "";
      const isTitle = /^\s+(?:"[^"]*"|'[^']*'|\([^()]*\))\s*$/.test(next);
      // The address may stand in the next line.
      const isBelow = /\]:\s*$/.test(line.text) && /^\s*\S+\s*$/.test(next);
      if (isBelow) this.dropped.add("addresses of links", next);
      return at + (isTitle || isBelow ? 2 : 1);
    }
    return /^\[(?:toc|\[_?toc_?\])\]\s*$/i.test(line.text.trim()) ? at + 1 : at;
  }

  private formula(lines: NumberedLine[], at: number, blocks: Block[]): number {
    const { text = "" } = lines[at] ?? {};
    if (!/^ {0,3}\$\$/.test(text)) return at;
    const line = text.trim();
    const isOne = line.endsWith("$$") && line.slice(2, -2).trim() !== "";
    const end = isOne ? at + 1 : this.endAt("$$", lines, at + 1, (line) => line.includes("$$"));
    if (end === null || end - at > 200) return at;
    blocks.push(...this.formulaBlocks(withoutDollars(lines.slice(at, end))));
    return end;
  }

  private paragraph(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const { text = "" } = lines[at] ?? {};
    if (INCLUDED.test(text)) {
      this.dropped.add("included files", text);
      return at + 1;
    }
    const caption = /^ {0,3}:[ \t]+(\S.*)$/.exec(text)?.[1];
    if (caption !== undefined && blocks.at(-1)?.kind === "row") {
      const shown = caption.replace(/\{[^{}]{1,500}\}\s*$/, "");
      this.dropped.add("markup", caption.slice(shown.length));
      blocks.push(...this.paragraphBlocks([{ text: shown, number: lines[at]?.number ?? 0 }], "figure"));
      return at + 1;
    }
    if (
      this.isMdx &&
      depth === 0 &&
      /^(?:import\s.*(?:from\s|["'])|export\s+(?:const|let|default|function|\{))/.test(text)
    ) {
      const end = endOfRun(lines, at, () => false);
      this.dropped.addLines("imports", lines.slice(at, end));
      return end;
    }
    if (this.isTable(lines, at)) return this.table(lines, at, blocks);
    let end = at + 1;
    for (; end < lines.length; end++) {
      const { text: next = "" } = lines[end] ?? {};
      if (isBlank(next)) break;
      const underline = UNDERLINE.exec(next)?.[1];
      if (underline !== undefined) {
        const words = lines
          .slice(at, end)
          .map((line) => line.text.trim())
          .join(" ");
        this.heading(words, underline.startsWith("=") ? 1 : 2, lines[at]?.number ?? 0, blocks);
        return end + 1;
      }
      if (this.interrupts(next) || this.isTable(lines, end)) break;
      if (/^ {0,3}:[ \t]+\S/.test(next)) return this.terms(lines, at, end, blocks, depth);
    }
    const apart = lines[end + 1];
    if (isBlank(lines[end]?.text ?? "x") && end === at + 1 && /^ {0,3}:[ \t]{1,3}\S/.test(apart?.text ?? ""))
      return this.terms(lines, at, end + 1, blocks, depth);
    blocks.push(...this.paragraphBlocks(lines.slice(at, end)));
    return end;
  }

  /** Terms in lines of their own, each with explanations that begin with a colon. @param end the first explanation */
  private terms(lines: NumberedLine[], at: number, end: number, blocks: Block[], depth: number): number {
    const names = lines.slice(at, end).filter(({ text }) => !isBlank(text));
    const inside: Block[] = [];
    let next = end;
    while (next < lines.length && /^ {0,3}:[ \t]+/.test(lines[next]?.text ?? "")) {
      const { text, number } = lines[next] ?? { text: "", number: 0 };
      const mark = /^ {0,3}:[ \t]+/.exec(text)?.[0] ?? "";
      const last = Math.max(
        endOfIndented(lines, next + 1, 2),
        endOfRun(lines, next, (each) => this.interrupts(each) || /^ {0,3}:[ \t]/.test(each)),
      );
      const first = { text: text.slice(mark.length), number };
      inside.push(...this.parse([first, ...withoutIndent(lines.slice(next + 1, last))], depth + 1));
      next = last;
      while (isBlank(lines[next]?.text ?? "x") && /^ {0,3}:[ \t]/.test(lines[next + 1]?.text ?? "")) next++;
    }
    const term = names.map(({ text }) => this.toText(text.trim())).join(", ");
    blocks.push(...this.termBlocks(term, names, inside));
    return next;
  }

  private isTable(lines: NumberedLine[], at: number): boolean {
    const { text: below = "" } = lines[at + 1] ?? {};
    if (!below.includes("-") || !below.includes("|") || !DELIMITERS.test(below)) return false;
    const { text = "" } = lines[at] ?? {};
    return text.includes("|") && splitCells(text).length === splitCells(below).length;
  }

  private table(lines: NumberedLine[], at: number, blocks: Block[]): number {
    const row = (line: NumberedLine): string[] =>
      splitCells(line.text).map((cell) => this.toText(cell.replaceAll("\\|", "|")));
    const first = lines[at];
    if (first === undefined) return at;
    const head = row(first);
    const rows: RowText[] = [{ cells: head, lines: [first] }];
    let end = at + 2;
    for (; end < lines.length; end++) {
      const line = lines[end];
      if (
        line === undefined ||
        isBlank(line.text) ||
        (!line.text.includes("|") && this.interrupts(line.text))
      )
        break;
      rows.push({ cells: row(line).slice(0, Math.max(head.length, 1)), lines: [line] });
    }
    blocks.push(...this.rowBlocks(rows, 1));
    return end;
  }

  /** The index after the first line that fits; null if none does within the limit, as is remembered. */
  private endAt(
    mark: string,
    lines: NumberedLine[],
    at: number,
    fits: (text: string) => boolean,
  ): number | null {
    const number = lines[at]?.number ?? 0;
    const searched = this.searched.get(lines) ?? new Map<string, number>();
    if (number < (searched.get(mark) ?? 0)) return null;
    for (let end = at; end < Math.min(lines.length, at + MAX_SPAN); end++)
      if (fits(lines[end]?.text ?? "")) return end + 1;
    searched.set(mark, number + MAX_SPAN);
    this.searched.set(lines, searched);
    return null;
  }

  /** Whether a line ends a paragraph before it. */
  private interrupts(text: string): boolean {
    const first = text.trimStart().charAt(0);
    if (/[\p{L}|]/u.test(first) || indentOf(text) >= 4) return false;
    if (first === "{") return SHORTCODE.test(text);
    if (RULE.test(text) || ATX.test(text) || QUOTE.test(text)) return true;
    const [, , , number, spaces] = ITEM.exec(text) ?? [];
    if (spaces !== undefined) return spaces !== "" && (number === undefined || Number(number) === 1);
    if (FENCE.test(text) || BLOCK_NOTE.test(text) || TAB.test(text)) return true;
    if (/^ {0,3}:{3,}/.test(text) || BLOCK_TAG.test(text) || RAW_TAG.test(text)) return true;
    return /^ {0,3}<!--/.test(text) || NOTE.test(text);
  }
}

/** The end of lines that are not blank, before one that ends them. */
function endOfRun(lines: NumberedLine[], at: number, ends: (text: string) => boolean): number {
  let end = at + 1;
  while (end < lines.length && !isBlank(lines[end]?.text ?? "") && !ends(lines[end]?.text ?? "")) end++;
  return end;
}

/** The lines of a directive without its options at the top. */
function withoutOptions(lines: NumberedLine[]): NumberedLine[] {
  let at = 0;
  if (lines[0]?.text.trim() === "---") {
    const end = lines.findIndex(({ text }, index) => index > 0 && text.trim() === "---");
    if (end > 0) at = end + 1;
  }
  while (/^:[\w-]+:/.test(lines[at]?.text ?? "")) at++;
  return lines.slice(at);
}

function withoutDollars(lines: NumberedLine[]): NumberedLine[] {
  return trimBlankLines(lines).map(({ text, number }) => ({ text: text.replaceAll("$$", " "), number }));
}

/** The cells of a row, without the bars; a bar in code or behind a backslash parts none. */
function splitCells(row: string): string[] {
  const cells: string[] = [];
  let cell = "";
  const text = row.trim().replace(/^\|/, "");
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\" && text.charAt(at + 1) === "|") {
      cell += "\\|";
      at++;
    } else if (character === "|") {
      cells.push(cell.trim());
      cell = "";
    } else cell += character;
  }
  return cell.trim() === "" && cells.length > 0 ? cells : [...cells, cell.trim()];
}

function capitalizedName(name: string): string {
  const words = name.replace(/[-_]+/g, " ");
  return /^see ?also$/i.test(words)
    ? "See also"
    : words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
