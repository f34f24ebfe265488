import { formatMessage, type Message } from "../../common/messages.js";
import { findMissingFacts, missingFactsReason } from "./missing-facts.js";
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
