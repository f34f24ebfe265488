import type { Message } from "../../common/messages.js";
import { countShared, hasAny, hasOpposite, isSameRestriction, lacks, says } from "./clause-comparison.js";
import type { Clause, SenseWord } from "./sense-clauses.js";
import { wordSet } from "../text/language.js";
import { findShares } from "./shares.js";
import { FREQUENCIES, NEGATIONS, QUANTIFIERS, type Quantifier } from "./sense-words.js";

/** Quantifiers that matter only where the quotes have another one in their place. */
const REPLACED: Partial<Record<Quantifier, Quantifier[]>> = {
  most: ["all", "few", "some"],
  few: ["all", "most"],
  some: ["all"],
  must: ["may"],
  may: ["must"],
};

/** Quantifiers and modal verbs that the quotes do not have. */
export function findQuantifierDifferences(said: Clause[], shown: Clause[]): Message[] {
  const others = new Set(shown.flatMap(({ words }) => words.map(({ text }) => text)));
  // "Every day" and "daily" are one.
  if ([...FREQUENCIES.keys()].some((word) => others.has(word))) others.add("every");
  const own = new Set(said.flatMap(({ words }) => words.map(({ text }) => text)));
  // A word that the sentence has besides stands for nothing else of it: "only … not" for "not".
  const inPlace = new Set([...others].filter((word) => !own.has(word)));
  const found: Message[] = [];
  for (const clause of said) {
    for (const kind of Object.keys(QUANTIFIERS) as Quantifier[]) {
      const { words, synonyms } = QUANTIFIERS[kind];
      const word = clause.words.find(({ text }) => words.has(text))?.text;
      if (word === undefined || hasAny(others, words)) continue;
      const isForNone = kind === "all" && isAffirmed(said) && !hasOpposite(said, shown);
      const standIns = isForNone ? new Set([...synonyms].filter((each) => !NEGATIONS.has(each))) : synonyms;
      if (hasAny(inPlace, standIns)) continue;
      if (
        kind === "only" &&
        (isSameRestriction(said, shown) || (isMay(clause) && hasAny(others, QUANTIFIERS.must.words)))
      )
        continue;
      // "At least six" for "not less than six".
      const isBound = kind === "at least" || kind === "at most";
      const isDenied = shown.some(({ isNegative, implicit }) => isNegative || implicit.size > 0);
      const hasBound = others.has("atmost") || others.has("atleast");
      if (isBound && isDenied && !hasBound && hasOpposite([clause], shown)) continue;
      if (kind === "all" && isSaidOfAll(clause, word, shown)) continue;
      const replaced = REPLACED[kind];
      const other = replaced === undefined ? undefined : findQuantifier(replaced, clause, shown);
      if (replaced === undefined) found.push(lacks(phraseOf(word, kind)));
      else if (other !== undefined) found.push(says(other, word));
    }
  }
  return [
    ...found,
    ...findOtherBound(said, shown),
    ...findOtherPart(said, shown),
    ...findOtherSideOf(said, shown),
    ...findOtherShare(said, shown),
    ...findOtherFrequency(said, shown),
  ];
}

function isAffirmed(clauses: Clause[]): boolean {
  return !clauses.some(({ isNegative, implicit }) => isNegative || implicit.size > 0);
}

/** "May only be called from there" for "must be called from there". */
function isMay({ words }: Clause): boolean {
  return words.some(({ text }) => QUANTIFIERS.may.words.has(text));
}

/** Words before a noun that may limit it: "three of the planet's icy moons". */
const BEFORE_NOUN = 5;
const LIMITS: readonly Quantifier[] = ["most", "few", "some", "only"];
const DETERMINERS = wordSet("all every alle allen aller jede jeder jedes jeden jedem sämtliche sämtlichen");
const ARTICLES = wordSet(
  "the these those this that der die das den dem ein eine einen einem einer diese diesen dieser",
);

/** "All tokens" for "tokens": the quotes speak of them in the plural, without a number or another limit. */
function isSaidOfAll({ words }: Clause, quantifier: string, shown: Clause[]): boolean {
  const at = words.findIndex(({ text }) => text === quantifier);
  const noun = words.slice(at + 1).find(({ stem }) => stem !== "");
  if (!DETERMINERS.has(quantifier) || noun === undefined || /^\p{N}/u.test(noun.text)) return false;
  const isLimit = ({ text }: SenseWord): boolean =>
    /^\p{N}/u.test(text) || LIMITS.some((kind) => QUANTIFIERS[kind].words.has(text));
  const before = shown.flatMap((clause) =>
    clause.words.flatMap(({ stem, text }, index) =>
      stem === noun.stem && [text, clause.words[index + 1]?.text ?? ""].some((each) => /[sne]$/.test(each))
        ? [clause.words.slice(Math.max(0, index - BEFORE_NOUN), index)]
        : [],
    ),
  );
  return (
    before.length > 0 && before.every((each) => !each.some(isLimit) && !ARTICLES.has(each.at(-1)?.text ?? ""))
  );
}

