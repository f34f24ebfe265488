import { isBlank, type NumberedLine } from "./numbered-lines.js";

/** The lines of each cell, by row and column, and the number of head rows. */
export interface TableCells {
  cells: NumberedLine[][][];
  heads: number;
}

/** Reads a table whose columns are marked by "===". @returns null if it is none */
export function readSimpleTable(lines: NumberedLine[]): TableCells | null {
  const border = lines[0]?.text ?? "";
  const columns = [...border.matchAll(/=+/g)].map(({ index }) => index);
  if (columns.length < 2) return null;
  const rows: NumberedLine[][][] = [];
  let heads = 0;
  for (const { text, number } of lines.slice(1)) {
    if (/^=[=\s]*$/.test(text)) {
      if (heads === 0 && rows.length > 0 && number !== lines.at(-1)?.number) heads = rows.length;
      continue;
    }
    if (isBlank(text) || /^-[-\s]*$/.test(text)) continue;
    const cells = columns.map((from, at) => ({
      text: text.slice(from, columns[at + 1] ?? text.length),
      number,
    }));
    // A row without its first cell continues the one before.
    const last = rows.at(-1);
    if (isBlank(cells[0]?.text ?? "") && last !== undefined && rows.length > heads)
      for (const [at, cell] of cells.entries()) last[at]?.push(cell);
    else rows.push(cells.map((cell) => [cell]));
  }
  return { cells: rows, heads };
}

/** Reads a table that is drawn with "+---+" and "|". @returns null if it is none */
export function readGridTable(lines: NumberedLine[]): TableCells | null {
  const columns = new Set<number>();
  for (const { text } of lines)
    if (/^\+[-=+\s|]*$/.test(text)) for (const { index } of text.matchAll(/\+/g)) columns.add(index);
  const bounds = [...columns].sort((a, b) => a - b);
  if (bounds.length < 2 || bounds.length > 100) return null;
  const rows: NumberedLine[][][] = [];
  let heads = 0;
  let open: NumberedLine[][] | null = null;
  for (const { text, number } of lines) {
    if (/^\+[-=+]+\+?\s*$/.test(text)) {
      if (open !== null) rows.push(open);
      if (text.includes("=")) heads = rows.length;
      open = null;
    } else {
      open ??= bounds.slice(1).map(() => []);
      for (const [column, from] of bounds.slice(0, -1).entries()) {
        const to = bounds[column + 1] ?? text.length;
        // A cell that spans columns has no bar between them.
        const isInside = column > 0 && !/[|+]/.test(text.charAt(from));
        const cell = text.slice(isInside ? from : from + 1, to);
        if (/^[-=+|]+$/.test(cell.trim())) continue;
        const target = isInside ? spanned(text, bounds, column) : column;
        const known = open[target];
        const last = known?.at(-1);
        if (isInside && last?.number === number) last.text += cell;
        else known?.push({ text: cell.replace(/[|+]\s*$/, ""), number });
      }
    }
  }
  if (open !== null) rows.push(open);
  return { cells: rows, heads };
}

/** The column in which a cell begins that spans another one. */
function spanned(text: string, bounds: number[], column: number): number {
  let at = column;
  while (at > 0 && !/[|+]/.test(text.charAt(bounds[at] ?? 0))) at--;
  return at;
}
