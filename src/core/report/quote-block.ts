import { hasHiddenCharacters } from "../../common/invisible-characters.js";
import {
  blockTextToMarkdown,
  escapeLineEnd,
  escapeLineStart,
  sentenceFromMarkdown,
} from "../text/markdown-escape.js";

/*
 * A quote as a block of its own in a report. Code is a fenced block, longer than any run of backticks in it. A table is a
 * table and a list is a list, with the text that leads to it; everything else is a block quote. Lines keep their list
 * markers and table bars, with the rest escaped. Reading a written block gives the same quote, whatever it holds; nothing
 * in it is a citation, a link, a heading or HTML.
 */

/** A block as a report shows it. */
export interface QuoteBlock {
  text: string;
  /** Of code, the language after the fence; null for other text. */
  language: string | null;
}

const FENCE_OPENING = /^(`{3,})([\w+#.-]{0,40})$/;
/** Linters ask for a language at every fence. */
const UNKNOWN_LANGUAGE = "text";
/** Spaces that make code of a line. */
const CODE_INDENT = 4;
const LIST_MARKER = /^(?:[-*+]|\d{1,9}[.)]) {1,4}(?=\S)/;

/**
 * Renders a quote as the lines of a block.
 * @param language of code; null for other text
 */
export function renderQuoteBlock({ text, language }: QuoteBlock): string[] {
  if (language !== null && !hasHiddenCharacters(text) && !text.includes("\r")) {
    let longest = 2;
    for (const [run] of text.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
    const fence = "`".repeat(longest + 1);
    const info = language.replace(/[^\w+#.-]+/g, "").slice(0, 40);
    return [fence + (info === "" ? UNKNOWN_LANGUAGE : info), ...text.split("\n"), fence];
  }
  const lines = renderLines(text.split("\n"));
  return isTable(lines) || isList(lines) ? lines : quoteLines(lines);
}

/**
 * Renders a text as the lines of a block quote. Earlier versions wrote lists and tables in this way, too, and no table of
 * rows with code in two cells.
 */
export function renderBlockQuote(text: string): string[] {
  const lines = text.split("\n");
  return quoteLines(lines.some(hasBarBetweenBackticks) ? textToMarkdown(lines) : renderLines(lines));
}

function quoteLines(lines: string[]): string[] {
  return lines.map((line) => (line === "" ? ">" : `> ${line}`));
}

function renderLines(lines: string[]): string[] {
  const width = tableWidth(lines);
  if (width === null) return textToMarkdown(lines);
  return [...(hasOwnHead(lines) ? [] : emptyHead(width)), ...lines.map(rowToMarkdown)];
}

/** Whether lines of Markdown are a list, which text may lead to. A blank line would end the block. */
function isList(lines: string[]): boolean {
  return lines.every((line) => line.trim() !== "") && lines.some((line) => LIST_MARKER.test(line));
}

/** Whether lines of Markdown are the rows of a table. */
function isTable(lines: string[]): boolean {
  return lines.every((line) => line.startsWith("|"));
}

/** Reads the lines of a block, without regard to white space at their ends; null if they are none. */
export function parseQuoteBlock(lines: string[]): QuoteBlock | null {
  const [first = "", ...rest] = lines;
  const [, fence, language = ""] = FENCE_OPENING.exec(first.trimEnd()) ?? [];
  if (fence !== undefined) {
    return rest.at(-1)?.trimEnd() === fence ? { text: rest.slice(0, -1).join("\n"), language } : null;
  }
  const isQuote = lines.every((line) => line.startsWith("> ") || line.trimEnd() === ">");
  if (!isQuote && !isTable(lines) && !isList(lines)) return null;
  const inner = lines.map((line) => (isQuote ? line.slice(2) : line).trimEnd());
  const isAdded = isEmptyHead(inner);
  const text = (isAdded ? inner.slice(2) : inner).map(sentenceFromMarkdown).join("\n");
  return { text, language: null };
}

/** Whether lines are those that this or an earlier version gives, without regard to white space at their ends. */
export function isRenderedBlock(lines: string[], block: QuoteBlock): boolean {
  const isQuote = lines[0]?.startsWith(">") === true && block.language === null;
  return [renderQuoteBlock(block), ...(isQuote ? [renderBlockQuote(block.text)] : [])].some(
    (rendered) =>
      lines.length === rendered.length &&
      lines.every((line, at) => line.trimEnd() === rendered[at]?.trimEnd()),
  );
}

/**
 * Lines of text: indentation and list markers stay, so that lists are shown as lists. Indentation that would make code of
 * a line, in which escapes would show, is written as references.
 */
function textToMarkdown(lines: string[]): string[] {
  /** The columns at which the texts of the open list items begin. */
  const columns: number[] = [];
  let isAfterBlank = true;
  return lines.map((line) => {
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    const rest = line.slice(indent);
    const depth = columns.length;
    while (rest !== "" && (columns.at(-1) ?? 0) > indent) columns.pop();
    const column = columns.at(-1) ?? 0;
    const isDeep = indent - column >= CODE_INDENT;
    // In the middle of a paragraph, a number other than 1 begins no list.
    const mayBegin = isAfterBlank || columns.length < depth || !/^\d/.test(rest) || /^1[.)]/.test(rest);
    const marker = isDeep || !mayBegin ? "" : (LIST_MARKER.exec(rest)?.[0] ?? "");
    if (marker !== "") columns.push(indent + marker.length);
    const blanks =
      isDeep && isAfterBlank ? " ".repeat(column) + "&#32;".repeat(indent - column) : " ".repeat(indent);
    isAfterBlank = rest.trim() === "";
    return escapeLineEnd(blanks + marker + escapeLineStart(blockTextToMarkdown(rest.slice(marker.length))));
  });
}

