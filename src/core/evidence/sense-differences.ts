import { msg, type Message } from "../../common/messages.js";
import { detectLanguage } from "../text/language.js";
import { findConditionDifferences, findSwappedClauses } from "./condition-differences.js";
import { findTurnedCondition } from "./condition-polarity.js";
import { findExclusiveWords } from "./exclusive-words.js";
import { findModalDifference } from "./modal-difference.js";
import { findNegationDifference } from "./negation-difference.js";
import { findDenyingPrefix, findLostConstancy, findOppositeWords } from "./opposite-words.js";
import { findQuantifierDifferences } from "./quantifier-differences.js";
import { splitSenseClauses, type Clause } from "./sense-clauses.js";
import { findSwappedWords } from "./swapped-words.js";

/*
 * Finds sentences whose sense may differ from their quotes' although they have the same facts: a negation, a direction
 * or a quantifier that the quotes do not have, the same words with their roles swapped, or quotes about something else.
 * Code sees only plain cases, in English and German, and cannot be sure: such a sentence is for a model to judge, and
 * at best qualified where none does.
 */

/** A sentence that shares less of its words with its quotes is about something else. */
const LEAST_SHARED = 0.25;

/** What a sentence says otherwise than its quotes, each as a reason for people; empty if code sees nothing. */
export function findSenseDifferences(sentence: string, quotes: string[]): Message[] {
  if (isCopied(sentence, quotes) || [sentence, ...quotes].some(isOtherLanguage)) return [];
  const said = splitSenseClauses(sentence);
  const shown = splitSenseClauses(quotes.join("\n.\n"));
  const language = detectLanguage(sentence.match(/\p{L}+/gu) ?? []);
  const found = [
    ...(isWrittenAlike(said, shown) ? findTurnedSense(said, shown) : []),
    ...findTurnedCondition(said, shown),
    ...findExclusiveWords(said, shown),
    ...findModalDifference(said, shown, language),
    ...findSwappedWords(said, shown, language),
    ...findSwappedClauses(said, shown),
  ];
  if (found.length === 0 && isAboutOtherThings(said, shown))
    found.push(msg`its quotes are about something else`);
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}

function findTurnedSense(said: Clause[], shown: Clause[]): Message[] {
  return [
    ...findNegationDifference(said, shown),
    ...findOppositeWords(said, shown),
    ...findDenyingPrefix(said, shown),
    ...findLostConstancy(said, shown),
    ...findQuantifierDifferences(said, shown),
    ...findConditionDifferences(said, shown),
  ];
}

/**
 * Share of a sentence's words that stand in its quotes in the same order, from which its sense is compared word by word.
 * What is said in other words says "not" and "more" in other words, too: 65 % keeps nine of ten falsehoods and lets half of
 * the rewordings that were flagged for nothing pass.
 */
const WRITTEN_ALIKE = 0.65;
/** Words of a sentence and of its quotes that are compared at most. */
const MOST_OWN = 60;
const MOST_SHOWN = 400;

function isWrittenAlike(said: Clause[], shown: Clause[]): boolean {
  const stems = (clauses: Clause[], most: number): string[] =>
    clauses.flatMap(({ words }) => words.flatMap(({ stem }) => (stem === "" ? [] : [stem]))).slice(0, most);
  const own = stems(said, MOST_OWN);
  return (
    own.length > 0 &&
    countInOrder(own, stems(shown, MOST_SHOWN)) >= Math.min(WRITTEN_ALIKE * own.length, own.length - 1)
  );
}

/** The length of the longest row of words that both lists have in the same order. */
function countInOrder(one: string[], other: string[]): number {
  let lengths = new Array<number>(other.length + 1).fill(0);
  for (const word of one) {
    const next = [0];
    other.forEach((each, index) => {
      const longest = Math.max(lengths[index + 1] ?? 0, next[index] ?? 0);
      next.push(each === word ? (lengths[index] ?? 0) + 1 : longest);
    });
    lengths = next;
  }
  return lengths.at(-1) ?? 0;
}

/** True for a sentence that stands in a quote as whole clauses, word for word. */
function isCopied(sentence: string, quotes: string[]): boolean {
  const own = markClauses(sentence);
  return quotes.some((quote) => markClauses(quote).includes(own));
}

/** The words of a text in lower case, with a mark at the ends of its clauses. */
function markClauses(text: string): string {
  const marked = text.toLowerCase().replace(/[.,;:!?()[\]“”"|\n]/g, " ¶ ");
  const words = ` ¶ ${marked} ¶ `.replace(/[^\p{L}\p{N}¶]+/gu, " ");
  return words.replace(/(?:¶ )+/g, "¶ ");
}

/** True for a text in neither English nor German, whose sense code cannot compare. */
export function isOtherLanguage(text: string): boolean {
  return detectLanguage(text.match(/\p{L}+/gu) ?? []) === "other";
}

/** Fewer words than these are too few to tell what a sentence is about. */
const FEWEST = 3;
/** A sentence whose figures stand in its quotes need share less of its other words. */
const LEAST_SHARED_BESIDE_FIGURES = 0.15;
/** Letters that two words of one family begin with: "succeed" and "success". */
const FAMILY = 5;

function isAboutOtherThings(said: Clause[], shown: Clause[]): boolean {
  const own = new Set(said.flatMap(({ stems }) => [...stems]));
  const others = new Set(shown.flatMap(({ stems }) => [...stems]));
  if (own.size < FEWEST || others.size < FEWEST) return false;
  const all = [...others].filter((word) => word.length > 4);
  const families = new Set(all.map((word) => word.slice(0, FAMILY)));
  // Its figures were found in the quotes before; a small number stands in most texts.
  const isShared = (word: string): boolean =>
    /^\p{N}./u.test(word) ||
    others.has(word) ||
    (word.length > 4 && families.has(word.slice(0, FAMILY))) ||
    (word.length > 7 && all.some((other) => word.includes(other)));
  const hasFigures = [...own].some((word) => /^\p{N}/u.test(word));
  const words = [...own].filter((word) => !/^\p{N}/u.test(word));
  const shared = [...own].filter(isShared);
  if (hasFigures && words.some(isShared)) return shared.length / own.size < LEAST_SHARED_BESIDE_FIGURES;
  return shared.length / own.size < LEAST_SHARED;
}
