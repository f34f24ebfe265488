import type { Block } from "../../core/document/blocks.js";
import type { PageLine, PdfLine } from "./pdf-lines.js";
import { joinWordsAtLineEnds } from "./pdf-hyphenation.js";

const MAX_HEADING_LENGTH = 150;

/** Gaps between lines separate paragraphs; large lines are headings; lines of a font of fixed width are code. */
export function toPdfBlocks(pages: PdfLine[][]): Block[] {
  const lines = moveNotes(pages.flatMap(linesOfPage));
  const sizes = headingSizes(lines);
  const isCodeApart = isCodeRare(lines);
  const blocks: Block[] = [];
  let open: PageLine[] = [];
  const parted = joinWordsAtLineEnds(lines, (line) => isCodeApart && line.advance > 0);
  const close = (): void => {
    blocks.push(...toItems(open));
    open = [];
  };
  for (let at = 0; at < parted.length; at++) {
    const line = parted[at];
    if (line === undefined) break;
    const before = parted[at - 1];
    if (isCodeApart && line.advance > 0) {
      close();
      const code = codeLines(parted, at);
      blocks.push(toCode(code));
      at += code.length - 1;
      continue;
    }
    const level = sizes.indexOf(roundSize(line.size)) + 1;
    if (level > 0 && line.text.length <= MAX_HEADING_LENGTH && /\p{L}/u.test(line.text)) {
      close();
      const last = blocks.at(-1);
      if (last?.kind === "heading" && last.level === level && !line.isNew)
        last.text = joinLines(last.text, line.text);
      else blocks.push({ kind: "heading", level, text: line.text, place: placeOf([line]), isApart: true });
      continue;
    }
    const isOver = line.isTop && before !== undefined && continues(before, line);
    if (line.isNew && !isOver) close();
    open.push(line);
  }
  close();
  return blocks;
}

/** Chinese and Japanese have no space where a line ends. */
function joinLines(above: string, below: string): string {
  const isWide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u.test(above);
  return (
    above +
    (isWide && /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(below) ? "" : " ") +
    below
  );
}

function placeOf(lines: PageLine[]): { first: number; last: number } {
  const pages = lines.map(({ page }) => page);
  return { first: Math.min(...pages), last: Math.max(...pages) };
}

/** The lines of a page, with those that begin a paragraph. */
function linesOfPage(lines: PdfLine[], index: number): PageLine[] {
  const gaps = lines.slice(1).map((line, at) => Math.abs((lines[at]?.y ?? 0) - line.y));
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? 0;
  return lines.map((line, at) => {
    const above = lines[at - 1];
    const gap = above === undefined ? 0 : Math.abs(above.y - line.y);
    const isTop = above === undefined || line.y > above.y + line.size;
    const isNew = isTop || gap > usual * 1.35 || Math.abs(above.size - line.size) > 1;
    return { ...line, page: index + 1, isNew, isTop };
  });
}

