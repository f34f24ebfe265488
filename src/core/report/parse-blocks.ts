import { isRenderedBlock, parseQuoteBlock, type QuoteBlock } from "./quote-block.js";

/** A block that a report quotes. Lines are 1-based, columns 0-based in UTF-16 units; `end` is exclusive. */
export interface ParsedBlock {
  line: number;
  start: number;
  endLine: number;
  end: number;
  /**
   * Plain text: a cited quote if the block shows exactly that. White space at the ends of lines, which nobody sees, does
   * not count.
   */
  text: string;
  /** Of code, the language after the fence; null for other text. */
  language: string | null;
  /** Whether it is written as code writes it. */
  isCanonical: boolean;
}

/**
 * Reads the fenced block, list, table or block quote above a line.
 * @param isFenced which lines belong to fenced blocks
 * @param index of the line, 0-based
 * @param quotes that the line cites
 * @returns null if there is none
 */
export function parseBlockAbove(
  lines: string[],
  isFenced: boolean[],
  index: number,
  quotes: string[],
): ParsedBlock | null {
  const at = findBlockAbove(lines, isFenced, index);
  if (at === null) return null;
  const shown = lines.slice(at.first, at.last + 1);
  const read = parseQuoteBlock(shown);
  const isText = shown[0]?.startsWith(">") !== true && isFenced[at.first] !== true;
  if (read === null && isText) return null;
  const language = read?.language ?? null;
  const block = read === null ? null : citedBlock(shown, read, quotes);
  return {
    line: at.first + 1,
    start: 0,
    endLine: at.last + 1,
    end: (shown.at(-1) ?? "").trimEnd().length,
    text: block?.text ?? shown.join("\n"),
    language,
    isCanonical: block !== null && isRenderedBlock(shown, block),
  };
}

/** The first and last line of the block above a line, 0-based, with only blank lines between. */
function findBlockAbove(
  lines: string[],
  isFenced: boolean[],
  index: number,
): { first: number; last: number } | null {
  let last = index - 1;
  while (last >= 0 && (lines[last] ?? "").trim() === "") last--;
  if (last < 0) return null;
  const isCode = isFenced[last] === true;
  const isQuote = lines[last]?.startsWith(">") === true;
  const isPart = (at: number): boolean => {
    if (isCode || isFenced[at] === true) return isCode && isFenced[at] === true;
    const line = lines[at] ?? "";
    return line.startsWith(">") ? isQuote : !isQuote && line.trim() !== "" && !line.startsWith("#");
  };
  // Without a blank line between, a viewer takes the citations for a part of the block.
  if (!isPart(last) || (!isCode && last === index - 1)) return null;
  let first = last;
  while (first > 0 && isPart(first - 1)) first--;
  return { first, last };
}

/** The block with the cited quote as its text, if it shows one; else as it was read. */
function citedBlock(shown: string[], read: QuoteBlock, quotes: string[]): QuoteBlock {
  const { language } = read;
  const text = quotes.find((quote) => isRenderedBlock(shown, { text: quote, language }));
  return { text: text ?? read.text, language };
}
