import type { Message } from "../../common/messages.js";
import { wordSet, type Language } from "../text/language.js";
import { countShared, says } from "./clause-comparison.js";
import type { Clause } from "./sense-clauses.js";

/* Compares what a sentence says that one must, should or may do with what its quotes say of the same verb. */

type Strength = "must" | "should" | "may";

const MODALS: Record<Strength, ReadonlySet<string>> = {
  must: wordSet("must shall muss müssen musst musste mussten"),
  should: wordSet("should ought soll sollen sollte sollten"),
  may: wordSet("may might can could darf dürfen durfte durften kann können konnte konnten könnte könnten"),
};
/** Strengths that are not said for one another, as [sentence, quote]. */
const DIFFERENT = new Set(["must may", "may must", "must should", "should must"]);

const ONLY = wordSet("only nur ausschließlich lediglich");

interface Modal {
  word: string;
  strength: Strength;
  clause: Clause;
  /** Whether "only" stands behind it. */
  isOnly: boolean;
  /** The stem of what must, should or may be done. */
  verb: string;
}

/** "Must" in a sentence where its quotes say "may" of the same verb, and the like. */
export function findModalDifference(said: Clause[], shown: Clause[], language: Language): Message[] {
  const quoted = shown.flatMap((clause) => modalsOf(clause, language));
  for (const { word, strength, verb, isOnly, clause } of said.flatMap((clause) =>
    modalsOf(clause, language),
  )) {
    // "May only be called there" is "must be called there".
    if (isOnly && strength === "may") continue;
    const others = quoted.filter((each) => each.verb === verb);
    const other = others.find((each) => DIFFERENT.has(`${strength} ${each.strength}`));
    if (other === undefined || others.some((each) => each.strength === strength)) continue;
    // "Must be kept at 5 degrees" is "must be stored at 5 degrees", and not "can be kept for days".
    const shared = countShared(clause.stems, other.clause.stems);
    const isSaidElsewhere = quoted.some(
      (each) => each.strength === strength && countShared(clause.stems, each.clause.stems) > shared,
    );
    if (!isSaidElsewhere) return [says(other.word, word)];
  }
  return [];
}

/** The modal verbs of a clause. Negated ones are compared as negations. */
function modalsOf(clause: Clause, language: Language): Modal[] {
  const { words, isNegative } = clause;
  if (isNegative) return [];
  return words.flatMap(({ text }, at) => {
    const strength = (["must", "should", "may"] as const).find((each) => MODALS[each].has(text));
    if (strength === undefined) return [];
    const says = words.filter(({ stem }) => stem !== "" && !/^\p{N}/u.test(stem));
    // In German, the verb ends the clause.
    const verb = language === "german" ? says.at(-1) : words.slice(at + 1).find(({ stem, text: each }) => stem !== "" && !each.endsWith("ly")); // prettier-ignore
    const isOnly = ONLY.has(words[at + 1]?.text ?? "");
    return verb === undefined ? [] : [{ word: text, strength, verb: verb.stem, isOnly, clause }];
  });
}
