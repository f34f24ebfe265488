import { markedEncoding } from "./decode.js";

/** A page's text and, where its encoding had to be guessed or was wrong, a warning. */
export interface DecodedPage {
  text: string;
  warnings: string[];
}

/**
 * Decodes a page by its byte order mark, its header, its own `<meta>`, else as UTF-8, and what is no
 * UTF-8 as Windows-1252, as browsers do.
 *
 * @param charset what the header says, or null
 */
export function decodePage(bytes: Uint8Array, charset: string | null): DecodedPage {
  const marked = markedEncoding(bytes);
  const named = marked ?? charset ?? metaCharset(bytes);
  const decoder = named === null ? null : decoderFor(named);
  if (decoder !== null) {
    const text = decoder.decode(bytes);
    const lost = text.match(/\ufffd/g)?.length ?? 0;
    // A page that says one thing and is another: UTF-8 is recognised for certain.
    if (lost > 0 || (decoder.encoding !== "utf-8" && marked === null)) {
      const utf8 = strictUtf8(bytes);
      // eslint-disable-next-line no-control-regex -- text beyond ASCII is what tells
      if (utf8 !== null && lost > 0 && /[^\u0000-\u007f]/.test(utf8)) {
        return { text: utf8, warnings: [`The page says that it is ${decoder.encoding}, but is UTF-8.`] };
      }
    }
    return { text, warnings: lost > 0 ? ["Some characters of the page could not be decoded."] : [] };
  }
  const utf8 = strictUtf8(bytes);
  if (utf8 !== null) return { text: utf8, warnings: [] };
  return {
    text: new TextDecoder("windows-1252").decode(bytes),
    warnings: ["The page does not say its encoding; it was read as Windows-1252."],
  };
}

function strictUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function decoderFor(label: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(label);
  } catch {
    return null;
  }
}

/** The encoding that the page's own head names. UTF-16 cannot be true there: it was read as ASCII. */
function metaCharset(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString("latin1");
  const named =
    /<meta[^>]+charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head)?.[1] ??
    /^\s*<\?xml[^>]+encoding\s*=\s*["']([\w:.-]+)["']/i.exec(head)?.[1] ??
    null;
  return named !== null && /^utf-?16/i.test(named) ? "utf-8" : named;
}
