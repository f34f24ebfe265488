import { replaceBetween } from "../../core/text/linear-search.js";
import { findAcronyms } from "../../core/text/acronyms.js";
import { STOP_WORDS, contentTerms, splitWords, termsOfWord, tokenize } from "../../core/text/tokenize.js";
import { findNames } from "./question-analysis.js";
import { findRelatedTerms, findSynonyms, replacePhrases } from "./synonyms.js";

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

  /** The terms of all texts. */
  terms(): Iterable<string> {
    return this.#count.keys();
  }

  /** The weight of a term; one that no text holds weighs as much as one that a single text holds. */
  of(term: string): number {
    const count = Math.max(1, this.#count.get(term) ?? 0);
    // The added 1 keeps a term that stands everywhere (the source's subject) from counting nothing.
    return Math.sqrt(Math.log(1 + Math.max(1, this.#texts) / count)) + (/\d/.test(term) ? 0.3 : 0);
  }
}

/** A term of a question: how much it counts, and the terms that may stand in its place. */
interface QuestionTerm {
  weight: number;
  aliases: readonly string[];
}

/** What a question asks for, by term. Names say best what it is about. */
export type QuestionTerms = ReadonlyMap<string, QuestionTerm>;

/** A name's term counts so much more than another. */
const NAMED = 1.6;
/** The parts of a compound count so much: the compound counts itself. */
const PART = 0.5;
/** What an alias counts, of the term in whose place it stands. */
export const ALIAS = 0.6;

export function weightedQuestionTerms(question: string): QuestionTerms {
  const text = replacePhrases(question);
  const named = new Set(findNames(question).flatMap(contentTerms));
  const acronyms = findAcronyms(text);
  const found = new Map<string, QuestionTerm>();
  const words = splitWords(text).map(({ text: word }) => word);
  const telling = words.filter((word) => !STOP_WORDS.has(word.toLowerCase().replaceAll("’", "'")));
  for (const word of telling.length > 0 ? telling : words) {
    const terms = termsOfWord(word);
    terms.forEach((term, at) => {
      const weight = named.has(term) ? NAMED : GENERAL.has(term) ? SAID_OF_ANYTHING : 1;
      const own = weight * (at > 0 ? PART : 1);
      const known = found.get(term);
      if (known === undefined || known.weight < own) {
        found.set(term, { weight: own, aliases: [...findSynonyms(term), ...acronymsOf(term, acronyms)] });
      }
    });
  }
  return found;
}

/** Terms with those near them, and with the forms of their words that other texts have, each in place of the term. */
export function withWordForms(wants: QuestionTerms, vocabulary: Iterable<string>): QuestionTerms {
  const roots = [...wants.keys()]
    .filter((term) => WORD.test(term))
    .map((term) => [term, rootOf(term)] as const);
  const forms = new Map<string, string[]>();
  for (const other of vocabulary) {
    for (const [term, root] of roots) {
      if (other === term || !other.startsWith(root.slice(0, MIN_STEM - 1)) || !WORD.test(other)) continue;
      if (isSameStem(root, rootOf(other)) || root === rootOf(other))
        forms.set(term, [...(forms.get(term) ?? []), other]);
    }
  }
  return new Map(
    [...wants].map(([term, { weight, aliases }]) => [
      term,
      { weight, aliases: [...new Set([...aliases, ...findRelatedTerms(term), ...(forms.get(term) ?? [])])] },
    ]),
  );
}

/** A word of English letters that is long enough to have an ending. */
const WORD = /^[a-z]{5,}$/;
const ENDINGS = [
  "ization",
  "isation",
  "ation",
  "ition",
  "ability",
  "ibility",
  "ment",
  "able",
  "ible",
  "ance",
  "ence",
  "tion",
  "ion",
  "ize",
  "ise",
  "iz",
  "is",
  "ity",
  "ive",
  "ing",
  "ed",
  "er",
  "or",
  "al",
  "ly",
  "e",
  "i",
];

/** What the forms of a word share: "encrypt" of "encryption" and "encrypted". */
function rootOf(term: string): string {
  const ending = ENDINGS.find((each) => term.endsWith(each) && term.length - each.length >= MIN_STEM);
  return ending === undefined ? term : term.slice(0, -ending.length);
}

/** The acronyms that a term may be part of: those that hold its first letter. */
function acronymsOf(term: string, acronyms: string[]): string[] {
  return acronyms.filter((acronym) => acronym.includes(term.charAt(0)));
}

/** Words that stand in questions about anything, however rare they are in the sources. */
const GENERAL = new Set(
  contentTerms(
    "happen happens given give use using work works mean means make makes do does get gets put say says need want " +
      "possible exactly actually really way ways thing things difference different between explain describe " +
      "latest newest recent current several various certain specific available exist exists",
  ),
);
const SAID_OF_ANYTHING = 0.3;

/**
 * The share of what is wanted, by weight, that is there: in the text itself fully, in what stands
 * around it (heading, title) by half.
 */
export function coverage(
  wants: QuestionTerms,
  text: ReadonlySet<string>,
  around: ReadonlySet<string>,
  rarity: InverseDocumentFrequency,
): number {
  return shareOfTerms(wants, rarity, ({ term, aliases }) =>
    Math.max(presence(term, aliases, text), presence(term, aliases, around) / 2),
  );
}

/**
 * The share of what is wanted, by weight.
 * @param presenceOf how much of a term is there, 0 to 1
 */
export function shareOfTerms(
  wants: QuestionTerms,
  rarity: InverseDocumentFrequency,
  presenceOf: (wanted: { term: string; aliases: readonly string[] }) => number,
): number {
  let there = 0;
  let all = 0;
  for (const [term, { weight: factor, aliases }] of wants) {
    const weight = rarity.of(term) * factor;
    all += weight;
    there += weight * presenceOf({ term, aliases });
  }
  return all === 0 ? 0 : there / all;
}

/** The terms of the words in a name: a compound that the question does not have counts as its parts. */
function termsOfName(wants: QuestionTerms, name: string): Set<string> {
  const words = splitWords(withoutValues(name)).map(({ text }) => termsOfWord(text));
  return new Set(
    words.flatMap((terms) => (terms.length > 1 && !wants.has(terms[0] ?? "") ? terms.slice(1) : terms)),
  );
}

/** A name without what stands for its values: "--exclude=PATTERN", "-p <port>", "mode [default: auto]". */
function withoutValues(name: string): string {
  const short = name.slice(0, MAX_NAME);
  const outside = replaceBetween(
    replaceBetween(replaceBetween(short, "[", "]", " "), "<", ">", " "),
    "(",
    ")",
    " ",
  );
  const bare = outside.replace(/=[^\s,]*/g, "");
  return /[\p{L}\p{N}]/u.test(bare) ? bare : name;
}

/** A longer name is looked at so far, in characters. */
const MAX_NAME = 300;

/** Two words of one stem share so many letters, and differ by so many at their ends. */
const MIN_STEM = 5;
const MAX_ENDING = 4;

/** Whether two terms are forms of one word that stemming leaves apart, such as "suppress" and "suppression". */
function isSameStem(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.length >= MIN_STEM && long.length - short.length <= MAX_ENDING && long.startsWith(short);
}

/**
 * How much a name is what is asked for: the share of the question that it holds by the share of it that was asked for,
 * 0 to 1.
 */
export function matchName(wants: QuestionTerms, name: string, rarity: InverseDocumentFrequency): number {
  const terms = [...termsOfName(wants, name)];
  const isMeant = (term: string): boolean =>
    [...wants].some(
      ([wanted, { aliases }]) => isSameStem(term, wanted) || term === wanted || aliases.includes(term),
    );
  const meant = terms.filter(isMeant).length;
  if (meant === 0) return 0;
  const held = shareOfTerms(wants, rarity, ({ term, aliases }) =>
    terms.some((each) => each === term || isSameStem(each, term))
      ? 1
      : terms.some((each) => aliases.includes(each))
        ? ALIAS
        : 0,
  );
  return (held * meant) / terms.length;
}

/** Words of a phrase may have so many others between them. */
const NEAR = 2;

/** The words of a text that carry its subject, each as its terms. */
function tellingWords(text: string): (readonly string[])[] {
  return splitWords(text)
    .map(({ text: word }) => word)
    .filter((word) => !STOP_WORDS.has(word.toLowerCase().replaceAll("’", "'")))
    .map(termsOfWord);
}

/** The pairs of words that follow each other in a question: "local port", "change … passphrase". */
export function phrasesOf(question: string): (readonly [readonly string[], readonly string[]])[] {
  const words = tellingWords(replacePhrases(question));
  return words.slice(1).map((word, at) => [words[at] ?? [], word] as const);
}

/** The share of a question's phrases that stand in a text, 0 to 1: words apart from each other say something else. */
export function shareOfPhrases(phrases: ReturnType<typeof phrasesOf>, text: string): number {
  if (phrases.length === 0) return 0;
  const words = tellingWords(text);
  const isNear = (first: readonly string[], second: readonly string[]): boolean =>
    words.some(
      (word, at) =>
        word.some((term) => first.includes(term)) &&
        words.slice(at + 1, at + 2 + NEAR).some((next) => next.some((term) => second.includes(term))),
    );
  return phrases.filter(([first, second]) => isNear(first, second)).length / phrases.length;
}

function presence(term: string, aliases: readonly string[], text: ReadonlySet<string>): number {
  if (text.has(term)) return 1;
  return aliases.some((alias) => text.has(alias)) ? ALIAS : 0;
}

/** How much two texts are one: shared terms by the smaller one's size, 0 to 1. */
export function overlapCoefficient(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  if (small.size === 0) return 0;
  let shared = 0;
  for (const term of small) if (large.has(term)) shared++;
  return shared / small.size;
}
