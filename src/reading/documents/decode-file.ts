import { decodeByGuess, decodeByMark, isText, type DecodedText } from "./decode-page.js";

/** Decodes a file with \n line breaks; null if it is binary. */
export function decodeFile(bytes: Uint8Array): DecodedText | null {
  const marked = decodeByMark(bytes);
  // As in git, a NUL means binary, except in UTF-16.
  const decoded = marked ?? (bytes.includes(0) ? null : decodeByGuess(bytes, "The file"));
  if (decoded === null || !isText(decoded.text)) return null;
  return { ...decoded, text: normalizeLineBreaks(decoded.text) };
}

/** Converts all line breaks to \n; the number of lines stays the same. */
export function normalizeLineBreaks(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
