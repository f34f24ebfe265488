import { contentTerms, tokenize } from "../../core/text/tokenize.js";
import { findNames } from "./question-analysis.js";

/** Terms of a text as a set. */
export function termSet(text: string): Set<string> {
  return new Set(contentTerms(text));
}

/** How telling each term is, from how few of the texts hold it: 0 and up. */
export class InverseDocumentFrequency {
  readonly #count = new Map<string, number>();
  readonly #texts: number;

  constructor(texts: string[]) {
    this.#texts = texts.length;
    for (const text of texts) {
      for (const term of new Set(tokenize(text))) this.#count.set(term, (this.#count.get(term) ?? 0) + 1);
    }
  }

  /** The weight of a term; one that no text holds weighs as much as one that a single text holds. */
  of(term: string): number {
    const count = Math.max(1, this.#count.get(term) ?? 0);
    // The added 1 keeps a term that stands everywhere (the source's subject) from counting nothing.
    return Math.log(1 + Math.max(1, this.#texts) / count) + (/\d/.test(term) ? 0.5 : 0);
  }
}

/** What a question asks for: its terms, with how much each counts. Names say best what it is about. */
export type QuestionTerms = ReadonlyMap<string, number>;

/** A name's term counts so much more than another. */
const NAMED = 1.6;

export function weightedQuestionTerms(question: string): QuestionTerms {
  const named = new Set(findNames(question).flatMap(contentTerms));
  return new Map(
    [...termSet(question)].map((term) => [
      term,
      named.has(term) ? NAMED : GENERAL.has(term) ? SAID_OF_ANYTHING : 1,
    ]),
  );
}

/** Words that stand in questions about anything, however rare they are in the sources. */
const GENERAL = new Set(
  contentTerms(
    "happen happens given give use using work works mean means make makes do does get gets put say says need want " +
      "possible exactly actually really way ways thing things difference different between explain describe",
  ),
);
const SAID_OF_ANYTHING = 0.3;

/**
 * The share of what is wanted, by weight, that is there: in the text itself fully, in what stands
 * around it (heading, title) by half.
 */
export function coverage(
  wants: QuestionTerms,
  text: Set<string>,
  around: Set<string>,
  rarity: InverseDocumentFrequency,
): number {
  let there = 0;
  let all = 0;
  for (const [term, factor] of wants) {
    const weight = rarity.of(term) * factor;
    all += weight;
    if (text.has(term)) there += weight;
    else if (around.has(term)) there += weight / 2;
  }
  return all === 0 ? 0 : there / all;
}

/** How much two texts are one: shared terms by the smaller one's size, 0 to 1. */
export function overlapCoefficient(a: Set<string>, b: Set<string>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  if (small.size === 0) return 0;
  let shared = 0;
  for (const term of small) if (large.has(term)) shared++;
  return shared / small.size;
}
