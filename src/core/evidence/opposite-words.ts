import type { Message } from "../../common/messages.js";
import { countShared, SAME_SUBJECT, says, shareOf } from "./clause-comparison.js";
import { DENYING_PREFIX } from "./negation-difference.js";
import type { Clause, SenseWord } from "./sense-clauses.js";
import { wordSet } from "../text/language.js";
import { isCounterpart, NEGATIONS } from "./sense-words.js";

/* Finds words of a sentence that have their opposite in the quotes: "fell" for "rose", "unstable" for "stable". */

/** A word with a direction, and what stands beside it. */
interface Directed {
  word: SenseWord;
  clause: Clause;
  at: number;
  /** The clauses before and after its own. */
  before: Clause | undefined;
  after: Clause | undefined;
  axis: number;
  side: 0 | 1;
}

/** Words on each side of a word with a direction that tell what it is about. */
const BESIDE = 3;

export function findOppositeWords(said: Clause[], shown: Clause[]): Message[] {
  const bySide = new Map<string, Directed[]>();
  for (const each of directedWords(shown)) {
    const key = `${each.axis} ${each.side}`;
    bySide.set(key, [...(bySide.get(key) ?? []), each]);
  }
  const texts: Texts = { said, shown, own: textsOf(said), quoted: textsOf(shown) };
  const found: { own: Directed; other: Directed }[] = [];
  for (const own of directedWords(said)) {
    const alike = own.word.directions.flatMap(({ axis, side }) => bySide.get(`${axis} ${side}`) ?? []);
    const other = findOpposite(own, alike, bySide.get(`${own.axis} ${1 - own.side}`) ?? [], texts);
    if (other !== null) found.push({ own, other });
  }
  if (isTurnedAsWhole(found) || (found.length > 0 && isBoundTurned(said, shown))) return [];
  if (found.length > 0 && (isOfEarlierTime(said, shown) || isOnlyIfTurned(said, shown))) return [];
  return found.slice(0, 2).map(({ own, other }) => says(other.word.text, own.word.text));
}

const EARLIER = wordSet("before until till prior previously vor bis bevor vorher zuvor bisher");
const BECOMING = wordSet("became become becomes turned switched changed geworden");

/** "Before 3.4, it was slow" for "in 3.4, it became fast". */
function isOfEarlierTime(said: Clause[], shown: Clause[]): boolean {
  const [own, others] = [textsOf(said), textsOf(shown)];
  return (
    [...own].some((text) => EARLIER.has(text)) &&
    ![...others].some((text) => EARLIER.has(text)) &&
    [...others].some((text) => BECOMING.has(text))
  );
}

const CONDITIONS = wordSet("if when once wenn falls sofern");
const ONLY = wordSet("only nur");

/** "It is lost if B has changed" for "it is kept only if B has not changed". */
function isOnlyIfTurned(said: Clause[], shown: Clause[]): boolean {
  const conditionsOf = (clauses: Clause[]): Clause[] =>
    clauses.filter(({ words }) => CONDITIONS.has(words[0]?.text ?? ""));
  const isOnly = shown.some((clause, at) => ONLY.has(clause.words.at(-1)?.text ?? "") && conditionsOf(shown.slice(at + 1, at + 2)).length > 0); // prettier-ignore
  return (
    isOnly &&
    conditionsOf(said).some((own) =>
      conditionsOf(shown).some(
        (other) => own.isNegative !== other.isNegative && countShared(own.stems, other.stems) > 0,
      ),
    )
  );
}

const UNCHANGED = wordSet("unchanged unaltered unverändert unveränderte unveränderten");

/** "Raised the rate" where the quotes say "left the rate unchanged". */
export function findLostConstancy(said: Clause[], shown: Clause[]): Message[] {
  const constant = shown.find(({ words }) => words.some(({ text }) => UNCHANGED.has(text)));
  const word = constant?.words.find(({ text }) => UNCHANGED.has(text))?.text;
  if (constant === undefined || word === undefined || textsOf(said).has(word)) return [];
  const quoted = new Set(directedWords(shown).map(({ axis, side }) => `${axis} ${side}`));
  const own = directedWords(said).find(
    ({ axis, side, clause }) =>
      axis === 0 && !quoted.has(`${axis} ${side}`) && shareOf(clause, constant) >= SAME_SUBJECT,
  );
  return own === undefined ? [] : [says(word, own.word.text)];
}

/** More and less, over and under. */
const SCALES = 2;

