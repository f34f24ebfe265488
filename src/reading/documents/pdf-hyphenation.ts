import type { PageLine } from "./pdf-lines.js";

/** A document with fewer words does not tell a word's rest from a word. */
const MIN_WORDS = 300;

/**
 * Joins words that a line's end parts. The hyphen goes where the whole word stands elsewhere in the document. It stays
 * where the document has the word with one, where both parts are words of their own, and in names such as "--no-verify".
 */
export function joinWordsAtLineEnds(lines: PageLine[], isCode: (line: PageLine) => boolean): PageLine[] {
  const words = wordsOf(lines);
  const found: PageLine[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    const [, sign = "", head] = /([-_./\p{N}]?)(?<![\p{L}])(\p{L}{2,40})-$/u.exec(last?.text ?? "") ?? [];
    const [tail = "", ...rest] = line.text.split(" ");
    const [start] = /^\p{Ll}{2,40}/u.exec(tail) ?? [];
    if (last === undefined || head === undefined || start === undefined || isCode(line) || isCode(last)) {
      found.push({ ...line });
      continue;
    }
    const isParted = sign === "" && isOneWord(head.toLowerCase(), start, words);
    last.text = (isParted ? last.text.slice(0, -1) : last.text) + tail;
    if (rest.length > 0) found.push({ ...line, text: rest.join(" ") });
  }
  return found;
}

function isOneWord(head: string, start: string, words: ReadonlySet<string>): boolean {
  if (words.has(`${head}-${start}`)) return false;
  if (words.has(head + start)) return true;
  return words.size >= MIN_WORDS && !(words.has(head) && words.has(start));
}

/** All words that stand within a line: not those that its ends cut. */
function wordsOf(lines: PageLine[]): Set<string> {
  const found = new Set<string>();
  let isCut = false;
  for (const { text } of lines) {
    const words = Array.from(text.matchAll(/\p{L}+(?:-\p{L}+)*/gu), ([word]) => word.toLowerCase());
    const isCutHere = /\p{L}-$/u.test(text);
    for (const word of words.slice(isCut ? 1 : 0, isCutHere ? -1 : undefined)) found.add(word);
    isCut = isCutHere;
  }
  return found;
}
