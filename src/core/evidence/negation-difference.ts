import type { Message } from "../../common/messages.js";
import { wordSet } from "../text/language.js";
import {
  countShared,
  hasOpposite,
  isSameRestriction,
  lacks,
  nearestClauses,
  says,
  shareOf,
} from "./clause-comparison.js";
import type { Clause, SenseWord } from "./sense-clauses.js";
import { NEGATIONS, UNDOING } from "./sense-words.js";

/** A negation that a sentence has and its quotes have not, or the other way round. */
export function findNegationDifference(said: Clause[], shown: Clause[]): Message[] {
  if (isSameRestriction(said, shown)) return [];
  const denied = deniedStems(shown);
  const deniedHere = deniedStems(said);
  const prefixed = prefixedStems(shown);
  const prefixedHere = prefixedStems(said);
  for (const clause of said) {
    const nearest = nearestClauses(clause, shown);
    const compared = nearest.length > 0 ? nearest : shown;
    if (clause.isNegative) {
      if (isDeniedTwice(clause, said)) continue;
      const isNew = compared.every((each) => isPlainBeside(each, clause));
      const isAlmostQuoted = nearest.some((each) => shareOf(clause, each) > 0.9);
      const denials = isAlmostQuoted ? deniedStems(shown.filter((each) => isWithin(each, said))) : denied;
      const isDenied = [...deniedStems([clause])].some((stem) => denials.has(stem) || prefixed.has(stem));
      const isBeside = shown.some((each) => isShortDenial(each, clause) && compared.some(({ sentence }) => sentence === each.sentence)); // prettier-ignore
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
      if (isAffirmed && !hasOpposite(said, nearest) && !isDeniedBeside(clause, said))
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

/** Of English and German words that mean the opposite without it. */
export const DENYING_PREFIX = /^(?:un|in|im|ir|il|dis|non|de)(?=\p{L}{4})/u;

/** "Change" of "unchanged". */
function prefixedStems(clauses: Clause[]): Set<string> {
  const stems = clauses.flatMap(({ stems }) => [...stems]).filter((each) => DENYING_PREFIX.test(each));
  return new Set(stems.map((each) => each.replace(DENYING_PREFIX, "")));
}

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
