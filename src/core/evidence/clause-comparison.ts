import { msg, type Message } from "../../common/messages.js";
import { wordSet } from "../text/language.js";
import type { Clause } from "./sense-clauses.js";
import { isCounterpart, NEGATIONS } from "./sense-words.js";

/* What the comparisons of a sentence's sense with its quotes share: which clauses belong together, and reasons for people. */

/** Shares of words in common from which two clauses speak of one thing. */
export const SAME_SUBJECT = 0.6;

export function shareOf(said: Clause, shown: Clause): number {
  const [small, large] = said.stems.size < shown.stems.size ? [said, shown] : [shown, said];
  if (small.stems.size === 0) return 0;
  let shared = 0;
  for (const each of small.stems) if (large.stems.has(each)) shared++;
  return shared < Math.min(2, said.stems.size) ? 0 : shared / small.stems.size;
}

/** The clauses that speak most of the same thing. */
export function nearestClauses(said: Clause, shown: Clause[]): Clause[] {
  const shares = shown.map((clause) => ({ clause, share: shareOf(said, clause) }));
  const best = Math.max(0, ...shares.map(({ share }) => share));
  if (best < SAME_SUBJECT) return [];
  return shares.filter(({ share }) => share >= best - 0.25).map(({ clause }) => clause);
}

export function countShared(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let shared = 0;
  for (const each of one) if (other.has(each)) shared++;
  return shared;
}

export function hasAny(words: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  for (const word of words) if (wanted.has(word)) return true;
  return false;
}

export function lacks(word: string): Message {
  return msg`its quotes do not say “${word}”`;
}

export function says(word: string, instead?: string): Message {
  return instead === undefined
    ? msg`its quotes say “${word}”`
    : msg`its quotes say “${word}”, and not “${instead}”`;
}

/** Whether one text has a word where the other one has its opposite, and not both have both. */
export function hasOpposite(said: Clause[], shown: Clause[]): boolean {
  const [own, other] = [sidesIn(said), sidesIn(shown)];
  return [...own].some((key) => {
    const [axis = "", side = ""] = key.split(" ");
    const opposite = `${axis} ${side === "0" ? 1 : 0}`;
    return !isCounterpart(Number(axis)) && other.has(opposite) && !(own.has(opposite) && other.has(key));
  });
}

function sidesIn(clauses: Clause[]): Set<string> {
  const all = clauses.flatMap(({ words }) => words.flatMap(({ directions }) => directions));
  return new Set(all.map(({ axis, side }) => `${axis} ${side}`));
}

const ONLY = wordSet("only solely exclusively nur ausschließlich lediglich erst");
const CONDITIONS = wordSet(
  "if when after once where provided with wenn sofern falls nachdem sobald mit unless until",
);
const EXCEPTIONS = wordSet("unless until till before bis bevor ehe without ohne except außer");
const ORDERS = wordSet(
  "before after once only unless until till wait waits first vor nach bevor nachdem erst zuerst sobald warten wartet nur",
);

/**
 * "A may happen only after B", "A waits for B" or "B before A" in one text, and "A must not happen before B" in the
 * other.
 */
export function isSameRestriction(said: Clause[], shown: Clause[]): boolean {
  return (
    (isOnlyIf(said) && isNotUnless(shown)) ||
    (isNotUnless(said) && (isOnlyIf(shown) || hasOtherOrder(said, shown))) ||
    ((isOnlyIf(said) || isNotUnless(said)) && isRequiredBefore(shown) && !hasWord(said, REQUIRED)) ||
    (isWhileNot(said) && hasWord(shown, UNTIL)) ||
    (isWhileNot(shown) && hasWord(said, UNTIL)) ||
    (isNotBefore(said) && hasWord(shown, ONLY_THEN)) ||
    (hasWord(said, ONLY_THEN) && isNotBefore(shown))
  );
}

/** Whether a text has a word of order or condition that the other one has not. */
function hasOtherOrder(said: Clause[], shown: Clause[]): boolean {
  const own = new Set(said.flatMap(({ words }) => words.map(({ text }) => text)));
  const others = shown
    .flatMap(({ words }) => words.map(({ text }) => text))
    .filter((text) => ORDERS.has(text));
  return others.length > 0 && !others.some((text) => own.has(text));
}

const WHILE = wordSet("while solange");
const UNTIL = wordSet("until till bis");

/** "As long as it is not free" for "until it is free". */
function isWhileNot(clauses: Clause[]): boolean {
  return clauses.some(({ words, isNegative }) => isNegative && words.some(({ text }) => WHILE.has(text)));
}

const BEFORE = wordSet("vor before until bis");
const ONLY_THEN = wordSet("erst");

/** "Nicht vor 2026" for "erst 2026". */
function isNotBefore(clauses: Clause[]): boolean {
  return clauses.some(({ words, isNegative }) => isNegative && words.some(({ text }) => BEFORE.has(text)));
}

const REQUIRED = wordSet("must need needs muss müssen braucht brauchen required requires erforderlich");
const BEFORE_CLAUSE = wordSet("before bevor ehe");

/** "It must be empty before it can be deleted" for "only if it is empty". */
function isRequiredBefore(clauses: Clause[]): boolean {
  return hasWord(clauses, REQUIRED) && hasWord(clauses, BEFORE_CLAUSE);
}

function isOnlyIf(clauses: Clause[]): boolean {
  return hasWord(clauses, ONLY) && hasWord(clauses, CONDITIONS);
}

function isNotUnless(clauses: Clause[]): boolean {
  // "Without" is an exception beside another negation only.
  const negations = clauses.flatMap(({ words }) => words).filter(({ text }) => NEGATIONS.has(text));
  const exceptions = clauses.flatMap(({ words }) => words).filter(({ text }) => EXCEPTIONS.has(text));
  if (exceptions.some(({ text }) => negations.some((each) => each.text !== text))) return true;
  const negative = clauses.filter(({ isNegative }) => isNegative);
  // "Not if not".
  return negative.length > 1 && negative.some(({ words }) => CONDITIONS.has(words[0]?.text ?? ""));
}

function hasWord(clauses: Clause[], wanted: ReadonlySet<string>): boolean {
  return clauses.some(({ words }) => words.some(({ text }) => wanted.has(text)));
}
