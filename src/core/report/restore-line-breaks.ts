import { trimEndMatching } from "../text/linear-search.js";
import { findFencedLines } from "../text/markdown-mask.js";
import { splitSentences } from "../text/sentences.js";
import { splitReportLines, type ParsedReport, type TextRange } from "./parse-report.js";

/*
 * Puts each sentence of a report on a line of its own again, after a formatter wrapped or joined its lines. Markdown shows
 * both alike, so nothing that a reader sees changes.
 */

/** What one line was made from. */
interface Piece {
  /** Column in the restored line. */
  at: number;
  /** 1-based line and column in the report as it is. */
  line: number;
  start: number;
  length: number;
}

/** A report in the lines that the product writes, with where each part of them stands in the report as it is. */
export interface RestoredReport {
  markdown: string;
  /** By restored line. */
  pieces: Piece[][];
}

/** A line with where its characters come from. */
interface Line {
  text: string;
  pieces: Piece[];
}

/** The report with its own line breaks; null if it has them. */
export function restoreLineBreaks(markdown: string): RestoredReport | null {
  const lines = splitReportLines(markdown);
  const body = lines.findIndex((line, index) => index > 0 && line.trimEnd() === "---") + 1;
  if (body === 0) return null;
  const { isFenced } = findFencedLines(lines, body);
  const sources = lines.findLastIndex(
    (line, index) => line.trimEnd() === "## Sources" && isFenced[index] !== true,
  );
  const restored: Line[] = [];
  let paragraph: Line[] = [];
  const close = (at: number): void => {
    // One by one: a call takes only so many arguments.
    for (const line of restoreParagraph(paragraph, at > sources)) restored.push(line);
    paragraph = [];
  };
  for (const [index, text] of lines.entries()) {
    const line = { text, pieces: [{ at: 0, line: index + 1, start: 0, length: text.length }] };
    if (index >= body && isFenced[index] !== true && text.trim() !== "") {
      paragraph.push(line);
      continue;
    }
    close(index);
    restored.push(line);
  }
  close(lines.length);
  const text = restored.map((line) => line.text).join("\n");
  return text === lines.join("\n") ? null : { markdown: text, pieces: restored.map(({ pieces }) => pieces) };
}

