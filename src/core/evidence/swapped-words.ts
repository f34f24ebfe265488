import { msg, type Message } from "../../common/messages.js";
import { wordSet, type Language } from "../text/language.js";
import type { Clause, SenseWord } from "./sense-clauses.js";
import { SCALE_VALUES } from "./number-words.js";
import { isCounterpart } from "./sense-words.js";
import { findUnit } from "./units.js";

/*
 * Finds words that a sentence has in other roles than its quotes: who did what to whom, and what a number belongs to.
 */

/** Words of a sentence and of its quotes that are compared at most. */
const MOST_OWN = 60;
const MOST_SHOWN = 400;
/** Share of words that must stand in the same place for the others to be swapped. */
const SAME_PLACES = 0.4;

/** The swaps of a sentence, each as a reason for people. German puts the object first too often for its verbs to tell. */
export function findSwappedWords(said: Clause[], shown: Clause[], language: Language): Message[] {
  const pair =
    findExchange(said, shown) ??
    findSwappedNumber(said, shown) ??
    findSwappedSides(said, shown, language === "german");
  return pair === null ? [] : [msg`its quotes have “${pair[0]}” and “${pair[1]}” the other way round`];
}

type Pair = readonly [string, string];

/** Words of a text in a row, and the places of those that say something. */
interface Row {
  words: SenseWord[];
  places: number[];
}

function toRow(clauses: Clause[], most: number): Row {
  const words = clauses.flatMap((clause) => clause.words);
  const places = words.flatMap(({ stem }, index) => (stem === "" ? [] : [index]));
  return { words, places: places.slice(0, most) };
}

const wordAt = ({ words, places }: Row, index: number): SenseWord | undefined => words[places[index] ?? -1];

/** Two words that stand in each other's place, while the others around and between them stand in theirs. */
function findExchange(said: Clause[], shown: Clause[]): Pair | null {
  const own = toRow(said, MOST_OWN);
  const all = toRow(shown, MOST_SHOWN);
  const count = own.places.length;
  for (let from = 0; count > 2 && from + count <= all.places.length; from++) {
    const pair = exchangeAt(own, all, from);
    if (pair !== null) return pair;
  }
  return null;
}

function exchangeAt(own: Row, all: Row, from: number): Pair | null {
  const moved: number[] = [];
  for (let index = 0; index < own.places.length; index++) {
    if (wordAt(own, index)?.stem === wordAt(all, from + index)?.stem) continue;
    moved.push(index);
    if (moved.length > own.places.length * (1 - SAME_PLACES)) return null;
  }
  const span = spanOfExchange(own, all, from, moved);
  if (span === null) return null;
  const between = ({ words, places }: Row, at: number): SenseWord[] =>
    words.slice((places[at + span.first] ?? 0) + 1, places[at + span.second]);
  const isPassive = (words: SenseWord[]): boolean =>
    words.some(({ text }) => PASSIVE.has(text) || AGENTS.has(text));
  const [here, there] = [between(own, 0), between(all, from)];
  // Phrases that only change places, side by side, say the same.
  const isContrast = CONTRASTS.has(own.words[(own.places[span.first] ?? 0) - 1]?.text ?? "");
  const isApart =
    span.second - span.first > span.length || isContrast || here.some(({ text }) => LINKS.has(text));
  if (!isApart || isPassive(here) !== isPassive(there)) return null;
  return [wordAt(own, span.second)?.text ?? "", wordAt(own, span.first)?.text ?? ""];
}

/** Words that put two others in an order: "54 to 46", "as much nitrogen as oxygen". */
const LINKS = wordSet("as than als wie to into from over against gegen vor per nach zu");

/** Words before the first of two things that are told apart: "unlike Berlin, Hamburg". */
const CONTRASTS = wordSet("unlike");

