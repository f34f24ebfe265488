import { splitLines, splitSentences, type Span } from "../../core/text/sentences.js";
import { splitWords } from "../../core/text/tokenize.js";
import { findLabelledLinks, replaceBetween, replaceRanges } from "../../core/text/linear-search.js";

/** A stretch of a passage that can stand as a quote. */
export interface QuotableUnit extends Span {
  /** Index of its passage; start and end count from that passage's start. */
  passage: number;
  heading: string;
  quote: string;
  kind: "sentence" | "item" | "row" | "code" | "label";
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

/** The sentences, list items, rows and lines of a passage, with introductions joined to what they introduce. */
export function splitQuotableUnits(
  { heading, text }: { heading: string; text: string },
  passage: number,
  format: "markdown" | "code" | "text",
): QuotableUnit[] {
  const isCode = format === "code" || isProgram(text);
  const spans = splitSentences(text, isCode ? "code" : "markdown");
  const fences = fencesIn(text);
  const inFence = (span: Span): boolean =>
    fences.some(({ start, end }) => span.start >= start && span.end <= end);
  const units: QuotableUnit[] = [];
  spans.forEach((span, n) => {
    const line = text.slice(span.start, span.end);
    const kind = kindOfUnit(line, isCode, inFence(span));
    // The head of a table names its columns and says nothing.
    if (kind === null || (kind === "row" && /^\s*\|[\s|:-]+\|\s*$/.test(nextLine(text, span.end)))) return;
    const end = introduces(line) ? introducedEnd(text, spans, n) : span.end;
    const previous = spans[n - 1];
    const isBeside =
      previous !== undefined &&
      /^\s*$/.test(text.slice(previous.end, span.start)) &&
      !/\n\s*\n/.test(text.slice(previous.end, span.start));
    units.push({
      start: span.start,
      end,
      passage,
      heading,
      quote: text.slice(span.start, end),
      // An introduction that its list does not follow says half of something.
      kind: introduces(line) && end === span.end ? "label" : kind,
      isFirst: passage === 0 && units.length === 0,
      before:
        isBeside && !/^\s*(?:#|\||[-*+]\s)/.test(text.slice(previous.start, previous.end)) ? previous : null,
      isBoilerplate: isBoilerplate(line),
    });
  });
  // What an introduction has taken with it is not quoted a second time.
  return units.filter(
    (unit) => !units.some((other) => other !== unit && other.start < unit.start && other.end >= unit.end),
  );
}

const FENCE = /^\s*(`{3,}|~{3,})/;

/** The fenced blocks of a text: a line of marks, and the next line of nothing but as many, or fewer, of them. */
function fencesIn(text: string): Span[] {
  const lines = splitLines(text);
  const found: Span[] = [];
  for (let first = 0; first < lines.length; first++) {
    const mark = FENCE.exec(lines[first]?.text ?? "")?.[1];
    if (mark === undefined) continue;
    let last = first;
    let most = 2;
    for (let at = first + 1; at < lines.length && most < mark.length; at++) {
      const closing = lines[at]?.text.trim() ?? "";
      if (closing.length <= most || !mark.startsWith(closing)) continue;
      last = at;
      most = closing.length;
    }
    if (last === first) continue;
    found.push({ start: lines[first]?.start ?? 0, end: lines[last]?.end ?? text.length });
    first = last;
  }
  return found;
}

function nextLine(text: string, from: number): string {
  const start = text.indexOf("\n", from) + 1;
  if (start === 0) return "";
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? text.length : end);
}

function isProgram(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.some((line) => FENCE.test(line))) return false;
  const code = lines.filter((line) => CODE_SIGNS.test(line) || COMMENT.test(line)).length;
  return lines.length > 0 && code / lines.length > 0.5;
}

function kindOfUnit(line: string, isCode: boolean, fenced: boolean): QuotableUnit["kind"] | null {
  if (/^\s{0,3}#{1,6}\s/.test(line) && !isCode && !fenced) return null;
  // A comment's tags say what a parameter is, not what anything does.
  if (/^[\s*/#]*@[a-z]+\b/i.test(line)) return null;
  if (/^\s*\|/.test(line)) return /^[\s|:=-]+$/.test(line) ? null : "row";
  if (fenced || (isCode && !COMMENT.test(line))) return isTellingCode(line) ? "code" : null;
  if (/^<!--[^]*-->$/.test(line) || /^\s*(?:`{3}|~{3})/.test(line)) return null;
  const count = splitWords(line).length;
  if (/^\s*(?:[-*+•]|\d{1,3}[.)])\s/.test(line)) return count < 3 ? null : "item";
  if (CODE_SIGNS.test(line) && !/[.!?]$/.test(line)) return isTellingCode(line) ? "code" : null;
  const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(line);
  if (!unspaced && count < 4) return null;
  if (isMostlySigns(line)) return null;
  if (isCode) {
    // Of a comment, what is a sentence; not its tags, nor what goes on from a line of code.
    const said = line.replace(COMMENT, "").replace(/^[\s*/#-]+/, "");
    if (/^@\w/.test(said)) return null;
    if (/^\p{Ll}/u.test(said)) return null;
  }
  return /[.!?:…。！？]["'”’)\]*_`]*$/.test(line) ? "sentence" : unspaced || !isCode ? "label" : null;
}

/** Program text that was not marked as such: signs where prose has words. */
function isMostlySigns(line: string): boolean {
  const prose = replaceBetween(line.replace(/`[^`]*`/g, ""), "](", ")", "");
  const signs = prose.match(/[={}[\]<>\\|_]/g)?.length ?? 0;
  return signs > 4 && signs / prose.length > 0.015;
}

/** A line of code that says something by itself: a call, a definition, a command. */
function isTellingCode(line: string): boolean {
  const text = line.trim();
  if (text.length > 160 || splitWords(text).length < 2 || /^["'[{<]/.test(text)) return false;
  return !/^(?:import\b|#include|from\s+\S+\s+import\b|const\s[\w\s,{}]+=\s*require\(|use\s|package\s|using\s|return\b|\}|\/\/\s*eslint)/.test(
    text,
  );
}

function introduces(line: string): boolean {
  return /:["'”’)\]*_`]*$/.test(line) && !/^\s*[|#]/.test(line);
}

/** Where the list that follows an introduction ends; the introduction's own end if there is none or it is long. */
function introducedEnd(text: string, spans: Span[], at: number): number {
  const own = spans[at]?.end ?? 0;
  let end = own;
  for (const span of spans.slice(at + 1)) {
    const line = text.slice(span.start, span.end);
    if (!/^\s*(?:[-*+•]|\d{1,3}[.)])\s/.test(line) || span.end - (spans[at]?.start ?? 0) > 480) {
      // Half a list would mislead: it goes whole or not at all.
      return /^\s*(?:[-*+•]|\d{1,3}[.)])\s/.test(line) ? own : end;
    }
    end = span.end;
  }
  return end;
}

const LICENCE =
  /\b(?:SPDX-License|all rights reserved|permission is hereby granted|without warranty|warranties or conditions|licensed under the|copyright \(c\)|©\s*\d{4})/i;

function isBoilerplate(line: string): boolean {
  if (LICENCE.test(line) || line.includes("[![") || /^\s*@?(?:eslint|prettier|ts)-/.test(line)) return true;
  // Mostly links: a table of contents, a list of further reading, a navigation bar.
  const links = findLabelledLinks(line);
  const linked = links.reduce(
    (sum, { start, label }) => sum + label.length + (line.charAt(start) === "!" ? 2 : 1),
    0,
  );
  const rest = replaceRanges(line, links, () => "").replace(/[^\p{L}\p{N}]+/gu, "").length;
  if (links.length > 0 && linked > rest * 2) return true;
  // Words run together ("VersionsRate limits"), as navigation does when its tags are taken away.
  const joints = line.replace(/`[^`]*`/g, "").match(/\p{Ll}{3}\p{Lu}\p{Ll}{2}/gu)?.length ?? 0;
  if (joints >= 3) return true;
  return joints >= 1 && splitWords(line).length < 12 && !/[.!?]$/.test(line);
}
