import { detectEncoding, detectEscapedEncoding, detectWideEncoding } from "./detect-encoding.js";
import { decodeWithEncoding, encodingOfByteOrderMark } from "./encodings.js";

/** A document's text with the encoding that it was read as and, where that was guessed or wrong, a warning. */
export interface DecodedText {
  text: string;
  encoding: string;
  warnings: string[];
}

/**
 * Decodes a page by its byte order mark, its header, its own `<meta>` or `<?xml?>`, as UTF-8 where it
 * is that, else by what it looks like. Never throws, whatever the bytes.
 *
 * @param charset what the header says, or null
 */
export function decodePage(bytes: Uint8Array, charset: string | null): DecodedText {
  const marked = encodingOfByteOrderMark(bytes);
  const byMark = marked === null ? null : decodeWithEncoding(bytes, marked);
  if (byMark !== null) return { ...byMark, warnings: lossOf(byMark.text) };
  const wide = detectWideEncoding(bytes);
  const named = charset ?? (wide === null ? charsetInside(bytes) : null);
  const byName = named === null ? null : decodeWithEncoding(bytes, named);
  if (byName !== null && !(wide !== null && byName.encoding !== wide)) {
    // A page that says one thing and is another: what is UTF-8 to the last byte is no accident.
    const utf8 = byName.encoding === "utf-8" ? null : decodeStrictUtf8(bytes);
    // eslint-disable-next-line no-control-regex -- text beyond ASCII is what tells
    const beyond = utf8?.match(/[^\u0000-\u007f]/g)?.length ?? 0;
    if (utf8 !== null && (beyond >= 4 || (beyond > 0 && lossOf(byName.text).length > 0))) {
      const warnings = [`The page says that it is ${byName.encoding}, but is UTF-8.`];
      return { text: utf8, encoding: "utf-8", warnings };
    }
    return { ...byName, warnings: lossOf(byName.text) };
  }
  return decodeByGuess(bytes, "The page");
}

/** Decodes by the look of the bytes alone. */
export function decodeByGuess(bytes: Uint8Array, what: string): DecodedText {
  const wide = detectWideEncoding(bytes);
  const utf8 = wide === null ? decodeStrictUtf8(bytes) : null;
  const escaped = utf8 === null ? null : detectEscapedEncoding(bytes);
  if (utf8 !== null && escaped === null) return { text: utf8, encoding: "utf-8", warnings: [] };
  const found = decodeWithEncoding(bytes, wide ?? escaped ?? detectEncoding(bytes)) ?? {
    text: new TextDecoder("windows-1252").decode(bytes),
    encoding: "windows-1252",
  };
  const warnings = [`${what} does not say its encoding; it was read as ${found.encoding}.`];
  return { ...found, warnings: [...warnings, ...lossOf(found.text)] };
}

function lossOf(text: string): string[] {
  return text.includes("\ufffd") ? ["Some characters could not be decoded."] : [];
}

/** The text, or null where the bytes are no UTF-8. */
export function decodeStrictUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The encoding that the first meta element with one names. */
function metaCharset(head: string): string | undefined {
  for (const [, inside = ""] of head.matchAll(/<meta([^>]+)/gi)) {
    const named = [...inside.slice(1).matchAll(/charset\s*=\s*(?:["']\s*)?([\w:.-]+)/gi)].at(-1)?.[1];
    if (named !== undefined) return named;
  }
  return undefined;
}

/** The encoding that the page's own head names. UTF-16 cannot be true there: it was read as ASCII. */
function charsetInside(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString("latin1");
  const named =
    metaCharset(head) ?? /^\s*<\?xml[^>]+encoding\s*=\s*["']([\w:.-]+)["']/i.exec(head)?.[1] ?? null;
  return named !== null && /^utf-?(?:16|32)/i.test(named) ? "utf-8" : named;
}
