import { msg, type Message } from "../../common/messages.js";
import { wordSet } from "../text/language.js";
import { stem } from "../text/tokenize.js";
import { CONDITION_OPENERS } from "./condition-differences.js";
import { hasOpposite, SAME_SUBJECT, shareOf } from "./clause-comparison.js";
import type { Clause } from "./sense-clauses.js";

/*
 * Compares whether something is so if a condition holds, or if it does not: "unless A, B" is "if not A, B", and "if A, not
 * B" goes with both. What counts is whether an even number of the two clauses is denied.
 */

const NEGATIVE = wordSet("unless");
/** A German clause that begins with its verb is a condition: "Ist die Datei leer, …". */
const VERBS = wordSet("ist sind wird werden wurde wurden hat haben");

const SUBORDINATORS = wordSet("while when if während wenn solange");

interface Condition {
  main: Clause;
  sub: Clause;
  isEven: boolean;
}

function conditionsOf(clauses: Clause[]): Condition[] {
  return clauses.flatMap((sub, at) => {
    const opener = sub.words[0]?.text ?? "";
    const [before, after] = [clauses[at - 1], clauses[at + 1]];
    const isFirst = before?.sentence !== sub.sentence;
    const isCondition =
      CONDITION_OPENERS.has(opener) || NEGATIVE.has(opener) || (isFirst && VERBS.has(opener));
    // "It refuses while B, unless C": the main clause stands before "while".
    const isNested = SUBORDINATORS.has(before?.words[0]?.text ?? "");
    const main = isFirst ? after : isNested ? (clauses[at - 2] ?? before) : before;
    if (!isCondition || main?.sentence !== sub.sentence || main.stems.size === 0) return [];
    return [{ main, sub, isEven: (sub.isNegative !== NEGATIVE.has(opener)) === main.isNegative }];
  });
}

/** Words that limit a condition, and deny nothing. */
const NO_DENIALS = new Set(
  [...wordSet("unless falls sofern only just nur lediglich atleast atmost")].map((word) => stem(word)),
);

/** Words such as "fail", which may stand for a negation. */
function hasOtherDenial(one: Clause, other: Clause): boolean {
  const deniedOnlyIn = (first: Clause, second: Clause): boolean =>
    [...first.implicit].some((word) => !NO_DENIALS.has(word) && !second.implicit.has(word));
  return deniedOnlyIn(one, other) || deniedOnlyIn(other, one);
}

/** Whether a sentence and its quotes deny as much of one condition and of what follows from it; null if code cannot tell. */
function comparePolarity(said: Clause[], shown: Clause[]): { isSame: boolean; own: Condition } | null {
  const quoted = conditionsOf(shown);
  for (const own of conditionsOf(said)) {
    const others = quoted.filter(
      ({ main, sub }) =>
        shareOf(own.sub, sub) >= SAME_SUBJECT &&
        shareOf(own.main, main) >= SAME_SUBJECT &&
        !hasOpposite([own.main], [main]) &&
        !hasOpposite([own.sub], [sub]),
    );
    const [other] = others;
    if (other === undefined || hasOtherDenial(own.main, other.main) || hasOtherDenial(own.sub, other.sub))
      continue;
    return { isSame: others.some(({ isEven }) => isEven === own.isEven), own };
  }
  return null;
}

/** Whether a sentence has another negation than its quotes and means the same condition. */
export function isSameCondition(said: Clause[], shown: Clause[]): boolean {
  return comparePolarity(said, shown)?.isSame === true;
}

/** "If A, B" where the quotes say "unless A, B". */
export function findTurnedCondition(said: Clause[], shown: Clause[]): Message[] {
  const found = comparePolarity(said, shown);
  return found === null || found.isSame ? [] : [msg`its quotes say so on the opposite condition`];
}
