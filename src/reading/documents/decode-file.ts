import { decodeByGuess, decodeStrictUtf8, type DecodedText } from "./decode-page.js";
import { detectWideEncoding } from "./detect-encoding.js";
import { decodeWithEncoding, encodingOfByteOrderMark } from "./encodings.js";

/*
 * Decodes a file to text, and distinguishes binary files from text in other encodings.
 */

/** Decodes a file with \n line breaks; null if it is binary. */
export function decodeFile(bytes: Uint8Array): DecodedText | null {
  const marked = encodingOfByteOrderMark(bytes);
  if (marked !== null && marked !== "utf-8") return lossless(decodeWithEncoding(bytes, marked));
  // As in git, a NUL near the start means binary, except in UTF-16 and UTF-32.
  if (bytes.subarray(0, 8000).includes(0)) {
    const wide = detectWideEncoding(bytes);
    return wide === null ? null : lossless(decodeWithEncoding(bytes, wide));
  }
  const utf8 = decodeStrictUtf8(bytes);
  // eslint-disable-next-line no-control-regex -- escapes are what announces an encoding
  const escapes = /\u001b[$(]|~\{/;
  // Seven-bit encodings look like ASCII except for their escape sequences.
  if (utf8 !== null && !escapes.test(utf8.slice(0, 8000))) {
    return utf8.includes("\u0000")
      ? null
      : { text: normalizeLineBreaks(utf8), encoding: "utf-8", warnings: [] };
  }
  if (bytes.includes(0)) return null;
  return looksWritten(bytes) ? lossless(decodeByGuess(bytes, "The file")) : null;
}

function lossless(
  decoded: { text: string; encoding: string; warnings?: string[] } | null,
): DecodedText | null {
  if (decoded === null) return null;
  const { text, encoding, warnings = [] } = decoded;
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  const odd = text.match(/[\u0000\ufffd\u0080-\u0084\u0086-\u009f]/g)?.length ?? 0;
  return odd > text.length * 0.005 ? null : { text: normalizeLineBreaks(text), encoding, warnings };
}

/** Written text has no control characters but those of lines, tabs, pages and escapes. */
function looksWritten(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 64 * 1024);
  let odd = 0;
  for (const byte of head) {
    const isLayout = (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b || byte === 0x0e || byte === 0x0f;
    if ((byte < 0x20 && !isLayout) || byte === 0x7f) odd++;
  }
  return odd <= head.length * 0.001;
}

/** Converts all line breaks to \n; the number of lines stays the same. */
export function normalizeLineBreaks(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
