import type { TableRow } from "../../core/document/blocks.js";
import type { DomElement, DomNode } from "./dom-node.js";

/** A row without its block's other fields. */
export type RowData = Pick<TableRow, "cells" | "head" | "isHead" | "place">;

/** Spans beyond this are mistakes or attacks. */
const MAX_SPAN = 50;
const MAX_COLUMNS = 100;

/**
 * Reads a table as rows that know their columns' names.
 * @param cellText the text of a cell, on one line
 * @returns rows, and titles as strings; null for a table that only lays out a page
 */
export function readTable(
  table: DomElement,
  cellText: (cell: DomElement) => string,
): (RowData | string)[] | null {
  const rows = rowsOf(table);
  if (isLayout(table, rows)) return null;
  const found: (RowData | string)[] = [];
  let head: string[] = [];
  const carried: { text: string; left: number }[] = [];
  for (const child of table.childNodes) {
    if (isElement(child) && child.localName === "caption") {
      const caption = cellText(child).trim();
      if (caption !== "") found.push(caption);
    }
  }
  for (const { row, inHead } of rows) {
    const cells: string[] = [];
    let isAllHead = true;
    let count = 0;
    let filled = 0;
    const fillCarried = (): void => {
      for (let at = cells.length; (carried[at]?.left ?? 0) > 0 && at < MAX_COLUMNS; at = cells.length) {
        const above = carried[at];
        if (above === undefined) break;
        above.left--;
        cells.push(above.text);
      }
    };
    for (const child of row.childNodes) {
      if (!isElement(child) || !/^t[dh]$/.test(child.localName)) continue;
      fillCarried();
      const text = cellText(child).replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
      if (child.localName === "td") isAllHead = false;
      count++;
      if (text !== "") filled++;
      const wide = span(child, "colspan");
      const high = span(child, "rowspan");
      for (let at = 0; at < wide && cells.length < MAX_COLUMNS; at++) {
        carried[cells.length] = { text, left: high - 1 };
        cells.push(at === 0 || inHead ? text : "");
      }
    }
    fillCarried();
    if (filled === 0) continue;
    const { line } = row;
    const place = line === undefined ? null : { first: line, last: row.lastLine ?? line };
    const isHead = (inHead || (isAllHead && head.length === 0 && count > 1)) && cells.length > 1;
    if (count === 1 && (isAllHead || inHead || cells.length > 1)) {
      // One cell over all columns is a title of what follows.
      found.push(cells[0] ?? "");
    } else if (isHead) {
      head = head.length === 0 ? cells : cells.map((cell, at) => joinedHead(head[at] ?? "", cell));
      const last = found.at(-1);
      // Of a head of several rows the last one is shown, with the others' words.
      if (typeof last === "object" && last.isHead) found.pop();
      found.push({ cells: head, head: [], isHead: true, place });
    } else if (cells.join("|") !== head.join("|")) found.push({ cells, head, isHead: false, place });
  }
  return found;
}

function joinedHead(above: string, below: string): string {
  if (above === below || below === "") return above;
  return above === "" ? below : `${above} ${below}`;
}

function span(cell: DomElement, name: string): number {
  const value = Number(cell.getAttribute(name) ?? 1);
  return Number.isSafeInteger(value) && value >= 1 ? Math.min(value, MAX_SPAN) : 1;
}

/** Rows of a table itself, not of tables in its cells. */
function rowsOf(table: DomElement): { row: DomElement; inHead: boolean }[] {
  const found: { row: DomElement; inHead: boolean }[] = [];
  const walk = (at: DomElement, inHead: boolean): void => {
    for (const child of at.childNodes) {
      if (!isElement(child)) continue;
      if (child.localName === "tr") found.push({ row: child, inHead });
      else if (/^(?:thead|tbody|tfoot|form|div)$/.test(child.localName))
        walk(child, inHead || child.localName === "thead");
    }
  };
  walk(table, false);
  return found;
}

/** Whether cells hold headings, code or tables, or there is one column only. */
function isLayout(table: DomElement, rows: { row: DomElement }[]): boolean {
  if (/^(?:presentation|none)$/.test(table.getAttribute("role") ?? "")) return true;
  const columns = rows.map(
    ({ row }) =>
      Array.from(row.childNodes).filter((each) => isElement(each) && /^t[dh]$/.test(each.localName)).length,
  );
  if (Math.max(0, ...columns) <= 1) return true;
  const inCell = (at: DomElement, depth: number): boolean => {
    for (const child of at.childNodes) {
      if (!isElement(child)) continue;
      if (/^(?:table|h[1-6]|pre)$/.test(child.localName)) return true;
      if (depth > 0 && inCell(child, depth - 1)) return true;
    }
    return false;
  };
  return rows.some(({ row }) => inCell(row, 8));
}

function isElement(node: DomNode): node is DomElement {
  return node.nodeType === 1;
}
