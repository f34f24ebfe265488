import type { Block } from "../../core/document/blocks.js";
import { cellText } from "./block-document.js";
import type { NumberedLine } from "./numbered-lines.js";

const TOP = /^\s*[┌╔┏╒╓]/;
const RULE = /^\s*[├╠┣╞╟╢└╚┗╘╙]/;
const BAR = /[│║┃]/;

/** Whether a line begins a table that is drawn with lines. */
export function isBoxTable(line: string): boolean {
  return TOP.test(line);
}

/**
 * Reads a table that is drawn with lines; its first row names the columns.
 * @returns its rows and the index after it; null where none begins
 */
export function readBoxTable(lines: NumberedLine[], at: number): { blocks: Block[]; end: number } | null {
  if (!isBoxTable(lines[at]?.text ?? "")) return null;
  const rows: { cells: string[]; first: number; last: number }[] = [];
  let isOpen = false;
  let end = at + 1;
  for (; end < lines.length; end++) {
    const { text, number } = lines[end] ?? { text: "", number: 0 };
    if (RULE.test(text)) isOpen = false;
    else if (BAR.test(text.trimStart().charAt(0))) {
      const cells = text
        .trim()
        .split(BAR)
        .slice(1, -1)
        .map((cell) => cell.trim());
      const last = rows.at(-1);
      if (isOpen && last !== undefined) {
        last.cells = cells.map((cell, column) => `${last.cells[column] ?? ""} ${cell}`);
        last.last = number;
      } else rows.push({ cells, first: number, last: number });
      isOpen = true;
    } else break;
  }
  const head = rows[0]?.cells.map(cellText) ?? [];
  const blocks = rows.map(({ cells, first, last }, row): Block => ({
    kind: "row",
    cells: cells.map(cellText),
    head: row === 0 ? [] : head,
    isHead: row === 0,
    place: { first, last },
    isApart: row === 0,
  }));
  return { blocks, end };
}