/** Whether a sentence goes on over the end of a page or column. */
function continues(before: PageLine, line: PageLine): boolean {
  if (Math.abs(before.size - line.size) > 0.5 || /[.!?:;…。！？]["'”’)\]]*$/.test(before.text)) return false;
  return /^\p{Ll}/u.test(line.text) || /\p{Ll}-$/u.test(before.text) || before.text.endsWith(",");
}

/** Lines smaller than this share of the usual size may be notes. */
const NOTE_SIZE = 0.93;

/** Moves notes at the foot of a page or column behind the paragraph that they part. */
function moveNotes(lines: PageLine[]): PageLine[] {
  const usual = usualSize(lines);
  const isSmall = (line: PageLine | undefined): boolean =>
    line !== undefined && line.size < usual * NOTE_SIZE && !line.isTop;
  const moved: PageLine[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    if (line === undefined) break;
    if (!isSmall(line) || isSmall(lines[at - 1])) {
      moved.push(line);
      continue;
    }
    let end = at;
    while (isSmall(lines[end])) end++;
    const [before, next] = [lines[at - 1], lines[end]];
    if (before === undefined || next === undefined || !next.isTop || !continues(before, next)) {
      moved.push(line);
      continue;
    }
    let rest = end + 1;
    while (lines[rest] !== undefined && lines[rest]?.isNew === false) rest++;
    moved.push(...lines.slice(end, rest), ...lines.slice(at, end));
    at = rest - 1;
  }
  return moved;
}

function roundSize(size: number): number {
  return Math.round(size * 2) / 2;
}

/** The number of characters of each size. */
function countSizes(lines: PageLine[]): Map<number, number> {
  const characters = new Map<number, number>();
  for (const { size, text } of lines)
    characters.set(roundSize(size), (characters.get(roundSize(size)) ?? 0) + text.length);
  return characters;
}

function usualSize(lines: PageLine[]): number {
  return [...countSizes(lines)].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** The sizes of headings, largest first: few characters are as large. */
function headingSizes(lines: PageLine[]): number[] {
  const all = lines.reduce((sum, { text }) => sum + text.length, 0);
  const usual = usualSize(lines);
  return [...countSizes(lines)]
    .filter(([size, count]) => size > usual * 1.15 && count < all * 0.2)
    .map(([size]) => size)
    .toSorted((a, b) => b - a)
    .slice(0, 4);
}

/** Whether a font of fixed width tells code from text, as in a document that is not all typewritten. */
function isCodeRare(lines: PageLine[]): boolean {
  const sum = (which: PageLine[]): number => which.reduce((total, { text }) => total + text.length, 0);
  return sum(lines.filter(({ advance }) => advance > 0)) < sum(lines) * 0.6;
}

/** Code goes on over gaps of up to this many lines. */
const MAX_BLANK_LINES = 2;

/** The lines of code from one on. */
function codeLines(lines: PageLine[], from: number): PageLine[] {
  let end = from + 1;
  for (; end < lines.length; end++) {
    const [above, line] = [lines[end - 1], lines[end]];
    if (above === undefined || line === undefined || line.advance === 0) break;
    if (!line.isTop && Math.abs(above.y - line.y) > line.size * 1.25 * (MAX_BLANK_LINES + 1)) break;
  }
  return lines.slice(from, end);
}

/** Code with its indentation and the blank lines in it. */
function toCode(lines: PageLine[]): Block {
  const left = Math.min(...lines.map(({ x }) => x));
  const gaps = lines.slice(1).map((line, at) => Math.abs((lines[at]?.y ?? 0) - line.y));
  const usual = Math.min(...gaps.filter((gap) => gap > 0), Infinity);
  const text: string[] = [];
  const pages: number[] = [];
  for (const [at, line] of lines.entries()) {
    const above = lines[at - 1];
    const blank = above === undefined || line.isTop ? 0 : Math.round(Math.abs(above.y - line.y) / usual) - 1;
    for (let count = 0; count < Math.min(blank, MAX_BLANK_LINES); count++) {
      text.push("");
      pages.push(line.page);
    }
    text.push(" ".repeat(Math.max(0, Math.round((line.x - left) / line.advance))) + line.text);
    pages.push(line.page);
  }
  return { kind: "code", text: text.join("\n"), language: "", place: placeOf(lines), isApart: true };
}

const BULLET = /^[•◦‣▪■●○∙·–*➡➢]\s+(?=\S)/u;

/** The lines of a paragraph, with those that bullets lead as items of a list. */
function toItems(lines: PageLine[]): Block[] {
  const blocks: Block[] = [];
  let open: PageLine[] = [];
  let introduction: string | null = null;
  const close = (): void => {
    const [first] = open;
    if (first === undefined) return;
    const common = { place: placeOf(open), textLines: open.map(({ page }) => page) };
    const text = open.map((line) => line.text).join("\n");
    if (BULLET.test(first.text))
      blocks.push({
        kind: "item",
        text: text.replace(BULLET, ""),
        depth: 0,
        number: null,
        introduction,
        isApart: false,
        ...common,
      });
    else {
      introduction = text.endsWith(":") ? (open.at(-1)?.text ?? null) : null;
      blocks.push({ kind: "paragraph", text, isApart: true, ...common });
    }
    open = [];
  };
  for (const line of lines) {
    if (BULLET.test(line.text)) close();
    open.push(line);
  }
  close();
  return blocks;
}
