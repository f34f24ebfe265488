import type { ReportProblem } from "./findings.js";
import { hasHiddenCharacters } from "../../common/invisible-characters.js";
import { findFencedLines, splitInlineCode, maskInline } from "../text/markdown-mask.js";
import {
  escapeInline,
  inlineToMarkdown,
  quoteFromMarkdown,
  quoteToMarkdown,
  sentenceFromMarkdown,
  sentenceToMarkdown,
} from "../text/markdown-escape.js";
import { parseAuthority } from "./authority-line.js";
import { parseScalar, type ParsedReport, type ParsedSource, type TextRange } from "./parse-report.js";
import { headingKey, formatYamlScalar } from "./render-report.js";

/*
 * Checks that a report shows what is checked. Every line that cites, is cited or names a source must be exactly as
 * code writes it: parsing and rendering it gives the same line. Other lines are free, but may not hide or forge
 * anything: no HTML, no invisible characters, no second list of sources.
 */

/** A deviation by which a report may show something other than what is checked. */
export type FormProblem = ReportProblem & { at: TextRange };

export interface ReportLink {
  /** The start of it where it is longer than any link that we write. */
  target: string;
  isTooLong: boolean;
  at: TextRange;
}

/** Characters of a link's target. A line can hold thousands of links that never end: each is read up to here. */
const MAX_TARGET = 4000;
const SHOWN_TARGET = 200;

