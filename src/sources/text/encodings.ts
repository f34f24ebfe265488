/*
 * Bytes to text by an encoding's name. Node's TextDecoder knows what browsers know; what it lacks and
 * texts still come in is added here.
 */

/** The encoding that a byte order mark names, or null. */
export function markedEncoding(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return "utf-32le";
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "utf-32be";
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return null;
}

/** Names that people write and TextDecoder does not know. */
const OTHER_NAMES: Record<string, string> = {
  cp949: "euc-kr",
  uhc: "euc-kr",
  "windows-949": "euc-kr",
  cp932: "shift_jis",
  cp936: "gbk",
  cp950: "big5",
  cp1251: "windows-1251",
  cp866: "ibm866",
  macroman: "macintosh",
  "x-mac-roman": "macintosh",
  maccyrillic: "x-mac-cyrillic",
  "tis-620": "windows-874",
  "utf-32": "utf-32be",
  "ucs-4": "utf-32be",
};

/** The text and the encoding's usual name; null for a name that nobody knows. */
export function decodeAs(bytes: Uint8Array, name: string): { text: string; encoding: string } | null {
  const label = OTHER_NAMES[name.trim().toLowerCase()] ?? name.trim().toLowerCase();
  if (label === "utf-32be" || label === "utf-32le") {
    return { text: utf32(bytes, label === "utf-32le"), encoding: label };
  }
  if (label === "iso-2022-kr") return { text: iso2022kr(bytes), encoding: label };
  if (label === "hz-gb-2312" || label === "hz") return { text: hz(bytes), encoding: "hz-gb-2312" };
  try {
    const decoder = new TextDecoder(label);
    return { text: decoder.decode(bytes), encoding: decoder.encoding };
  } catch {
    return null;
  }
}

function utf32(bytes: Uint8Array, little: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, little);
    const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    if (at > 0 || code !== 0xfeff) parts.push(isCharacter ? String.fromCodePoint(code) : "\ufffd");
  }
  return parts.join("");
}

/** Korean in seven bits: "shift out" begins a stretch of two-byte characters, "shift in" ends it. */
function iso2022kr(bytes: Uint8Array): string {
  const out: number[] = [];
  let isKorean = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const isHeader =
      byte === 0x1b && bytes[at + 1] === 0x24 && bytes[at + 2] === 0x29 && bytes[at + 3] === 0x43;
    if (isHeader) at += 3;
    else if (byte === 0x0e) isKorean = true;
    else if (byte === 0x0f) isKorean = false;
    else {
      // A line's end ends the stretch, too.
      if (byte === 0x0a || byte === 0x0d) isKorean = false;
      out.push(isKorean && byte > 0x20 ? byte | 0x80 : byte);
    }
  }
  return new TextDecoder("euc-kr").decode(Uint8Array.from(out));
}

/** Chinese in seven bits: "~{" begins a stretch of two-byte characters, "~}" ends it. */
function hz(bytes: Uint8Array): string {
  const out: number[] = [];
  let isChinese = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const next = bytes[at + 1];
    if (byte === 0x7e && (next === 0x7b || next === 0x7d || next === 0x7e || next === 0x0a)) {
      if (next === 0x7b || next === 0x7d) isChinese = next === 0x7b;
      if (next === 0x7e) out.push(byte);
      at++;
    } else {
      if (byte === 0x0a) isChinese = false;
      out.push(isChinese && byte > 0x20 ? byte | 0x80 : byte);
    }
  }
  return new TextDecoder("gbk").decode(Uint8Array.from(out));
}
