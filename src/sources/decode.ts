/*
 * Bytes to text. What cannot be decoded without loss is not text.
 */

/** The encoding that a byte order mark names, or null. */
export function markedEncoding(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

/** A file's text with \n line breaks, or null where it is binary or not UTF-8 or marked UTF-16. */
export function decodeFile(bytes: Uint8Array): { text: string; encoding: string; warnings: string[] } | null {
  const marked = markedEncoding(bytes);
  // A NUL in the head is git's test for binary too.
  if ((marked === null || marked === "utf-8") && bytes.subarray(0, 8000).includes(0)) return null;
  try {
    const text = new TextDecoder(marked ?? "utf-8", { fatal: true }).decode(bytes);
    return text.includes("\u0000") ? null : { text: unixBreaks(text), encoding: "utf-8", warnings: [] };
  } catch {
    return null;
  }
}

/** Line breaks of all systems as \n; the count of lines stays. */
export function unixBreaks(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
