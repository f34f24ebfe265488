import { findMissingNumbers } from "./numbers.js";
import { findMissingNames } from "./proper-names.js";

/**
 * The facts of a sentence that do not occur in its quotes, as far as code can tell: numbers, dates, versions, addresses
 * and names, as written in the sentence.
 */
export function findMissingFacts(sentence: string, quotes: string[]): string[] {
  return [...findMissingNumbers(sentence, quotes), ...findMissingNames(sentence, quotes)];
}

/** The reason of a verdict: words or facts of a sentence that its quotes lack. */
export function missingFactsReason(missing: string[]): string {
  return `not in its quotes: ${missing.join(", ")}`;
}
