import { splitSentences } from "../../core/text/sentences.js";
import {
  findLabelledLinks,
  replaceBetween,
  replaceRanges,
  trimEndMatching,
  removeTrailingDelimited,
  type DelimitedRange,
  type LabelledLink,
} from "../../core/text/linear-search.js";

/*
 * Quotes as a person reads them: without the marks of Markdown, HTML and comments.
 */

/** A link, whose words may hold code. */
const LINK = /^\[((?:`[^`]*`|[^\]`])*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+"[^"]*")?\)/;
/** What is longer is not taken for a link. */
const LONGEST_LINK = 1500;

const HTML_TAG =
  /<\/?(?:a|abbr|b|br|code|dd|del|details|div|dl|dt|em|figure|h[1-6]|hr|i|img|ins|kbd|li|ol|p|picture|pre|q|s|samp|section|small|source|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul|var)(?:\s[^<>]*)?\/?>/gi;

/** Program text rather than a sentence. */
const CODE =
  /^[\w.$[\]]+ = \S|^(?:new |await |const |let |export |function |class |def |\$ )?[\w.$]+\([^)]*\)(?:[.;{:]|$)|;$|=>|^\$ \w|^(?:export|const|let|class|def|interface|type|import) .*[;{(=:]/;

/** The text of a quote on one line. Code spans keep their backticks; links keep their words. */
export function quoteToPlainText(markdown: string): string {
  const stripped = withoutComments(markdown)
    .split("\n")
    .map((line) =>
      withoutHeadingMarks(
        withoutCommentEnd(line.replace(/^\s*(?:\/\*\*?|\*\/|\*(?=\s|$)|\/\/+!?|"""|''')\s?/, "")),
      )
        .replace(/^\s*>+\s?/, "")
        .replace(/^\s*\[[ xX]\]\s+/, ""),
    )
    .join("\n");
  const linked = withoutLinks(stripped);
  const code = codeIn(linked);
  const prose = code.map(({ start }, index) => plainProse(linked.slice(code[index - 1]?.end ?? 0, start)));
  const last = plainProse(linked.slice(code.at(-1)?.end ?? 0));
  return [...code.map(({ inner }, index) => `${prose[index] ?? ""}\`${inner.trim()}\``), last]
    .join("")
    .replace(/\s+/g, " ")
    .replace(/ ([,.;:!?])(?=\s|$)/g, "$1")
    .replace(/^(?:[-*+•–]|\d{1,3}[.)])\s+/, "")
    .trim();
}

/** Without comments of HTML, but for those that are code. */
function withoutComments(markdown: string): string {
  if (!markdown.includes("<!--")) return markdown;
  const code = codeIn(markdown);
  const prose = code.map(({ start }, at) => markdown.slice(code[at - 1]?.end ?? 0, start));
  const last = markdown.slice(code.at(-1)?.end ?? 0);
  return [...prose, last]
    .map((text, at) => {
      const span = code[at];
      return (
        replaceBetween(text, "<!--", "-->", " ") +
        (span === undefined ? "" : markdown.slice(span.start, span.end))
      );
    })
    .join("");
}

function withoutCommentEnd(line: string): string {
  const whole = line.trimEnd();
  return whole.endsWith("*/") ? whole.slice(0, -2).trimEnd() : line;
}

/** The code spans of a text: a run of backticks, something, and the next run. */
function codeIn(text: string): DelimitedRange[] {
  const found: DelimitedRange[] = [];
  for (let start = text.indexOf("`"); start >= 0; start = text.indexOf("`", found.at(-1)?.end)) {
    const inside = runEnd(text, start);
    const last = text.indexOf("`", inside);
    if (last < 0) break;
    found.push({ start, end: runEnd(text, last), inner: text.slice(inside, last) });
  }
  return found;
}

function runEnd(text: string, start: number): number {
  let end = start;
  while (text.charAt(end) === "`") end++;
  return end;
}

/** The words of links, in their place; images have none. What begins in a code span is no link. */
function withoutLinks(text: string): string {
  const found: LabelledLink[] = [];
  const sign = /[`[]/g;
  for (let next = sign.exec(text); next !== null; next = sign.exec(text)) {
    const { index } = next;
    if (next[0] === "`") {
      const inside = runEnd(text, index);
      const last = text.indexOf("`", inside);
      sign.lastIndex = last < 0 ? inside : runEnd(text, last);
      continue;
    }
    const [whole, label = ""] = LINK.exec(text.slice(index, index + LONGEST_LINK)) ?? [];
    if (whole === undefined) continue;
    const isImage = text.charAt(index - 1) === "!" && index > (found.at(-1)?.end ?? 0);
    const end = index + whole.length;
    found.push({ start: isImage ? index - 1 : index, end, label: isImage ? "" : label });
    sign.lastIndex = end;
  }
  return replaceRanges(text, found, ({ label }) => label);
}

/** A heading's words; any other line as it is. */
function withoutHeadingMarks(line: string): string {
  const begin = /^\s{0,3}#{1,6}\s+/.exec(line)?.[0];
  if (begin === undefined) return line;
  const words = trimEndMatching(line.slice(begin.length), /#/).trimEnd();
  return removeTrailingDelimited(words, "{#", "}");
}

function plainProse(text: string): string {
  return (
    replaceRanges(text, findLabelledLinks(text, "["), ({ label }) => label)
      .replace(/\[\^[\w-]+\]/g, "")
      .replace(/<(https?:\/\/[^<>\s]+|[\w.+-]+@[\w.-]+)>/g, "$1")
      // Tags alone: "<name>" is a placeholder more often than not.
      .replace(HTML_TAG, " ")
      .replace(/&nbsp;/g, " ")
      .replace(/&lt;/g, "<")
      .replace(/&gt;/g, ">")
      .replace(/&quot;/g, '"')
      .replace(/&#39;|&apos;/g, "'")
      .replace(/&amp;/g, "&")
      .replace(/(\*\*|__)(?=\S)/g, "")
      .replace(/(?<=\S)(\*\*|__)/g, "")
      .replace(/(?<![\w*])\*(?=\S)([^*\n]*?\S)\*(?![\w*])/g, "$1")
      .replace(/(?<![\w_])_(?=\S)([^_\n]*?\S)_(?![\w_])/g, "$1")
      .replace(/\\([!-/:-@[-`{-~])/g, "$1")
  );
}

/** A table row's cells as a phrase: "a – b – c". */
export function rowToPlainText(row: string): string {
  const cells = row
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => quoteToPlainText(cell))
    .filter((cell) => cell !== "");
  return cells.length < 2 ? cells.join("") : `${cells[0] ?? ""}: ${cells.slice(1).join(" – ")}`;
}

const LIST_ITEM = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+/;

/** A comment's text without what marks its further lines, which would look like a list or a heading. */
function withoutCommentMarks(quote: string): string {
  const [first = "", ...rest] = quote.split("\n");
  for (const mark of [/^\s*\*(?:\s|$)/, /^\s*\/\/+!?\s?/, /^\s*#(?:\s|$)/, /^\s*--(?:\s|$)/]) {
    if (rest.length > 0 && rest.every((line) => mark.test(line))) {
      const bare = rest.map((line) => line.replace(mark, ""));
      return [first.replace(/^\s*(?:\/\*\*?|\*|\/\/+!?|#|--)\s/, ""), ...bare].join("\n");
    }
  }
  return quote;
}

/**
 * A quote that begins in the middle of a hard-wrapped line has a short first line, which would look as if it was broken on
 * purpose: "Note that" and "Node.js 22 reads the variable." are one sentence.
 */
function joinFirstLine(quote: string): string {
  const at = quote.indexOf("\n");
  const first = quote.slice(0, at);
  const next = quote.slice(at + 1);
  const isWrapped =
    at > 0 &&
    /[\p{L}\p{N},"'`)]$/u.test(first) &&
    !/^\s*(?:[-*+•#|>]|\d{1,3}[.)]\s|`{3}|~{3})/.test(first) &&
    !/^\s*(?:$|[-*+•#|>]|\d{1,3}[.)]\s|`{3}|~{3})/.test(next.split("\n", 1)[0] ?? "");
  return isWrapped ? `${first} ${next}` : quote;
}

/** What a quote says, as whole sentences, each on one line. */
export function quoteToSentences(quote: string): string[] {
  const named = /^#{1,6} ([^\n]+)\n\s*/.exec(quote);
  if (named !== null) return withName(named[1] ?? "", quoteToSentences(quote.slice(named[0].length)));
  const text = joinFirstLine(withoutCommentMarks(quote));
  const spans = splitSentences(text).map(({ start, end }) => text.slice(start, end));
  const said: string[] = [];
  let introduced = -1;
  for (const span of spans) {
    const isItem = LIST_ITEM.test(span);
    const text = /^\s*\|.*\|\s*$/.test(span) ? rowToPlainText(span) : quoteToPlainText(span);
    if (text === "" || !/[\p{L}\p{N}]/u.test(text)) continue;
    const before = said[introduced];
    if (before !== undefined && (isItem || /[:;]$/.test(before))) {
      // "There are three: - a - b" is one sentence: "There are three: a; b."
      said[introduced] = before.endsWith(":")
        ? `${before} ${text}`
        : `${before.replace(/[.;,]$/, "")}; ${text}`;
      if (!isItem) introduced = -1;
      continue;
    }
    said.push(text);
    introduced = text.endsWith(":") ? said.length - 1 : -1;
  }
  return said.map(finished);
}

/** A name and what explains it, as one sentence: "`maxAge`: How long …". */
function withName(name: string, [first = "", ...others]: string[]): string[] {
  return [`${quoteToPlainText(name)}: ${first}`, ...others];
}

/** With a full stop at its end, where it reads as a sentence and has none. */
function finished(text: string): string {
  if (CODE.test(text) && !text.includes("`")) return `\`${text}\``;
  const whole = trimEndMatching(text, /[:;,]/).trimEnd();
  const last = /\s(?:and|or)$/i.exec(whole);
  const open = last === null ? whole : whole.slice(0, last.index).trimEnd().replace(/,$/, "");
  if (/[.!?…。！？]["'”’)\]]*$/.test(open)) return open;
  return /^`[^`]*`$/.test(open) ? open : `${open}.`;
}

/** True for a sentence that says little without the one before it. */
export function needsContext(sentence: string): boolean {
  return /^(?:\W*)(?:it|its|it's|this|that|these|those|they|their|them|he|his|she|her|such|also|then|thus|therefore|however|instead|otherwise|but|and|or|so|for this|in this case|in that case|as a result|as such|both|the (?:former|latter|same|above|following)|similarly|likewise|additionally|moreover|furthermore|here|there,|the (?:first|second|last|next|previous|preceding) (?:block|command|example|line|snippet)s?|(?:when|while|if|once|after|before|until|unless|because|since|as) (?:it|they|this|that|these|those))\b/i.test(
    sentence,
  );
}
