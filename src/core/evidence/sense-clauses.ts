import { normalizeUnicode } from "../text/unicode-normalization.js";
import { STOP_WORDS, stem } from "../text/tokenize.js";
import { wordSet } from "../text/language.js";
import { writeCompoundNumbers, writeNumberWords, writeShareWords } from "./number-words.js";
import {
  findDirections,
  IMPLICIT_NEGATIONS,
  NEGATIONS,
  PHRASES,
  trimGermanEnding,
  type Direction,
} from "./sense-words.js";

/* Splits texts into clauses whose sense is compared: what they speak of, and whether they deny it. */

/** A word of a clause. */
export interface SenseWord {
  /** In lower case. */
  text: string;
  /** Its stem; empty for a small word, which says nothing by itself. */
  stem: string;
  directions: readonly Direction[];
}

export interface Clause {
  words: SenseWord[];
  /** What it speaks of, without negations. */
  stems: ReadonlySet<string>;
  isNegative: boolean;
  /** The number of its sentence in the text. */
  sentence: number;
  /** Words that deny something without being a negation. */
  implicit: ReadonlySet<string>;
}

/** Words that begin a clause with a sense of its own. */
const CONJUNCTIONS = wordSet(
  "and but whereas while unless because although though when if which who und aber sondern weil während obwohl sofern wenn falls dass damit sobald solange without ohne",
);
export const GERMAN_STOP_WORDS = wordSet(
  "der die das den dem des ein eine einen einem einer eines und oder aber ist sind war waren wird werden wurde wurden worden hat haben hatte hatten " +
    "auf für von zu zum zur im in an am bei mit als auch sich es er sie ihr ihre ihren wie so dann dass damit um aus man nach vor über unter durch",
);
const OWN_STOP_WORDS = wordSet(
  "must may can could might was were been than there here also when while whether made make used one atleast atmost",
);
/** Number of words of a text that are looked at. */
const MOST_WORDS = 2000;

const WORD = /[\p{L}\p{N}\p{M}]+(?:[.,'’_/-][\p{L}\p{N}\p{M}]+)*|[,;:.!?()[\]{}–—|]/gu;

/** The clauses of a text, in order. Only its first words are looked at. */
export function splitSenseClauses(text: string): Clause[] {
  const clauses: Clause[] = [];
  let words: SenseWord[] = [];
  let sentence = 0;
  const close = (): void => {
    if (words.length > 0) clauses.push(makeClause(words, sentence));
    words = [];
  };
  const found = normalizeForSense(text).match(WORD)?.slice(0, MOST_WORDS) ?? [];
  found.forEach((word, index) => {
    if (/^[^\p{L}\p{N}]/u.test(word) || CONJUNCTIONS.has(word)) close();
    if (/^[.!?;]/.test(word)) sentence++;
    if (/^[\p{L}\p{N}]/u.test(word)) words.push(readWord(word, found[index + 1]));
  });
  close();
  return joinInfinitives(clauses);
}

/** "Sie will nicht zulassen, das Gesetz zu ändern": what is denied stands behind the comma. */
function joinInfinitives(clauses: Clause[]): Clause[] {
  const joined: Clause[] = [];
  for (const clause of clauses) {
    const last = joined.at(-1);
    const isInfinitive =
      clause.words.at(-2)?.text === "zu" && clause.words.at(-1)?.text.endsWith("n") === true;
    if (isInfinitive && last?.isNegative === true && last.sentence === clause.sentence)
      joined[joined.length - 1] = makeClause([...last.words, ...clause.words], clause.sentence);
    else joined.push(clause);
  }
  return joined;
}

/** The full stop of an abbreviation or of a German ordinal, which ends no clause. */
const ABBREVIATED =
  /(?<=(?<![\p{L}\d])(?:z|b|d|h|u|a|s|o|i|e|g|nr|no|abs|art|mio|mrd|tsd|ca|vs|approx|fig|min|sek|std|inkl|bzw|ggf|evtl|usw|mr|mrs|ms|dr|prof|st))\.|(?<=(?<!\d)\d{1,2})\.(?= (?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez|jahrhundert|quartal))/gu;

/** A space between thousands. */
const SPACED = /(?<=(?<![\d.,])\d{1,3}(?: \d{3}){0,3}) (?=\d{3}(?!\d|[.,]\d))/g;

function normalizeForSense(text: string): string {
  // "One" is more often a pronoun than a number.
  const counted = writeShareWords(writeCompoundNumbers(normalizeUnicode(text, "NFKC"))).replace(
    /\bone\b(?! (?:hundred|thousand|million))/gi,
    " ",
  );
  const plain = writeNumberWords(counted).toLowerCase().replace(ABBREVIATED, "").replace(SPACED, "");
  return PHRASES.reduce((all, [phrase, word]) => all.replace(phrase, word), plain);
}

function readWord(text: string, next: string | undefined): SenseWord {
  const isSmall = isSmallWord(text) || NEGATIONS.has(text);
  return { text, stem: isSmall ? "" : senseStem(text), directions: findDirections(text, next) };
}

function isSmallWord(word: string): boolean {
  return STOP_WORDS.has(word) || GERMAN_STOP_WORDS.has(word) || OWN_STOP_WORDS.has(word);
}

/** A stem that English and German inflections share. */
function senseStem(word: string): string {
  const bare = word.replace(/['’]s?$/, "");
  if (/^\p{N}/u.test(bare)) return bare.replace(/(?<=\d)[,.](?=\d{3})/g, "");
  // "Translation" is of "translate", "Übersetzung" of "übersetzen".
  const verb = bare.replace(/(?<=\p{L}{3}t)ions?$/u, "e").replace(/(?<=\p{L}{4})ung(?:en)?$/u, "en");
  return trimGermanEnding(stem(verb)).normalize("NFD").replace(/\p{M}/gu, "");
}

/** "Neither … nor" denies once. */
function countNegations(words: SenseWord[]): number {
  const negations = words.filter(({ text }) => NEGATIONS.has(text));
  const isPair = negations.some(({ text }) => text === "neither");
  return negations.filter(({ text }) => !isPair || text !== "nor").length;
}

function makeClause(words: SenseWord[], sentence: number): Clause {
  return {
    words,
    sentence,
    stems: new Set(words.flatMap((word) => (word.stem === "" ? [] : [word.stem]))),
    isNegative: countNegations(words) % 2 === 1,
    implicit: new Set(words.flatMap(({ text }) => (IMPLICIT_NEGATIONS.has(text) ? [stem(text)] : []))),
  };
}