/** Where the words that moved are two blocks in each other's place, or one pair of words throughout; null if neither. */
function spanOfExchange(
  own: Row,
  all: Row,
  from: number,
  moved: number[],
): { first: number; second: number; length: number } | null {
  const ownStem = (index: number): string => wordAt(own, index)?.stem ?? "";
  const otherStem = (index: number): string => wordAt(all, from + index)?.stem ?? "";
  const [first = 0] = moved;
  const [one, other] = [ownStem(first), otherStem(first)];
  const isPair = (index: number): boolean =>
    (ownStem(index) === one && otherStem(index) === other) ||
    (ownStem(index) === other && otherStem(index) === one);
  const back = moved.find((index) => ownStem(index) === other);
  // A number takes no noun's role: "a third of the species" and "species, a third of which".
  if (moved.length === 2 && /^\p{N}/u.test(one) !== /^\p{N}/u.test(other)) return null;
  if (back !== undefined && moved.every(isPair)) return { first, second: back, length: 1 };
  const length = moved.length / 2;
  const second = moved[length];
  if (second === undefined) return null;
  const isBlock = moved
    .slice(0, length)
    .every(
      (place, index) =>
        place === first + index &&
        moved[length + index] === second + index &&
        ownStem(place) === otherStem(second + index) &&
        ownStem(second + index) === otherStem(place),
    );
  return isBlock ? { first, second, length } : null;
}

/** Prepositions that say which of two numbers is meant: "from 4.5 to 4.25". */
const ENDS = wordSet("from to von auf bis");

