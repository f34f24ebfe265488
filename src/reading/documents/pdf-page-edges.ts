import type { PdfLine } from "./pdf-lines.js";

/** Of fewer pages nothing tells what repeats. */
const MIN_PAGES = 3;
/** Share of the pages on which a line repeats, or whose number stands at an edge. */
const MIN_SHARE = 0.5;
const MAX_LENGTH = 120;

/** Removes heads and feet that repeat on most pages, and those with the number of the page. */
export function removePageEdges(pages: PdfLine[][]): PdfLine[][] {
  if (pages.length < MIN_PAGES) return pages;
  const count = new Map<string, number>();
  for (const lines of pages) {
    const edges = new Set([...lines.slice(0, 2), ...lines.slice(-2)].map(({ text }) => keyOf(text)));
    for (const each of edges) count.set(each, (count.get(each) ?? 0) + 1);
  }
  const isRepeated = ({ text }: PdfLine): boolean => (count.get(keyOf(text)) ?? 0) > pages.length * MIN_SHARE;
  const offset = findNumbering(pages);
  return pages.map((lines, page) => {
    const kept = lines.filter(
      (line, index) => !((index < 2 || index >= lines.length - 2) && lines.length > 2 && isRepeated(line)),
    );
    if (kept.length < 2) return kept;
    const isNumbered = (line: PdfLine): boolean =>
      offset !== null && numbersOf(line).includes(page + offset) && line.text.length <= MAX_LENGTH;
    const [first, last] = [isApart(kept, 0, 1), isApart(kept, kept.length - 1, kept.length - 2)];
    return kept.filter(
      (line, index) =>
        !(
          ((index === 0 && first) || (index === kept.length - 1 && last)) &&
          (isNumbered(line) || /^[ivxl]{1,7}$/.test(line.text))
        ),
    );
  });
}

function keyOf(text: string): string {
  return text.replace(/\d+/g, "#").toLowerCase();
}

/** Numbers that a line begins or ends with. */
function numbersOf({ text }: PdfLine): number[] {
  return [/^\d{1,4}(?![\d.,])/.exec(text), /(?<![\d.,])\d{1,4}$/.exec(text)].flatMap((found) =>
    found === null ? [] : [Number(found[0])],
  );
}

/** By how much the numbers at the edges of most pages exceed the index of the page; null where there are none. */
function findNumbering(pages: PdfLine[][]): number | null {
  const count = new Map<number, number>();
  for (const [page, lines] of pages.entries()) {
    const edges = [lines[0], lines.at(-1)].flatMap((line) => (line === undefined ? [] : numbersOf(line)));
    for (const number of new Set(edges)) count.set(number - page, (count.get(number - page) ?? 0) + 1);
  }
  const [offset, pagesWithIt] = [...count].toSorted((a, b) => b[1] - a[1])[0] ?? [0, 0];
  return pagesWithIt > pages.length * MIN_SHARE ? offset : null;
}

/** Whether a line stands further from its neighbour than the lines of its page usually do. */
function isApart(lines: PdfLine[], at: number, neighbour: number): boolean {
  const gaps = lines.slice(1).map((line, index) => Math.abs((lines[index]?.y ?? 0) - line.y));
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? 0;
  return Math.abs((lines[at]?.y ?? 0) - (lines[neighbour]?.y ?? 0)) > usual * 1.2;
}
