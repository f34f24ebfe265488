import { sentences } from "../../research/sentences.js";

/*
 * Quotes as a person reads them: without the marks of Markdown, HTML and comments.
 */

/** A code span, which stays, or a link, whose words stay: a link's words may hold code. */
const LINK_OR_CODE =
  /(`+[^`]+`+)|!?\[((?:`[^`]*`|[^\]`])*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+"[^"]*")?\)/g;

const HTML_TAG =
  /<\/?(?:a|abbr|b|br|code|dd|del|details|div|dl|dt|em|figure|h[1-6]|hr|i|img|ins|kbd|li|ol|p|picture|pre|q|s|samp|section|small|source|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul|var)(?:\s[^<>]*)?\/?>/gi;

/** Program text rather than a sentence. */
const CODE =
  /^[\w.$[\]]+ = \S|^(?:new |await |const |let |export |function |class |def |\$ )?[\w.$]+\([^)]*\)(?:[.;{:]|$)|;$|=>|^\$ \w|^(?:export|const|let|class|def|interface|type|import) .*[;{(=:]/;

/** The text of a quote on one line. Code spans keep their backticks; links keep their words. */
export function plainText(markdown: string): string {
  const stripped = markdown
    .replace(/<!--[^]*?-->/g, " ")
    .split("\n")
    .map((line) =>
      line
        .replace(/^\s*(?:\/\*\*?|\*\/|\*(?=\s|$)|\/\/+!?|"""|''')\s?/, "")
        .replace(/\s*\*\/\s*$/, "")
        .replace(/^\s{0,3}#{1,6}\s+(.*?)\s*(?:\{#[^}]*\})?\s*#*$/, "$1")
        .replace(/^\s*>+\s?/, "")
        .replace(/^\s*\[[ xX]\]\s+/, ""),
    )
    .join("\n");
  return stripped
    .replace(
      LINK_OR_CODE,
      (whole, code: string | undefined, label: string | undefined) =>
        code ?? (whole.startsWith("!") ? "" : (label ?? whole)),
    )
    .split(/(`+[^`]+`+)/)
    .map((part, index) => (index % 2 === 1 ? part.replace(/^`+\s*([^]*?)\s*`+$/, "`$1`") : plainProse(part)))
    .join("")
    .replace(/\s+/g, " ")
    .replace(/ ([,.;:!?])(?=\s|$)/g, "$1")
    .replace(/^(?:[-*+•–]|\d{1,3}[.)])\s+/, "")
    .trim();
}

function plainProse(text: string): string {
  return (
    text
      .replace(/\[([^\]]+)\]\[[^\]]*\]/g, "$1")
      .replace(/\[\^[\w-]+\]/g, "")
      .replace(/<(https?:\/\/[^>\s]+|[\w.+-]+@[\w.-]+)>/g, "$1")
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
export function plainRow(row: string): string {
  const cells = row
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => plainText(cell))
    .filter((cell) => cell !== "");
  return cells.length < 2 ? cells.join("") : `${cells[0] ?? ""}: ${cells.slice(1).join(" – ")}`;
}

const LIST_ITEM = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+/;

/** A comment's text without what marks its lines, which would look like a list. */
function withoutCommentMarks(quote: string): string {
  const [first = "", ...rest] = quote.split("\n");
  for (const mark of [/^\s*\*(?:\s|$)/, /^\s*\/\/+!?\s?/, /^\s*#\s/]) {
    if (rest.length > 0 && rest.every((line) => mark.test(line))) {
      const bare = rest.map((line) => line.replace(mark, ""));
      return [first.replace(/^\s*(?:\/\*\*?|\*|\/\/+!?)\s/, ""), ...bare].join("\n");
    }
  }
  return quote;
}

/** What a quote says, as whole sentences, each on one line. */
export function plainSentences(quote: string): string[] {
  const text = withoutCommentMarks(quote);
  const spans = sentences(text).map(({ start, end }) => text.slice(start, end));
  const said: string[] = [];
  let introduced = -1;
  for (const span of spans) {
    const isItem = LIST_ITEM.test(span);
    const text = /^\s*\|.*\|\s*$/.test(span) ? plainRow(span) : plainText(span);
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

/** With a full stop at its end, where it reads as a sentence and has none. */
function finished(text: string): string {
  if (CODE.test(text) && !text.includes("`")) return `\`${text}\``;
  const open = text.replace(/\s*[:;,]$/, "").replace(/,?\s+(?:and|or)$/i, "");
  if (/[.!?…。！？]["'”’)\]]*$/.test(open)) return open;
  return /^`[^`]*`$/.test(open) ? open : `${open}.`;
}

/** True for a sentence that says little without the one before it. */
export function dangles(sentence: string): boolean {
  return /^(?:\W*)(?:it|its|it's|this|that|these|those|they|their|them|he|his|she|her|such|also|then|thus|therefore|however|instead|otherwise|but|and|or|so|for this|in this case|in that case|as a result|as such|both|the (?:former|latter|same|above|following)|similarly|likewise|additionally|moreover|furthermore|here|there,)\b/i.test(
    sentence,
  );
}
