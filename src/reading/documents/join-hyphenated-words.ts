import type { NumberedLine } from "./numbered-lines.js";

/** The sign that formatters write where they part a word. */
const HYPHEN = "\u2010";

/** A longer beginning of a word is none, in characters. */
const MAX_LENGTH = 90;

/**
 * Joins words that a formatter parted at the ends of lines: the rest of a word moves up to its beginning. A hyphen stays
 * where the text writes the word with one elsewhere.
 * @param lines those of one indented part or paragraph may follow each other; a blank line parts no word
 */
export function joinHyphenatedWords(lines: NumberedLine[]): NumberedLine[] {
  const hasSign = lines.some(({ text }) => text.includes(HYPHEN));
  const known = wordsOf(lines);
  const joined: NumberedLine[] = [];
  for (const { text, number } of lines) {
    const last = joined.at(-1);
    const begin = beginningOfWord(last?.text ?? "");
    const [, indent = "", rest] = /^(\s*)([\p{L}\p{N}]\S*)(?=\s|$)/u.exec(text) ?? [];
    if (last === undefined || begin === undefined || rest === undefined) joined.push({ text, number });
    else {
      last.text = last.text.slice(0, -1) + hyphenBetween(begin, rest, known, hasSign) + rest;
      const left = text.slice(indent.length + rest.length).trimStart();
      joined.push({ text: left === "" ? "" : indent + left, number });
    }
  }
  return joined.filter(({ text }, at) => text !== "" || lines[at]?.text.trim() === "");
}

/** The beginning of a word that a line ends with, its hyphen included. */
function beginningOfWord(line: string): string | undefined {
  const last =
    line
      .slice(-MAX_LENGTH)
      .split(/[^\p{L}\p{N}_./\u2010-]/u)
      .at(-1) ?? "";
  const begin = last.replace(/^[_./\u2010-]+/u, "");
  return /[\u2010-]$/.test(begin) ? begin : undefined;
}

/** What stands between two parts of a word: "-" or nothing. */
function hyphenBetween(begin: string, rest: string, known: ReadonlySet<string>, hasSign: boolean): string {
  const first = begin.slice(0, -1).toLowerCase();
  const second = /^[\p{L}\p{N}_-]+/u.exec(rest.toLowerCase())?.[0] ?? "";
  if (known.has(`${first}-${second}`)) return "-";
  if (begin.endsWith(HYPHEN) || known.has(first + second)) return "";
  // Where a formatter has its own sign, the common one is the author's.
  return hasSign || (known.has(first) && known.has(second)) ? "-" : "";
}

function wordsOf(lines: NumberedLine[]): Set<string> {
  const found = new Set<string>();
  for (const { text } of lines)
    for (const [word] of text
      .replaceAll(HYPHEN, "-")
      .toLowerCase()
      .matchAll(/[\p{L}\p{N}_]+(?:[-./][\p{L}\p{N}_]+)*/gu))
      found.add(word);
  return found;
}
