import { codeOf, headingOf, paragraphOf, titleOf, type BlockDocument } from "./block-document.js";
import type { Block } from "../../core/document/blocks.js";
import { findIndexFrom } from "../../core/text/linear-search.js";
import { isBlank, numberLines, type NumberedLine } from "./numbered-lines.js";

const UNDERLINE = /^\s{0,3}([=\-~*#^])\1{2,}\s*$/;
const LEVELS: Record<string, number> = { "=": 1, "#": 1, "*": 1, "-": 2, "~": 3, "^": 4 };

/** Reads plain text: paragraphs as they are, titles by the line below them. What is no known format is prose. */
export function readPlainText(text: string): BlockDocument {
  const lines = numberLines(text);
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    if (line === undefined) break;
    const sign = UNDERLINE.exec(lines[at + 1]?.text ?? "")?.[1];
    const fence = /^(`{3,}|~{3,})[\w+-]*\s*$/.exec(line.text)?.[1];
    if (isBlank(line.text)) at++;
    else if (fence !== undefined) {
      const end = findIndexFrom(lines, at + 1, ({ text: each }) => each.trimEnd() === fence);
      const last = end < 0 ? lines.length : end;
      blocks.push(...codeOf(lines.slice(at + 1, last), line.text.slice(fence.length).trim(), 0));
      at = last + 1;
    } else if (sign !== undefined && isTitle(line, lines[at - 1], lines[at + 1])) {
      blocks.push(...headingOf(line.text, LEVELS[sign] ?? 2, line.number));
      at += 2;
    } else if (UNDERLINE.test(line.text) && isTitle(lines[at + 1], undefined, lines[at + 2])) at++;
    else {
      const end = endOfParagraph(lines, at);
      const inside = lines.slice(at, end);
      const isIndented = inside.every(({ text: each }) => /^(?: {4}|\t)/.test(each));
      if (isIndented && inside.length > 0 && looksLikeCode(inside)) blocks.push(...codeOf(inside, ""));
      else blocks.push(...paragraphOf(inside, (each) => each));
      at = end;
    }
  }
  return { title: titleOf(blocks), blocks, dropped: () => [] };
}

/** Whether a line is a title above a line of signs: short, and after a blank line. */
function isTitle(line?: NumberedLine, before?: NumberedLine, below?: NumberedLine): boolean {
  if (line === undefined || below === undefined || !/[\p{L}\p{N}]/u.test(line.text)) return false;
  if (!isBlank(before?.text ?? "") && !UNDERLINE.test(before?.text ?? "")) return false;
  const width = line.text.trim().length;
  return UNDERLINE.test(below.text) && width <= 120 && below.text.trim().length >= Math.min(width, 20) / 2;
}

function endOfParagraph(lines: NumberedLine[], at: number): number {
  let end = at + 1;
  while (end < lines.length && !isBlank(lines[end]?.text ?? "")) end++;
  return end;
}

/** Indented lines with more signs than prose has. */
export function looksLikeCode(lines: NumberedLine[]): boolean {
  const text = lines.map((line) => line.text).join("\n");
  const signs = text.match(/[{}()[\];=<>|\\$#/]|--\w/g)?.length ?? 0;
  return signs * 25 > text.length || /^\s*(?:\$|>|#|%)\s+\S/m.test(text);
}
