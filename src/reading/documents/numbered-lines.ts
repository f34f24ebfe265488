/** A line of a source, without its line break, with its 1-based number. */
export interface NumberedLine {
  text: string;
  number: number;
}

export function numberLines(text: string): NumberedLine[] {
  return text.split("\n").map((line, at) => ({ text: line, number: at + 1 }));
}

export function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** The columns of white space before a line's text; a tab reaches the next column that four divides. */
export function indentOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (character === " ") columns++;
    else if (character === "\t") columns += 4 - (columns % 4);
    else break;
  }
  return columns;
}

/** A line without its first columns of white space. */
export function removeIndent(text: string, width: number): string {
  let columns = 0;
  let at = 0;
  while (columns < width && at < text.length) {
    const character = text.charAt(at);
    if (character === " ") columns++;
    else if (character === "\t") columns += 4 - (columns % 4);
    else break;
    at++;
  }
  return " ".repeat(Math.max(0, columns - width)) + text.slice(at);
}

/** The smallest indentation of lines that are not blank. */
function commonIndent(lines: NumberedLine[]): number {
  let least = Infinity;
  for (const { text } of lines) if (!isBlank(text)) least = Math.min(least, indentOf(text));
  return Number.isFinite(least) ? least : 0;
}

export function withoutIndent(lines: NumberedLine[], width = commonIndent(lines)): NumberedLine[] {
  return lines.map(({ text, number }) => ({ text: removeIndent(text, width), number }));
}

/** Lines without the blank ones at both ends. */
export function trimBlankLines(lines: NumberedLine[]): NumberedLine[] {
  let [start, end] = [0, lines.length];
  while (start < end && isBlank(lines[start]?.text ?? "")) start++;
  while (end > start && isBlank(lines[end - 1]?.text ?? "")) end--;
  return lines.slice(start, end);
}

/**
 * The end of the lines that belong to an indented part: blank ones, and those with at least this indentation.
 * @param from the first line that may belong to it
 * @returns the index after the last line of it that is not blank
 */
export function endOfIndented(lines: NumberedLine[], from: number, width: number): number {
  let end = from;
  for (let at = from; at < lines.length; at++) {
    const { text } = lines[at] ?? { text: "" };
    if (isBlank(text)) continue;
    if (indentOf(text) < width) break;
    end = at + 1;
  }
  return end;
}
