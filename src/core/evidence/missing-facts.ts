import { findMissingNumbers } from "./numbers.js";
import { findMissingNames } from "./proper-names.js";

/**
 * What a sentence says that none of its quotes does, as far as code can tell: numbers, dates,
 * versions, addresses and names, as the sentence writes them. Empty where nothing is missing.
 */
export function findMissingFacts(sentence: string, quotes: string[]): string[] {
  return [...findMissingNumbers(sentence, quotes), ...findMissingNames(sentence, quotes)];
}
