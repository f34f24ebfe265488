import type { SourceLocation } from "../domain/schema.js";
import { isCodeFile } from "./code-files.js";
import { findCommentWords } from "./program-comments.js";
import { joinHeadings } from "./heading-trail.js";
import { findSignature } from "./program-definitions.js";
import { splitLines, splitSentences, type Span } from "./sentences.js";
import {
  findLabelledLinks,
  replaceRanges,
  trimEndMatching,
  removeTrailingDelimited,
} from "./linear-search.js";

/** A range of a source's text, [start, end) in UTF-16 units, with its heading. */
export interface Passage {
  start: number;
  end: number;
  text: string;
  heading: string;
}

/** Blocks below the same heading are joined up to this length, in characters. */
const MAX_JOINED_LENGTH = 900;
/** Longer blocks are split. */
const MAX_BLOCK_LENGTH = 1400;
/** Longer headings are truncated, since every passage contains them. */
const MAX_HEADING_LENGTH = 300;

interface Block extends Span {
  heading: string;
}

/**
 * Splits a text along its structure: Markdown by headings ("Install > Linux") and whole paragraphs, lists, tables and
 * fences; code by top-level blocks, each with its definition's signature. Passages are in text order and do not overlap. Only a block that is too long is split, at lines, sentences or, at worst, between
 * characters.
 */
export function splitPassages(text: string, format: "markdown" | "code"): Passage[] {
  const blocks = format === "code" ? codeBlocks(text) : markdownBlocks(text);
  const cut = blocks.flatMap((block) => cutBlock(text, block, format));
  const packed: Block[] = [];
  for (const block of cut) {
    const last = packed.at(-1);
    if (last?.heading === block.heading && block.end - last.start <= MAX_JOINED_LENGTH) last.end = block.end;
    else packed.push({ ...block });
  }
  return packed.map(({ start, end, heading }) => ({ start, end, text: text.slice(start, end), heading }));
}

/** Tags of a heading's own; what else stands in angle brackets, as in "Foo<T>", is text. */
const TAG =
  /<\/?(?:a|b|br|code|del|em|font|i|img|kbd|mark|p|s|small|span|strong|sub|sup|u)(?:\s[^<>]{0,300})?\/?>/gi;

