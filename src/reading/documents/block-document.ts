import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { countWords, type Block, type SourceLines } from "../../core/document/blocks.js";
import type { Coverage } from "../../core/domain/reading.js";
import { isBlank, trimBlankLines, withoutIndent, type NumberedLine } from "./numbered-lines.js";

/** A text of any format as blocks. */
export interface BlockDocument {
  /** Its title; "" if it has none. */
  title: string;
  blocks: Block[];
  /** Counts what is no part of the text that a reader sees, and why. */
  dropped: () => Coverage["dropped"];
  /** The words of the source, where letters of its marks touch them; absent where the source itself can be counted. */
  words?: () => string;
}

/** Notes what a reader of a format leaves out. It is counted when somebody asks: the index never does. */
export class DroppedWords {
  private readonly texts: { what: string; text: string }[] = [];

  readonly add = (what: string, text: string): void => {
    if (text !== "") this.texts.push({ what, text });
  };

  addLines(what: string, lines: NumberedLine[]): void {
    for (const { text } of lines) this.add(what, text);
  }

  list(): Coverage["dropped"] {
    const sums = new Map<string, number>();
    for (const { what, text } of this.texts) {
      const words = countWords(text);
      if (words > 0) sums.set(what, (sums.get(what) ?? 0) + words);
    }
    return [...sums].map(([what, words]) => ({ what, words })).sort((a, b) => b.words - a.words);
  }
}

export function placeOf(lines: NumberedLine[]): SourceLines | null {
  const [first, last] = [lines[0]?.number, lines.at(-1)?.number];
  return first === undefined || last === undefined ? null : { first, last };
}

/**
 * A paragraph of lines, one line of text each.
 * @param toText replaces the marks inside, and keeps line breaks
 * @returns no block where no text is left
 */
export function paragraphOf(
  lines: NumberedLine[],
  toText: (text: string) => string,
  kind: "paragraph" | "quotation" | "formula" | "figure" = "paragraph",
): Block[] {
  const place = placeOf(lines);
  if (place === null) return [];
  const raw =
    lines.length === 1 ? (lines[0]?.text.trim() ?? "") : lines.map(({ text }) => text.trim()).join("\n");
  const text = toText(raw);
  const isConsecutive = place.last - place.first === lines.length - 1;
  const isTidy = text === raw || !/^\s|\n\s|\s(?:\n|$)/.test(text);
  if (isTidy && isConsecutive && text !== "") return [{ kind, text, place, isApart: true }];
  const rewritten = text.split("\n");
  const isSame = rewritten.length === lines.length;
  const kept = rewritten.flatMap((line, at) =>
    isBlank(line) ? [] : [{ text: line.trim(), number: lines[isSame ? at : 0]?.number ?? place.first }],
  );
  if (kept.length === 0) return [];
  return [
    {
      kind,
      text: kept.map((line) => line.text).join("\n"),
      place,
      isApart: true,
      ...(isSame ? { textLines: kept.map(({ number }) => number) } : {}),
    },
  ];
}

/** Code of lines without their common indentation; no block where they are blank. */
export function codeOf(lines: NumberedLine[], language: string, width?: number): Block[] {
  const kept = withoutIndent(trimBlankLines(lines), width);
  const place = placeOf(kept);
  if (place === null) return [];
  const text = kept.map(({ text: line }) => line.trimEnd()).join("\n");
  return [
    { kind: "code", text, language: /^[\w+#.-]+$/.test(language) ? language : "", place, isApart: true },
  ];
}

/** A heading; no block where it has no text. */
export function headingOf(text: string, level: number, number: number): Block[] {
  const line = collapseWhitespace(text);
  if (line === "") return [];
  const place = { first: number, last: number };
  return [{ kind: "heading", text: line, level: Math.min(6, Math.max(1, level)), place, isApart: true }];
}

/** The text of the last block if it leads to what follows: it ends with a colon. */
export function introductionIn(blocks: Block[]): string | null {
  const last = blocks.at(-1);
  if (last === undefined || !("text" in last) || last.kind === "heading" || last.kind === "code") return null;
  return /[:：]["'”’)*_`]*$/.test(last.text.slice(-12)) ? last.text : null;
}

/** A cell of a table on one line. */
export function cellText(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
}

/** The first heading of the highest level that occurs before all others; "" without one. */
export function titleOf(blocks: Block[]): string {
  const heading = blocks.find(({ kind }) => kind === "heading");
  return heading?.kind === "heading" && heading.text.length <= 200 ? heading.text : "";
}
