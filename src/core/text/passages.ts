import type { SourceLocation } from "../domain/schema.js";
import { isCodeFile } from "./code-files.js";
import { splitLines, splitSentences, type Span } from "./sentences.js";
import {
  findLabelledLinks,
  replaceBetween,
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

/** The text of a heading without anchors, closing marks, links and emphasis. */
export function plainHeadingText(line: string): string {
  const named = removeTrailingDelimited(line.replace(/^\s{0,3}#{1,6}\s+/, ""), "{#", "}");
  const bare = replaceBetween(withoutClosingMarks(named), "<", ">", "");
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
    if (open !== null) blocks.push({ ...open, heading: trail.map((each) => each.text).join(" > ") });
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

const DEFINITION =
  /^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:(?:pub(?:\([^)]*\))?|public|private|protected|internal|static|abstract|final|async|unsafe|inline|open|override|virtual)\s+)*(?:function\*?|class|interface|type|enum|struct|trait|impl|module|namespace|def|fn|func|fun|proc|sub|record|object|protocol|extension|(?:const|let|var|val)(?=\s+[\w$]+\s*(?::[^=]+)?=))\s+[\w$<([]/;
/** C-like definitions: a type, a name, an argument list, at the start of a line. */
const C_DEFINITION = /^[A-Za-z_][\w:<>,*&\s]*\s[*&]?[A-Za-z_][\w:]*\s*\([^;]*$/;

function codeBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  let blank = true;
  let named = false;
  let heading = "";
  for (const line of splitLines(text)) {
    if (line.text.trim() === "") {
      blank = true;
      continue;
    }
    // A blank line within a definition is followed by an indented line.
    if (open === null || (blank && /^\S/.test(line.text) && !/^[})\]]/.test(line.text))) {
      if (open !== null) blocks.push(open);
      open = { start: line.start, end: line.end, heading };
      named = false;
    }
    open.end = line.end;
    blank = false;
    if (!named && line.text.length <= 300 && (DEFINITION.test(line.text) || C_DEFINITION.test(line.text))) {
      heading = signature(line.text);
      open.heading = heading;
      named = true;
    }
  }
  if (open !== null) blocks.push(open);
  return blocks;
}

function signature(line: string): string {
  // Remove the definition's value or body: everything from the last "=", or a final bracket or colon.
  const equals = line.lastIndexOf("=");
  const short = (equals >= 0 ? line.slice(0, equals) : line.trimEnd().replace(/[{:]$/, ""))
    .replace(/\s+/g, " ")
    .trim();
  return short.length > 100 ? `${cutAt(short, 100)}…` : short;
}

/** Splits a block that is too long at lines, sentences or characters. */
function cutBlock(text: string, block: Block, format: "markdown" | "code"): Block[] {
  if (block.end - block.start <= MAX_BLOCK_LENGTH) return [block];
  const pieces: Block[] = [];
  let open: Block | null = null;
  for (const line of splitLines(text.slice(block.start, block.end))) {
    for (const { start, end } of cutLine(line.text, format)) {
      const piece: Block = {
        start: block.start + line.start + start,
        end: block.start + line.start + end,
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
