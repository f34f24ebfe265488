import { contentTerms, STOP_WORDS, splitWords, termsOfWord } from "../../core/text/tokenize.js";
import { findUnmentionedNames } from "./question-analysis.js";
import { isCommonVerb } from "./titles.js";
import { InverseDocumentFrequency, weightedQuestionTerms } from "./term-weights.js";
import { findSynonyms } from "./synonyms.js";

/** A text without words that are this share of what the question is about does not answer it. */
const DECISIVE = 0.3;
/** So much where a name of the question is known: then something can be said of that. */
const DECISIVE_BESIDE_A_NAME = 0.5;
/** Words that begin alike to this length may be forms of one word. */
const COMMON_BEGINNING = 5;

/** Words of a question that no text holds, and whether an answer without them would be about something else. */
export interface AbsentWords {
  /** As the question has them. */
  words: string[];
  isDecisive: boolean;
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
  const terms = weightedQuestionTerms(question);
  const isHeld = (term: string): boolean =>
    held.has(term) ||
    (terms.get(term)?.aliases ?? findSynonyms(term)).some((alias) => held.has(alias)) ||
    (term.length > COMMON_BEGINNING && beginnings.has(term.slice(0, COMMON_BEGINNING)));
  const words: string[] = [];
  let absent = 0;
  for (const { text } of splitWords(question)) {
    const word = text.replace(/['’]s$/, "");
    if (STOP_WORDS.has(word.toLowerCase()) || words.includes(word)) continue;
    if (!termsOfWord(word).some(isHeld) && !isCommonVerb(word) && !isGeneral(word)) words.push(word);
  }
  const lost = new Set(words.flatMap((word) => termsOfWord(word)));
  let all = 0;
  for (const [term, { weight }] of terms) {
    const own = weight * rarity.of(term);
    all += own;
    if (lost.has(term)) absent += own;
  }
  const names = findUnmentionedNames(question, []);
  const isNameHeld = findUnmentionedNames(question, texts).length < names.length;
  const least = isNameHeld ? DECISIVE_BESIDE_A_NAME : DECISIVE;
  return { words, isDecisive: all > 0 && absent / all >= least };
}

/** Words about questions and answers themselves. */
function isGeneral(word: string): boolean {
  return /^(?:\d+|questions?|answers?|examples?|differences?|meaning|purpose|overview|details?|docs?|documentation|several|various|best|better|right|wrong|good|bad|easy|easily|quickly|properly|correctly|own|myself|yourself|else|instead|currently|usually|always|never|often|sometimes|together|without|somebody|someone|something|people|person|users?|thing|things|ways?|kinds?|sorts?|types?|happens?|possible|allowed|needed|required|recommended|described?|called|named|known|located|mentioned|considered|based|found|born|reject(?:s|ed)?|listens?|talks?|undo|stay|stays|behind|above|below|main|default|first|last|second|next|same|many|old|new|big|small|long|short)$/i.test(
    word,
  );
}
