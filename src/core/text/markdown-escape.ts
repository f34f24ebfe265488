import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { hasInvisibleCharacters } from "../../common/invisible-characters.js";
import { maskInline, splitInlineCode } from "./markdown-mask.js";
import { trimEndMatching } from "./linear-search.js";

/*
 * Escapes text for Markdown and back. Text from pages, files or models is shown literally and creates no links, images,
 * HTML or headings. `unescape` restores it exactly, so that a quote in a report is read back unchanged.
 */

/** Escapes text within a line. It must not contain line breaks: see `quoteToMarkdown`. */
export function escapeInline(text: string): string {
  return (
    text
      .replace(/[\\`*[\]<|~$]/g, "\\$&")
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      .replace(/&(?=#?\w+;)/g, "\\&")
      // Bare URLs would become links: an escaped colon, dot or at sign prevents that.
      .replace(/(https?|ftp|mailto|xmpp):/gi, "$1\\:")
      .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}\\.`)
      .replace(/(?<=[\w.+-])@(?=\w)/g, "\\@")
  );
}

/** Renders a sentence as one line: code spans are kept, everything else is escaped. */
export function sentenceToMarkdown(sentence: string): string {
  return escapeLineStart(inlineToMarkdown(sentence));
}

/** Like `sentenceToMarkdown`, for text that is not at the start of a line. */
export function inlineToMarkdown(sentence: string): string {
  const text = collapseWhitespace(sentence);
  const parts = text.split(/(`[^`]+`)/);
  // Code that looks like a citation is escaped, because a viewer that links "http://`" would show it as one.
  return parts
    .map((part, index) => (index % 2 === 1 && !part.includes("](#") ? part : escapeInline(part)))
    .join("");
}

/** Reverses `sentenceToMarkdown`. */
export function sentenceFromMarkdown(line: string): string {
  if (!line.includes("`")) return unescape(line);
  return splitInlineCode(line)
    .map(({ text, isCode }) => (isCode ? text : unescape(text)))
    .join("");
}

/** Renders the text of a heading as one line. */
export function headingToMarkdown(heading: string): string {
  const line = inlineToMarkdown(heading);
  const words = trimEndMatching(line, /#/);
  return words + line.slice(words.length).replaceAll("#", "\\#");
}

/** Escapes what would turn the start of a line into a heading, list, rule or fence. */
export function escapeLineStart(line: string): string {
  return line.replace(/^([#+\-:=>])/, "\\$1").replace(/^(\d{1,9})([.)])/, "$1\\$2");
}

/**
 * Renders a quote for a list item: line breaks become hard breaks with the next line indented by three spaces, and white
 * space that Markdown would drop becomes character references.
 */
export function quoteToMarkdown(quote: string): string {
  return quote
    .split("\n")
    .map((line) => {
      const edges = escapeHidden(escapeInline(line)).replace(/^ +| +$| {2,}/g, (blanks) =>
        reference(" ").repeat(blanks.length),
      );
      return escapeLineStart(edges);
    })
    .join("\\\n   ");
}

/** Writes characters as references that a viewer does not show or takes for a line break, so that they can be read back. */
function escapeHidden(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- control characters are what this is about
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u00a0]/g, reference)
      .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}\u{13430}-\u{1345f}]/gu, (one) =>
        hasInvisibleCharacters(one) ? reference(one) : one,
      )
  );
}

/**
 * Escapes a line of a block that is no code. Unlike in a sentence, white space stays as it is. `sentenceFromMarkdown`
 * reverses it.
 */
export function blockTextToMarkdown(line: string): string {
  const parts = line.split(/(`[^`]+`)/);
  const escape = (part: string): string => escapeHidden(escapeInline(part));
  const withCode = parts
    .map((part, index) =>
      index % 2 === 1 && !part.includes("](#") && escapeHidden(part) === part ? part : escape(part),
    )
    .join("");
  // Backticks side by side may open another code span than the one that was meant.
  const isSafe = maskInline(withCode).isClosed && sentenceFromMarkdown(withCode) === line;
  return isSafe ? withCode : escape(line);
}

/** Writes the white space at the end of a line as references: editors and viewers drop it. */
export function escapeLineEnd(line: string): string {
  const text = line.trimEnd();
  return text + Array.from(line.slice(text.length), reference).join("");
}

/** Reverses `quoteToMarkdown`. */
export function quoteFromMarkdown(markdown: string): string {
  return markdown.split("\\\n   ").map(unescape).join("\n");
}

function reference(character: string): string {
  return `&#${character.codePointAt(0) ?? 0};`;
}

function unescape(markdown: string): string {
  if (!markdown.includes("\\") && !markdown.includes("&#")) return markdown;
  return markdown.replace(
    /\\([!-/:-@[-`{-~])|&#(\d+);/g,
    (whole, escaped: string | undefined, code: string | undefined) =>
      escaped ?? fromCodePoint(Number(code)) ?? whole,
  );
}

/** The character of a reference; null if the number is invalid. */
function fromCodePoint(code: number): string | null {
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? null : String.fromCodePoint(code);
}

/** Escapes a path or URL as a link target, so that no space, bracket or quote ends it early. */
export function escapeLinkTarget(target: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return target.replace(/[\s()<>\\"'`[\]{}|^\u0000-\u001f]/gu, (character) =>
    character === "("
      ? "%28"
      : character === ")"
        ? "%29"
        : character === "'"
          ? "%27"
          : encodeURIComponent(character),
  );
}

/** Escapes a relative file path as a link target: each segment is encoded, so `#` and `?` stay part of the name. */
export function escapePathTarget(path: string): string {
  return escapeLinkTarget(path.split("/").map(encodeURIComponent).join("/"));
}
