import { hasInvisibleCharacters } from "../../common/invisible-characters.js";
import { splitInlineCode } from "./markdown-mask.js";
import { trimEndMatching } from "./linear-search.js";

/*
 * Text in and out of Markdown. What a page, a file or a model wrote is shown as it is and does
 * nothing: no link, no image, no HTML, no heading comes of it. Escaping is undone by `unescape`
 * to the letter, so that a quote written into a report is read back as the same quote.
 */

/** Text for inside a line. Line breaks must not be in it: see `quoteToMarkdown`. */
export function escapeInline(text: string): string {
  return (
    text
      .replace(/[\\`*[\]<|~$]/g, "\\$&")
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      .replace(/&(?=#?\w+;)/g, "\\&")
      // Bare addresses would be linked: an escaped colon, dot or at sign stops that.
      .replace(/(https?|ftp|mailto|xmpp):/gi, "$1\\:")
      .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}\\.`)
      .replace(/(?<=[\w.+-])@(?=\w)/g, "\\@")
  );
}

/** A sentence of ours or a model's as one line: code spans are kept, the rest is escaped. */
export function sentenceToMarkdown(sentence: string): string {
  return escapeLineStart(inlineToMarkdown(sentence));
}

/** As `sentenceToMarkdown`, for what does not stand at the start of a line. */
export function inlineToMarkdown(sentence: string): string {
  const text = sentence.replace(/\s+/g, " ").trim();
  const parts = text.split(/(`[^`]+`)/);
  // Code that looks like a citation is escaped: a viewer that makes a link of "http://`" would show it as one.
  return parts
    .map((part, index) => (index % 2 === 1 && !part.includes("](#") ? part : escapeInline(part)))
    .join("");
}

/** The plain text of a line that `sentenceToMarkdown` wrote. */
export function sentenceFromMarkdown(line: string): string {
  if (!line.includes("`")) return unescape(line);
  return splitInlineCode(line)
    .map(({ text, isCode }) => (isCode ? text : unescape(text)))
    .join("");
}

/** A heading's text as one line. */
export function headingToMarkdown(heading: string): string {
  const line = inlineToMarkdown(heading);
  const words = trimEndMatching(line, /#/);
  return words + line.slice(words.length).replaceAll("#", "\\#");
}

/** What would make the start of a line a heading, a list, a rule or a fence. */
function escapeLineStart(line: string): string {
  return line.replace(/^([#+\-:=>])/, "\\$1").replace(/^(\d{1,9})([.)])/, "$1\\$2");
}

/**
 * A quote for a list item: line breaks become hard breaks whose next line is indented by three,
 * white space that Markdown would swallow becomes character references.
 */
export function quoteToMarkdown(quote: string): string {
  return quote
    .split("\n")
    .map((line) => {
      const edges = escapeInline(line)
        // eslint-disable-next-line no-control-regex -- control characters are what this is about
        .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u00a0]/g, reference)
        // What nobody would see is written so that it shows, and reads back as it was.
        .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, (one) =>
          hasInvisibleCharacters(one) ? reference(one) : one,
        )
        .replace(/^ +| +$| {2,}/g, (blanks) => reference(" ").repeat(blanks.length));
      return escapeLineStart(edges);
    })
    .join("\\\n   ");
}

/** The quote that `quoteToMarkdown` wrote. */
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
      escaped ?? characterOf(Number(code)) ?? whole,
  );
}

/** The character of a reference; null where there is none with that number. */
function characterOf(code: number): string | null {
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? null : String.fromCodePoint(code);
}

/** A path or an address as a link's target: no blank, bracket or quote can end it early. */
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

/** A relative file path as a link's target: each segment is encoded, so `#` and `?` stay in the name. */
export function escapePathTarget(path: string): string {
  return escapeLinkTarget(path.split("/").map(encodeURIComponent).join("/"));
}
