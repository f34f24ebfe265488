import { missingFigures } from "./numbers.js";
import { missingNames } from "./proper-names.js";

/**
 * What a sentence says that none of its quotes does, as far as code can tell: numbers, dates,
 * versions, addresses and names, as the sentence writes them. Empty where nothing is missing.
 */
export function missingFacts(sentence: string, quotes: string[]): string[] {
  return [...missingFigures(sentence, quotes), ...missingNames(sentence, quotes)];
}
