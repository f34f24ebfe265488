import { composeItem } from "../../core/document/compose-item.js";
import { composeTerm } from "../../core/document/compose-term.js";
import type { Block } from "../../core/document/blocks.js";
import {
  codeOf,
  DroppedWords,
  headingOf,
  introductionIn,
  paragraphOf,
  placeOf,
  type BlockDocument,
} from "./block-document.js";
import { findIndexFrom } from "../../core/text/linear-search.js";
import { MAX_DEPTH } from "./block-reader.js";
import { isBoxTable, readBoxTable } from "./box-table.js";
import { joinHyphenatedWords } from "./join-hyphenated-words.js";
import { endOfIndented, indentOf, isBlank, numberLines, type NumberedLine } from "./numbered-lines.js";
import { looksLikeCode } from "./plain-text-blocks.js";

/*
 * Manual pages as "man" prints them: sections at the margin, subsections three columns from it, and entries whose text
 * is indented deeper than their names.
 */

const BULLET = /^\s*(?:[•·○*o+-]|\(?(\d{1,3})[.)])\s+(?=\S)/;
/** `NAME(1)   Title   NAME(1)`, the first line of a page. */
const HEAD = /^(\S{1,80}\(\w{1,8}\))\s.*\s\1$/i;
/** Names of an entry at most, each in its line. */
const MAX_NAMES = 12;
const MAX_NAME_LENGTH = 110;
/** Subsections are indented at most so far. */
const SUBSECTION = 4;

/** Whether a text is a formatted manual page: it has the first line of one, or its first section. */
export function isFormattedManPage(text: string): boolean {
  const first = text.split("\n", 40).filter((line) => !isBlank(line));
  if (first.slice(0, 2).some((line) => HEAD.test(line.slice(0, 300).trim()))) return true;
  const at = first.findIndex((line) => plainLine(line) === "NAME");
  return at >= 0 && at < 3 && /^\s+\S.{0,200}\s[-–—\u2212]\s/.test(first[at + 1] ?? "");
}

export function readFormattedManPage(text: string): BlockDocument {
  return new FormattedManReader(
    joinHyphenatedWords(
      numberLines(text).map(({ text: line, number }) => ({ text: plainLine(line), number })),
    ),
  ).read();
}

class FormattedManReader {
  private readonly dropped = new DroppedWords();
  private title = "";
  private level = 2;
  private section = "";
  /** The columns where the texts of entries begin, by those of their names: "5:13". */
  private readonly columns: ReadonlySet<string>;

  constructor(private readonly lines: NumberedLine[]) {
    this.columns = findColumns(lines);
  }

  read(): BlockDocument {
    const { lines } = this;
    const blocks: Block[] = [];
    for (let at = 0; at < lines.length;) {
      const { text = "", number = 0 } = lines[at] ?? {};
      if (isBlank(text)) at++;
      else if (this.isFoot(at)) {
        this.dropped.add("the page's head and foot", text);
        at++;
      } else if (indentOf(text) > 0) at = this.sectionText(at, blocks);
      else {
        const head = HEAD.exec(text.slice(0, 300).trim())?.[1];
        if (head !== undefined && head.toLowerCase() !== this.title)
          blocks.push(...headingOf((this.title = head.toLowerCase()), 1, number));
        if (head !== undefined) this.dropped.add("the page's head and foot", text);
        else blocks.push(...headingOf((this.section = text), 2, number));
        this.level = 2;
        at++;
      }
    }
    return {
      title: this.title,
      blocks,
      dropped: () => this.dropped.list(),
      words: () => lines.map(({ text }) => text).join("\n"),
    };
  }

  /** Whether a line is the last of a page: nothing indented follows, and it is set in columns. */
  private isFoot(at: number): boolean {
    const next = this.lines[findIndexFrom(this.lines, at + 1, ({ text }) => !isBlank(text))]?.text ?? "";
    const text = this.lines[at]?.text.trim().slice(0, 300) ?? "";
    return (
      /\s\s\s\S/.test(text) && /\(\w{1,8}\)$/.test(text) && (next === "" || HEAD.test(next.slice(0, 300)))
    );
  }

  /** Reads what stands below the heading of a section. @returns the index after it */
  private sectionText(at: number, blocks: Block[]): number {
    const last = endOfIndented(this.lines, at, 1);
    const end = last > at + 1 && this.isFoot(last - 1) ? last - 1 : last;
    const inside = this.lines.slice(at, end);
    const heading = blocks.at(-1);
    if (heading?.kind === "heading" && /^(?:SYNOPSIS|SYNTAX)$/i.test(heading.text))
      blocks.push(...codeOf(inside, ""));
    else blocks.push(...this.parse(inside, 0));
    return end;
  }

