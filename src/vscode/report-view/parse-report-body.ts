import { splitReportLines, type ParsedReport, type ParsedSentence } from "../../core/report/parse-report.js";
import { parseGoogleLinks } from "../../core/report/google-answers.js";
import { parseQuoteBlock } from "../../core/report/quote-block.js";
import { findFencedLines, maskInline, splitInlineCode } from "../../core/text/markdown-mask.js";
import { replaceRanges } from "../../core/text/linear-search.js";
import { sentenceFromMarkdown } from "../../core/text/markdown-escape.js";
import type { TextPiece } from "./page-messages.js";

/*
 * The text of a report as blocks. The Markdown of a report is a fixed, small form, and every other Markdown or HTML is
 * plain text here: what the view shows is what the check reads. Does not depend on VS Code.
 */

/** A stretch of text with its sentence; null for text that cites nothing. */
export interface TextUnit {
  pieces: TextPiece[];
  sentence: ParsedSentence | null;
}

export type ReportBlock =
  | { kind: "heading"; level: 2 | 3; text: string }
  | { kind: "paragraph"; isItem: boolean; units: TextUnit[] }
  | { kind: "code"; language: string; text: string; sentence: ParsedSentence | null }
  | { kind: "quote"; text: string; sentence: ParsedSentence | null }
  | { kind: "list"; lead: TextPiece[]; items: ListItem[]; sentence: ParsedSentence | null }
  | { kind: "links"; name: string; links: { title: string; url: string }[] }
  | {
      kind: "table";
      head: TextPiece[][];
      rows: { cells: TextPiece[][]; sentence: ParsedSentence | null }[];
      /** The citations of a quoted table; those of a comparison stand in its rows. */
      sentence: ParsedSentence | null;
    };

/** An item of a quoted list. */
interface ListItem {
  /** How many items it stands in. */
  depth: number;
  /** "1." or "a)" of a numbered item; empty for others. */
  number: string;
  pieces: TextPiece[];
}

/** The text of a report between its title and its sources. */
interface ReportBody {
  question: string;
  /** The notes below the question, such as that the report is partial. */
  notes: string[];
  blocks: ReportBlock[];
}

/** The question block, in which each line is "> **Name.** text". */
const QUESTION = "> **Question.** ";
const TABLE_RULE = /^\|[\s:|-]+$/;
const LIST_ITEM = /^(?:[-*+]|\d{1,9}[.)]) /;

/** Splits the text of a report into blocks, in order. */
export function parseReportBody(markdown: string, read: ParsedReport): ReportBody {
  const lines = splitReportLines(markdown);
  const first = read.lines.title ?? read.lines.body - 1;
  const last = read.lines.sources - 1;
  const { isFenced } = findFencedLines(lines, first);
  const sentences = groupByLine(read);
  const quoted = new Map(
    read.sentences.flatMap(({ block }) => (block === null ? [] : [[block.line, block]])),
  );
  const body: ReportBody = { question: "", notes: [], blocks: [] };
  const endOf = (at: number, isPart: (line: number) => boolean): number => {
    let end = at + 1;
    while (end < last && isPart(end)) end++;
    return end;
  };
  for (let at = first; at < last;) {
    const line = lines[at] ?? "";
    if (isFenced[at] === true) {
      const end = fenceEnd(lines, isFenced, at, last);
      body.blocks.push(codeBlock(lines.slice(at, end)));
      at = end;
    } else if (line.startsWith(">")) {
      const end = endOf(at, (each) => (lines[each] ?? "").startsWith(">") && isFenced[each] !== true);
      const shown = lines.slice(at, end);
      if (line.startsWith(QUESTION) && body.question === "" && body.blocks.length === 0)
        readQuestion(body, shown);
      else body.blocks.push(quoteBlock(shown));
      at = end;
    } else if (line.startsWith("|")) {
      const end = endOf(at, (each) => (lines[each] ?? "").startsWith("|"));
      body.blocks.push(tableBlock(lines.slice(at, end), at, sentences));
      at = end;
    } else if (quoted.has(at + 1)) {
      const end = Math.min(last, Math.max(at + 1, quoted.get(at + 1)?.endLine ?? 0));
      body.blocks.push(listBlock(lines.slice(at, end)));
      at = end;
    } else {
      const links = isByGoogle(at, read) ? parseGoogleLinks(line) : null;
      if (links !== null) body.blocks.push({ kind: "links", ...links });
      else addLine(body.blocks, line, lines[at - 1] ?? "", sentences.get(at + 1) ?? []);
      at++;
    }
  }
  return body;
}

