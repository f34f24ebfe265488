import { textFormat } from "../text/passages.js";
import type { SourceLocation } from "../domain/schema.js";

/** A fence line: its signs and its info string. The bounded blanks keep the pattern linear. */
const FENCE = /^\s{0,40}(`{3,}|~{3,})\s{0,10}([^\s`]{0,40})/;

/**
 * The language of the code that a quote is part of.
 * @param text of the snapshot; code stands in it between fences, unless the whole file is code
 * @param range of the quote, [start, end) in UTF-16 units
 * @returns the language as the source names it, which may be empty; "markdown" for text with fences in it; null for a
 *   quote that is no code
 */
export function findCodeLanguage(
  text: string,
  { start, end }: { start: number; end: number },
  place: SourceLocation,
): string | null {
  const isFile = place.kind === "workspace" || place.kind === "package";
  if (isFile && textFormat(place) === "code") {
    return /\.([a-z0-9]{1,20})$/i.exec(place.path)?.[1]?.toLowerCase() ?? "";
  }
  let open: { signs: string; language: string } | null = null;
  let at = 0;
  for (const line of text.split("\n")) {
    const lineEnd = at + line.length;
    if (at >= end) break;
    const [, signs, language = ""] = FENCE.exec(line) ?? [];
    const isEnd = open !== null && signs?.startsWith(open.signs) === true && language === "";
    if (lineEnd > start) {
      // A quote that holds a fence is text with code in it.
      if (signs !== undefined && (open === null || isEnd)) return "markdown";
      if (open !== null && lineEnd >= end) return open.language;
    }
    if (isEnd) open = null;
    else if (open === null && signs !== undefined) open = { signs, language };
    at = lineEnd + 1;
  }
  return null;
}
