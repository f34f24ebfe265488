import { collapseWhitespace } from "../../common/collapse-whitespace.js";
/*
 * How raised and lowered text is written on one line. "2<sup>32</sup>" becomes "2^32" and "H<sub>2</sub>O" "H₂O", so that
 * no digit joins a number that it does not belong to. The mark of a footnote is no part of the text.
 */

const ORDINAL = /^(?:st|nd|rd|th|er|re|e|ère|ème|ste|de|te|o|a|º|ª)$/iu;
const NOTE_SIGNS = /^(?:\[[^\]]{1,20}\]|[*∗†‡§¶‖]+)$/u;
const NOTE_NUMBERS = /^\d{1,3}(?:\s?[,–-]\s?\d{1,3})*$/;
const YEAR = /(?<![\d.,])(?:1[5-9]|20)\d\d$/;
/** Words that are raised to a power: units, functions. */
const POWERED =
  /^(?:sin|cos|tan|cot|sec|csc|log|exp|lim|det|mol|rad|min|max|inch|feet|foot|yard|mile|miles|yards|met(?:er|re)s?|px|rem|pixel|pixels|kpc|mpc)$/i;

/**
 * Writes raised text.
 * @param before the text before it, of which only the end matters
 * @returns "" for the mark of a note
 */
export function writeRaised(raised: string, before: string): string {
  const text = collapseWhitespace(raised);
  if (text === "") return "";
  if (/^(?:tm|sm)$/i.test(text)) return text.toLowerCase() === "tm" ? "™" : "℠";
  if (/^[®©™℠°′″]$/u.test(text)) return text;
  if (ORDINAL.test(text) && /\d$/.test(before)) return text;
  if (NOTE_SIGNS.test(text)) return "";
  const tail = before.slice(-80);
  if (NOTE_NUMBERS.test(text) && isNotePlace(tail)) return "";
  // At the start of a block it labels the block.
  if (tail.trim() === "" && before.length === 0) return text;
  if (text.length > 24 || /\p{L}{2} \p{L}{2}/u.test(text)) return ` ${text}`;
  // An abbreviation such as "Mlle" or "Nr".
  if (/^\p{Ll}{2,}$/u.test(text) && /\p{Lu}$/u.test(tail)) return text;
  const plain = text.replace(/[−–]/g, "-").replace(/\s/g, "");
  if (/^[-+]?(?:\d+(?:[.,]\d+)*|\p{L}+)$/u.test(plain) || /^\([^()]*\)$/.test(plain)) return `^${plain}`;
  return `^(${text.replace(/[−–]/g, "-")})`;
}

/** Whether a raised number after this text is the mark of a note rather than a power. */
function isNotePlace(tail: string): boolean {
  if (/[.,;:!?…"”’'»]$/u.test(tail)) return true;
  if (YEAR.test(tail)) return true;
  if (tail.endsWith(")")) {
    const inside = tail.slice(tail.lastIndexOf("(") + 1, -1);
    return /\p{L}{3,}/u.test(inside) && /\s/.test(inside.trim());
  }
  // eslint-disable-next-line redos/no-vulnerable -- the tail has at most 80 characters
  const [word = ""] = /\p{L}+$/u.exec(tail) ?? [];
  return word.length >= 3 && !POWERED.test(word);
}

const SUBSCRIPTS: Record<string, string> = {
  "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈", "9": "₉",
  "+": "₊", "-": "₋", "−": "₋",
}; // prettier-ignore

/** Writes lowered text: digits as subscripts, letters behind a low line. */
export function writeLowered(lowered: string): string {
  const text = collapseWhitespace(lowered);
  if (text === "") return "";
  if (/^[\d+−-]+$/.test(text)) return Array.from(text, (one) => SUBSCRIPTS[one] ?? one).join("");
  if (text.length > 24 || /\p{L}{2} \p{L}{2}/u.test(text)) return ` ${text}`;
  return /^[\p{L}\p{N}]+$/u.test(text) ? `_${text}` : `_(${text})`;
}
