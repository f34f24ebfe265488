import { contentTerms, STOP_WORDS, splitWords, termsOfWord } from "../../core/text/tokenize.js";
import { isGeneralWord } from "./general-words.js";
import { findUnmentionedNames } from "./question-analysis.js";
import { InverseDocumentFrequency, weightedQuestionTerms } from "./term-weights.js";
import { findRelatedTerms } from "./synonyms.js";

/** A text without words that are this share of what the question is about does not answer it. */
const DECISIVE = 0.3;
/** So much where a name of the question is known: then something can be said of that. */
const DECISIVE_BESIDE_A_NAME = 0.5;
/** Where no name is known, so much is missed by whoever asked. */
const TELLING = 0.12;
/** Words that begin alike to this length may be forms of one word. */
const COMMON_BEGINNING = 5;

/** Words of a question that no text holds, and whether an answer without them would be about something else. */
export interface AbsentWords {
  /** As the question has them. */
  words: string[];
  isDecisive: boolean;
  /** Whether they are so much of the question that what is found is rather near the answer than the answer. */
  isTelling: boolean;
}

/**
 * Finds the words of a question that stand in none of the texts, in no form and under no other name. Verbs that any text may
 * say otherwise are not among them.
 * @param texts quotes with the titles of their sources
 */
export function findAbsentWords(question: string, texts: string[]): AbsentWords {
  const held = new Set(texts.flatMap(contentTerms));
  const beginnings = new Set([...held].map((term) => term.slice(0, COMMON_BEGINNING)));
  const rarity = new InverseDocumentFrequency(texts);
  const wanted = weightedQuestionTerms(question);
  const isSaid = (term: string): boolean =>
    held.has(term) ||
    [...(wanted.get(term)?.aliases ?? []), ...findRelatedTerms(term)].some((alias) => held.has(alias)) ||
    (term.length > COMMON_BEGINNING && beginnings.has(term.slice(0, COMMON_BEGINNING)));
  const isHeld = (term: string): boolean => {
    const base = withoutPrefix(term);
    return isSaid(term) || (base !== null && isSaid(base));
  };
  const names = findNumberedNames(question).filter((name) => !isNumberedNameHeld(name, texts));
  const words = [...names];
  let absent = 0;
  for (const { text } of splitWords(question)) {
    const word = text.replace(/['’]s$/, "");
    if (STOP_WORDS.has(word.toLowerCase()) || words.includes(word)) continue;
    // "HTTP" of "HTTP/3" is no subject of its own.
    if (names.some((name) => name.startsWith(word))) continue;
    const isFound = isNumber(word) ? isNumberHeld(word, held) : termsOfWord(word).some(isHeld);
    if (!isFound && !isGeneralWord(word)) words.push(word);
  }
  const lost = new Set(words.flatMap((word) => termsOfWord(word)));
  let all = 0;
  for (const [term, { weight }] of wanted) {
    const own = weight * rarity.of(term);
    all += own;
    if (lost.has(term)) absent += own;
  }
  const isNameHeld = findUnmentionedNames(question, texts).length < findUnmentionedNames(question, []).length;
  const least = isNameHeld ? DECISIVE_BESIDE_A_NAME : DECISIVE;
  const share = all === 0 ? 0 : absent / all;
  return {
    words,
    isDecisive: names.length > 0 || (all > 0 && share >= least),
    isTelling: !isNameHeld && share >= TELLING,
  };
}

/** The word that a prefix stands before: "folder" of "subfolder"; null where there is none. */
function withoutPrefix(term: string): string | null {
  const base = /^(?:sub|re|un|non|multi|auto|pre|mis)([a-z]{4,})$/.exec(term)?.[1];
  return base ?? null;
}

/** Names that only their number tells from others of their kind: "HTTP/3", "SHA-3". */
function findNumberedNames(question: string): string[] {
  return question.match(/(?<![\w./-])\p{Lu}[\p{L}]{1,15}[/-]\d{1,4}(?:\.\d{1,4})?(?![\w./-])/gu) ?? [];
}

/** Whether a text has the name, written with any sign or none before its number. */
function isNumberedNameHeld(name: string, texts: string[]): boolean {
  const [word = "", number = ""] = name.toLowerCase().split(/[/-]/);
  return texts.some((text) => {
    const lower = text.toLowerCase();
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
      const rest = lower.slice(at + word.length, at + word.length + 12).replace(/^[ /_-]?v?/, "");
      if (rest.startsWith(number) && !/^(?:\d|\.\d)/.test(rest.slice(number.length))) return true;
    }
    return false;
  });
}

function isNumber(word: string): boolean {
  return /^[\d.]+$/.test(word);
}

/** A version is known by a longer one that begins with it, but not by one of its parts, which stands in any text. */
function isNumberHeld(number: string, held: ReadonlySet<string>): boolean {
  return held.has(number) || [...held].some((term) => term.startsWith(`${number}.`));
}
