import chardet from "chardet";
import { decodeWithEncoding } from "./encodings.js";
import { removeScripts } from "./remove-scripts.js";

/*
 * Guesses the encoding of undeclared bytes. chardet distinguishes East Asian and Latin encodings well if it gets prose
 * without markup. For other scripts, the decoded result is more reliable: common lower-case letters in words that mix
 * neither scripts nor case.
 */

/** Number of bytes to examine. */
const SAMPLE_BYTES = 200_000;
/** Minimum confidence of chardet, in percent. */
const MIN_CONFIDENCE = 60;

/** The most likely encoding, by a name that `decodeWithEncoding` knows. The bytes are not valid UTF-8. */
export function detectEncoding(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  return (
    detectWideEncoding(sample) ??
    detectEscapedEncoding(sample) ??
    oldKorean(sample) ??
    eastAsian(sample) ??
    singleByte(sample)
  );
}

/** UTF-16 and UTF-32 without a mark: in ASCII characters all bytes but one are zero, always at the same offset. */
export function detectWideEncoding(bytes: Uint8Array): string | null {
  const length = Math.min(bytes.length, 4000) & ~3;
  if (length < 8) return null;
  const zeros = [0, 0, 0, 0];
  for (let at = 0; at < length; at++) if (bytes[at] === 0) zeros[at % 4] = (zeros[at % 4] ?? 0) + 1;
  const share = zeros.map((count) => count / (length / 4));
  const [a = 0, b = 0, c = 0, d = 0] = share;
  // Unicode ends at 0x10ffff: the highest byte is always zero, the next nearly always.
  if (a === 1 && b > 0.9 && d < 0.1) return "utf-32be";
  if (d === 1 && c > 0.9 && a < 0.1) return "utf-32le";
  const even = (a + c) / 2;
  const odd = (b + d) / 2;
  // Spaces, digits and line ends are ASCII in texts of every language.
  if (even > 0.1 && odd < 0.02 && even > odd * 8 && isText(bytes, "utf-16be")) return "utf-16be";
  if (odd > 0.1 && even < 0.02 && odd > even * 8 && isText(bytes, "utf-16le")) return "utf-16le";
  return null;
}

function isText(bytes: Uint8Array, name: string): boolean {
  const text = decodeWithEncoding(bytes.subarray(0, 4000), name)?.text ?? "";
  const odd =
    text.match(/[\p{Cn}\p{Co}\p{Cs}\p{Cc}\ufffd]/gu)?.filter((one) => !/[\t\r\n\f]/.test(one)).length ?? 0;
  return odd <= text.length * 0.01 && /[\s\p{P}]/u.test(text);
}

/** Seven-bit encodings, recognized by their escape sequences. */
export function detectEscapedEncoding(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes).toString("latin1");
  // eslint-disable-next-line no-control-regex -- escapes are what announces them
  const isJapanese = /\u001b\$[@B]|\u001b\([JI]/.test(text);
  if (text.includes("\u001b$)C")) return "iso-2022-kr";
  if (isJapanese) return "iso-2022-jp";
  if (/~\{(?:[!-w][!-~]){2,}~\}/.test(text)) return "hz-gb-2312";
  return null;
}

const EAST_ASIAN: Record<string, string> = {
  Big5: "big5",
  "EUC-KR": "euc-kr",
  "EUC-JP": "euc-jp",
  GB18030: "gb18030",
  Shift_JIS: "shift_jis",
};

function eastAsian(bytes: Uint8Array): string | null {
  for (const { name, confidence } of chardet.analyse(bytes)) {
    const encoding = EAST_ASIAN[name];
    if (confidence < MIN_CONFIDENCE) return null;
    if (encoding === undefined) continue;
    // The sample may end in the middle of a character.
    const text = decodeWithEncoding(bytes, encoding)?.text.slice(0, -2) ?? "";
    const lost = text.match(/\ufffd/g)?.length ?? 0;
    if (lost <= text.length * 0.002) return encoding;
  }
  return null;
}

/** Johab: if nearly everything decodes to Korean syllables, many of them common, it is no coincidence. */
function oldKorean(bytes: Uint8Array): string | null {
  const beyond = beyondAscii(decodeWithEncoding(bytes, "johab")?.text.slice(0, -1) ?? "");
  const syllables = beyond.filter((one) => one >= "\uac00" && one <= "\ud7a3");
  const common = syllables.filter((one) =>
    "이다는에을의가를은고하지로한기도인사서어들리나시그대해자있".includes(one),
  );
  const isKorean =
    syllables.length >= Math.max(8, beyond.length * 0.9) && common.length >= syllables.length * 0.25;
  return isKorean ? "johab" : null;
}

function beyondAscii(text: string): string[] {
  return Array.from(text).filter((one) => one > "\u007f");
}

interface Script {
  encodings: string[];
  letters: RegExp;
  /** The most common lower-case letters, which make up most of any prose. */
  common: string;
}

const SCRIPTS: Script[] = [
  {
    encodings: ["windows-1251", "koi8-r", "koi8-u", "iso-8859-5", "ibm866", "ibm855", "x-mac-cyrillic"],
    letters: /^\p{Script=Cyrillic}$/u,
    common: "оеаинтсрвлкмдпуяыьгзбі",
  },
  {
    encodings: ["windows-1253", "iso-8859-7"],
    letters: /^\p{Script=Greek}$/u,
    common: "αοιετσνηυρπκμλςίάέόύήώ",
  },
  { encodings: ["windows-1255", "iso-8859-8"], letters: /^\p{Script=Hebrew}$/u, common: "יוהלאמרתשנבםדחק" },
  { encodings: ["windows-1256", "iso-8859-6"], letters: /^\p{Script=Arabic}$/u, common: "الينمتربعدهةسفأ" },
  { encodings: ["windows-874"], letters: /^\p{Script=Thai}$/u, common: "านรอกเงมยลวดทสตะปี่้" },
];

