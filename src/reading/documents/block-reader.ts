import { composeAdmonition } from "../../core/document/compose-admonition.js";
import { composeItem } from "../../core/document/compose-item.js";
import { composeTerm } from "../../core/document/compose-term.js";
import type { Block } from "../../core/document/blocks.js";
import {
  cellText,
  codeOf,
  DroppedWords,
  headingOf,
  paragraphOf,
  placeOf,
  titleOf,
  type BlockDocument,
} from "./block-document.js";
import { isBlank, numberLines, trimBlankLines, type NumberedLine } from "./numbered-lines.js";

/** Deeper structure is read as prose: only hostile texts have it. */
export const MAX_DEPTH = 24;

/** A row of a table, one text for each column, and the lines that it is from. */
export interface RowText {
  cells: string[];
  lines: NumberedLine[];
}

/**
 * Reads a format of lines as blocks. A format says what block begins at a line (`block`) and what a reader sees of a
 * paragraph (`toText`); the blocks themselves are built here, so that all formats build the same ones.
 */
export abstract class BlockReader {
  protected readonly dropped = new DroppedWords();
  /** What the document calls itself; "" where its first heading does. */
  protected title = "";
  /** The level of the last heading. */
  protected level = 1;

  /** What a reader sees of a paragraph; line breaks stay. */
  protected abstract readonly toText: (text: string) => string;

  /** Reads one block that begins at a line which is not blank. @returns the index after its last line */
  protected abstract block(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number;

  /** Reads a whole document. */
  readText(text: string): BlockDocument {
    return this.documentOf(this.parse(numberLines(text), 0));
  }

  protected documentOf(blocks: Block[]): BlockDocument {
    return { title: this.title || titleOf(blocks), blocks, dropped: () => this.dropped.list() };
  }

  /** The blocks of lines; what is nested too deeply is one paragraph. */
  protected parse(lines: NumberedLine[], depth: number): Block[] {
    const blocks: Block[] = [];
    for (let at = 0; at < lines.length;) {
      if (isBlank(lines[at]?.text ?? "")) at++;
      else if (depth >= MAX_DEPTH) {
        blocks.push(...paragraphOf(trimBlankLines(lines.slice(at)), (text) => text));
        break;
      } else at = this.block(lines, at, blocks, depth);
    }
    return blocks;
  }

  protected headingBlocks(text: string, level: number, number: number): Block[] {
    this.level = Math.min(6, Math.max(1, level));
    return headingOf(this.toText(text), this.level, number);
  }

  protected paragraphBlocks(
    lines: NumberedLine[],
    kind: "paragraph" | "quotation" | "formula" | "figure" = "paragraph",
  ): Block[] {
    return paragraphOf(lines, this.toText, kind);
  }

  protected codeBlocks(lines: NumberedLine[], language = "", width?: number): Block[] {
    return codeOf(lines, language, width);
  }

  /**
   * A term with the blocks that explain it.
   * @param term as a reader sees it
   * @param lines those of the term itself
   */
  protected termBlocks(term: string, lines: NumberedLine[], inside: Block[]): Block[] {
    return composeTerm(term, placeOf(lines), 0, Math.min(6, this.level + 1), inside);
  }

  /**
   * An item of a list with what is listed below it.
   * @param number of an item in an ordered list; null for a bullet
   * @param introduction the sentence that leads to the list, or null
   * @param isFirst whether a blank line may part it from what stands before the list
   */
  protected itemBlocks(
    inside: Block[],
    lines: NumberedLine[],
    number: number | null,
    introduction: string | null,
    isFirst: boolean,
  ): Block[] {
    const [item, ...rest] = composeItem(inside, number, introduction, placeOf(lines));
    return item === undefined ? [] : [{ ...item, isApart: isFirst }, ...rest];
  }

  /** A note or warning. @param lines those of the label */
  protected noteBlocks(label: string, lines: NumberedLine[], inside: Block[]): Block[] {
    return composeAdmonition(label, placeOf(lines), inside);
  }

  /** Paragraphs of a quotation. */
  protected quotationBlocks(inside: Block[]): Block[] {
    return inside.map((block): Block =>
      block.kind === "paragraph" ? { ...block, kind: "quotation" } : block,
    );
  }

  /** A displayed formula in one line. */
  protected formulaBlocks(lines: NumberedLine[]): Block[] {
    const text = lines
      .map((line) => line.text.trim())
      .join(" ")
      .replace(/\s+/g, " ")
      .trim();
    return text === "" ? [] : [{ kind: "formula", text: `$${text}$`, place: placeOf(lines), isApart: true }];
  }

  /**
   * The rows of a table; empty ones are left out, and several heads become one.
   * @param heads number of rows that name the columns
   */
  protected rowBlocks(rows: RowText[], heads: number): Block[] {
    const blocks: Block[] = [];
    let head: string[] = [];
    for (const [at, { cells, lines }] of rows.entries()) {
      const texts = cells.map(cellText);
      if (texts.every((text) => text === "")) continue;
      const isHead = at < heads;
      if (isHead)
        head = head.length === 0 ? texts : texts.map((text, n) => `${head[n] ?? ""} ${text}`.trim());
      const place = placeOf(lines);
      blocks.push({ kind: "row", cells: texts, head: isHead ? [] : head, isHead, place, isApart: at === 0 });
    }
    return blocks;
  }
}
