/*
 * One model for documents of every format: a list of blocks, each with its place in the source. The plain text of
 * snapshots, passages and quotes is rendered from blocks by `renderBlocks` alone.
 */

/** A range of lines in the source, 1-based, both included. */
export interface SourceLines {
  first: number;
  last: number;
}

interface Common {
  /** Null where the format has no lines that a person could look up. */
  place: SourceLines | null;
  /** Whether a blank line precedes it. */
  isApart: boolean;
  /** The source line of each line of its text, where they do not simply follow each other. */
  textLines?: number[];
}

interface Heading extends Common {
  kind: "heading";
  text: string;
  /** 1 to 6. */
  level: number;
  /** Set where it is a term whose explanation is too long for an item. */
  isTerm?: true;
}

interface Paragraph extends Common {
  kind: "paragraph" | "quotation" | "formula" | "figure";
  text: string;
}

interface ListItem extends Common {
  kind: "item";
  text: string;
  /** 0 for the outermost list. */
  depth: number;
  /** The number of an item in an ordered list; null for a bullet. */
  number: number | null;
  /** The sentence that leads to the list, or null. */
  introduction: string | null;
}

/** A term with its explanation: an option, a definition, a field. */
interface Term extends Common {
  kind: "term";
  term: string;
  /** May be empty where the explanation is of several blocks, which follow. */
  text: string;
  depth: number;
  /** The level of the heading that it would be among terms that are headings, 1 to 6. */
  level: number;
}

interface Code extends Common {
  kind: "code";
  text: string;
  /** As the source names it; may be empty. */
  language: string;
}

export interface TableRow extends Common {
  kind: "row";
  cells: string[];
  /** The names of the columns; empty for the head itself and for tables without one. */
  head: string[];
  isHead: boolean;
}

/** A note or warning that stands out from the text. */
interface Admonition extends Common {
  kind: "admonition";
  label: string;
  text: string;
}

export type Block = Heading | Paragraph | ListItem | Term | Code | TableRow | Admonition;

/** The words of a block without marks, as one string. */
export function blockText(block: Block): string {
  switch (block.kind) {
    case "row":
      return block.cells.join(" ");
    case "term":
      return `${block.term} ${block.text}`.trim();
    case "admonition":
      return `${block.label} ${block.text}`.trim();
    default:
      return block.text;
  }
}

/** Number of words: runs of letters and digits; characters of scripts without spaces count one each. */
export function countWords(text: string): number {
  return text.match(WORDS)?.length ?? 0;
}

const WORDS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}]+/gu;

/** The source line of each line of a block's text; null if they are unknown. */
export function sourceLinesOf(block: Block): number[] | null {
  if (block.textLines !== undefined) return block.textLines;
  const { place } = block;
  if (place === null) return null;
  return blockText(block)
    .split("\n")
    .map((_, at) => Math.min(place.first + at, place.last));
}