/** A number beside a word that has another number in the quotes, while that number has another word. */
function findSwappedNumber(said: Clause[], shown: Clause[]): Pair | null {
  const quoted = shown.flatMap(numberBindings);
  const wordsOf = new Map<string, Set<string>>();
  const numbersOf = new Map<string, Set<string>>();
  for (const { number, word } of quoted) {
    addTo(wordsOf, number, word);
    addTo(numbersOf, word, number);
  }
  for (const { number, word } of said.flatMap(numberBindings)) {
    const words = wordsOf.get(number);
    const numbers = numbersOf.get(word);
    if (words === undefined || numbers === undefined || words.has(word) || numbers.has(number)) continue;
    return [number, [...numbers][0] ?? ""];
  }
  return null;
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

/** The numbers of a clause, each with the preposition before it and with the next word that is no unit. */
function numberBindings({ words }: Clause): { number: string; word: string }[] {
  const ends = new Set(
    words.flatMap(({ text }, at) =>
      ENDS.has(text) && /^\p{N}/u.test(words[at + 1]?.text ?? "") ? [text] : [],
    ),
  );
  const found: { number: string; word: string }[] = [];
  words.forEach(({ text, stem }, index) => {
    if (!/^\p{N}/u.test(text)) return;
    const before = words[index - 1]?.text ?? "";
    if (ends.size > 1 && ends.has(before)) found.push({ number: stem, word: before });
    const next = words
      .slice(index + 1, index + 7)
      .find((each) => /^\p{N}/u.test(each.text) || (each.stem !== "" && findUnit(each.text) === null));
    // "From 70 laps to 52".
    const shared = found.findLast(({ word }) => !ENDS.has(word))?.word;
    if (next === undefined && ends.size > 1 && ends.has(before) && shared !== undefined)
      found.push({ number: stem, word: shared });
    if (next === undefined) return;
    if (SCALE_VALUES.has(next.text) || isLeftOut(words, next, index)) return;
    if (!/^\p{N}/u.test(next.text)) found.push({ number: stem, word: next.stem });
  });
  return found;
}

const OF = wordSet("of der von");

/** "1,200 more", which leaves its noun out, and "18 % of those asked", whose noun others share. */
function isLeftOut(words: SenseWord[], next: SenseWord, number: number): boolean {
  const between = words.slice(number + 1, words.indexOf(next));
  return next.directions.some(({ axis }) => !isCounterpart(axis)) || between.some(({ text }) => OF.has(text));
}

const PREPOSITIONS = wordSet(
  "in on at for with under over of during among through against between into about since until im in am an auf bei mit für unter durch gegen während zwischen seit von vom zum zur",
);
const PASSIVE = wordSet("is are was were be been being wird werden wurde wurden worden ist sind");
const AGENTS = wordSet("by von vom durch");
const COMPARISONS = wordSet("than als");
/** Words on each side of a verb that are looked at. */
const REACH = 5;

/** A word that stands before another one in the quotes and behind it in the sentence, and a third one the other way. */
function findSwappedSides(said: Clause[], shown: Clause[], onlyComparisons: boolean): Pair | null {
  const quoted = withAppositions(shown);
  for (const clause of withAppositions(said)) {
    const sides = clause.words
      .flatMap((_, at) => sidesOf(clause, at))
      .filter(({ text }) => !onlyComparisons || COMPARISONS.has(text));
    for (const own of sides) {
      for (const other of quoted) {
        if (isTurned(clause, other)) continue;
        for (const [at, { text }] of other.words.entries()) {
          if (text !== own.text) continue;
          const pair = swapOf(own, sidesOf(other, at)[0]);
          if (pair !== null) return pair;
        }
      }
    }
  }
  return null;
}

/** The clauses with what is set between commas joined to what it names: "the incumbent, Paul Meyer". */
function withAppositions(clauses: Clause[]): Clause[] {
  const joined: Clause[] = [];
  for (const clause of clauses) {
    const last = joined.at(-1);
    const isApposition = clause.words.length <= 3 && clause.words.every(({ stem, directions }) => stem !== "" && directions.length === 0 && !/^\p{N}/u.test(stem)); // prettier-ignore
    if (last?.sentence !== clause.sentence || !isApposition) joined.push(clause);
    else joined[joined.length - 1] = { ...last, words: [...last.words, ...clause.words] };
  }
  return joined;
}

const LESSENING = wordSet("less weniger");

/** "A is slower than B" and "A is less fast than B" for "B is faster than A". */
function isTurned(said: Clause, shown: Clause): boolean {
  const isLess = ({ words }: Clause): boolean => words.some(({ text }) => LESSENING.has(text));
  const isCompared = ({ words }: Clause): boolean => words.some(({ text }) => COMPARISONS.has(text));
  if (isCompared(said) && isCompared(shown) && isLess(said) !== isLess(shown)) return true;
  const sides = new Set(
    shown.words.flatMap(({ directions }) => directions.map(({ axis, side }) => `${axis} ${side}`)),
  );
  return said.words.some(({ directions }) =>
    directions.some(({ axis, side }) => sides.has(`${axis} ${1 - side}`) && !sides.has(`${axis} ${side}`)),
  );
}

interface Sides {
  text: string;
  /** The word before "than"; empty for other words. */
  compared: string;
  before: Map<string, string>;
  after: Map<string, string>;
  isPassive: boolean;
}

/** What stands before and behind a word of a clause, by stem: who does it, and to whom. */
function sidesOf({ words }: Clause, at: number): Sides[] {
  const word = words[at];
  if (word === undefined || (word.stem === "" && !COMPARISONS.has(word.text)) || /^\p{N}/u.test(word.text))
    return [];
  const isComparison = COMPARISONS.has(word.text);
  const side = (from: number, to: number): Map<string, string> => {
    const found = new Map<string, string>();
    for (let index = Math.max(0, from); index < Math.min(words.length, to); index++) {
      const { stem = "", text = "" } = words[index] ?? {};
      const isAdverbial = [words[index - 1], words[index - 2]].some((each) =>
        PREPOSITIONS.has(each?.text ?? ""),
      );
      if (stem !== "" && !/^\p{N}/u.test(stem) && (isComparison || !isAdverbial)) found.set(stem, text);
    }
    return found;
  };
  const isPassive = words.some(({ text }) => PASSIVE.has(text));
  const compared = isComparison ? (words[at - 1]?.text ?? "") : "";
  return [
    {
      text: word.text,
      compared,
      before: side(at - REACH, at),
      after: side(at + 1, at + 1 + REACH),
      isPassive,
    },
  ];
}

function swapOf(own: Sides, other: Sides | undefined): Pair | null {
  if (own.isPassive !== other?.isPassive || own.compared !== other.compared) return null;
  const moved = [...own.before].find(([stem]) => other.after.has(stem) && !other.before.has(stem));
  const back = [...own.after].find(([stem]) => other.before.has(stem) && !other.after.has(stem));
  return moved === undefined || back === undefined ? null : [back[1], moved[1]];
}
