import { formatMessage, type Message } from "../../common/messages.js";
import { findMissingFacts, missingFactsReason } from "./missing-facts.js";
import { findMissingNames } from "./proper-names.js";
import { findMissingNumbers } from "./numbers.js";
import { findSenseDifferences } from "./sense-differences.js";

/** What code alone finds in a sentence. */
export interface SentenceCheck {
  /** Facts that its quotes lack: the quotes do not prove it. */
  missing: string[];
  /** Reasons why its sense may differ from its quotes': a model decides, and without one it is at best qualified. */
  differences: Message[];
}

/** Checks a sentence against its quotes by code alone. */
export function checkSentence(sentence: string, quotes: string[]): SentenceCheck {
  const missing = findMissingFacts(sentence, quotes);
  // A sentence without its facts is unsupported, whatever its sense is.
  return { missing, differences: missing.length > 0 ? [] : findSenseDifferences(sentence, quotes) };
}

/**
 * Checks a sentence as `checkSentence` does, in several turns: the first check of a process takes as long as twenty later
 * ones, and nothing else should wait for it.
 * @param turn lets other work go on
 */
export async function checkSentenceInTurns(
  sentence: string,
  quotes: string[],
  turn: () => Promise<void>,
): Promise<SentenceCheck> {
  await turn();
  const numbers = findMissingNumbers(sentence, quotes);
  await turn();
  const missing = [...numbers, ...findMissingNames(sentence, quotes)];
  if (missing.length > 0) return { missing, differences: [] };
  await turn();
  return { missing, differences: findSenseDifferences(sentence, quotes) };
}

/**
 * The verdict of code where no model judges; null if code finds nothing.
 */
export function verdictByCode({
  missing,
  differences,
}: SentenceCheck): { verdict: "unsupported" | "qualified"; reason: string } | null {
  if (missing.length > 0) return { verdict: "unsupported", reason: missingFactsReason(missing) };
  if (differences.length === 0) return null;
  return { verdict: "qualified", reason: differences.map((each) => formatMessage(each)).join("; ") };
}
