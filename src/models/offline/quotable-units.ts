import { splitComments, splitLines, splitSentences, type Span } from "../../core/text/sentences.js";
import { splitWords } from "../../core/text/tokenize.js";
import { findCommentWords } from "../../core/text/program-comments.js";
import { findSignature } from "../../core/text/program-definitions.js";
import { findLabelledLinks, replaceBetween, replaceRanges } from "../../core/text/linear-search.js";
import { entryName } from "../../core/text/entry-name.js";
import { findFencedBlocks, splitCodeBlock } from "./code-blocks.js";
import { findTableParts } from "./table-units.js";

/** A stretch of a passage that can stand as a quote. */
export interface QuotableUnit extends Span {
  /** Index of its passage; start and end count from that passage's start. */
  passage: number;
  heading: string;
  quote: string;
  kind: "sentence" | "item" | "table" | "code" | "label";
  /** The name of the entry that it is; null for what is none. */
  name: string | null;
  /** Whether it begins with the name in the heading above, and explains it. */
  opens?: true;
  /** Opens the source. */
  isFirst: boolean;
  /** The sentence right before it, in the same paragraph. */
  before: Span | null;
  /** Licences, badges, tables of contents, navigation. */
  isBoilerplate: boolean;
}

const CODE_SIGNS =
  /[;{}]\s*$|=>|^\s*(?:import|export|const|let|var|return|def|class|func|fn|public|private|#include)\b|^\s*[})\]]/;
const COMMENT = /^\s*(?:\/\*\*?|\*(?=\s)|\/\/|#\s|--\s|"""|''')/;
const LIST_ITEM = /^\s*(?:[-*+•]|\d{1,3}[.)])\s/;
/** What parts two sentences of one item. */
const GOES_ON = /^[ \t]*(?:\n[ \t]+)?$/;
/** A comment that begins small is a sentence from so many words, as where it begins with a name. */
const WHOLE_SENTENCE = 8;
/** A list goes with its introduction as one quote up to this length, in characters. */
const MAX_LIST_LENGTH = 900;
/** Characters between a name and the first sentence of its explanation. */
const MAX_PREFACE = 200;
/** An entry is one quote up to this length, in characters. */
const MAX_ENTRY_LENGTH = 700;

/**
 * The sentences, list items, table rows and blocks of code of a passage, in the order of the text. A list that follows
 * its introduction is one unit, and so is a fenced block. Of a program, a passage is a unit, and so are the sentences of
 * its comments.
 */
export function splitQuotableUnits(
  { heading, text, above = "" }: { heading: string; text: string; above?: string },
  passage: number,
  format: "markdown" | "code" | "text",
): QuotableUnit[] {
  const isCode = format === "code" ? !isProse(text) : isProgram(text);
  const blocks = isCode ? splitCodeBlock(text, { start: 0, end: text.length }) : findFencedBlocks(text);
  const spans = isCode ? splitComments(text) : splitSentences(text);
  const isIn = (all: Span[], span: Span): boolean =>
    all.some(({ start, end }) => span.start < end && span.end > start);
  const tables = isCode ? [] : findTableParts(text, (line) => isIn(blocks, line));
  const units: QuotableUnit[] = blocks.flatMap((span) => codeUnit(text, span, passage, heading));
  const lines: QuotableUnit[] = tables.map(({ start, end }) => ({
    ...{
      start,
      end,
      passage,
      heading,
      kind: "table",
      name: null,
      isFirst: false,
      before: null,
      isBoilerplate: false,
    },
    quote: text.slice(start, end),
  }));
  spans.forEach((span, n) => {
    const line = text.slice(span.start, span.end);
    if (!isCode && (isIn(blocks, span) || isIn(tables, span))) return;
    const leadsToList = !isCode && introduces(line) && introducedEnd(text, spans, n) > span.end;
    const entry = isCode ? null : readEntry(text, spans, n);
    const own = kindOfUnit(line, isCode) ?? (leadsToList ? "sentence" : null);
    const kind = entry === null ? own : "item";
    if (kind === null || (isCode && kind === "code")) return;
    const end = entry?.end ?? (introduces(line) ? introducedEnd(text, spans, n) : span.end);
    const leadsToCode = introduces(line) && blocks.some(({ start }) => isCloseBefore(text, span.end, start));
    lines.push({
      start: span.start,
      end,
      passage,
      heading,
      quote: text.slice(span.start, end),
      // An introduction that its list does not follow says half of something.
      kind: introduces(line) && end === span.end && !leadsToCode ? "label" : kind,
      name: entry?.name ?? null,
      isFirst: passage === 0 && lines.length === tables.length,
      before: sentenceBefore(text, spans[n - 1], span),
      isBoilerplate: isBoilerplate(line, entry !== null),
    });
  });
  // What an introduction has taken with it is not quoted a second time.
  const single = lines
    .sort((a, b) => a.start - b.start)
    .filter(
      (unit) => !lines.some((other) => other !== unit && other.start < unit.start && other.end >= unit.end),
    );
  const all = [...units, ...joinCodeLines(text, single)].sort((a, b) => a.start - b.start || b.end - a.end);
  return above === "" ? all : withNameAbove(all, above, text);
}

/** Names what opens the explanation of a heading: its quote begins with that. */
function withNameAbove(units: QuotableUnit[], above: string, text: string): QuotableUnit[] {
  const [first, ...rest] = units;
  if (first?.name !== null || !["sentence", "item", "label"].includes(first.kind)) return units;
  // Lines that say little, as of a type, may stand between them.
  if (first.start > MAX_PREFACE || /^(?:`{3}|~{3})/m.test(text.slice(0, first.start))) return units;
  const name = above.replace(/^#+/, "").replaceAll("`", "").trim();
  const quote = `${above}${text.slice(0, first.end)}`;
  return [
    { ...first, name, quote, kind: first.kind === "label" ? "sentence" : first.kind, opens: true },
    ...rest,
  ];
}

/**
 * The name of the entry that begins with a sentence, and where it ends: with its last sentence, or with the last one
 * that a quote has room for.
 */
function readEntry(text: string, spans: Span[], at: number): { name: string; end: number } | null {
  const [span] = spans.slice(at, at + 1);
  const name = span === undefined ? null : entryName(text.slice(span.start, span.start + MAX_ENTRY_LENGTH));
  // What only leads to the items below it goes with these.
  if (span === undefined || name === null) return null;
  let { end } = span;
  for (const next of spans.slice(at + 1)) {
    if (!GOES_ON.test(text.slice(end, next.start)) || LIST_ITEM.test(text.slice(next.start, next.end))) break;
    if (next.end - span.start > MAX_ENTRY_LENGTH) break;
    end = next.end;
  }
  return end === span.end && introduces(text.slice(span.start, end)) ? null : { name, end };
}

function codeUnit(text: string, { start, end }: Span, passage: number, heading: string): QuotableUnit[] {
  const quote = text.slice(start, end);
  if (quote.split("\n").every((line) => line.trim() === "" || isDirective(line))) return [];
  if (showsOnlyComments(quote)) return [];
  const isBoilerplate = LICENCE.test(quote);
  const place = { start, end, passage, heading, quote };
  return [{ ...place, kind: "code", name: null, isFirst: false, before: null, isBoilerplate }];
}

/** What a program takes from elsewhere. */
const IMPORT = /^\s*(?:import\b|from\s|#include\b|using\s|use\s|package\s|(?:const|var|let)\s.*\brequire\()/;

/** A definition cut behind its comment, or imports above one, show no code: the comment's sentences say the same. */
function showsOnlyComments(quote: string): boolean {
  const lines = splitLines(quote).filter(({ text }) => text.trim() !== "");
  const comments = findCommentWords(lines);
  const code = lines.filter((_, at) => comments[at] === null);
  if (code.length < lines.length && code.every(({ text }) => IMPORT.test(text))) return true;
  return (
    code.length <= 3 &&
    code.length * 3 < lines.length &&
    code.some(({ text }) => findSignature(text) !== null)
  );
}

/** Lines of code that follow each other outside of a fence are one unit. */
function joinCodeLines(text: string, units: QuotableUnit[]): QuotableUnit[] {
  const joined: QuotableUnit[] = [];
  for (const unit of units) {
    const last = joined.at(-1);
    if (
      last?.kind === "code" &&
      unit.kind === "code" &&
      /^[ \t]*\n[ \t]*$/.test(text.slice(last.end, unit.start))
    ) {
      last.end = unit.end;
      last.quote = text.slice(last.start, last.end);
    } else joined.push({ ...unit });
  }
  return joined;
}

/** Whether nothing but white space and the opening of a fence stands between two places. */
function isCloseBefore(text: string, end: number, start: number): boolean {
  if (end > start || start - end > 200) return false;
  const lines = text.slice(end, start).split("\n");
  return lines.every((line) => line.trim() === "" || /^\s{0,40}(?:`{3}|~{3})/.test(line));
}

function sentenceBefore(text: string, previous: Span | undefined, span: Span): Span | null {
  if (previous === undefined) return null;
  const between = text.slice(previous.end, span.start);
  if (!/^\s*$/.test(between) || /\n\s*\n/.test(between)) return null;
  return /^\s*(?:#|\||[-*+]\s)/.test(text.slice(previous.start, previous.end)) ? null : previous;
}

function isProgram(text: string): boolean {
  const lines = splitLines(text).filter((line) => line.text.trim() !== "");
  if (lines.some((line) => /^\s*(?:`{3,}|~{3,})/.test(line.text))) return false;
  const code = lines.filter((line) => CODE_SIGNS.test(line.text) || COMMENT.test(line.text)).length;
  return lines.length > 0 && code / lines.length > 0.5;
}

/** Whether a part of a program is the middle of a long comment, whose marks stand in other parts. */
function isProse(text: string): boolean {
  const lines = splitLines(text).filter((line) => line.text.trim() !== "");
  const prose = lines.filter(
    (line) =>
      !/[{};=]\s*$/.test(line.text) &&
      (line.text.match(/(?<!\S)[("'`]?\p{L}{1,30}[)"'`]?[,.:;]?(?!\S)/gu)?.length ?? 0) >= 4,
  );
  return findCommentWords(lines).every((words) => words === null) && prose.length > lines.length * 0.6;
}

function kindOfUnit(line: string, isCode: boolean): QuotableUnit["kind"] | null {
  if (/^\s{0,3}#{1,6}\s/.test(line) && !isCode) return null;
  // A comment's tags say what a parameter is, not what anything does.
  if (/^[\s*/#]*[@:][a-z]+\b/i.test(line)) return null;
  if (/^[\s|:=-]+$/.test(line)) return null;
  // A directive of a site's generator, or a component's tag, says nothing by itself.
  if (isDirective(line)) return null;
  if (/^<!--[^]*-->$/.test(line) || /^\s*(?:`{3}|~{3})/.test(line)) return null;
  const count = splitWords(line).length;
  if (LIST_ITEM.test(line)) return count < 2 ? null : "item";
  if (CODE_SIGNS.test(line) && !/[.!?]$|`/.test(line)) return isTellingCode(line) ? "code" : null;
  const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(line);
  if (!unspaced && count < 4) return isValue(line) ? "label" : null;
  if (isMostlySigns(line)) return null;
  if (isCode) {
    // Of a comment, what is a sentence; not its tags, nor what goes on from a line of code.
    if (/^\p{Ll}/u.test(line) && (count < WHOLE_SENTENCE || !/[.!?]$/.test(line))) return null;
  }
  return /[.!?:…。！？：]["'”’)\]*_`]*$/.test(line) ? "sentence" : unspaced || !isCode ? "label" : null;
}

/** A template's tag, an element alone in its line, or a directive of reStructuredText or MyST. */
function isDirective(line: string): boolean {
  const text = line.trim();
  if (text.length > 400) return false;
  return (
    (text.startsWith("{{") && text.endsWith("}}")) ||
    (text.startsWith("{%") && text.endsWith("%}")) ||
    (/^<\/?[A-Za-z][\w.-]*[\s/>]/.test(text) && text.endsWith(">") && !text.slice(0, -1).includes(">")) ||
    /^\.\. [\w:-]{1,60}::/.test(text) ||
    /^:{3,}/.test(text)
  );
}

/** Program text that was not marked as such: signs where prose has words. */
function isMostlySigns(line: string): boolean {
  const prose = replaceBetween(line.replace(/`[^`]*`/g, ""), "](", ")", "");
  const signs = prose.match(/[={}[\]<>\\|_]/g)?.length ?? 0;
  return signs > 4 && signs / prose.length > 0.015;
}

/** A value alone in its line, which its heading explains: an address, a size, a date. */
function isValue(line: string): boolean {
  return /\d/.test(line) && /^\S{4,60}(?: \S{1,20})?$/.test(line.trim());
}

/** A line of code that says something by itself: a call, a definition, a command. */
function isTellingCode(line: string): boolean {
  const text = line.trim();
  return text.length <= 160 && splitWords(text).length >= 2 && !text.startsWith("}");
}

function introduces(line: string): boolean {
  return /[:：]["'”’)\]*_`]*$/.test(line) && !/^\s*[|#]/.test(line);
}

/** Where the list that follows an introduction ends; the introduction's own end if there is none or it is long. */
function introducedEnd(text: string, spans: Span[], at: number): number {
  const own = spans[at]?.end ?? 0;
  let end = own;
  for (const span of spans.slice(at + 1)) {
    const line = text.slice(span.start, span.end);
    const goesOn = end > own && GOES_ON.test(text.slice(end, span.start));
    if (!LIST_ITEM.test(line) && !goesOn) return end;
    // Half a list would mislead: it goes whole or not at all.
    if (span.end - (spans[at]?.start ?? 0) > MAX_LIST_LENGTH) return own;
    end = span.end;
  }
  return end;
}

const LICENCE =
  /\b(?:SPDX-License|all rights reserved|permission is hereby granted|without warranty|warranties or conditions|licensed under the|copyright \(c\)|©\s*\d{4})/i;

function isBoilerplate(line: string, isEntry: boolean): boolean {
  if (LICENCE.test(line) || line.includes("[![") || /^\s*@?(?:eslint|prettier|ts)-/.test(line)) return true;
  // Mostly links: a table of contents, a list of further reading, a navigation bar.
  const links = findLabelledLinks(line);
  const linked = links.reduce(
    (sum, { start, label }) => sum + label.length + (line.charAt(start) === "!" ? 2 : 1),
    0,
  );
  const rest = replaceRanges(line, links, () => "").replace(/[^\p{L}\p{N}]+/gu, "").length;
  if (links.length > 0 && linked > rest * 2) return true;
  // Words run together ("VersionsRate limits"), as navigation does when its tags are taken away. Sentences and entries
  // have names that are written so.
  if (isEntry || /[.!?]$/.test(line)) return false;
  const joints = line.replace(/`[^`]*`/g, "").match(/\p{Ll}{3}\p{Lu}\p{Ll}{2}/gu)?.length ?? 0;
  return joints >= 3 || (joints >= 1 && splitWords(line).length < 12);
}
