import { splitLines, type Span } from "../../core/text/sentences.js";

/** A block of code that is longer, in characters, is quoted in parts. */
const MAX_LENGTH = 1000;
const FENCE = /^\s*(`{3,}|~{3,})\s*([\w-]*)/;
/** Diagrams as text show nobody how to do something. */
const DIAGRAMS = new Set(["mermaid", "dot", "graphviz", "plantuml", "puml", "d2"]);

/** What stands inside the fenced blocks of a text, long ones in parts, without the lines of the fences. */
export function findFencedBlocks(text: string): Span[] {
  const lines = splitLines(text);
  const found: Span[] = [];
  for (let first = 0; first < lines.length; first++) {
    const [, mark, language = ""] = FENCE.exec(lines[first]?.text ?? "") ?? [];
    if (mark === undefined) continue;
    let last = first + 1;
    while (last < lines.length && !isClosing(lines[last]?.text ?? "", mark)) last++;
    // A passage may end inside a block.
    const start = lines[first + 1]?.start ?? text.length;
    const end = lines[last - 1]?.end ?? text.length;
    if (start < end && !DIAGRAMS.has(language.toLowerCase()))
      found.push(...splitCodeBlock(text, { start, end }));
    first = last;
  }
  return found;
}

function isClosing(line: string, mark: string): boolean {
  const text = line.trim();
  return text.length >= mark.length && text === mark.charAt(0).repeat(text.length);
}

/** A block without blank lines at its ends; a long one in parts that begin after a blank line or at least indented lines. */
export function splitCodeBlock(text: string, block: Span): Span[] {
  const lines = splitLines(text.slice(block.start, block.end))
    .map(({ text: line, start, end }) => ({ line, start: block.start + start, end: block.start + end }))
    .filter(({ line }) => line.trim() !== "");
  const parts: Span[] = [];
  let open: Span | null = null;
  for (const [at, { line, start, end }] of lines.entries()) {
    const follows = lines[at - 1]?.end === start - 1;
    const isFull = open !== null && end - open.start > MAX_LENGTH;
    const isBreak = open !== null && !follows && !/^\s/.test(line) && end - open.start > MAX_LENGTH / 2;
    if (open === null || isFull || isBreak) {
      open = { start, end };
      parts.push(open);
    } else open.end = end;
  }
  return parts;
}
