import type { Block } from "../../core/document/blocks.js";
import type { BlockDocument } from "./block-document.js";

/**
 * Patterns over a line may take time that grows with its square. No line that a format's reader sees is longer, in
 * characters.
 */
const LONGEST_LINE = 4000;

/** A text without long lines, and the line of the file for each of its lines, 1-based. */
interface ShortLines {
  text: string;
  /** Null if the text is as it was. */
  numbers: number[] | null;
}

/** Breaks long lines between words. A paragraph in many lines is the same paragraph. */
export function breakLongLines(text: string): ShortLines {
  const lines = text.split("\n");
  if (lines.every(({ length }) => length <= LONGEST_LINE)) return { text, numbers: null };
  const numbers: number[] = [];
  const short = lines.flatMap((line, index) => {
    const parts = breakLine(line);
    numbers.push(...parts.map(() => index + 1));
    return parts;
  });
  return { text: short.join("\n"), numbers };
}

function breakLine(line: string): string[] {
  const parts: string[] = [];
  let start = 0;
  while (line.length - start > LONGEST_LINE) {
    const space = line.lastIndexOf(" ", start + LONGEST_LINE - 1);
    const end = space > start ? space : start + LONGEST_LINE;
    parts.push(line.slice(start, end));
    start = space > start ? end + 1 : end;
  }
  return [...parts, line.slice(start)];
}

/** The document with the line numbers of the file. */
export function withFileLines(document: BlockDocument, { numbers }: ShortLines): BlockDocument {
  if (numbers === null) return document;
  const inFile = (line: number): number => numbers[line - 1] ?? line;
  const blocks = document.blocks.map((block): Block => {
    const { place, textLines } = block;
    return {
      ...block,
      place: place === null ? null : { first: inFile(place.first), last: inFile(place.last) },
      ...(textLines === undefined ? {} : { textLines: textLines.map(inFile) }),
    };
  });
  return { ...document, blocks };
}