  private parse(lines: NumberedLine[], depth: number): Block[] {
    const blocks: Block[] = [];
    const least = Math.min(...lines.filter(({ text }) => !isBlank(text)).map(({ text }) => indentOf(text)));
    for (let at = 0; at < lines.length;) {
      const { text = "" } = lines[at] ?? {};
      if (isBlank(text)) at++;
      else if (depth >= MAX_DEPTH) at = this.paragraph(lines, at, lines.length, depth, false, blocks);
      else
        at =
          this.table(lines, at, blocks) ??
          this.subsection(lines, at, depth, blocks) ??
          this.bullet(lines, at, depth, blocks) ??
          this.entry(lines, at, depth, blocks) ??
          this.paragraph(lines, at, endOfParagraph(lines, at), depth, indentOf(text) > least, blocks);
    }
    return blocks;
  }

  private table(lines: NumberedLine[], at: number, blocks: Block[]): number | null {
    const rows = readBoxTable(lines, at);
    if (rows === null) return null;
    blocks.push(...rows.blocks);
    return rows.end;
  }

  private subsection(lines: NumberedLine[], at: number, depth: number, blocks: Block[]): number | null {
    const { text = "", number = 0 } = lines[at] ?? {};
    const next = lines.slice(at + 1, at + 3).find((line) => !isBlank(line.text))?.text ?? "";
    const isAlone = depth === 0 && indentOf(text) < SUBSECTION && indentOf(next) > indentOf(text);
    if (!isAlone || text.trim().length > MAX_NAME_LENGTH) return null;
    blocks.push(...headingOf((this.section = text), 3, number));
    this.level = 3;
    return at + 1;
  }

  private bullet(lines: NumberedLine[], at: number, depth: number, blocks: Block[]): number | null {
    const line = lines[at];
    const found = BULLET.exec(line?.text ?? "");
    if (line === undefined || found === null) return null;
    const [mark, number] = found;
    const end = Math.max(at + 1, endOfIndented(lines, at + 1, mark.length));
    const first = { text: " ".repeat(mark.length) + line.text.slice(mark.length), number: line.number };
    const inside = this.parse([first, ...lines.slice(at + 1, end)], depth + 1);
    const counted = number === undefined ? null : Number(number);
    blocks.push(...composeItem(inside, counted, introductionIn(blocks), placeOf([line])));
    return end;
  }

  /** Reads names and the text that is indented below or beside them. */
  private entry(lines: NumberedLine[], at: number, depth: number, blocks: Block[]): number | null {
    const indent = indentOf(lines[at]?.text ?? "");
    const names: NumberedLine[] = [];
    for (let next = at; next < Math.min(lines.length, at + MAX_NAMES); next++) {
      const line = lines[next] ?? { text: "", number: 0 };
      if (isBlank(line.text) || indentOf(line.text) !== indent) return null;
      const column = this.textColumn(line.text, lines[next + 1]?.text ?? "");
      const name = column === null ? line.text : line.text.slice(0, column);
      if (!isName(name)) return null;
      names.push({ text: name.trim(), number: line.number });
      const below = lines[next + 1]?.text ?? "";
      if (column === null && (isBlank(below) || indentOf(below) <= indent)) continue;
      const beside =
        column === null ? [] : [{ text: " ".repeat(column) + line.text.slice(column), number: line.number }];
      const end = Math.max(next + 1, endOfIndented(lines, next + 1, indent + 1));
      const inside = this.parse([...beside, ...lines.slice(next + 1, end)], depth + 1);
      const term = names.map(({ text }) => text.replace(/,$/, "").replace(/\s+/g, " ")).join(", ");
      blocks.push(...composeTerm(term, placeOf(names), 0, Math.min(6, this.level + 1), inside));
      return end;
    }
    return null;
  }

  /** The column where a text begins beside its name; null where the line holds a name alone, or no name. */
  private textColumn(line: string, below: string): number | null {
    const [gap = "", indent = ""] = splitAtGap(line);
    if (gap !== "" && this.columns.has(`${indent.length}:${gap.length}`)) return gap.length;
    // A name that fills its columns has a single space behind it; the text beside it is as long as its line.
    const column = isBlank(below) ? 0 : indentOf(below);
    const next = /^\s*(\S+)/.exec(below)?.[1] ?? "";
    const isBeside =
      line.length + next.length >= MIN_WIDTH &&
      column > indentOf(line) + 1 &&
      line.charAt(column - 1) === " " &&
      /\S/.test(line.charAt(column));
    return isBeside && /^\s*(?:-\S.*|\S+)$/.test(line.slice(0, column).trimEnd()) ? column : null;
  }

