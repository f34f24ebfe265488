import type { Block } from "../../core/document/blocks.js";
import { introductionIn, type BlockDocument } from "./block-document.js";
import { BlockReader, type RowText } from "./block-reader.js";
import type { ReportDropped } from "./markdown-inline.js";
import { endOfIndented, indentOf, isBlank, withoutIndent, type NumberedLine } from "./numbered-lines.js";

/* Org as blocks: headings, lists, blocks of code and quotes, tables and drawers. */

const ITEM = /^(\s*)([-+]|\*(?=\s)|\d{1,4}[.)])(?:\s+|$)(?:\[@\d+\]\s*)?/;

export function readOrg(text: string): BlockDocument {
  return new OrgReader().readText(text);
}

class OrgReader extends BlockReader {
  private readonly unclosed = new Map<string, number>();
  protected readonly toText = (text: string): string => orgInlineText(text, this.dropped.add);

  protected block(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at] ?? { text: "", number: 0 };
    const heading = /^(\*+)\s+(.*)$/.exec(line.text);
    if (heading !== null && depth === 0) {
      const [, marks = "", words = ""] = heading;
      const bare = words.replace(/\s+:[\w@:]+:\s*$/, "").replace(/^(?:TODO|DONE|NEXT|WAITING)\s+/, "");
      blocks.push(...this.headingBlocks(bare, marks.length + (this.title === "" ? 0 : 1), line.number));
      return at + 1;
    }
    const keyword = /^\s*#\+([\w-]+):?\s*(.*)$/.exec(line.text);
    if (keyword !== null) return this.keyword(lines, at, blocks, depth, keyword);
    if (/^\s*#(?:\s|$)/.test(line.text)) {
      this.dropped.add("comments", line.text);
      return at + 1;
    }
    if (/^\s*:[\w-]+:\s*$/.test(line.text)) {
      const end = lines.findIndex(
        ({ text }, index) => index > at && index < at + 200 && /^\s*:END:\s*$/i.test(text),
      );
      if (end > at) {
        this.dropped.addLines("drawers", lines.slice(at, end + 1));
        return end + 1;
      }
    }
    if (/^\s*\|/.test(line.text)) return this.table(lines, at, blocks);
    if (/^\s*: /.test(line.text) || /^\s*:$/.test(line.text)) {
      let end = at;
      while (/^\s*:(?: |$)/.test(lines[end]?.text ?? "")) end++;
      blocks.push(
        ...this.codeBlocks(
          lines.slice(at, end).map(({ text, number }) => ({ text: text.replace(/^\s*: ?/, ""), number })),
          "",
          0,
        ),
      );
      return end;
    }
    if (/^\s*-{5,}\s*$/.test(line.text)) return at + 1;
    return ITEM.test(line.text) && (depth > 0 || !line.text.startsWith("*"))
      ? this.list(lines, at, blocks, depth)
      : this.paragraph(lines, at, blocks);
  }

  private keyword(
    lines: NumberedLine[],
    at: number,
    blocks: Block[],
    depth: number,
    [, name = "", value = ""]: RegExpExecArray,
  ): number {
    const { number } = lines[at] ?? { number: 0 };
    const upper = name.toUpperCase();
    if (upper.startsWith("BEGIN_")) {
      const kind = upper.slice(6);
      const end = this.endOf(lines, at, `#+END_${kind}`);
      if (end < 0) return at + 1;
      const inside = lines.slice(at + 1, end);
      const [language = ""] = value.trim().split(/\s+/);
      if (kind === "COMMENT") this.dropped.addLines("comments", inside);
      else if (/^(?:SRC|EXAMPLE|EXPORT)$/.test(kind))
        blocks.push(...this.codeBlocks(inside, kind === "EXAMPLE" ? "" : language));
      else {
        const found = this.parse(inside, depth + 1);
        blocks.push(...(kind === "QUOTE" ? this.quotationBlocks(found) : found));
      }
      return end + 1;
    }
    if (upper === "TITLE") {
      this.title ||= value;
      blocks.push(...this.headingBlocks(value, 1, number));
    } else if (/^(?:CAPTION|DESCRIPTION|SUBTITLE)$/.test(upper))
      blocks.push(...this.paragraphBlocks([{ text: value, number }], "figure"));
    else this.dropped.add("settings", `${name} ${value}`);
    return at + 1;
  }

  /** The index of the line that ends a block; -1 if none does, as is remembered. */
  private endOf(lines: NumberedLine[], at: number, mark: string): number {
    const number = lines[at]?.number ?? 0;
    if (number >= (this.unclosed.get(mark) ?? Infinity)) return -1;
    for (let end = at + 1; end < lines.length; end++)
      if (lines[end]?.text.trim().toUpperCase().startsWith(mark) === true) return end;
    this.unclosed.set(mark, number);
    return -1;
  }

  private list(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const introduction = introductionIn(blocks);
    const indent = indentOf(lines[at]?.text ?? "");
    let end = at;
    while (end < lines.length) {
      let next = end;
      while (isBlank(lines[next]?.text ?? "x") && next < end + 2) next++;
      const line = lines[next];
      const [mark = "", , sign = ""] = ITEM.exec(line?.text ?? "") ?? [];
      if (
        line === undefined ||
        mark === "" ||
        indentOf(line.text) !== indent ||
        (depth === 0 && line.text.startsWith("*"))
      )
        break;
      const last = Math.max(next + 1, endOfIndented(lines, next + 1, indent + 1));
      const [, term, words = ""] = /^(.{1,300}?)\s+::(?:\s+(.*)|$)/.exec(line.text.slice(mark.length)) ?? [];
      const inside = [
        { text: term === undefined ? line.text.slice(mark.length) : words, number: line.number },
        ...withoutIndent(lines.slice(next + 1, last)),
      ];
      const found = this.parse(inside, depth + 1);
      const number = /^\d/.test(sign) ? Number.parseInt(sign, 10) : null;
      if (term !== undefined) blocks.push(...this.termBlocks(this.toText(term), inside, found));
      else blocks.push(...this.itemBlocks(found, inside, number, introduction, end === at));
      end = last;
    }
    return Math.max(end, at + 1);
  }

  private table(lines: NumberedLine[], at: number, blocks: Block[]): number {
    let end = at;
    while (/^\s*\|/.test(lines[end]?.text ?? "")) end++;
    const isHeaded = /^\s*\|-/.test(lines[at + 1]?.text ?? "");
    const rows = lines.slice(at, end).flatMap((line): RowText[] => {
      if (/^\s*\|-/.test(line.text)) return [];
      const cells = line.text
        .trim()
        .replace(/^\||\|$/g, "")
        .split("|");
      return [{ cells: cells.map(this.toText), lines: [line] }];
    });
    blocks.push(...this.rowBlocks(rows, isHeaded ? 1 : 0));
    return end;
  }

  private paragraph(lines: NumberedLine[], at: number, blocks: Block[]): number {
    let end = at + 1;
    while (
      end < lines.length &&
      !isBlank(lines[end]?.text ?? "") &&
      !/^(?:\*+\s|\s*#\+|\s*\||\s*(?:[-+]|\d+[.)])\s)/.test(lines[end]?.text ?? "")
    )
      end++;
    blocks.push(...this.paragraphBlocks(lines.slice(at, end)));
    return end;
  }
}

function orgInlineText(text: string, drop: ReportDropped): string {
  if (!/[[*/_=~+^\\]/.test(text)) return text;
  return text
    .replace(
      /\[\[([^\][]{1,1000})\](?:\[([^\][]{1,1000})\])?\]/g,
      (_, target: string, label: string | undefined) => {
        if (label !== undefined) drop("addresses of links", target);
        return label ?? target.replace(/^file:/, "");
      },
    )
    .replace(/\[fn:[\w-]*\]/g, "")
    .replace(
      /(?<![\w~=])([=~])(?=\S)([^\n]{1,300}?)(?<=\S)\1(?![\w~=])/g,
      (_, _sign, inside: string) => `\`${inside}\``,
    )
    .replace(
      /(?<![\p{L}\p{N}*/_+`])([*/_])(?=[^\s*/_])([^\n`]{1,500}?)(?<=[^\s])\1(?![\p{L}\p{N}*/_+`])/gu,
      "$2",
    )
    .replace(/(?<![\p{L}\p{N}+`])\+(?=[^\s+])([^\n`+]{1,300}?)(?<=\S)\+(?![\p{L}\p{N}+`])/gu, "~~$1~~");
}