/** chardet's names of Latin encodings, mapped to what browsers use. */
const LATIN: Record<string, string> = {
  "ISO-8859-1": "windows-1252",
  "windows-1252": "windows-1252",
  "ISO-8859-2": "iso-8859-2",
  "windows-1250": "windows-1250",
  "ISO-8859-9": "windows-1254",
  "windows-1254": "windows-1254",
  "windows-1257": "windows-1257",
  "windows-1258": "windows-1258",
};

function singleByte(bytes: Uint8Array): string {
  const prose = withoutMarkup(bytes);
  const others = SCRIPTS.flatMap((script) =>
    script.encodings.map((encoding) => ({ encoding, worth: scriptScore(prose, encoding, script) })),
  ).sort((a, b) => b.worth - a.worth);
  const best = others[0];
  if (best !== undefined && best.worth > 0.45) return best.encoding;
  const ranked = chardet.analyse(prose).flatMap(({ name, confidence }) => {
    const encoding = LATIN[name];
    return encoding === undefined
      ? []
      : [{ encoding, worth: confidence / 100 + latinScore(prose, encoding) }];
  });
  const all = [
    ...ranked,
    {
      encoding: "windows-1252",
      worth: 0.1 + latinScore(prose, "windows-1252") + westernBonus(prose, ranked),
    },
    { encoding: "macintosh", worth: macintoshScore(prose) },
  ];
  return all.reduce((first, each) => (each.worth > first.worth ? each : first)).encoding;
}

/** A few accents are weak evidence; Western European ones most likely mean windows-1252. */
function westernBonus(bytes: Uint8Array, ranked: { encoding: string; worth: number }[]): number {
  const western = ranked.find(({ encoding }) => encoding === "windows-1252")?.worth ?? 0;
  return westernShare(bytes, "windows-1252") >= 0.97 ? western + 0.2 : 0;
}

function westernShare(bytes: Uint8Array, encoding: string): number {
  const beyond = beyondAscii(decodeWithEncoding(bytes, encoding)?.text ?? "");
  const western = beyond.filter((one) => /[äöüßÄÖÜéèêëàâáçîïíôóòúùûñåæøœÉÀÇÅÆØ’“”–…]/.test(one)).length;
  return beyond.length === 0 ? 0 : western / beyond.length;
}

/** chardet does not know Mac Roman, which is likely only if it gives Western European letters. */
function macintoshScore(bytes: Uint8Array): number {
  const worth = latinScore(bytes, "macintosh");
  const isLikely = westernShare(bytes, "macintosh") >= 0.9 && latinScore(bytes, "windows-1252") < -0.3;
  return isLikely ? worth + 0.8 : worth - 0.3;
}

/** Removes tags and scripts, so that only prose is examined. */
function withoutMarkup(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  const bare = removeScripts(text).replace(/<[^<>]{0,2000}>/g, " ");
  return Buffer.from(bare, "latin1");
}

/** How much a decoded text looks like prose in a script: about 1 for prose, 0 or less for anything else. */
function scriptScore(bytes: Uint8Array, encoding: string, { letters, common }: Script): number {
  const text = decodeWithEncoding(bytes, encoding)?.text ?? "";
  const small = new Set(common);
  let sum = 0;
  let count = 0;
  let before = "";
  for (const one of text) {
    const isOwn = letters.test(one);
    if (one > "\u007f") {
      count++;
      if (isOwn) {
        const isSmall = one === one.toLowerCase();
        if (small.has(one)) sum += 1;
        else if (small.has(one.toLowerCase())) sum += 0.6;
        else sum += 0.3;
        // "пРИВЕТ" is what the wrong one of two encodings makes of "Привет".
        if (
          !isSmall &&
          letters.test(before) &&
          before === before.toLowerCase() &&
          before !== before.toUpperCase()
        ) {
          sum -= 1.2;
        }
        if (/[a-z]/i.test(before)) sum -= 0.8;
      } else if (/[\u0080-\u009f\ufffd]/.test(one)) sum -= 2;
      else if (/\p{L}/u.test(one)) sum -= 1;
      else if (/[\p{S}]/u.test(one)) sum -= 0.7;
    } else if (/[a-z]/i.test(one) && letters.test(before)) sum -= 0.8;
    before = one;
  }
  // A few characters are not prose, so short texts score lower.
  return sum / (count + 3);
}

/** How well non-ASCII letters fit into their words, from -2 to 0. */
function latinScore(bytes: Uint8Array, encoding: string): number {
  const text = decodeWithEncoding(bytes, encoding)?.text ?? "";
  let sum = 0;
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const one = text.charAt(at);
    if (one <= "\u007f") continue;
    count++;
    const inWord = /[a-z]/.test(text.charAt(at - 1)) && /[a-z]/.test(text.charAt(at + 1));
    if (/[\u0080-\u009f\ufffd]/.test(one)) sum -= 2;
    else if (!/\p{L}/u.test(one))
      sum -= inWord && !/[’'‑–\u00ad]/.test(one) ? 1 : /\p{S}/u.test(one) ? 0.3 : 0;
    else if (inWord && one !== one.toLowerCase()) sum -= 1;
  }
  return count === 0 ? 0 : sum / count;
}