/** The text of a heading without anchors, closing marks, links and emphasis. */
export function plainHeadingText(line: string): string {
  const named = removeTrailingDelimited(line.replace(/^\s{0,3}#{1,6}\s+/, ""), "{#", "}");
  const bare = withoutClosingMarks(named).replace(TAG, "");
  return replaceRanges(bare, findLabelledLinks(bare), ({ label }) => label)
    .replace(/[*`]|(?<!\w)_|_(?!\w)/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** Closing marks must follow a space. */
function withoutClosingMarks(heading: string): string {
  const words = trimEndMatching(heading.trimEnd(), /[#=]/);
  return words.length < heading.trimEnd().length && /\s$/.test(words) ? words.trimEnd() : heading;
}

const ATX = /^\s{0,3}(#{1,6})\s+\S/;
/** Only in snapshots of earlier versions, which kept the marks of the source. */
const UNDERLINE = /^([=-])\1{2,}\s*$/;
const FENCE = /^\s*(`{3,}|~{3,})/;

function markdownBlocks(text: string): Block[] {
  const lines = splitLines(text);
  const blocks: Block[] = [];
  const trail: { level: number; text: string }[] = [];
  let open = null as Span | null;
  let fence: string | null = null;
  const close = (): void => {
    if (open !== null) blocks.push({ ...open, heading: joinHeadings(trail.map((each) => each.text)) });
    open = null;
  };
  const enter = (level: number, heading: string): void => {
    close();
    while ((trail.at(-1)?.level ?? 0) >= level) trail.pop();
    if (heading !== "") trail.push({ level, text: cutAt(heading, MAX_HEADING_LENGTH) });
  };
  for (let n = 0; n < lines.length; n++) {
    const line = lines[n];
    if (line === undefined) break;
    const mark = FENCE.exec(line.text)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence) && line.text.trim() === mark) fence = null;
      open = { start: open?.start ?? line.start, end: line.end };
      continue;
    }
    const atx = ATX.exec(line.text)?.[1];
    const next = lines[n + 1]?.text ?? "";
    const underline = UNDERLINE.exec(next)?.[1];
    const isTitle =
      underline !== undefined &&
      open === null &&
      line.text.trim() !== "" &&
      !/^\s*[|>*+-]/.test(line.text) &&
      next.trim().length >= Math.min(line.text.trim().length, 20) / 2;
    if (mark !== undefined) {
      // A fence stays with the paragraph that introduces it.
      fence = mark;
      open = { start: open?.start ?? line.start, end: line.end };
    } else if (atx !== undefined) enter(atx.length, plainHeadingText(line.text));
    else if (isTitle) {
      enter(underline === "=" ? 1 : 2, plainHeadingText(line.text));
      n++;
    } else if (line.text.trim() === "") close();
    else open = { start: open?.start ?? line.start, end: line.end };
  }
  close();
  return blocks.length > 0 ? blocks : paragraphs(text);
}

function paragraphs(text: string): Block[] {
  const blocks: Block[] = [];
  let isOpen = false;
  for (const line of splitLines(text)) {
    const last = blocks.at(-1);
    if (line.text.trim() === "") isOpen = false;
    else if (isOpen && last !== undefined) last.end = line.end;
    else {
      blocks.push({ start: line.start, end: line.end, heading: "" });
      isOpen = true;
    }
  }
  return blocks;
}

/** A definition that is nested deeper belongs to the one around it, in columns. */
const MAX_NESTING = 8;

/** A program's blocks: what is defined at the top or in it, each with the comment above it, and what stands between. */
function codeBlocks(text: string): Block[] {
  const lines = splitLines(text);
  const comments = findCommentWords(lines);
  const blocks: Block[] = [];
  const trail: { indent: number; signature: string }[] = [];
  let open: Block | null = null;
  const begin = (at: number): Block => {
    const { start = 0, end = 0 } = lines[at] ?? {};
    // The comment above a definition leaves the block before it.
    if (open !== null && open.end > start) open.end = Math.max(open.start, start - 1);
    if (open !== null) blocks.push(open);
    return { start, end, heading: joinHeadings(trail.map(({ signature }) => signature)) };
  };
  for (const [at, line] of lines.entries()) {
    if (line.text.trim() === "") continue;
    const indent = /^\s*/.exec(line.text)?.[0].length ?? 0;
    const signature = comments[at] == null && indent <= MAX_NESTING ? findSignature(line.text) : null;
    const isAfterBlank = at === 0 || lines[at - 1]?.text.trim() === "";
    if (signature !== null) {
      const first = firstLineAbove(lines, comments, at);
      const isOpened = open !== null && lines[first]?.start === open.start;
      while ((trail.at(-1)?.indent ?? -1) >= indent) trail.pop();
      trail.push({ indent, signature });
      if (isOpened && open !== null) open.heading = joinHeadings(trail.map((each) => each.signature));
      else open = begin(first);
    } else if (open === null) open = begin(at);
    // A blank line within a definition is followed by an indented line.
    else if (isAfterBlank && indent === 0 && comments[at - 1] == null && !/^[})\]]/.test(line.text)) {
      trail.length = 0;
      open = begin(at);
    }
    open.end = line.end;
  }
  if (open !== null) blocks.push(open);
  return blocks.filter(({ start, end }) => text.slice(start, end).trim() !== "");
}

