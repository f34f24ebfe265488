import type { PreviousResearch } from "../prompts/plan.js";
import { STOP_WORDS, splitWords } from "../text/tokenize.js";

/** Words that refer back to something mentioned earlier. */
const LEANS =
  /\b(?:it|its|they|them|their|theirs|this|that|these|those|he|she|his|her|each|both|one|ones|the same|there|then)\b/i;
/** With fewer words of its own a question names too little to be searched. */
const FEW = 3;
/** Words of the earlier question that are taken over at most. */
const MOST = 6;

/**
 * What is searched for a question of the user's own: the question itself and, where it names too little or
 * leans on an earlier one, that one's words.
 */
export function buildQuestionQuery(question: string, before: PreviousResearch | undefined): string {
  if (before === undefined) return question;
  const missing = termsOfPreviousQuestion(question, before);
  return missing.length === 0 ? question : `${question} ${missing.join(" ")}`;
}

/** The words of the earlier question that this one leaves out; none where it stands on its own. */
export function termsOfPreviousQuestion(question: string, before: PreviousResearch): string[] {
  const own = keys(question);
  if (own.length >= FEW && !LEANS.test(question)) return [];
  const said = new Set(own.map((word) => word.toLowerCase()));
  return keys(before.question)
    .filter((word) => !said.has(word.toLowerCase()))
    .slice(0, MOST);
}

function keys(text: string): string[] {
  const found = splitWords(text)
    .map(({ text: word }) => word.replace(/['’]s$/, ""))
    .filter((word) => !STOP_WORDS.has(word.toLowerCase()));
  return [...new Set(found)];
}
