import type { Message } from "../../common/messages.js";
import { wordSet } from "../text/language.js";
import { hasOpposite, isSameRestriction, lacks, nearestClauses, says } from "./clause-comparison.js";
import type { Clause, SenseWord } from "./sense-clauses.js";
import { NEGATIONS } from "./sense-words.js";

/** A negation that a sentence has and its quotes have not, or the other way round. */
export function findNegationDifference(said: Clause[], shown: Clause[]): Message[] {
  if (isSameRestriction(said, shown)) return [];
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
