import { findCommentWords } from "./program-comments.js";
import { STOP_WORDS } from "./tokenize.js";

/** A range of a text, [start, end) in UTF-16 units, without white space at its ends. */
export interface Span {
  start: number;
  end: number;
}

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** A full stop after these does not end a sentence. */
const ABBREVIATION =
  /(?:^|[\s(["'“‘*_])(?:dr|mr|mrs|ms|prof|sr|jr|st|mt|ft|gen|gov|sen|rep|lt|col|capt|cpt|sgt|rev|hon|fig|figs|eq|sec|ch|vol|no|nos|pp|p|ed|eds|approx|ca|cf|vs|viz|resp|incl|excl|e\.g|i\.e|eg|ie|a\.k\.a|et al|inc|ltd|co|corp|dept|univ|u\.s|u\.k|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|[A-Z])\.\s*$/i;

/** Some of these may still end a sentence if the next word is a typical beginning. */
const MAY_END = /(?:\b(?:inc|ltd|co|corp|u\.s|u\.k|jr|sr|etc)\.|\b[a-z]\.)\s*$/i;
const STARTS_SENTENCE =
  /^(?:the|this|that|these|those|it|its|he|she|they|we|you|i|a|an|in|on|at|for|if|when|while|after|before|as|to|by|his|her|their|but|and|however|there|although)\s/i;

/** Maximum length of a sentence, in characters. */
const MAX_LENGTH = 2000;
/** Number of characters of a paragraph to segment at once. */
const SLICE_LENGTH = 20_000;

/** A bracket that is open for more characters was never meant to be closed. */
const LONGEST_BRACKET = 200;

const FENCE = /^\s{0,3}(`{3,}|~{3,})/;
const HEADING = /^\s{0,3}#{1,6}\s/;
const LIST_ITEM = /^\s*(?:[-*+•]|\d{1,3}[.)]|[a-z][.)])\s+\S/;
const TABLE_ROW = /^\s*\|.*\|\s*$/;
const RULE = /^\s*(?:[-=_*~^]\s*){3,}$/;
/** Lines of program text outside of fences. */
const CODE_LINE =
  /[;{}]\s*$|^\s*(?:import|export|const|let|var|return|def|class|func|fn|public|private|#include|from\s+\S+\s+import)\b.*[({:;=]|=>|^\s*[})\]]+[;,]?\s*$|^\s*[\w.$]+\(.*\)\s*$|^\s*["'][\w-]+["']\s*:|^\s*<\/?[a-z][^>]*>\s*$|^\s*[$>]\s+\w|[({[,=]\s*$(?<=[=({[].*)|^\s*(?:import|from)\s+[\w.]+(?:\s+(?:as|import)\s+.*)?$/i;
/** The mark that a line of a comment begins with, before a sentence that begins in it. */
const LINE_MARK = /^(?:\*|\/\/+!?|#+|--)\s+/;

/**
 * Splits a text into sentences. List items, table rows, headings and lines of code are separate units; sentences of a
 * hard-wrapped paragraph continue across line breaks. In "code", the words of comments are split into
 * sentences, everything else into lines.
 */
export function splitSentences(text: string, format: "markdown" | "code" = "markdown"): Span[] {
  return splitUnits(text, units(text, format), format);
}

/** The sentences of a program's comments, without the marks around them. */
export function splitComments(text: string): Span[] {
  const comments = units(text, "code").filter(({ whole }) => !whole);
  return splitUnits(text, comments, "code");
}

function splitUnits(text: string, all: Unit[], format: "markdown" | "code"): Span[] {
  const found: Span[] = [];
  for (const unit of all) {
    if (unit.whole) push(unit.start, unit.end);
    else
      for (const { start, end } of split(text.slice(unit.start, unit.end)))
        push(unit.start + start, unit.start + end);
  }
  return found;

  function push(from: number, to: number): void {
    let [start, end] = [from, to];
    while (start < end && /\s/.test(text.charAt(start))) start++;
    if (format === "code")
      start += LINE_MARK.exec(text.slice(start, Math.min(end, start + 20)))?.[0].length ?? 0;
    while (end > start && /\s/.test(text.charAt(end - 1))) end--;
    if (start < end) found.push({ start, end });
  }
}

/** Long lines are prose or data, and too expensive for the pattern. Prose marks its code with backticks. */
function isCodeLine(line: string): boolean {
  return line.length <= 400 && !line.includes("`") && CODE_LINE.test(line) && !isWrappedProse(line);
}

/** A line of prose that goes on behind a comma or semicolon, as in "Everything that has a price (a call, a search,". */
function isWrappedProse(line: string): boolean {
  if (!/[,;]$/.test(line.trimEnd())) return false;
  return line.split(" ").filter((word) => /^\p{L}+$/u.test(word)).length >= 5;
}

interface Unit extends Span {
  /** Not split: a heading, a table row, a line of code. */
  whole: boolean;
}

interface Line extends Span {
  text: string;
}

/** Splits a text into lines with their positions, without line breaks. */
export function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    lines.push({ text: line, start, end: start + line.length });
    start += line.length + 1;
  }
  return lines;
}

function units(text: string, format: "markdown" | "code"): Unit[] {
  const found: Unit[] = [];
  let open: Paragraph | null = null as Paragraph | null;
  let fence: string | null = null;
  const close = (): void => {
    if (open !== null) found.push({ start: open.start, end: open.last.end, whole: false });
    open = null;
  };
  const add = (line: Line): void => {
    const width = line.text.trim().length;
    open = {
      start: open?.start ?? line.start,
      last: line,
      width: Math.max(open?.width ?? 0, width),
    };
  };
  const addComment = (words: Line): void => {
    if (words.text === "" || RULE.test(words.text)) close();
    // An example in a documentation string is a line of code.
    else if (/^(?:>>>|\.\.\.) /.test(words.text)) single(words);
    else {
      const isStart = LIST_ITEM.test(words.text) || words.text.startsWith("@");
      if (isStart || (open !== null && breaksBetween(open, words))) close();
      add(words);
    }
  };
  const single = (line: Line): void => {
    close();
    found.push({ start: line.start, end: line.end, whole: true });
  };
  const lines = splitLines(text);
  const comments = format === "code" ? findCommentWords(lines) : [];
  for (const [at, line] of lines.entries()) {
    const mark = FENCE.exec(line.text)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence)) fence = null;
      else single(line);
      continue;
    }
    if (mark !== undefined) {
      close();
      fence = mark;
    } else if (line.text.trim() === "" || RULE.test(line.text)) close();
    else if (format === "code") {
      const words = comments[at] ?? null;
      if (words === null) single(line);
      else addComment({ ...words, text: text.slice(words.start, words.end) });
    } else if (HEADING.test(line.text) || TABLE_ROW.test(line.text) || isCodeLine(line.text)) single(line);
    else {
      if (LIST_ITEM.test(line.text) || (open !== null && breaksBetween(open, line))) close();
      add(line);
    }
  }
  close();
  return found;
}

