/*
 * Decodes bytes by the name of an encoding. TextDecoder supports the encodings of browsers; others that still occur are
 * added here.
 */

/** The encoding that a byte order mark names, or null. */
export function encodingOfByteOrderMark(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return "utf-32le";
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "utf-32be";
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return null;
}

/** Common names that TextDecoder does not know. */
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
  cp855: "ibm855",
  cp1361: "johab",
  "utf-32": "utf-32be",
  "ucs-4": "utf-32be",
};

/** Decodes bytes. @returns the text and the encoding's usual name; null if the name is unknown */
export function decodeWithEncoding(
  bytes: Uint8Array,
  name: string,
): { text: string; encoding: string } | null {
  const label = OTHER_NAMES[name.trim().toLowerCase()] ?? name.trim().toLowerCase();
  if (label === "utf-32be" || label === "utf-32le") {
    return { text: utf32(bytes, label === "utf-32le"), encoding: label };
  }
  if (label === "iso-2022-kr") return { text: iso2022kr(bytes), encoding: label };
  if (label === "ibm855") return { text: byTable(bytes, IBM855), encoding: label };
  if (label === "johab") return { text: johab(bytes), encoding: label };
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

/** Seven-bit Korean: "shift out" starts two-byte characters, "shift in" ends them. */
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
      // A line end also ends two-byte characters.
      if (byte === 0x0a || byte === 0x0d) isKorean = false;
      out.push(isKorean && byte > 0x20 ? byte | 0x80 : byte);
    }
  }
  return new TextDecoder("euc-kr").decode(Uint8Array.from(out));
}

/** The upper half of code page 855 (Cyrillic). */
const IBM855 =
  "ђЂѓЃёЁєЄѕЅіІїЇјЈљЉњЊћЋќЌўЎџЏюЮъЪаАбБцЦдДеЕфФгГ«»░▒▓│┤хХиИ╣║╗╝йЙ┐" +
  "└┴┬├─┼кК╚╔╩╦╠═╬¤лЛмМнНоОп┘┌█▄Пя▀ЯрРсСтТуУжЖвВьЬ№­ыЫзЗшШэЭщЩчЧ§■ ";

function byTable(bytes: Uint8Array, upper: string): string {
  return Array.from(bytes, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : upper.charAt(byte - 0x80),
  ).join("");
}

/** Indexes for Johab's five bits of a syllable's first, middle and last letter; -1 if invalid. */
const place = (...runs: [number, number][]): number[] => {
  const places = Array<number>(32).fill(-1);
  let next = 0;
  for (const [from, to] of runs) for (let code = from; code <= to; code++) places[code] = next++;
  return places;
};
const FIRST = place([2, 20]);
const MIDDLE = place([3, 7], [10, 15], [18, 23], [26, 29]);
const LAST = place([1, 17], [19, 29]);

/** Johab encodes the letters of each syllable; symbols and Chinese characters are shifted from EUC-KR. */
function johab(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      parts.push(String.fromCharCode(lead));
      continue;
    }
    const trail = bytes[++at] ?? 0;
    const code = (lead << 8) | trail;
    const [first = -1, middle = -1, last = -1] = [
      FIRST[(code >> 10) & 31],
      MIDDLE[(code >> 5) & 31],
      LAST[code & 31],
    ];
    if (lead >= 0xd9) {
      const column = trail < 0x91 ? trail - 0x31 : trail - 0x43;
      const row = (lead < 0xe0 ? 2 * (lead - 0xd9) : 2 * lead - 0x197) + (column < 0x5e ? 0 : 1);
      const moved = Uint8Array.from([row + 0xa1, (column < 0x5e ? column : column - 0x5e) + 0xa1]);
      parts.push(new TextDecoder("euc-kr").decode(moved));
    } else if (first < 0 || middle < 0 || last < 0) parts.push("\ufffd");
    else parts.push(String.fromCharCode(0xac00 + (first * 21 + middle) * 28 + last));
  }
  return parts.join("");
}

/** Seven-bit Chinese: "~{" starts two-byte characters, "~}" ends them. */
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