const CITATION = "](#source-";
/** Lines that stand for themselves: headings, tables, code. */
const OWN_LINE = /^(?:#|\||\t| {4})/;
const HARD_BREAK = /\\$| {2}$/;
const ITEM = /^\d{1,6}\. /;
/** What each line below a source's heading begins with, after the first. */
const SOURCE_LINES = /^(?:\[Snapshot\]\(|Note: )/;

function restoreParagraph(lines: Line[], isInSources: boolean): Line[] {
  const [first] = lines;
  if (first === undefined) return [];
  if (isInSources) return ITEM.test(first.text) ? restoreItems(lines) : restoreSource(lines);
  if (first.text.startsWith(">")) return restoreHead(lines);
  if (/^#{1,6} /.test(first.text)) return [withoutClosingSigns(first), ...lines.slice(1)];
  if (first.text.startsWith("|")) {
    // The rows of a comparison are cited one by one; those of a quoted table are not.
    const rule = lines.some(({ text }) => text.includes(CITATION)) ? "---|" : " --- |";
    return lines.map((line) => restoreRow(line, rule)).map(restoreMarks);
  }
  if (lines.some(({ text }) => OWN_LINE.test(text)) || ITEM.test(first.text) || /^[-*+] /.test(first.text))
    return lines;
  // A hard break is seen.
  if (lines.slice(0, -1).some(({ text }) => HARD_BREAK.test(text))) return lines;
  const sentences = splitLine(restoreMarks(joinLines(lines)), endsOfSentences);
  // What cites nothing may be anything, and stays where it stands.
  return sentences.every(({ text }) => isOneCitedSentence(text)) ? sentences : lines;
}

/** Whether a line is one sentence with its citations. A sentence before it would have none. */
function isOneCitedSentence(line: string): boolean {
  const at = line.indexOf(" [[");
  return at >= 0 && line.includes(CITATION) && splitSentences(line.slice(0, at)).length === 1;
}

/** Marks with asterisks, for which a formatter writes underscores. */
function restoreMarks({ text, pieces }: Line): Line {
  if (!text.includes("_(")) return { text, pieces };
  const marked = text
    .replace(/(?<= )_(?=\((?:qualified|contradicted|not checked|unsupported))/g, "*")
    .replace(/(?<=\))_(?=$| )/g, "*");
  return { text: marked, pieces };
}

const DELIMITERS = /^\|(?: *:?-{3,}:? *\|)+$/;

/** A row of a table with one blank on each side of a cell. */
function restoreRow(line: Line, rule: string): Line {
  const text = line.text.trimEnd();
  const bars = [...text.matchAll(/(?<!\\)\|/g)].map(({ index }) => index);
  if (DELIMITERS.test(text)) return { text: `|${rule.repeat(bars.length - 1)}`, pieces: line.pieces };
  const joint = (sign: string): Line => ({ text: sign, pieces: [] });
  const parts: Line[] = [joint("|")];
  for (let at = 1; at < bars.length; at++) {
    const from = (bars[at - 1] ?? 0) + 1;
    const cell = text.slice(from, bars[at]);
    if (/^ {1,2}$/.test(cell)) {
      // A quoted table may have one blank or two in an empty cell.
      parts.push(cut(line, from, from + cell.length), joint("|"));
      continue;
    }
    const start = from + cell.length - cell.trimStart().length;
    parts.push(joint(" "), cut(line, start, start + cell.trim().length), joint(" |"));
  }
  return joinPieces(parts);
}

/** "## Heading" for "## Heading ##". */
function withoutClosingSigns(line: Line): Line {
  const bare = trimEndMatching(line.text.trimEnd(), /#/);
  return bare.endsWith(" ") && bare.trimEnd().includes(" ") ? cut(line, 0, bare.trimEnd().length) : line;
}

/** Items with their lines indented by three blanks. A line goes on where the one before has no hard break. */
function restoreItems(lines: Line[]): Line[] {
  const items: Line[][] = [];
  for (const line of lines) {
    const item = items.at(-1);
    const last = item?.at(-1);
    if (item === undefined || last === undefined || ITEM.test(line.text)) {
      items.push([line]);
      continue;
    }
    const indent = line.text.length - line.text.trimStart().length;
    const bare = cut(line, indent, line.text.length);
    if (HARD_BREAK.test(last.text)) items.push([{ text: "   ", pieces: [] }, bare]);
    else item.push({ text: " ", pieces: [] }, bare);
  }
  return items.map(joinPieces);
}

/** The lines below a source's heading. */
function restoreSource(lines: Line[]): Line[] {
  if (lines.some(({ text }) => OWN_LINE.test(text))) return lines;
  return splitLine(joinLines(lines), (text) => {
    const found: number[] = [];
    for (let at = text.indexOf(" "); at >= 0; at = text.indexOf(" ", at + 1)) {
      const isEnd = /(?:read on \d{4}-\d{2}-\d{2}\.|SHA-256 `[0-9a-f]{64}`\.)$/.test(
        text.slice(Math.max(0, at - 80), at),
      );
      if (isEnd || SOURCE_LINES.test(text.slice(at + 1, at + 13))) found.push(at);
    }
    return found;
  });
}

/** The question and the notes, each in a line of a block quote. */
function restoreHead(lines: Line[]): Line[] {
  if (lines[0]?.text.startsWith("> **") !== true) return lines;
  const restored: Line[][] = [];
  for (const line of lines) {
    const parts = restored.at(-1);
    const isNext =
      parts === undefined ||
      (parts.length === 1 && parts[0]?.text === ">") ||
      !line.text.startsWith("> ") ||
      line.text.startsWith("> **");
    if (isNext) restored.push([line]);
    else parts.push({ text: " ", pieces: [] }, cut(line, 2, line.text.length));
  }
  return restored.map(joinPieces);
}

/** Where sentences end: at the blanks behind their citations and marks. */
function endsOfSentences(text: string): number[] {
  const found: number[] = [];
  let isCited = false;
  let isMarked = false;
  for (let from = 0; from < text.length;) {
    const blank = text.indexOf(" ", from);
    const to = blank < 0 ? text.length : blank;
    const word = text.slice(from, to);
    if (!isMarked && isCited && word.startsWith("*(")) isMarked = true;
    else if (!isMarked && isCited && !word.startsWith("[[")) found.push(from - 1);
    if (isMarked && word.endsWith(")*")) isMarked = false;
    else if (!isMarked) isCited = word.startsWith("[[") && word.includes(CITATION);
    from = to + 1;
  }
  return found;
}

function joinLines(lines: Line[]): Line {
  return joinPieces(
    lines.flatMap((line, index) => {
      const from = line.text.length - line.text.trimStart().length;
      const bare = cut(line, from, line.text.trimEnd().length);
      return index === 0 ? [bare] : [{ text: " ", pieces: [] }, bare];
    }),
  );
}

function joinPieces(lines: Line[]): Line {
  let text = "";
  const pieces: Piece[] = [];
  for (const line of lines) {
    for (const piece of line.pieces) pieces.push({ ...piece, at: piece.at + text.length });
    text += line.text;
  }
  return { text, pieces };
}

/** Splits a line at blanks, which are left out. Its pieces are looked at once: a line may have tens of thousands. */
function splitLine({ text, pieces }: Line, findEnds: (text: string) => number[]): Line[] {
  const ends = [...findEnds(text), text.length];
  let next = 0;
  return ends.map((end, index) => {
    const from = index === 0 ? 0 : (ends[index - 1] ?? 0) + 1;
    while (next < pieces.length && endOf(pieces[next]) < from) next++;
    const own: Piece[] = [];
    for (let at = next; at < pieces.length; at++) {
      const piece = pieces[at];
      if (piece === undefined || piece.at > end) break;
      own.push(piece);
    }
    return cut({ text, pieces: own }, from, end);
  });
}

function endOf(piece: Piece | undefined): number {
  return piece === undefined ? 0 : piece.at + piece.length;
}

function cut({ text, pieces }: Line, from: number, to: number): Line {
  return {
    text: text.slice(from, to),
    pieces: pieces.flatMap((piece) => {
      const start = Math.max(from, piece.at);
      const end = Math.min(to, piece.at + piece.length);
      if (start > end || (start === end && piece.length > 0)) return [];
      return [
        { at: start - from, line: piece.line, start: piece.start + start - piece.at, length: end - start },
      ];
    }),
  };
}

/** The last of the pieces, in their order, that begins at a column or before it. */
function findPiece(pieces: Piece[], column: number): Piece | undefined {
  let from = 0;
  let to = pieces.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((pieces[middle]?.at ?? 0) <= column) from = middle + 1;
    else to = middle;
  }
  return pieces[from - 1];
}

/** Moves the places of a parsed restored report to where they stand in the report as it is. */
export function placeInReport({ pieces }: RestoredReport, read: ParsedReport, others: TextRange[]): void {
  const placed = new Set<object>();
  const find = (line: number, column: number): { line: number; column: number } => {
    const all = pieces[line - 1] ?? [];
    const piece = findPiece(all, column) ?? all[0];
    if (piece === undefined) return { line, column };
    return { line: piece.line, column: piece.start + Math.min(Math.max(0, column - piece.at), piece.length) };
  };
  const place = (range: TextRange | null): void => {
    if (range === null || placed.has(range)) return;
    placed.add(range);
    const [from, to] = [find(range.line, range.start), find(range.endLine, range.end)];
    Object.assign(range, { line: from.line, start: from.column, endLine: to.line, end: to.column });
  };
  const lineOf = (line: number): number => find(line, 0).line;
  for (const sentence of read.sentences) {
    for (const citation of sentence.citations) {
      if (!placed.has(citation)) citation.labelEnd = find(citation.line, citation.labelEnd).column;
      place(citation);
    }
    place(sentence.mark);
    place(sentence.block);
    place(sentence);
  }
  for (const source of read.sources.values()) {
    place(source.snapshotAt);
    source.quotesAt.forEach(place);
    place(source);
  }
  for (const each of others) place(each);
  if (read.google !== null)
    read.google = { line: lineOf(read.google.line), endLine: lineOf(read.google.endLine) };
  const { title, sources, body } = read.lines;
  read.lines = { title: title === null ? null : lineOf(title), sources: lineOf(sources), body: lineOf(body) };
}
