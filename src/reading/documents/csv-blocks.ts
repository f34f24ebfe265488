import type { Block, SourceLines } from "../../core/document/blocks.js";
import { cellText, type BlockDocument } from "./block-document.js";
import { numberLines, type NumberedLine } from "./numbered-lines.js";

/** A row of a file of values. */
interface CsvRow {
  cells: string[];
  place: SourceLines;
}

const MAX_COLUMNS = 200;

/** Reads values that commas, semicolons or tabs part as rows of a table; the first row names the columns. */
export function readCsv(text: string): BlockDocument {
  const rows = parseCsv(numberLines(text), separatorOf(text));
  const [first, ...others] = rows;
  const isHead =
    first !== undefined && others.length > 0 && first.cells.length > 1 && first.cells.every(isName);
  const head = isHead ? first.cells.map(cellText) : [];
  const blocks = rows.flatMap(({ cells, place }, at): Block[] => {
    const isOwn = isHead && at === 0;
    const texts = cells.map(cellText);
    if (texts.every((cell) => cell === "")) return [];
    return [{ kind: "row", cells: texts, head: isOwn ? [] : head, isHead: isOwn, place, isApart: at === 0 }];
  });
  return { title: "", blocks, dropped: () => [] };
}

/** A value that is not empty and no number can name a column. */
function isName(cell: string): boolean {
  return cell.trim() !== "" && !/^[-+]?[\d.,]+%?$/.test(cell.trim()) && cell.length <= 200;
}

function separatorOf(text: string): string {
  const head = text.slice(0, 4000).split("\n", 5).join("\n");
  const counts = [",", ";", "\t", "|"].map((sign) => ({ sign, count: head.split(sign).length }));
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).sign;
}

/** Parses lines of values, which may be quoted and then run over several lines. */
export function parseCsv(lines: NumberedLine[], separator: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let parts: string[] = [];
  let isQuoted = false;
  let first = lines[0]?.number ?? 1;
  for (const { text, number } of lines) {
    if (!isQuoted) first = number;
    if (!isQuoted && text.trim() === "") continue;
    for (let at = 0; at < text.length;) {
      const next = nextSign(text, at, isQuoted ? '"' : separator);
      const sign = text.charAt(next);
      parts.push(text.slice(at, next));
      at = next + 1;
      if (sign === '"' && isQuoted && text.charAt(at) === '"') {
        parts.push('"');
        at++;
      } else if (sign === '"') {
        const isOpening = parts.every((part) => part.trim() === "");
        if (isQuoted || isOpening) isQuoted = !isQuoted;
        else parts.push('"');
      } else if (sign === separator && next < text.length) {
        cells.push(parts.join(""));
        parts = [];
      }
    }
    if (isQuoted && number - first < 1000) {
      parts.push("\n");
      continue;
    }
    isQuoted = false;
    cells.push(parts.join(""));
    rows.push({
      cells: cells.slice(0, MAX_COLUMNS).map((cell) => cell.trim()),
      place: { first, last: number },
    });
    [cells, parts] = [[], []];
  }
  return rows;
}

/** The next quotation mark or separator, or the end. */
function nextSign(text: string, from: number, sign: string): number {
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"' || character === sign) return at;
  }
  return text.length;
}