/** The current paragraph, and the length of its longest line. */
interface Paragraph {
  start: number;
  last: Line;
  width: number;
}

/** Whether a line break is more than a hard wrap: the previous line is complete or was cut on purpose. */
function breaksBetween(open: Paragraph, next: Line): boolean {
  const before = open.last.text.trim();
  const after = next.text.trim();
  const opened = before.lastIndexOf("(") > before.lastIndexOf(")");
  if (!opened && /[.!?:;。！？：]["'”’)\]]*$/.test(before))
    return /[:;：]$/.test(before) || before.length < 40;
  if (/^\p{Ll}/u.test(after)) return false;
  // Without their links' addresses, wrapped lines are short; what is open goes on all the same.
  if (opened && before.length - before.lastIndexOf("(") < LONGEST_BRACKET) return false;
  if (STOP_WORDS.has(before.slice(before.lastIndexOf(" ") + 1))) return false;
  const width = Math.max(open.width, after.length);
  const firstWord = /^\S+/.exec(after)?.[0].length ?? 0;
  // A line is wrapped only if the next line's first word did not fit.
  return width > 130 || before.length + 1 + firstWord < Math.min(width, 60);
}

/** Splits one paragraph into sentences. Line breaks count as spaces. */
function split(paragraph: string): Span[] {
  // The segmenter takes more than linear time, so long paragraphs are split into slices.
  const spans: Span[] = [];
  for (let at = 0; at < paragraph.length;) {
    // Do not split a surrogate pair.
    const isHalved = /[\ud800-\udbff]/.test(paragraph.charAt(at + SLICE_LENGTH - 1));
    const end = Math.min(paragraph.length, at + SLICE_LENGTH + (isHalved ? 1 : 0));
    for (const span of splitSlice(paragraph.slice(at, end)))
      spans.push({ start: at + span.start, end: at + span.end });
    at = end;
  }
  return spans;
}

function splitSlice(paragraph: string): Span[] {
  // The segmenter would end a sentence at a line break. Every white space is one unit, so offsets stay the same.
  const flat = paragraph.replace(/\s/g, " ");
  const spans: Span[] = [];
  for (const { segment, index } of segmenter.segment(flat)) {
    let start = index;
    // The segmenter does not start a sentence at a lower-case code span.
    for (const piece of segment.split(BEFORE_CODE)) {
      const end = start + piece.length;
      const last = spans.at(-1);
      if (last !== undefined && !endsBetween(flat.slice(last.start, last.end), flat.slice(start)))
        last.end = end;
      else spans.push({ start, end });
      start = end;
    }
  }
  return spans;
}

const BEFORE_CODE = /(?=`[^`\n]+`)(?<=\p{L}{2}[.!?]["'”’)\]]*\s+)/u;

function endsBetween(whole: string, after: string): boolean {
  // A sentence of this length was joined by mistake.
  if (whole.length > MAX_LENGTH) return true;
  const before = whole.slice(-80);
  if (!/\s$/.test(before) && /[.!?]["'”’)\]`*_]*$/.test(before))
    return /^["'“‘(]?\p{Lu}\p{Ll}/u.test(after) && !/\.[A-Z]?\.?$/.test(before.slice(-3, -1));
  if (!after.startsWith("`") && /^[^\p{L}\p{N}]*\p{Ll}/u.test(after) && /[.…]["'”’)\]]*\s*$/.test(before))
    return false;
  if (/^\s*(?:[-*+•]|\d{1,3}[.)])\s*$/.test(before)) return false;
  // An open bracket or code span continues the sentence.
  if ((whole.match(/`/g)?.length ?? 0) % 2 === 1) return false;
  const opened = (whole.match(/\(/g)?.length ?? 0) - (whole.match(/\)/g)?.length ?? 0);
  if (opened > 0 && whole.length < 400 && /^[^()]{0,200}\)/.test(after)) return false;
  if (ABBREVIATION.test(before))
    return MAY_END.test(before) && STARTS_SENTENCE.test(after) && !/\b[A-Z]\.\s*$/.test(before);
  return true;
}
