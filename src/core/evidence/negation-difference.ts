import type { Message } from "../../common/messages.js";
import { wordSet } from "../text/language.js";
import { isSameCondition } from "./condition-polarity.js";
import {
  countShared,
  hasAny,
  hasOpposite,
  isSameRestriction,
  lacks,
  nearestClauses,
  says,
  shareOf,
} from "./clause-comparison.js";
import type { Clause, SenseWord } from "./sense-clauses.js";
import { stem } from "../text/tokenize.js";
import { findShares, findSharesApart, type Share } from "./shares.js";
import { NEGATIONS, UNDOING } from "./sense-words.js";

/** A negation that a sentence has and its quotes have not, or the other way round. */
export function findNegationDifference(said: Clause[], shown: Clause[]): Message[] {
  if (isSameRestriction(said, shown) || isSameCondition(said, shown)) return [];
  if (
    isComparedWithAll(said, shown) ||
    isOtherwise(said, shown) ||
    isContrasted(said, shown) ||
    isExceptionOf(said, shown) ||
    isOfTheRest(said, shown)
  )
    return [];
  const denied = deniedStems(shown);
  const deniedHere = deniedStems(said);
  const prefixed = prefixedStems(shown);
  const prefixedHere = prefixedStems(said);
  for (const clause of said) {
    const nearest = nearestClauses(clause, shown);
    const compared = nearest.length > 0 ? nearest : shown;
    if (clause.isNegative) {
      if (isDeniedTwice(clause, said) || lacksTwice(clause, shown)) continue;
      const isNew = compared.every((each) => isPlainBeside(each, clause));
      const isAlmostQuoted = nearest.some((each) => shareOf(clause, each) > 0.9);
      const denials = isAlmostQuoted ? deniedStems(shown.filter((each) => isWithin(each, said))) : denied;
      const own = [...deniedStems([clause])];
      const isDenied = own.some((stem) => denials.has(stem) || prefixed.has(stem) || isUndoneIn(stem, clause, shown)); // prettier-ignore
      // What the quotes do not speak of, they do not affirm: "cannot be restored" for "is irreversible".
      const isVerb = clause.words.some(({ text }) => VERBAL.has(text));
      const isSpokenOf = shown.some(({ stems }) => stems.has(own[0] ?? "") || (isVerb && countShared(clause.stems, stems) >= MOST_SHARED * clause.stems.size)); // prettier-ignore
      if (!isSpokenOf) continue;
      const isBeside = shown.some((each) => isShortDenial(each, clause) && compared.some(({ sentence }) => Math.abs(sentence - each.sentence) < 2)); // prettier-ignore
      if (!isBeside && isNew && !isDenied && !hasOpposite([clause], compared))
        return [lacks(negationOf(clause))];
    } else if (
      clause.stems.size > 1 &&
      nearest.length > 0 &&
      nearest.every((each) => each.isNegative && !deniesOtherwise(clause, each) && !isUndone(each, shown))
    ) {
      const isAffirmed = [...deniedStems(nearest)].some(
        (stem) => clause.stems.has(stem) && !deniedHere.has(stem) && !prefixedHere.has(stem),
      );
      const beside = shown.filter(({ sentence }) => nearest.some((each) => each.sentence === sentence));
      if (nearest.some((each) => isReached(each, clause))) continue;
      if (isAffirmed && !hasOpposite(said, beside) && !isDeniedBeside(clause, said))
        return [says(negationOf(nearest[0]))];
    }
  }
  return [];
}

/** Share of a clause's words in one of the quotes from which what it denies may be an irregular form: "slept". */
const MOST_SHARED = 0.7;
/** Negations of verbs. */
const VERBAL = wordSet("not never nicht nie niemals");

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

/** Of English and German words that mean the opposite without it. */
export const DENYING_PREFIX = /^(?:un|in|im|ir|il|dis|non|de)(?=\p{L}{4})/u;

/** "Change" of "unchanged". */
function prefixedStems(clauses: Clause[]): Set<string> {
  const stems = clauses.flatMap(({ stems }) => [...stems]).filter((each) => DENYING_PREFIX.test(each));
  return new Set(stems.map((each) => each.replace(DENYING_PREFIX, "")));
}

/** "Is not restarted" where the quotes have "to disable restarts". */
function isUndoneIn(stem: string, said: Clause, shown: Clause[]): boolean {
  return shown.some((each) => each.stems.has(stem) && hasAny(each.implicit, SWITCHED_OFF) && !hasAny(said.implicit, SWITCHED_OFF)); // prettier-ignore
}

const SWITCHED_OFF = new Set(
  [...wordSet("disable disables disabled stop stops stopped prevent prevents prevented skip skips skipped ignore ignores ignored omit omits omitted avoid avoids avoided verhindert verhindern vermeidet")].map(stem),
); // prettier-ignore

const UNTIL = wordSet("until till before bis bevor vor");

/** "Was published in 1958" for "was not published until 1958". */
function isReached(shown: Clause, said: Clause): boolean {
  if (said.words.some(({ text }) => UNTIL.has(text))) return false;
  const at = shown.words.findIndex(({ text }) => UNTIL.has(text));
  return at > 0 && shown.words.slice(at).some(({ stem: each }) => each !== "" && said.stems.has(each));
}

