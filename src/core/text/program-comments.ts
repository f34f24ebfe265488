/*
 * Which lines of a program are comments: behind a mark, in a block, or a documentation string.
 */

const LINE_MARK = /^\s*(?:\/\/+!?|#(?!include|!|\[|define|if|else|endif|pragma|undef|region)|--(?=\s|$))\s?/;
const BLOCK_OPENING = /^\s*\/\*+!?\s?/;
const BLOCK_LINE = /^\s*\*(?!\/)(?=\s|$)\s?/;
/** A string alone in its line is documentation; one that is assigned is not. */
const STRING_OPENING = /^\s*[rRuU]?("""|''')/;

/** A range of the program's text, [start, end) in UTF-16 units. */
interface WordRange {
  start: number;
  end: number;
}

interface ProgramLine extends WordRange {
  text: string;
}

/**
 * The words of each line that is a comment, without the marks around them; null for a line of code. An empty range is
 * a line of marks alone.
 * @param lines consecutive lines of a program, which may begin inside of a comment
 */
export function findCommentWords(lines: readonly ProgramLine[]): (WordRange | null)[] {
  let closing = closingOfOpenString(lines);
  return lines.map((line) => {
    const from = closing ?? "";
    const opening = closing === null ? openingOf(line.text) : null;
    if (closing === null && opening === null) {
      const mark = LINE_MARK.exec(line.text) ?? BLOCK_LINE.exec(line.text);
      return mark === null ? null : wordsOf(line, mark[0].length, line.text.length);
    }
    const start = opening?.length ?? (from === "*/" ? (BLOCK_LINE.exec(line.text)?.[0].length ?? 0) : 0);
    const mark = opening?.closing ?? from;
    const end = line.text.indexOf(mark, start);
    closing = end < 0 ? mark : null;
    return wordsOf(line, start, end < 0 ? line.text.length : end);
  });
}

function openingOf(text: string): { length: number; closing: string } | null {
  const block = BLOCK_OPENING.exec(text);
  if (block !== null) return { length: block[0].length, closing: "*/" };
  const string = STRING_OPENING.exec(text);
  return string?.[1] === undefined ? null : { length: string[0].length, closing: string[1] };
}

/** The mark that ends the documentation string in which the lines begin, if they do. */
function closingOfOpenString(lines: readonly ProgramLine[]): string | null {
  const at = lines.findIndex(({ text }) => /"""|'''/.test(text));
  const text = lines[at]?.text.trim() ?? "";
  const mark = text.endsWith('"""') ? '"""' : text.endsWith("'''") ? "'''" : null;
  if (mark === null || text.indexOf(mark) < text.length - 3) return null;
  // A mark alone opens a string behind a definition's colon.
  if (text === mark) {
    const before =
      lines
        .slice(0, at)
        .findLast((line) => line.text.trim() !== "")
        ?.text.trimEnd() ?? "";
    if (before === "" || /[:({,]$/.test(before)) return null;
  }
  return mark;
}

/** A range without white space at its ends, and without marks that frame a line of a comment. */
function wordsOf(line: ProgramLine, from: number, to: number): WordRange {
  let start = from;
  let end = Math.max(from, to);
  while (start < end && /\s/.test(line.text.charAt(start))) start++;
  while (end > start && /\s/.test(line.text.charAt(end - 1))) end--;
  return { start: line.start + start, end: line.start + end };
}