function rowToMarkdown(line: string): string {
  return line
    .split("|")
    .map((cell, at, all) => (at === 0 || at === all.length - 1 ? cell : blockTextToMarkdown(cell)))
    .join("|");
}

/**
 * The number of cells in each line, if the lines are rows of one table; else null. A viewer would leave out cells beyond
 * the head's, and a bar that is escaped or in code may be one to some viewers and none to others.
 */
function tableWidth(lines: string[]): number | null {
  const widths = lines.map((line) => {
    const hasOtherBars = line.includes("\\|") || hasBarInCode(line);
    return line.startsWith("|") && line.endsWith("|") && !hasOtherBars ? line.split("|").length - 2 : 0;
  });
  const [width = 0] = widths;
  return width > 0 && widths.every((each) => each === width) ? width : null;
}

/** Whether a bar stands in a span of code, or may: where spans have backticks of several lengths. */
function hasBarInCode(line: string): boolean {
  const [backticks = "`", ...others] = line.match(/`+/g) ?? [];
  if (others.some((each) => each !== backticks)) return hasBarBetweenBackticks(line);
  return line.split(backticks).some((part, at) => at % 2 === 1 && part.includes("|"));
}

function hasBarBetweenBackticks(line: string): boolean {
  return /`[^`|]*\|[^`]*`/.test(line);
}

function hasOwnHead(lines: string[]): boolean {
  return lines.length > 1 && isDelimiterRow(lines[1] ?? "") && !isEmptyHead(lines);
}

function isDelimiterRow(line: string): boolean {
  return line
    .split("|")
    .slice(1, -1)
    .every((cell) => /^:?-+:?$/.test(cell.trim()));
}

/** The head for rows without one: a table needs a head to be shown as a table. */
function emptyHead(width: number): string[] {
  return [`|${" |".repeat(width)}`, `|${" --- |".repeat(width)}`];
}

function isEmptyHead(lines: string[]): boolean {
  const width = (lines[0]?.split("|").length ?? 0) - 2;
  const [head, delimiter] = emptyHead(Math.max(1, width));
  return lines[0] === head && lines[1] === delimiter;
}