function isByGoogle(at: number, { google }: ParsedReport): boolean {
  return google !== null && at + 1 >= google.line && at + 1 <= google.endLine;
}

function groupByLine({ sentences }: ParsedReport): Map<number, ParsedSentence[]> {
  const byLine = new Map<number, ParsedSentence[]>();
  for (const sentence of sentences) {
    const there = byLine.get(sentence.line);
    if (there === undefined) byLine.set(sentence.line, [sentence]);
    else there.push(sentence);
  }
  return byLine;
}

/** The line after a fenced block: two blocks may follow each other. */
function fenceEnd(lines: string[], isFenced: boolean[], at: number, last: number): number {
  const [fence = "```"] = /^(?:`{3,}|~{3,})/.exec(lines[at] ?? "") ?? [];
  let end = at + 1;
  while (end < last && isFenced[end] === true) {
    const line = (lines[end++] ?? "").trim();
    if (line.startsWith(fence) && line.replaceAll(fence.charAt(0), "") === "") break;
  }
  return end;
}

function codeBlock(shown: string[]): ReportBlock {
  const read = parseQuoteBlock(shown);
  const text = read?.text ?? shown.slice(1, -1).join("\n");
  return { kind: "code", language: read?.language ?? "", text, sentence: null };
}

/** A block quote; reports of earlier versions have lists and tables in it. */
function quoteBlock(shown: string[]): ReportBlock {
  const inner = shown.map((line) => line.replace(/^> ?/, ""));
  if (inner.length > 1 && inner.every((line) => line.startsWith("|"))) return tableBlock(inner, 0, new Map());
  if (LIST_ITEM.test(inner[0] ?? "") && inner.every((line) => line.trim() !== "")) return listBlock(inner);
  const read = parseQuoteBlock(shown);
  return { kind: "quote", text: read?.text ?? inner.map(sentenceFromMarkdown).join("\n"), sentence: null };
}

/** A quoted list, with the text that leads to it. A line without a marker continues its item. */
function listBlock(shown: string[]): ReportBlock {
  const lead: string[] = [];
  const items: { depth: number; number: string; text: string }[] = [];
  /** The columns at which the markers of the open items stand. */
  const columns: number[] = [];
  for (const line of shown) {
    const bare = line.trimStart();
    const marker = LIST_ITEM.exec(bare)?.[0].trim() ?? "";
    const item = items.at(-1);
    if (marker === "") {
      if (item === undefined) lead.push(bare);
      else item.text += ` ${bare}`;
      continue;
    }
    const column = line.length - bare.length;
    while (columns.length > 0 && (columns.at(-1) ?? 0) >= column) columns.pop();
    const number = /^\d/.test(marker) ? marker : "";
    items.push({ depth: columns.length, number, text: bare.slice(marker.length + 1) });
    columns.push(column);
  }
  return {
    kind: "list",
    lead: readPieces(lead.join(" ")),
    items: items.map(({ depth, number, text }) => ({ depth, number, pieces: readPieces(text) })),
    sentence: null,
  };
}

function readQuestion(body: ReportBody, shown: string[]): void {
  for (const line of shown) {
    const text = line.replace(/^> ?/, "");
    const [, name = "", rest = text] = /^\*\*([^*]{1,80})\.\*\* (.*)$/.exec(text) ?? [];
    if (text.trim() === "") continue;
    if (name === "Question" && body.question === "") body.question = plainText(rest);
    else body.notes.push(name === "" ? plainText(rest) : `${name}. ${plainText(rest)}`);
  }
}

/** Adds a line of text: a heading, a list item, a part of a paragraph, or the citations of the block above. */
function addLine(blocks: ReportBlock[], line: string, before: string, sentences: ParsedSentence[]): void {
  const trimmed = line.trim();
  if (trimmed === "") return;
  const [, marks, heading] = /^(#{1,6}) (.*)$/.exec(line) ?? [];
  if (marks !== undefined && heading !== undefined) {
    blocks.push({ kind: "heading", level: marks.length <= 2 ? 2 : 3, text: plainText(heading.trim()) });
    return;
  }
  const [only] = sentences;
  const last = blocks.at(-1);
  const isOfBlock = only !== undefined && only.block !== null;
  if (isOfBlock && last !== undefined && "sentence" in last && last.sentence === null) {
    last.sentence = only;
    return;
  }
  const units = splitLine(line, sentences);
  const isItem = LIST_ITEM.test(trimmed);
  const goesOn = !isItem && before.trim() !== "" && last?.kind === "paragraph";
  if (goesOn) last.units.push(...units);
  else blocks.push({ kind: "paragraph", isItem, units });
}

/** The sentences of a line, and what stands behind the last one. */
function splitLine(line: string, sentences: ParsedSentence[]): TextUnit[] {
  const units: TextUnit[] = [];
  let at = /^\s*(?:(?:[-*+]|\d{1,9}[.)]) )?/.exec(line)?.[0].length ?? 0;
  for (const [index, sentence] of sentences.entries()) {
    units.push({ pieces: readPieces(line.slice(Math.max(at, sentence.start), sentence.end)), sentence });
    const { mark } = sentence;
    const next = sentences[index + 1]?.start ?? Infinity;
    // A sentence without a mark of its own has that of its line's end.
    const markEnd = mark !== null && mark.start >= sentence.end && mark.end <= next ? mark.end : 0;
    at = Math.max(sentence.citations.at(-1)?.end ?? sentence.end, markEnd);
  }
  const rest = line.slice(at).trim();
  if (rest !== "") units.push({ pieces: readPieces(rest), sentence: null });
  return units;
}

function tableBlock(shown: string[], at: number, sentences: Map<number, ParsedSentence[]>): ReportBlock {
  const hasHead = TABLE_RULE.test(shown[1] ?? "");
  const rows = shown.flatMap((line, index) => {
    if (hasHead && index < 2) return [];
    const sentence = sentences.get(at + index + 1)?.[0] ?? null;
    return [{ cells: readCells(line, sentence), sentence }];
  });
  return { kind: "table", head: hasHead ? readCells(shown[0] ?? "", null) : [], rows, sentence: null };
}

/** The cells of a row, without its citations and its mark. */
function readCells(line: string, sentence: ParsedSentence | null): TextPiece[][] {
  const hidden = sentence === null ? [] : [...sentence.citations, ...(sentence.mark ? [sentence.mark] : [])];
  const text = replaceRanges(
    line,
    hidden.toSorted((a, b) => a.start - b.start),
    () => "",
  );
  const { text: masked } = maskInline(text);
  const bars = [...masked.matchAll(/\|/g)].map(({ index }) => index);
  const ends = masked.trimEnd().endsWith("|") ? bars.slice(1) : [...bars.slice(1), text.length];
  return ends.map((end, index) => readPieces(text.slice((bars[index] ?? 0) + 1, end).trim()));
}

function plainText(markdown: string): string {
  return sentenceFromMarkdown(markdown).trim();
}

/** Prose and the code within it. */
function readPieces(markdown: string): TextPiece[] {
  return splitInlineCode(markdown.trimEnd()).map(({ text, isCode }) =>
    isCode ? { text: codeText(text), isCode } : { text: sentenceFromMarkdown(text), isCode },
  );
}

/** The text of a code span, without its backticks. */
function codeText(span: string): string {
  const [run = "`"] = /^`+/.exec(span) ?? [];
  const inner = span.slice(run.length, -run.length);
  const isPadded = inner.startsWith(" ") && inner.endsWith(" ") && inner.trim() !== "";
  return isPadded ? inner.slice(1, -1) : inner;
}