/** "Files of at most 10 MB are accepted" for "files of more than 10 MB are rejected". */
function isTurnedAsWhole(found: { own: Directed; other: Directed }[]): boolean {
  const words = (isScale: boolean): Set<string> =>
    new Set(found.flatMap(({ own }) => (own.axis < SCALES === isScale ? [own.word.text] : [])));
  const [scales, others] = [words(true), words(false)];
  return scales.size === 1 && others.size === 1 && [...scales].every((word) => !others.has(word));
}

/** Whether a sentence has "at most" and its quotes "more", or the like. */
function isBoundTurned(said: Clause[], shown: Clause[]): boolean {
  const scales = new Set(
    directedWords(shown).flatMap(({ axis, side }) => (axis < SCALES ? [`${axis} ${side}`] : [])),
  );
  return said
    .flatMap(({ words }) => words.filter(({ text }) => BOUNDS.has(text)))
    .some(({ directions }) => directions.some(({ axis, side }) => scales.has(`${axis} ${1 - side}`)));
}

/** A sentence and its quotes, with all their words. */
interface Texts {
  said: Clause[];
  shown: Clause[];
  own: ReadonlySet<string>;
  quoted: ReadonlySet<string>;
}

/** The word of the quotes that stands for its opposite in the sentence; null if there is none. */
function findOpposite(
  own: Directed,
  alike: Directed[],
  opposites: Directed[],
  texts: Texts,
): Directed | null {
  const isQuoted = texts.quoted.has(own.word.text);
  if (isCounterpart(own.axis) && alike.length > 0) return null;
  const subject = opposites.find((other) => isOfSameSubject(own, other) && !alike.some((each) => each.clause.stems.has(subjectOf(own)))); // prettier-ignore
  if (subject !== undefined && !isTurnedTwice(own, subject, texts)) return subject;
  if (alike.some((each) => each.word.text === own.word.text && nextOf(each) === nextOf(own) && nextOf(own) !== "")) return null; // prettier-ignore
  const near = neighbours(own);
  const isOfClause = (clause: Clause | undefined): boolean =>
    clause !== undefined && shareOf(own.clause, clause) >= SAME_SUBJECT;
  const rate = (other: Directed): number => {
    const isNear = isOfClause(other.clause) || (ANAPHORIC.has(other.word.text) && isOfClause(other.before));
    return countShared(near, neighbours(other)) + (isNear ? 0.5 : 0);
  };
  const rated = opposites
    // Words that stand in both texts may have changed their places, which is another comparison.
    .filter((other) => !(isQuoted && texts.own.has(other.word.text)))
    .map((other) => ({ other, score: rate(other) }));
  const against = Math.max(0, ...rated.map(({ score }) => score));
  const best = Math.max(-1, ...alike.map((each) => rate(each) + (isQuoted ? 1 : 0)));
  if (against < 1 || best >= against) return null;
  const other = rated.find(({ score }) => score === against)?.other;
  return other === undefined || isTurnedTwice(own, other, texts) ? null : other;
}

function textsOf(clauses: Clause[]): Set<string> {
  return new Set(clauses.flatMap(({ words }) => words.map(({ text }) => text)));
}

/** The word that says something right before a word; empty if there is none. */
function subjectOf({ clause, at }: Directed): string {
  return clause.words.slice(0, at).findLast(({ stem }) => stem !== "")?.stem ?? "";
}

/** The word that says something right behind a word: "soil" in "higher soil moisture"; empty if there is none. */
function nextOf({ clause, at }: Directed): string {
  return clause.words.slice(at + 1).find(({ stem }) => stem !== "")?.stem ?? "";
}

/** "Wages fell" and "wages rose". */
function isOfSameSubject(own: Directed, other: Directed): boolean {
  const subject = subjectOf(own);
  return (
    subject !== "" && !/^\p{N}/u.test(subject) && subject === subjectOf(other) && !isCounterpart(own.axis)
  );
}

/** "Unstable" where the quotes say "stable", or the other way round. */
export function findDenyingPrefix(said: Clause[], shown: Clause[]): Message[] {
  const others = new Map(shown.flatMap(({ words }) => words.map((word) => [word.text, word.text])));
  const own = new Map(said.flatMap(({ words }) => words.map((word) => [word.text, word.text])));
  const isDenied = said.some(({ isNegative }) => isNegative) !== shown.some(({ isNegative }) => isNegative);
  if (isDenied) return [];
  const bare = (word: string): string => word.replace(DENYING_PREFIX, "");
  const added = [...own.keys()].filter((word) => bare(word) !== word && others.has(bare(word)) && !others.has(word) && !own.has(bare(word))); // prettier-ignore
  const dropped = [...others.keys()].filter((word) => bare(word) !== word && own.has(bare(word)) && !own.has(word) && !others.has(bare(word))); // prettier-ignore
  return [...added.map((word) => says(bare(word), word)), ...dropped.map((word) => says(word, bare(word)))];
}