/** The first line of the comment and the decorators right above a definition; its own where there are none. */
function firstLineAbove(
  lines: readonly { text: string }[],
  comments: readonly (Span | null)[],
  at: number,
): number {
  let first = at;
  while (first > 0 && (comments[first - 1] != null || /^\s*[@[]\S/.test(lines[first - 1]?.text ?? "")))
    first--;
  return first;
}

/** Splits a block that is too long between items of a list, at lines, sentences or characters. */
function cutBlock(text: string, block: Block, format: "markdown" | "code"): Block[] {
  if (block.end - block.start <= MAX_BLOCK_LENGTH) return [block];
  const pieces: Block[] = [];
  let open: Block | null = null;
  const parts = partsOfBlock(text.slice(block.start, block.end), format);
  const paragraphEnds = format === "code" ? findParagraphEnds(parts) : [];
  for (const [at, part] of parts.entries()) {
    // A program is cut between its paragraphs, where they are short enough.
    const end = block.start + (paragraphEnds[at] ?? 0);
    if (open !== null && end - open.start > MAX_JOINED_LENGTH && parts[at - 1]?.text.trim() === "") {
      pieces.push(open);
      open = null;
    }
    for (const { start, end } of cutLine(part.text, format)) {
      const piece: Block = {
        start: block.start + part.start + start,
        end: block.start + part.start + end,
        heading: block.heading,
      };
      if (open !== null && piece.end - open.start <= MAX_JOINED_LENGTH) open.end = piece.end;
      else {
        if (open !== null) pieces.push(open);
        open = piece;
      }
    }
  }
  if (open !== null) pieces.push(open);
  return pieces.filter(({ start, end }) => text.slice(start, end).trim() !== "");
}

/** For each line, where the run of lines without a blank one that it is in ends. */
function findParagraphEnds(lines: readonly { text: string; end: number }[]): number[] {
  const ends: number[] = [];
  let end = lines.at(-1)?.end ?? 0;
  for (let at = lines.length - 1; at >= 0; at--) {
    if (lines[at]?.text.trim() === "") end = lines[at - 1]?.end ?? 0;
    ends[at] = end;
  }
  return ends;
}

const ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s/;

/** The items of lists, each with the lines that go on with it, and other lines; an item that is too long as its lines. */
function partsOfBlock(text: string, format: "markdown" | "code"): (Span & { text: string })[] {
  const lines = splitLines(text);
  if (format === "code") return lines;
  const parts: (Span & { text: string })[] = [];
  let isFenced = false;
  let isItem = false;
  for (const line of lines) {
    const isFence = FENCE.test(line.text);
    const last = parts.at(-1);
    const goesOn = isItem && !isFenced && !isFence && /^\s/.test(line.text) && !ITEM.test(line.text);
    if (goesOn && last !== undefined && line.end - last.start <= MAX_JOINED_LENGTH) {
      last.end = line.end;
      last.text = text.slice(last.start, last.end);
    } else {
      isItem = !isFenced && !isFence && ITEM.test(line.text);
      parts.push({ ...line });
    }
    if (isFence) isFenced = !isFenced;
  }
  return parts;
}

/** Splits one line into pieces of limited length. */
function cutLine(line: string, format: "markdown" | "code"): Span[] {
  if (line.length <= MAX_JOINED_LENGTH) return line.trim() === "" ? [] : [{ start: 0, end: line.length }];
  const spans = format === "code" ? [{ start: 0, end: line.length }] : splitSentences(line);
  return spans.flatMap(({ start, end }) => {
    const pieces: Span[] = [];
    for (let at = start; at < end;) {
      const next = at + cutAt(line.slice(at, end), MAX_JOINED_LENGTH).length;
      pieces.push({ start: at, end: next });
      at = next;
    }
    return pieces;
  });
}

/** The first `length` units of a text, one less if that would split a surrogate pair. */
function cutAt(text: string, length: number): string {
  const isHalved = /[\ud800-\udbff]/.test(text.charAt(length - 1)) && length < text.length;
  return text.slice(0, isHalved ? length - 1 : length);
}

/** The structure of a source's text by its location: all but code is rendered from blocks, in Markdown style. */
export function textFormat(place: SourceLocation): "markdown" | "code" {
  const isFile = place.kind === "workspace" || place.kind === "package";
  return isFile && isCodeFile(place.path) ? "code" : "markdown";
}