/** Front matter fields that we write. */
const FIELDS = new Set(["title", "date", "engine", "depth", "session", "environment", "status", "checked"]);
const TAG = /<[a-z/!?]/i;
/** The start of an unescaped link within the report. */
const LINK_WITHIN = /(?<!\\)(?:\\\\)*\]\(#/g;
const ENTITY = /&(?:#\d{1,9}|#x[0-9a-f]{1,8}|[a-z][a-z0-9]{1,31});/i;

/** @param lines of the report, from `splitReportLines` */
export function findFormProblems(lines: string[], report: ParsedReport): FormProblem[] {
  const found: FormProblem[] = [];
  const { body, sources } = report.lines;
  const fences = findFencedLines(lines, body - 1);
  const isFenced = (index: number): boolean => fences.isFenced[index] === true;
  const add = (kind: ReportProblem["kind"], index: number, ...says: string[]): void => {
    found.push({ kind, says, at: wholeLine(lines, index) });
  };
  const cited = new Map<number, number[]>();
  for (const { line, labelEnd } of report.citations) {
    const ends = cited.get(line);
    if (ends === undefined) cited.set(line, [labelEnd]);
    else ends.push(labelEnd);
  }
  const forms = new Set<number>();
  const addForm = (index: number): void => {
    if (!forms.has(index)) add("form", index);
    forms.add(index);
  };

  const blocks = report.sentences.flatMap(({ block }) => block ?? []);
  const isQuoted = (index: number): boolean =>
    index >= sources ||
    blocks.some(({ line, endLine, isCanonical }) => isCanonical && line <= index + 1 && index < endLine);
  for (const { line, isCanonical } of blocks) if (!isCanonical) addForm(line - 1);
  for (const [index, line] of lines.entries()) {
    if (hasHiddenCharacters(line)) add("invisible", index);
    // Markdown treats a lone carriage return as a line end; our parser does not.
    if (line.includes("\r")) addForm(index);
  }
  for (const index of oddFields(lines, body - 1)) addForm(index);
  const quoted = new Set(
    [...report.sources.values()].flatMap(({ quotes }) => quotes.flatMap(disguisedWords)),
  );
  const title = report.lines.title === null ? null : report.lines.title - 1;
  if (title !== null && !isTitleOf(lines[title] ?? "", report)) addForm(title);
  if (!fences.isClosed) addForm(fences.isFenced.lastIndexOf(true));

  for (let index = body - 1; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (isFenced(index) || line.trim() === "") continue;
    const { text, isClosed } = maskInline(line);
    if (TAG.test(text)) add("html", index);
    const isOdd = !isClosed || hasLinkDefinition(text) || opensInnerFence(line);
    const isShown = index < sources - 1;
    if (isShown && (hasImage(text) || hasDisguisedWord(line, quoted))) addForm(index);
    if (isOdd || (ENTITY.test(text) && !isQuoted(index))) addForm(index);
    if (hasOddCitation(line, text, cited.get(index + 1) ?? [])) addForm(index);
    const heading = index === sources - 1 ? null : headingTextAt(lines, index);
    const isTitle = index === (report.lines.title ?? 0) - 1;
    if (heading === null || isTitle) continue;
    if (looksLikeSourceHeading(heading, line, index >= sources))
      add("second-sources", index, heading.trim().slice(0, 80));
  }
  for (const index of oddSentences(lines, report, isFenced)) addForm(index);
  for (const index of oddSources(lines, report)) addForm(index);
  return found;
}

/** Finds the links outside code, except those within the report. */
export function findReportLinks(lines: string[], report: ParsedReport): ReportLink[] {
  const { isFenced } = findFencedLines(lines, report.lines.body - 1);
  const found: ReportLink[] = [];
  for (let index = report.lines.body - 1; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (isFenced[index] === true || !line.includes("](")) continue;
    const { text: masked } = maskInline(line);
    let end = 0;
    for (let at = masked.indexOf("]("); at >= 0; at = masked.indexOf("](", at + 2)) {
      const start = at + 2;
      end = Math.max(end, start);
      while (end < line.length && !/[\s)]/.test(masked.charAt(end))) end++;
      const isTooLong = end - start > MAX_TARGET;
      const shown = line.slice(start, isTooLong ? start + SHOWN_TARGET : end);
      const target = quoteFromMarkdown(shown).replace(/^<|>$/g, "");
      if (target.startsWith("#")) continue;
      found.push({ target, isTooLong, at: { line: index + 1, start, endLine: index + 1, end } });
    }
  }
  return found;
}

/** The first line below a source's heading: its links, the line or page numbers shown, commit and date. */
export interface SourceLine {
  title: string;
  links: { words: string; target: string }[];
  commit: string | null;
  readOn: string;
}

/** Parses the first line below a source's heading. @returns null if it is not as code writes it */
export function parseSourceLine(line: string): SourceLine | null {
  const { text: masked } = maskInline(line);
  const first = parseLinkAt(line, masked, 0);
  if (first === null || !isLinkText(first.text)) return null;
  const links = [{ words: "", target: first.target }];
  let at = first.end;
  const [counted, what, from, to] =
    /^, (lines?|pages?) (\d{1,9})(?: to (\d{1,9}))?/.exec(line.slice(at, at + 40)) ?? [];
  if (counted !== undefined) {
    const words = to === undefined ? (from ?? "") : `${from ?? ""} to ${to}`;
    links[0] = { words, target: first.target };
    at += counted.length;
    for (let joint = " and "; line.startsWith(joint, at); joint = ", ") {
      const next = parseLinkAt(line, masked, at + joint.length);
      if (next === null) break;
      links.push({ words: next.text, target: next.target });
      at = next.end;
    }
    if (what?.endsWith("s") === (to === undefined)) return null;
    if (!links.every((each) => matchesAnchor(each, what?.startsWith("page") === true))) return null;
  }
  const [, commit, readOn] =
    /^(?: at `([0-9a-f]{7})`)?, read on (\d{4}-\d{2}-\d{2})\.$/.exec(line.slice(at)) ?? [];
  if (readOn === undefined) return null;
  return { title: quoteFromMarkdown(first.text), links, commit: commit ?? null, readOn };
}

function isLinkText(text: string): boolean {
  return escapeInline(quoteFromMarkdown(text)) === text;
}

/** Whether the displayed line or page numbers match the link's anchor. */
function matchesAnchor({ words, target }: { words: string; target: string }, isPage: boolean): boolean {
  const [, from = "", to] = /^(\d{1,9})(?: to (\d{1,9}))?$/.exec(words) ?? [];
  const anchor = isPage ? `#page=${from}` : to === undefined ? `#L${from}` : `#L${from}-L${to}`;
  return from !== "" && target.endsWith(anchor);
}

function parseLinkAt(
  line: string,
  masked: string,
  at: number,
): { text: string; target: string; end: number } | null {
  if (masked.charAt(at) !== "[") return null;
  const close = masked.indexOf("](", at);
  const end = close < 0 ? -1 : masked.indexOf(")", close);
  if (end < 0 || /[[\]]/.test(masked.slice(at + 1, close))) return null;
  const target = line.slice(close + 2, end);
  return /^[^\s()<>\\"'`[\]{}|^]+$/.test(target)
    ? { text: line.slice(at + 1, close), target, end: end + 1 }
    : null;
}

function wholeLine(lines: string[], index: number): TextRange {
  return { line: index + 1, start: 0, endLine: index + 1, end: (lines[index] ?? "").trimEnd().length };
}

/** Whether a line links to a source other than by a parsed citation, or has a link target on the next line. */
function hasOddCitation(line: string, masked: string, labelEnds: number[]): boolean {
  const known = new Set(labelEnds.map((end) => end - 1));
  for (let at = masked.indexOf("]("); at >= 0; at = masked.indexOf("](", at + 2)) {
    if (known.has(at)) continue;
    const target = line.slice(at + 2, at + 42).trimStart();
    if (target === "" || /^<?(?:#|%23)(?:source|.{0,12}[%\\&])/i.test(target)) return true;
  }
  // A viewer that turns "http://`" into a link sees no code span behind it.
  if (!line.includes("://") || !line.includes("`")) return false;
  return (line.match(LINK_WITHIN)?.length ?? 0) > (masked.match(LINK_WITHIN)?.length ?? 0);
}

/** Images are never written: they show what nobody checks. */
function hasImage(masked: string): boolean {
  return /(?<!\\)!\[/.test(masked);
}

/** Two letters in a row, one of them of another alphabet, many of which look alike. */
const DISGUISED =
  /\p{Script=Latin}[\p{Script=Cyrillic}ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]|[\p{Script=Cyrillic}ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]\p{Script=Latin}/u;

function disguisedWords(text: string): string[] {
  if (!DISGUISED.test(text)) return [];
  return (text.match(/\p{L}+/gu) ?? []).filter((word) => DISGUISED.test(word));
}

/** Whether a line has a word of two alphabets that no quote has. */
function hasDisguisedWord(line: string, quoted: ReadonlySet<string>): boolean {
  return disguisedWords(line).some((word) => !quoted.has(word));
}

/** Whether the heading says the title of the front matter. */
function isTitleOf(line: string, { fields }: ParsedReport): boolean {
  const title = fields.get("title");
  return title === undefined || headingKey(line.replace(/^# /, "")) === headingKey(title);
}

/** Link definitions and footnotes hide text or show it somewhere else. */
function hasLinkDefinition(masked: string): boolean {
  return masked.includes("]:") || masked.includes("[^");
}

/** Whether a line opens a code fence inside a list or block quote. */
function opensInnerFence(line: string): boolean {
  const inner = withoutContainers(line);
  return inner.length < line.length && /^(?:`{3}|~{3})/.test(inner);
}

/** Strips the leading markers of block quotes and lists. */
function withoutContainers(line: string): string {
  let at = 0;
  for (;;) {
    const rest = line.slice(at, at + 12);
    // Of white space, Markdown knows blanks and tabs alone.
    const [sign = ""] = /^(?:[ \t>]|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))/.exec(rest) ?? [];
    if (sign === "") return line.slice(at);
    at += sign.length;
  }
}

/** The text of an ATX or setext heading; null if the line is not a heading. */
function headingTextAt(lines: string[], index: number): string | null {
  const line = withoutContainers(lines[index] ?? "");
  const [signs] = /^#{1,6}(?=\s|$)/.exec(line) ?? [];
  if (signs !== undefined) return plainHeading(line.slice(signs.length));
  const under = withoutContainers(lines[index + 1] ?? "").trimEnd();
  return under !== "" && /^(?:=+|-+)$/.test(under) ? plainHeading(line) : null;
}

function plainHeading(text: string): string {
  const named: Record<string, string> = { amp: "&", nbsp: " ", shy: "", zwnj: "", zwj: "", colon: ":" };
  return sentenceFromMarkdown(text)
    .replace(/&#x([0-9a-f]{1,6});/gi, (whole, code: string) => fromCodePoint(parseInt(code, 16)) ?? whole)
    .replace(/&([a-z]{2,8});/gi, (whole, name: string) => named[name.toLowerCase()] ?? whole)
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "");
}

function fromCodePoint(code: number): string | null {
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? null : String.fromCodePoint(code);
}

/** Whether a heading could be mistaken for the list of sources, or for a source in it. */
function looksLikeSourceHeading(heading: string, line: string, isInList: boolean): boolean {
  const key = headingKey(heading);
  if (key === "sources") return true;
  // Within the list, `oddSources` checks the order of the headings.
  return /^source \d+$/.test(key) && !(isInList && line.startsWith("### "));
}

/** Front matter lines of our fields that are repeated or not as code writes them. */
function oddFields(lines: string[], body: number): number[] {
  const seen = new Set<string>();
  return lines.slice(0, Math.max(0, body)).flatMap((given, index): number[] => {
    const line = given.trimEnd();
    const name = /^\s{0,80}["']?(\w{1,40})["']?\s{0,80}:/.exec(line)?.[1] ?? "";
    if (!FIELDS.has(name)) return [];
    const isSecond = seen.has(name);
    seen.add(name);
    const value = line.slice(name.length + 2);
    const isOurs = line.startsWith(`${name}: `) && formatYamlScalar(parseScalar(value)) === value;
    return isSecond || !isOurs ? [index] : [];
  });
}

/** Lines with citations, and lines in the same paragraph, that are not as code writes them. */
function oddSentences(lines: string[], report: ParsedReport, isFenced: (index: number) => boolean): number[] {
  const byLine = new Map<number, ParsedReport["sentences"]>();
  for (const each of report.sentences) {
    const same = byLine.get(each.line);
    if (same === undefined) byLine.set(each.line, [each]);
    else same.push(each);
  }
  const odd: number[] = [];
  const isBlank = (index: number): boolean => isFenced(index) || (lines[index] ?? "").trim() === "";
  for (let from = report.lines.body - 1; from < report.lines.sources - 1; from++) {
    if (isBlank(from)) continue;
    let to = from;
    let cites = false;
    for (; to < report.lines.sources - 1 && !isBlank(to); to++) {
      const isRow = lines[to]?.startsWith("|") === true;
      if (byLine.has(to + 1) && !isRow) cites = true;
    }
    for (let index = from; index < to; index++) {
      const line = (lines[index] ?? "").trimEnd();
      const sentences = byLine.get(index + 1);
      if (sentences !== undefined) {
        // Directly below a block quote, a viewer takes the line for a part of it.
        const isInQuote = !isFenced(index - 1) && lines[index - 1]?.startsWith(">") === true;
        if (isInQuote || isOutOfOrder(line, sentences) || renderedLine(line, sentences) !== line)
          odd.push(index);
      } else if (cites && !/^[|>#]/.test(line) && renderPlainLine(line) !== line) odd.push(index);
    }
    from = to;
  }
  return odd;
}

/** Whether words stand behind a citation or none before it, or a sentence has one citation twice. */
function isOutOfOrder(line: string, sentences: ParsedReport["sentences"]): boolean {
  if (line.startsWith("|")) return false;
  let at = 0;
  for (const { citations, mark, block } of sentences) {
    const [first] = citations;
    const last = citations.at(-1);
    if (first === undefined || last === undefined) continue;
    const numbers = citations.map(({ n }) => n);
    if (new Set(numbers).size < numbers.length) return true;
    if (block === null && line.slice(at, first.start).trim() === "") return true;
    at = Math.max(last.end, mark?.end ?? 0);
  }
  return line.slice(at).trim() !== "";
}

/** Re-renders a line without citations, which may end in a mark. */
function renderPlainLine(line: string): string {
  return sentenceToMarkdown(sentenceFromMarkdown(line));
}

/** Re-renders a line with citations from its parsed sentences. */
function renderedLine(line: string, sentences: ParsedReport["sentences"]): string {
  if (line.startsWith("|")) return renderRow(line, sentences);
  const pieces: string[] = [];
  let at = 0;
  const plain = (to: number): void => {
    const text = sentenceFromMarkdown(line.slice(at, to)).trim();
    if (text !== "") pieces.push(pieces.length === 0 ? sentenceToMarkdown(text) : inlineToMarkdown(text));
  };
  for (const { citations, mark } of sentences) {
    for (const { start, end, n, target } of citations) {
      plain(start);
      pieces.push(`[[${n}]](#source-${target})`);
      at = end;
    }
    if (mark === null || mark.start < at || line.slice(at, mark.start).trim() !== "") continue;
    pieces.push(renderMark(mark));
    at = mark.end;
  }
  plain(line.length);
  return pieces.join(" ");
}

function renderMark({ verdict, reason }: NonNullable<ParsedReport["sentences"][number]["mark"]>): string {
  return `*(${verdict.replace("-", " ")}${reason === "" ? "" : `: ${escapeInline(reason)}`})*`;
}

function renderRow(line: string, sentences: ParsedReport["sentences"]): string {
  const [first] = sentences;
  const from = first?.citations[0]?.start ?? line.length;
  const cells = line.slice(1, from).split(/(?<!\\)\|/);
  const renderedLine = cells.map((cell) => cellToMarkdown(cell.trim()));
  const mark = first?.mark ?? null;
  const cites = sentences.flatMap(({ citations }) =>
    citations.map(({ n, target }) => `[[${n}]](#source-${target})`),
  );
  const end = [renderedLine.pop() ?? "", ...cites, ...(mark === null ? [] : [renderMark(mark)])];
  return `| ${[...renderedLine, end.join(" ")].join(" | ")} |`;
}

/** Re-renders a table cell. */
function cellToMarkdown(cell: string): string {
  const text = splitInlineCode(cell)
    .map((part) => (part.isCode ? part.text.replaceAll("\\|", "|") : sentenceFromMarkdown(part.text)))
    .join("");
  return sentenceToMarkdown(text).replace(/(?<!\\)\|/g, "\\|");
}

/** Lines in the list of sources that code would not write. */
function oddSources(lines: string[], report: ParsedReport): number[] {
  const odd: number[] = [];
  let number = 0;
  let source: ParsedSource | undefined;
  let stage: "start" | "head" | "notes" | "quotes" = "start";
  for (let index = report.lines.sources; index < lines.length; index++) {
    const line = (lines[index] ?? "").trimEnd();
    if (line === "") continue;
    if (line === `### Source ${number + 1}`) {
      number++;
      source = report.sources.get(number);
      stage = "head";
      continue;
    }
    const at = source?.quotesAt.findIndex((each) => each.line === index + 1) ?? -1;
    const quoteAt = source?.quotesAt[at];
    if (stage === "start") {
      if (line !== "No source is cited." || report.sources.size > 0) odd.push(index);
    } else if (stage === "head") {
      if (source?.grounded === true ? !isGroundedHead(line) : parseSourceLine(line) === null) odd.push(index);
      stage = "notes";
    } else if (source !== undefined && quoteAt !== undefined) {
      const raw = lines.slice(quoteAt.line - 1, quoteAt.endLine).map((each) => each.trimEnd());
      const text = `${at + 1}. "${quoteToMarkdown(source.quotes[at] ?? "")}"`;
      if (raw.join("\n") !== text || source.grounded) odd.push(index);
      stage = "quotes";
      index = quoteAt.endLine - 1;
    } else if (
      stage !== "notes" ||
      !(isSnapshotLine(source, index) || isNote(line) || parseAuthority(line) !== null)
    )
      odd.push(index);
  }
  return odd;
}

function isSnapshotLine(source: ParsedSource | undefined, index: number): boolean {
  return source?.snapshotAt?.line === index + 1;
}

function isNote(line: string): boolean {
  return line.startsWith("Note: ") && isPlainText(line.slice("Note: ".length));
}

const GROUNDED = "Found with Google Search, not re-checkable: ";

function isGroundedHead(line: string): boolean {
  const { text: masked } = maskInline(line);
  const link = line.startsWith(GROUNDED) ? parseLinkAt(line, masked, GROUNDED.length) : null;
  if (link === null || !isLinkText(link.text)) return false;
  const rest = line.slice(link.end);
  return rest === "." || (rest.startsWith('. Searches: "') && rest.endsWith('".') && isPlainText(rest));
}

/** Whether a text contains no Markdown or HTML syntax. */
function isPlainText(text: string): boolean {
  const { text: masked, isClosed } = maskInline(text);
  return isClosed && !/[[\]<*~$|]/.test(masked) && !ENTITY.test(masked);
}
