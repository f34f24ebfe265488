import chardet from "chardet";
import { removeScripts } from "./remove-scripts.js";

/** Decoded text, its encoding and, if that was guessed or wrong, warnings. */
export interface DecodedText {
  text: string;
  encoding: string;
  warnings: string[];
}

/** Number of bytes from which an encoding is guessed. */
const SAMPLE_BYTES = 200_000;
/** chardet's confidence, in percent, where the text is too short to tell. */
const NO_CONFIDENCE = 10;

/**
 * Decodes a page by its byte order mark, header, `<meta>` or `<?xml?>`, as UTF-8 if it is valid, or by a guess. Never
 * throws.
 *
 * @param charset from the header, or null
 * @returns null if no encoding is declared and the bytes are not text
 */
export function decodePage(bytes: Uint8Array, charset: string | null): DecodedText | null {
  const byMark = decodeByMark(bytes);
  if (byMark !== null) return byMark;
  const byName = decodeAs(bytes, charset) ?? decodeAs(bytes, declaredCharset(bytes));
  if (byName === null) return decodeByGuess(bytes, "The page");
  // The declared encoding may be wrong: text that is entirely valid UTF-8 is no coincidence.
  const utf8 = byName.encoding === "utf-8" ? null : decodeStrictUtf8(bytes);
  // eslint-disable-next-line no-control-regex -- text beyond ASCII is what tells
  const beyond = utf8?.match(/[^\u0000-\u007f]/g)?.length ?? 0;
  if (utf8 !== null && (beyond >= 4 || (beyond > 0 && byName.warnings.length > 0))) {
    const warnings = [`The page says that it is ${byName.encoding}, but is UTF-8.`];
    return { text: utf8, encoding: "utf-8", warnings };
  }
  return byName;
}

/** Decodes bytes that start with a byte order mark; null if there is none. */
export function decodeByMark(bytes: Uint8Array): DecodedText | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return decodeAs(bytes, "utf-8");
  if (a === 0xff && b === 0xfe) return decodeAs(bytes, "utf-16le");
  if (a === 0xfe && b === 0xff) return decodeAs(bytes, "utf-16be");
  return null;
}

/** Decodes UTF-8, or with the most likely encoding; null if the bytes are not text. */
export function decodeByGuess(bytes: Uint8Array, what: string): DecodedText | null {
  const utf8 = decodeStrictUtf8(bytes);
  if (utf8 !== null) return { text: utf8, encoding: "utf-8", warnings: [] };
  const found = hasTextBytes(bytes) ? decodeAs(bytes, detectEncoding(bytes)) : null;
  if (found === null || !isText(found.text)) return null;
  const guessed = `${what} does not say its encoding; it was read as ${found.encoding}.`;
  return { ...found, warnings: [guessed, ...found.warnings] };
}

/** The most likely encoding; where nothing speaks for one, the one that browsers assume. */
function detectEncoding(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, SAMPLE_BYTES)).toString("latin1");
  // Tags are in English whatever the language of the page.
  const prose = removeScripts(text).replace(/<[^<>]{0,2000}>/g, " ");
  const [best] = chardet.analyse(Buffer.from(prose, "latin1"));
  return best !== undefined && best.confidence > NO_CONFIDENCE ? best.name : "windows-1252";
}

/** True if hardly any character is one that no text has: a sign of a wrong encoding or of binary data. */
export function isText(decoded: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  const odd = decoded.match(/[\u0000\ufffd\u0080-\u0084\u0086-\u009f]/g)?.length ?? 0;
  return odd <= decoded.length * 0.005;
}

/** Text has no control characters but those of lines, tabs, pages and escapes. */
function hasTextBytes(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 64 * 1024);
  let odd = 0;
  for (const byte of head) {
    const isLayout = (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b || byte === 0x0e || byte === 0x0f;
    if ((byte < 0x20 && !isLayout) || byte === 0x7f) odd++;
  }
  return odd <= head.length * 0.001;
}

/** Decodes with an encoding; null if there is no such name. */
function decodeAs(bytes: Uint8Array, name: string | null): DecodedText | null {
  if (name === null) return null;
  try {
    const decoder = new TextDecoder(name);
    const text = decoder.decode(bytes);
    const warnings = text.includes("\ufffd") ? ["Some characters could not be decoded."] : [];
    return { text, encoding: decoder.encoding, warnings };
  } catch {
    return null;
  }
}

function decodeStrictUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The encoding in the first meta element that has one. */
function metaCharset(head: string): string | undefined {
  for (const [, inside = ""] of head.matchAll(/<meta([^>]+)/gi)) {
    const named = [...inside.slice(1).matchAll(/charset\s*=\s*(?:["']\s*)?([\w:.-]+)/gi)].at(-1)?.[1];
    if (named !== undefined) return named;
  }
  return undefined;
}

/** The encoding declared in the page itself. UTF-16 cannot be true there, since it was read as ASCII. */
function declaredCharset(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString("latin1");
  const named =
    metaCharset(head) ?? /^\s*<\?xml[^>]+encoding\s*=\s*["']([\w:.-]+)["']/i.exec(head)?.[1] ?? null;
  return named !== null && /^utf-?(?:16|32)/i.test(named) ? "utf-8" : named;
}
