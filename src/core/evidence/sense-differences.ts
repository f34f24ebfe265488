import { msg, type Message } from "../../common/messages.js";
import { detectLanguage, wordSet } from "../text/language.js";
import { splitSenseClauses, type Clause, type SenseWord } from "./sense-clauses.js";
import { FREQUENCIES, NEGATIONS, QUANTIFIERS, type Quantifier } from "./sense-words.js";
import { findSwappedWords } from "./swapped-words.js";

/*
 * Finds sentences whose sense may differ from their quotes' although they have the same facts: a negation, a direction
 * or a quantifier that the quotes do not have, the same words with their roles swapped, or quotes about something else.
 * Code sees only plain cases, in English and German, and cannot be sure: such a sentence is for a model to judge, and
 * at best qualified where none does.
 */

/** Shares of words in common from which two clauses speak of one thing. */
const SAME_SUBJECT = 0.6;
/** A sentence that shares less of its words with its quotes is about something else. */
const LEAST_SHARED = 0.3;

/** What a sentence says otherwise than its quotes, each as a reason for people; empty if code sees nothing. */
export function findSenseDifferences(sentence: string, quotes: string[]): Message[] {
  if (isCopied(sentence, quotes) || [sentence, ...quotes].some(isOtherLanguage)) return [];
  const said = splitSenseClauses(sentence);
  const shown = splitSenseClauses(quotes.join("\n.\n"));
  const found = [
    ...findNegationDifference(said, shown),
    ...findOppositeWords(said, shown),
    ...findDenyingPrefix(said, shown),
    ...findQuantifierDifferences(said, shown),
    ...findSwappedWords(said, shown, detectLanguage(sentence.match(/\p{L}+/gu) ?? [])),
  ];
  if (found.length === 0 && isAboutOtherThings(said, shown))
    found.push(msg`its quotes are about something else`);
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
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

function shareOf(said: Clause, shown: Clause): number {
  const [small, large] = said.stems.size < shown.stems.size ? [said, shown] : [shown, said];
  if (small.stems.size === 0) return 0;
  let shared = 0;
  for (const each of small.stems) if (large.stems.has(each)) shared++;
  return shared < Math.min(2, said.stems.size) ? 0 : shared / small.stems.size;
}

/** The clauses that speak most of the same thing. */
function nearestClauses(said: Clause, shown: Clause[]): Clause[] {
  const shares = shown.map((clause) => ({ clause, share: shareOf(said, clause) }));
  const best = Math.max(0, ...shares.map(({ share }) => share));
  if (best < SAME_SUBJECT) return [];
  return shares.filter(({ share }) => share >= best - 0.25).map(({ clause }) => clause);
}

function findNegationDifference(said: Clause[], shown: Clause[]): Message[] {
  const denied = deniedStems(shown);
  const deniedHere = deniedStems(said);
  for (const clause of said) {
    const nearest = nearestClauses(clause, shown);
    const compared = nearest.length > 0 ? nearest : shown;
    if (clause.isNegative) {
      const isNew = compared.every((each) => isPlainBeside(each, clause));
      const isDenied = [...deniedStems([clause])].some((stem) => denied.has(stem));
      if (isNew && !isDenied && !hasOpposite([clause], compared)) return [lacks(negationOf(clause))];
    } else if (
      clause.stems.size > 1 &&
      nearest.length > 0 &&
      nearest.every((each) => each.isNegative && !deniesOtherwise(clause, each))
    ) {
      const isAffirmed = [...deniedStems(nearest)].some(
        (stem) => clause.stems.has(stem) && !deniedHere.has(stem),
      );
      if (isAffirmed && !hasOpposite([clause], nearest) && !isDeniedBeside(clause, said))
        return [says(negationOf(nearest[0]))];
    }
  }
  return [];
}

/** What stands beside the negations of clauses: behind them, or before those at an end. */
function deniedStems(clauses: Clause[]): Set<string> {
  return new Set(
    clauses.flatMap(({ words, isNegative }) => {
      if (!isNegative) return [];
      const at = words.findIndex(({ text }) => NEGATIONS.has(text));
      const stems = (all: SenseWord[]): string[] => all.flatMap(({ stem }) => (stem === "" ? [] : [stem]));
      const after = stems(words.slice(at + 1)).slice(0, 2);
      const isAtEnd = after.length === 0 || OBJECTS.has(words[at]?.text ?? "");
      return isAtEnd ? [...stems(words.slice(0, at)).slice(-2), ...after] : after;
    }),
  );
}

/** Negations that are the object of the word before them. */
const OBJECTS = wordSet("nothing nobody none nichts niemand");

/** Whether a clause of the quotes denies nothing that one of the sentence does not. */
function isPlainBeside(shown: Clause, said: Clause): boolean {
  return !shown.isNegative && !deniesOtherwise(shown, said);
}

/** Whether a clause has an implicit negation of its own. */
function deniesOtherwise(clause: Clause, other: Clause): boolean {
  return [...clause.implicit].some((word) => !other.implicit.has(word));
}

/** A negation may stand in the clause before: "not the cache, but the journal". */
function isDeniedBeside(clause: Clause, said: Clause[]): boolean {
  const at = said.indexOf(clause);
  return [said[at - 1], said[at + 1]].some(
    (each) => each !== undefined && (each.isNegative || each.implicit.size > 0) && each.stems.size < 2,
  );
}

function negationOf(clause: Clause | undefined): string {
  return clause?.words.find(({ text }) => NEGATIONS.has(text))?.text ?? "not";
}

function lacks(word: string): Message {
  return msg`its quotes do not say “${word}”`;
}

function says(word: string, instead?: string): Message {
  return instead === undefined
    ? msg`its quotes say “${word}”`
    : msg`its quotes say “${word}”, and not “${instead}”`;
}

/** Whether one text has a word where the other one has its opposite. */
function hasOpposite(said: Clause[], shown: Clause[]): boolean {
  return said.some(({ words }) =>
    words.some((word) =>
      word.directions.some(({ axis, side }) =>
        shown.some((clause) =>
          clause.words.some((other) =>
            other.directions.some((each) => each.axis === axis && each.side !== side),
          ),
        ),
      ),
    ),
  );
}

/** A word with a direction, and what stands beside it. */
interface Directed {
  word: SenseWord;
  clause: Clause;
  at: number;
  axis: number;
  side: 0 | 1;
}

/** Words on each side of a word with a direction that tell what it is about. */
const BESIDE = 3;

function findOppositeWords(said: Clause[], shown: Clause[]): Message[] {
  const byAxis = new Map<number, Directed[]>();
  for (const each of directedWords(shown)) byAxis.set(each.axis, [...(byAxis.get(each.axis) ?? []), each]);
  const found: Message[] = [];
  for (const own of directedWords(said)) {
    const others = byAxis.get(own.axis) ?? [];
    const near = neighbours(own);
    const rated = others.map((other) => ({ other, score: countShared(near, neighbours(other)) + (shareOf(own.clause, other.clause) >= SAME_SUBJECT ? 0.5 : 0) })); // prettier-ignore
    const best = (side: number): number =>
      Math.max(-1, ...rated.filter(({ other }) => other.side === side).map(({ score }) => score));
    const against = best(1 - own.side);
    if (against <= 0 || best(own.side) >= against) continue;
    const { other } = rated.find((each) => each.other.side !== own.side && each.score === against) ?? {};
    if (other === undefined || isTurnedTwice(own, other, said, shown)) continue;
    found.push(says(other.word.text, own.word.text));
  }
  return found.slice(0, 2);
}

/** Of English and German words that mean the opposite without it. */
const PREFIX = /^(?:un|in|im|ir|il|dis|non|de)(?=\p{L}{4})/u;

/** "Unstable" where the quotes say "stable", or the other way round. */
function findDenyingPrefix(said: Clause[], shown: Clause[]): Message[] {
  const others = new Map(shown.flatMap(({ words }) => words.map((word) => [word.text, word.text])));
  const own = new Map(said.flatMap(({ words }) => words.map((word) => [word.text, word.text])));
  const isDenied = said.some(({ isNegative }) => isNegative) !== shown.some(({ isNegative }) => isNegative);
  if (isDenied) return [];
  const bare = (word: string): string => word.replace(PREFIX, "");
  const added = [...own.keys()].filter((word) => bare(word) !== word && others.has(bare(word)) && !others.has(word) && !own.has(bare(word))); // prettier-ignore
  const dropped = [...others.keys()].filter((word) => bare(word) !== word && own.has(bare(word)) && !own.has(word) && !others.has(bare(word))); // prettier-ignore
  return [...added.map((word) => says(bare(word), word)), ...dropped.map((word) => says(word, bare(word)))];
}

function directedWords(clauses: Clause[]): Directed[] {
  return clauses.flatMap((clause) =>
    clause.words.flatMap((word, at) =>
      word.directions.map(({ axis, side }) => ({ word, clause, at, axis, side })),
    ),
  );
}

function neighbours({ clause, at }: Directed): ReadonlySet<string> {
  const stems = (words: SenseWord[]): string[] => words.flatMap(({ stem }) => (stem === "" ? [] : [stem]));
  return new Set([
    ...stems(clause.words.slice(0, at)).slice(-BESIDE),
    ...stems(clause.words.slice(at + 1)).slice(0, BESIDE),
  ]);
}

function countShared(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let shared = 0;
  for (const each of one) if (other.has(each)) shared++;
  return shared;
}

/** "Not older" for "younger", and "A is slower than B" for "B is faster than A". */
function isTurnedTwice(own: Directed, other: Directed, said: Clause[], shown: Clause[]): boolean {
  const isNegation = [own, other].some(({ word }) => NEGATIONS.has(word.text));
  if (!isNegation && own.clause.isNegative !== other.clause.isNegative) return true;
  const after = said.flatMap(({ words }) => {
    const than = words.findIndex(({ text }) => text === "than" || text === "als");
    return than < 0 ? [] : words.slice(than + 1).flatMap(({ stem }) => (stem === "" ? [] : [stem]));
  });
  const earlier = shown.slice(0, shown.indexOf(other.clause)).flatMap(({ words }) => words);
  const before = new Set([...earlier, ...other.clause.words.slice(0, other.at)].map(({ stem }) => stem));
  const behind = new Set(other.clause.words.slice(other.at).map(({ stem }) => stem));
  return after.some((each) => before.has(each) && !behind.has(each));
}

/** Quantifiers that matter only where the quotes have another one in their place. */
const REPLACED: Partial<Record<Quantifier, Quantifier[]>> = {
  most: ["all", "few", "some"],
  few: ["all", "most"],
  some: ["all"],
  must: ["may"],
  may: ["must"],
};

function findQuantifierDifferences(said: Clause[], shown: Clause[]): Message[] {
  const others = new Set(shown.flatMap(({ words }) => words.map(({ text }) => text)));
  // "Every day" and "daily" are one.
  if ([...FREQUENCIES.keys()].some((word) => others.has(word))) others.add("every");
  const found: Message[] = [];
  for (const clause of said) {
    for (const kind of Object.keys(QUANTIFIERS) as Quantifier[]) {
      const { words, synonyms } = QUANTIFIERS[kind];
      const word = clause.words.find(({ text }) => words.has(text))?.text;
      if (word === undefined || hasAny(others, words) || hasAny(others, synonyms)) continue;
      const replaced = REPLACED[kind];
      const other = replaced === undefined ? undefined : findQuantifier(replaced, clause, shown);
      if (replaced === undefined) found.push(lacks(phraseOf(word, kind)));
      else if (other !== undefined) found.push(says(other, word));
    }
  }
  return [...found, ...findOtherFrequency(said, shown)];
}

/** A quantifier of some kinds in a clause of the quotes that speaks of the same and denies the same. */
function findQuantifier(kinds: Quantifier[], said: Clause, shown: Clause[]): string | undefined {
  return shown
    .filter((clause) => clause.isNegative === said.isNegative && countShared(clause.stems, said.stems) > 0)
    .flatMap(({ words }) => words.map(({ text }) => text))
    .find((text) => kinds.some((kind) => QUANTIFIERS[kind].words.has(text)));
}

/** "Weekly" where the quotes say "daily". */
function findOtherFrequency(said: Clause[], shown: Clause[]): Message[] {
  const texts = (clauses: Clause[]): Set<string> =>
    new Set(clauses.flatMap(({ words }) => words.map(({ text }) => text)));
  const others = texts(shown);
  const units = new Set([...others].flatMap((text) => FREQUENCIES.get(text) ?? []));
  return [...texts(said)].flatMap((text) => {
    const unit = FREQUENCIES.get(text);
    if (unit === undefined || units.size === 0 || units.has(unit) || others.has(unit)) return [];
    return [says([...others].find((other) => FREQUENCIES.has(other)) ?? "", text)];
  });
}

function phraseOf(word: string, kind: Quantifier): string {
  return word === "atleast" || word === "atmost" ? kind : word;
}

function hasAny(words: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  for (const word of words) if (wanted.has(word)) return true;
  return false;
}

/** Fewer words than these are too few to tell what a sentence is about. */
const FEWEST = 3;

function isAboutOtherThings(said: Clause[], shown: Clause[]): boolean {
  const own = new Set(said.flatMap(({ stems }) => [...stems]));
  const others = new Set(shown.flatMap(({ stems }) => [...stems]));
  if (own.size < FEWEST || others.size < FEWEST) return false;
  const all = [...others].filter((word) => word.length > 4);
  const shared = [...own].filter(
    (word) => others.has(word) || (word.length > 7 && all.some((other) => word.includes(other))),
  );
  return shared.length / own.size < LEAST_SHARED;
}