const OTHERS = wordSet("other others else so as such andere anderer anderes anderen so");
const SUPERLATIVE = /^\p{L}{3,}(?:est|sten?|stes|ster)$/u;

const COMPARING = wordSet("than als");

/** "No other drew more" for "more than any other", and "not so low since" or "none is lower than" for "the lowest". */
function isComparedWithAll(said: Clause[], shown: Clause[]): boolean {
  const own = said.flatMap(({ words }) => words.map(({ text }) => text));
  const others = shown.flatMap(({ words }) => words.map(({ text }) => text));
  return (
    own.some((text) => NEGATIONS.has(text)) &&
    own.some((text) => OTHERS.has(text) || COMPARING.has(text)) &&
    !others.some((text) => NEGATIONS.has(text)) &&
    others.some((text) => text === "any" || text === "record" || SUPERLATIVE.test(text))
  );
}

/** "More than half were not" for "fewer than half were", and "12 of 300 were not" for "288 of 300 were". */
function isOfTheRest(said: Clause[], shown: Clause[]): boolean {
  const sharesIn = (clauses: Clause[]): Share[] =>
    clauses.flatMap(({ words }) => findShares(words.map(({ text }) => text).join(" ")));
  const text = shown.flatMap(({ words }) => words.map((word) => word.text)).join(" ");
  const others = [...sharesIn(shown), ...findSharesApart(text)];
  const isIn = (share: number, comparison: number): boolean =>
    others.some(
      (other) =>
        Math.abs(share - other.value) < 0.0005 && (comparison === 0 || other.comparison === comparison),
    );
  return sharesIn(said).some(
    ({ value, comparison }) => !isIn(value, comparison) && isIn(1 - value, -comparison),
  );
}

const OTHERWISE = wordSet("otherwise sonst andernfalls ansonsten");

/** "Who does not apply loses it" for "one must apply, otherwise one loses it". */
function isOtherwise(said: Clause[], shown: Clause[]): boolean {
  const has = (clauses: Clause[]): boolean =>
    clauses.some(({ words }) => words.some(({ text }) => OTHERWISE.has(text)));
  return has(shown) && !has(said) && said.length > 1;
}

/** "The old one does not" for "unlike the old one, it does". */
function isContrasted(said: Clause[], shown: Clause[]): boolean {
  const has = (clauses: Clause[]): boolean =>
    clauses.some(({ words }) =>
      words.some(
        ({ text }, at) => CONTRASTS.has(text) || (text === "anders" && words[at + 1]?.text === "als"),
      ),
    );
  return has(shown) && !has(said);
}

/** "With `force`, it does not ask" for "it asks unless `force` is given". */
function isExceptionOf(said: Clause[], shown: Clause[]): boolean {
  if (hasException(said)) return false;
  const exceptions = shown.filter((clause) => hasException([clause]));
  const others = shown.filter((clause) => !hasException([clause]));
  return exceptions.some(({ stems }) =>
    [...stems].some(
      (each) =>
        said.some((clause) => clause.stems.has(each)) && !others.some((clause) => clause.stems.has(each)),
    ),
  );
}

function hasException(clauses: Clause[]): boolean {
  return clauses.some(({ words }) => words.some(({ text }) => EXCEPTIONS.has(text)));
}

const EXCEPTIONS = wordSet("unless except außer ausgenommen");

const CONTRASTS = wordSet("unlike gegensatz contrast");

/** A clause that says little more than that something is missing: "if it is missing". */
function isShortDenial({ implicit, stems }: Clause, said: Clause): boolean {
  return implicit.size > 0 && stems.size < 3 && countShared(stems, said.stems) === 0;
}

/** Whether a sentence has half of what a clause speaks of. */
function isWithin({ stems }: Clause, said: Clause[]): boolean {
  const shared = [...stems].filter((stem) => said.some((each) => each.stems.has(stem)));
  return shared.length >= stems.size / 2;
}

/** A clause whose sentence says elsewhere that it is no longer so: "fixes that files were not copied". */
function isUndone(clause: Clause, shown: Clause[]): boolean {
  return shown.some(
    ({ sentence, words }) => sentence === clause.sentence && words.some(({ text }) => UNDOING.has(text)),
  );
}

/** Beside a negation they deny twice: "none was free of it". */
const LACKING = new Set([...wordSet("free frei lack lacks lacked lacking")].map(stem));

function lacksTwice({ implicit }: Clause, shown: Clause[]): boolean {
  return hasAny(implicit, LACKING) && !shown.some((each) => hasAny(each.implicit, LACKING));
}

const WITHOUT = wordSet("without ohne");

/** "Without consent, none can be made" is affirmative. */
function isDeniedTwice(clause: Clause, said: Clause[]): boolean {
  const negations = said
    .filter(({ sentence }) => sentence === clause.sentence)
    .flatMap(({ words }) => words)
    .filter(({ text }) => NEGATIONS.has(text));
  return negations.length === 2 && negations.filter(({ text }) => WITHOUT.has(text)).length === 1;
}

/** Negations that are the object of the word before them. */
const OBJECTS = wordSet("nothing nobody none nichts niemand");

/** Whether a clause of the quotes denies nothing that one of the sentence does not. */
function isPlainBeside(shown: Clause, said: Clause): boolean {
  // "Without consent it must not" denies twice, and yet is not plain.
  return !shown.words.some(({ text }) => NEGATIONS.has(text)) && !deniesOtherwise(shown, said);
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