  private paragraph(
    lines: NumberedLine[],
    at: number,
    end: number,
    depth: number,
    isDeeper: boolean,
    blocks: Block[],
  ): number {
    const inside = lines.slice(at, end);
    // What stands behind a list of entries is no part of the last one.
    const heading = blocks.findLast((block) => block.kind === "heading");
    if (depth === 0 && heading?.isTerm === true)
      blocks.push(...headingOf(this.section, this.level, inside[0]?.number ?? 0));
    const isSigned = OF_CODE.test(inside[0]?.text.trim() ?? "");
    const isSet = inside.some(({ text }) => /\S\s{4,}\S/.test(text)) && inside.length > 1;
    if (isSet || isSigned || (isDeeper && looksLikeCode(inside))) blocks.push(...codeOf(inside, ""));
    else blocks.push(...paragraphOf(filledLines(inside), (text) => text));
    return end;
  }
}

/** A line without what prints a letter twice, and with spaces for tabs. */
function plainLine(line: string): string {
  const single = line.includes("\b") ? line.replace(/[^\b]\b/g, "") : line;
  if (!single.includes("\t")) return single.trimEnd();
  let set = "";
  for (const [at, part] of single.split("\t").entries()) {
    if (at > 0) set += " ".repeat(8 - (set.length % 8));
    set += part;
  }
  return set.trimEnd();
}

/** Where the texts of entries begin: a text beside a name goes on in the next line at its column. */
function findColumns(lines: NumberedLine[]): Set<string> {
  const found = new Set<string>();
  for (const [at, { text }] of lines.entries()) {
    const [gap = "", indent = ""] = splitAtGap(text);
    const below = indentOf(lines[at + 1]?.text ?? "");
    if (gap !== "" && below === gap.length) found.add(`${indent.length}:${gap.length}`);
    const isBelowName = isBlank(lines[at - 1]?.text ?? "") && below > indentOf(text);
    if (isBelowName && isName(text)) found.add(`${indentOf(text)}:${below}`);
  }
  return found;
}

/** Lines that begin or end as code does, and no name. */
const OF_CODE = /^[#$%>{}]|[{([]$/;

/** Whether a line may be the name of an entry rather than the end of a sentence. */
function isName(line: string): boolean {
  const text = line.trim();
  if (text.length > MAX_NAME_LENGTH || OF_CODE.test(text)) return false;
  return text.startsWith("-") || (!/[.;!?:]$/.test(text) && text.split(/\s+/).length <= 8);
}

/** A line of text is at least so long where another one follows, so that it looks like a wrapped one. */
const MIN_WIDTH = 60;

/** Lines without the spaces that set them to one width; short ones take words of the next. */
function filledLines(lines: NumberedLine[]): NumberedLine[] {
  const filled: NumberedLine[] = [];
  for (const { text, number } of lines) {
    const words = text.trim().split(/\s+/);
    const last = filled.at(-1);
    while (last !== undefined && last.text.length < MIN_WIDTH && words.length > 0)
      last.text += ` ${words.shift() ?? ""}`;
    if (words.length > 0) filled.push({ text: words.join(" "), number });
  }
  return filled;
}

/** The end of the lines that follow at the same indentation. */
function endOfParagraph(lines: NumberedLine[], at: number): number {
  const indent = indentOf(lines[at]?.text ?? "");
  let end = at + 1;
  // Code goes on to the next blank line, however it is indented.
  if (OF_CODE.test(lines[at]?.text.trim() ?? "")) {
    while (end < lines.length && !isBlank(lines[end]?.text ?? "")) end++;
    return end;
  }
  while (
    end < lines.length &&
    !isBlank(lines[end]?.text ?? "") &&
    indentOf(lines[end]?.text ?? "") === indent &&
    !BULLET.test(lines[end]?.text ?? "") &&
    !isBoxTable(lines[end]?.text ?? "")
  )
    end++;
  return end;
}

/** What stands before a text behind a name in the same line, spaces between them included, and its indentation; nothing where there are no such two. */
function splitAtGap(line: string): [gap?: string, indent?: string] {
  const start = line.search(/\S/);
  const at = start < 0 ? -1 : line.slice(start).search(/\s\s/);
  const rest = at < 0 ? "" : line.slice(start + at).trimStart();
  return rest === "" ? [] : [line.slice(0, line.length - rest.length), line.slice(0, start)];
}