/** "Some of the data" where the quotes say "all of the data", whatever else their clauses say. */
function findOtherPart(said: Clause[], shown: Clause[]): Message[] {
  const partsOf = (clauses: Clause[], kind: Quantifier): { word: string; noun: string }[] =>
    clauses.flatMap(({ words }) =>
      words.flatMap(({ text }, at) => {
        const noun = words.slice(at + 1, at + 4).find(({ stem }) => stem !== "")?.stem;
        return QUANTIFIERS[kind].words.has(text) && noun !== undefined ? [{ word: text, noun }] : [];
      }),
    );
  const all = partsOf(shown, "all");
  const known = new Set(partsOf(shown, "some").map(({ noun }) => noun));
  return partsOf(said, "some").flatMap(({ word, noun }) => {
    const other = all.find((each) => each.noun === noun);
    return other === undefined || known.has(noun) ? [] : [says(other.word, word)];
  });
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
    if (unit === undefined || units.size === 0 || units.has(unit)) return [];
    return [says([...others].find((other) => FREQUENCIES.has(other)) ?? "", text)];
  });
}

function phraseOf(word: string, kind: Quantifier): string {
  return word === "atleast" || word === "atmost" ? kind : word;
}

const LOWER = wordSet("atleast minimum minimal");
const UPPER = wordSet("atmost maximum maximal");

/** "At most 8" where the quotes say "at least 8". */
function findOtherBound(said: Clause[], shown: Clause[]): Message[] {
  const quoted = shown.flatMap(boundsOf);
  for (const own of said.flatMap(boundsOf)) {
    const others = quoted.filter(({ number }) => number === own.number);
    const [other] = others;
    if (other !== undefined && !others.some(({ isLower }) => isLower === own.isLower))
      return [says(other.isLower ? "at least" : "at most", own.isLower ? "at least" : "at most")];
  }
  return [];
}

/** "More than one in ten" where the quotes say "fewer than one in ten", and all the rest alike. */
function findOtherSideOf(said: Clause[], shown: Clause[]): Message[] {
  const isDenied = (clauses: Clause[]): boolean => clauses.some(({ isNegative }) => isNegative);
  if (isDenied(said) !== isDenied(shown)) return [];
  const quoted = shown.flatMap(scalesOf);
  return said.flatMap(scalesOf).flatMap(({ number, word, side, at, clause }) => {
    const others = quoted.filter((each) => each.number === number);
    const [other] = others;
    const rest = clause.words.slice(at).flatMap(({ stem }) => (stem === "" ? [] : [stem]));
    return other === undefined || others.some((each) => each.side === side) || !rest.some((stem) => other.clause.stems.has(stem)) // prettier-ignore
      ? []
      : [says(other.word, word)];
  });
}

/** The axis of more and less. */
const SCALE = 0;

/** Numbers behind "more than", "fewer than" and the like. */
function scalesOf(
  clause: Clause,
): { number: string; word: string; side: number; at: number; clause: Clause }[] {
  return clause.words.flatMap(({ text, directions }, at) => {
    const side = directions.find(({ axis }) => axis === SCALE)?.side;
    const [than, number] = clause.words.slice(at + 1, at + 3);
    if (side === undefined || !/^(?:than|als)$/.test(than?.text ?? "") || !/^\p{N}/u.test(number?.text ?? ""))
      return [];
    return [{ number: number?.stem ?? "", word: text, side, at: at + 3, clause }];
  });
}

/** Words between a bound and its number at most: "a minimum length of 8". */
const BETWEEN = 3;

function boundsOf({ words, isNegative }: Clause): { number: string; isLower: boolean }[] {
  if (isNegative) return [];
  return words.flatMap(({ text }, at) => {
    if (!LOWER.has(text) && !UPPER.has(text)) return [];
    const number = words.slice(at + 1, at + 2 + BETWEEN).find((each) => /^\p{N}/u.test(each.text))?.stem;
    return number === undefined ? [] : [{ number, isLower: LOWER.has(text) }];
  });
}

/** "Most" or "all" where the quotes name a share that is less. */
function findOtherShare(said: Clause[], shown: Clause[]): Message[] {
  const others = new Set(shown.flatMap(({ words }) => words.map(({ text }) => text)));
  for (const clause of said) {
    const word = clause.words.find(({ text }) => QUANTIFIERS.most.words.has(text) || ALL.has(text))?.text;
    if (word === undefined || others.has(word) || (ALL.has(word) && hasAny(others, EACH))) continue;
    const least = ALL.has(word) ? 1 : 0.5;
    for (const other of shown.filter(({ stems }) => countShared(stems, clause.stems) > 0)) {
      const shares = findShares(other.words.map(({ text }) => text).join(" "));
      const [share] = shares;
      if (share === undefined || shares.some(({ value }) => value > least)) continue;
      return [says(other.words.find(({ text }) => /^\d/.test(text))?.text ?? "", word)];
    }
  }
  return [];
}

const ALL = wordSet("all every alle allen aller jede jeder jedes");

const EACH = wordSet("all any each every alle allen aller jede jeder jedes jeden jedem");
