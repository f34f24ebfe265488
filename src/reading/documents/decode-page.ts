import { detectEncoding, detectEscapedEncoding, detectWideEncoding } from "./detect-encoding.js";
import { decodeWithEncoding, encodingOfByteOrderMark } from "./encodings.js";

/** Decoded text, its encoding and, if that was guessed or wrong, warnings. */
export interface DecodedText {
  text: string;
  encoding: string;
  warnings: string[];
}

/**
 * Decodes a page by its byte order mark, header, `<meta>` or `<?xml?>`, as UTF-8 if it is valid, or by a guess. Never
 * throws.
 *
 * @param charset from the header, or null
 */
export function decodePage(bytes: Uint8Array, charset: string | null): DecodedText {
  const marked = encodingOfByteOrderMark(bytes);
  const byMark = marked === null ? null : decodeWithEncoding(bytes, marked);
  if (byMark !== null) return { ...byMark, warnings: lossWarnings(byMark.text) };
  const wide = detectWideEncoding(bytes);
  const named = charset ?? (wide === null ? declaredCharset(bytes) : null);
  const byName = named === null ? null : decodeWithEncoding(bytes, named);
  if (byName !== null && !(wide !== null && byName.encoding !== wide)) {
    // The declared encoding may be wrong: text that is entirely valid UTF-8 is no coincidence.
    const utf8 = byName.encoding === "utf-8" ? null : decodeStrictUtf8(bytes);
    // eslint-disable-next-line no-control-regex -- text beyond ASCII is what tells
    const beyond = utf8?.match(/[^\u0000-\u007f]/g)?.length ?? 0;
    if (utf8 !== null && (beyond >= 4 || (beyond > 0 && lossWarnings(byName.text).length > 0))) {
      const warnings = [`The page says that it is ${byName.encoding}, but is UTF-8.`];
      return { text: utf8, encoding: "utf-8", warnings };
    }
    return { ...byName, warnings: lossWarnings(byName.text) };
  }
  return decodeByGuess(bytes, "The page");
}

/** Decodes with a guessed encoding. */
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
  return { ...found, warnings: [...warnings, ...lossWarnings(found.text)] };
}

function lossWarnings(text: string): string[] {
  return text.includes("\ufffd") ? ["Some characters could not be decoded."] : [];
}

/** Decodes UTF-8; null if it is invalid. */
export function decodeStrictUtf8(bytes: Uint8Array): string | null {
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