/** They are compared with their numbers. */
const BOUNDS = wordSet("atleast atmost");

function directedWords(clauses: Clause[]): Directed[] {
  return clauses.flatMap((clause, index) =>
    clause.words.flatMap((word, at) =>
      (BOUNDS.has(word.text) ? [] : word.directions).map(({ axis, side }) => ({
        word,
        clause,
        at,
        before: clauses[index - 1],
        after: clauses[index + 1],
        axis,
        side,
      })),
    ),
  );
}

/** Words that speak of a time named before, in the clause before theirs. */
const ANAPHORIC = wordSet(
  "afterwards subsequently thereafter later danach später earlier beforehand vorher zuvor davor",
);

/** What stands beside a word with a direction, by stems. */
function neighbours({ clause, at, word, before }: Directed): ReadonlySet<string> {
  const stems = (words: SenseWord[]): string[] => words.flatMap(({ stem }) => (stem === "" ? [] : [stem]));
  const named = ANAPHORIC.has(word.text) ? stems(before?.words ?? []).slice(-2 * BESIDE) : [];
  return new Set([
    ...named,
    ...stems(clause.words.slice(0, at)).slice(-BESIDE),
    ...stems(clause.words.slice(at + 1)).slice(0, BESIDE),
  ]);
}

/** "Not older" for "younger", and "A is slower than B" for "B is faster than A". */
function isTurnedTwice(own: Directed, other: Directed, { shown }: Texts): boolean {
  const isNegation = [own, other].some(({ word }) => NEGATIONS.has(word.text));
  if (!isNegation && own.clause.isNegative !== other.clause.isNegative) return true;
  if (TEMPORAL.has(own.word.text) && TEMPORAL.has(other.word.text))
    return isOtherOrder(own, other, shown) || isDenied(own) !== isDenied(other);
  const after = comparedWith(own);
  if (!shown.some(({ words }) => words.some(({ text }) => COMPARING.has(text)))) return false;
  const earlier = shown.slice(0, shown.indexOf(other.clause)).flatMap(({ words }) => words);
  const before = new Set(subjectsOf([...earlier, ...other.clause.words.slice(0, other.at)]));
  const behind = new Set(other.clause.words.slice(other.at).map(({ stem }) => stem));
  return after.some((each) => before.has(each) && !behind.has(each));
}

/** Whether what a word says a time of is denied: "since 2.0, it can not", which "before 2.0, it could" is said for. */
function isDenied({ clause, at, after }: Directed): boolean {
  return clause.isNegative || (at === 0 && after?.sentence === clause.sentence && after.isNegative);
}

/** Words behind "than" that are what something is compared with. */
const COMPARED = 1;

/** The stems of words that are not compared with others: not "iron" of "denser than iron". */
function subjectsOf(words: SenseWord[]): string[] {
  let skipped = 0;
  return words.flatMap(({ text, stem }) => {
    if (COMPARING.has(text)) skipped = COMPARED;
    else if (stem !== "" && skipped > 0) skipped--;
    else return [stem];
    return [];
  });
}

const TEMPORAL = wordSet("before after until till since bis vor nach bevor nachdem seit");

/** "A before B" for "B after A". */
function isOtherOrder(own: Directed, other: Directed, shown: Clause[]): boolean {
  const after = own.clause.words.slice(own.at + 1).flatMap(({ stem }) => (stem === "" ? [] : [stem]));
  const earlier = shown
    .slice(0, shown.indexOf(other.clause))
    .filter(({ sentence }) => sentence === other.clause.sentence);
  const before = [...earlier.flatMap(({ words }) => words), ...other.clause.words.slice(0, other.at)];
  const behind = new Set(other.clause.words.slice(other.at).map(({ stem }) => stem));
  const stems = new Set(before.map(({ stem }) => stem));
  return (
    after.length > 0 &&
    after.slice(0, BESIDE).every((stem) => !behind.has(stem)) &&
    after.some((stem) => stems.has(stem))
  );
}

const COMPARING = wordSet("than als");

/** The stems behind "than" in a word's clause, or in the next one: "is slower and uses more fuel than the other". */
function comparedWith({ clause, at, after }: Directed): string[] {
  for (const words of [clause.words.slice(at + 1), after?.words ?? []]) {
    const than = words.findIndex(({ text }) => COMPARING.has(text));
    if (than >= 0) return words.slice(than + 1).flatMap(({ stem }) => (stem === "" ? [] : [stem]));
  }
  return [];
}
