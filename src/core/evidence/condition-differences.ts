import { msg, type Message } from "../../common/messages.js";
import { wordSet } from "../text/language.js";
import { countShared, SAME_SUBJECT, says, shareOf } from "./clause-comparison.js";
import type { Clause } from "./sense-clauses.js";

/*
 * Compares on what conditions, for what cause and for whom alone a sentence and its quotes say that something is so.
 */

/** Conjunctions by what they say: clauses of one kind are compared. */
const CAUSES = wordSet("because weil");
export const CONDITION_OPENERS = wordSet("if when wenn falls sofern");
/** Words by which a text limits what it says. */
const LIMITS = wordSet(
  "if unless only except when until wenn falls sofern nur außer solange provided evenif",
);
const UNTIL = wordSet("until till bis bevor");
const ABSOLUTE = wordSet(
  "always never immer stets nie niemals jederzeit anytime unconditionally bedingungslos",
);
const ONLY = wordSet("only solely exclusively nur ausschließlich lediglich");
const JOINING = wordSet("and or und oder sowie");

/** What a sentence says on other conditions than its quotes. */
export function findConditionDifferences(said: Clause[], shown: Clause[]): Message[] {
  const found = [
    findOtherPair(said, shown),
    findLostLimit(said, shown),
    findOtherOnly(said, shown),
    findWidenedOnly(said, shown),
  ];
  return found.flatMap((each) => each ?? []);
}

interface Subordination {
  kind: "cause" | "condition";
  main: Clause;
  sub: Clause;
  /** Whether there is "only" before the conjunction. */
  isOnly: boolean;
}

function subordinationsOf(clauses: Clause[]): Subordination[] {
  return clauses.flatMap((sub, at) => {
    const opener = sub.words[0]?.text ?? "";
    const kind = CAUSES.has(opener) ? "cause" : CONDITION_OPENERS.has(opener) ? "condition" : null;
    if (kind === null) return [];
    const [before, after] = [clauses[at - 1], clauses[at + 1]];
    const main = before?.sentence === sub.sentence && before.stems.size > 0 ? before : after;
    if (main?.sentence !== sub.sentence) return [];
    return [{ kind, main, sub, isOnly: ONLY.has(before?.words.at(-1)?.text ?? "") }];
  });
}

/** "A because B" for "B because A". */
export function findSwappedClauses(said: Clause[], shown: Clause[]): Message[] {
  const quoted = subordinationsOf(shown);
  for (const own of subordinationsOf(said)) {
    for (const other of quoted) {
      if (other.kind !== own.kind) continue;
      const crossed = [sharedWords(own.main, other.sub), sharedWords(own.sub, other.main)];
      const straight = [sharedWords(own.main, other.main), sharedWords(own.sub, other.sub)].flat();
      if (crossed.some((each) => each.length === 0) || crossed.flat().length <= 2 * straight.length) continue;
      const [[one = ""] = [], [two = ""] = []] = crossed;
      return [msg`its quotes have “${two}” and “${one}” the other way round`];
    }
  }
  return [];
}

/** "It throws if the key is missing" where the quotes say so of another condition, and something else of this one. */
function findOtherPair(said: Clause[], shown: Clause[]): Message | null {
  const quoted = subordinationsOf(shown);
  for (const own of subordinationsOf(said)) {
    const paired = quoted.find(({ kind, sub }) => kind === own.kind && shareOf(own.sub, sub) > 0.9);
    const others = quoted.filter(
      ({ kind, sub }) => kind === own.kind && countShared(sub.stems, own.sub.stems) === 0,
    );
    if (paired === undefined) continue;
    const isOnlyIn = (one: Clause, two: Clause): string[] => sharedWords(own.main, one).filter((word) => !sharedWords(own.main, two).includes(word)); // prettier-ignore
    for (const { main } of others) {
      const [word] = isOnlyIn(main, paired.main);
      const isOtherwise = [...paired.main.stems].some((stem) => !own.main.stems.has(stem));
      // The subject may be a pronoun in the other one.
      if (word === undefined || !isOtherwise || isOnlyIn(paired.main, main).length > 1) continue;
      return msg`its quotes say “${word}” on another condition`;
    }
  }
  return null;
}

/** Words of a clause that another one has, in inflections too. */
function sharedWords(one: Clause, other: Clause): string[] {
  return one.words.flatMap(({ text, stem }) => (stem !== "" && other.stems.has(stem) ? [text] : []));
}

/** "Always" or "never" where the quotes name a condition, and "only if" that is left out. */
function findLostLimit(said: Clause[], shown: Clause[]): Message | null {
  const isLimited = (clause: Clause): boolean => clause.words.some(({ text }) => LIMITS.has(text));
  if (said.some(isLimited)) return null;
  const absolute = said.flatMap(({ words }) => words).find(({ text }) => ABSOLUTE.has(text))?.text;
  const quotedWords = new Set(shown.flatMap(({ words }) => words.map(({ text }) => text)));
  const own = new Set(said.flatMap(({ stems }) => [...stems]));
  for (const clause of shown) {
    if (!said.some((each) => shareOf(each, clause) >= SAME_SUBJECT)) continue;
    const limits = shown
      .filter(({ sentence }) => sentence === clause.sentence)
      .flatMap(({ words }) => words)
      .find(({ text }) => LIMITS.has(text) && !ONLY.has(text));
    const until = clause.words.findIndex(({ text }) => UNTIL.has(text));
    const isDenied = clause.isNegative && said.some(({ isNegative }) => isNegative);
    if (until > 0 && isDenied && !clause.words.slice(until).some(({ stem }) => own.has(stem)))
      return says(clause.words[until]?.text ?? "");
    if (absolute !== undefined && !quotedWords.has(absolute) && limits !== undefined)
      return says(limits.text, absolute);
    const only = subordinationsOf(shown).find(({ main, isOnly }) => main === clause && isOnly);
    if (only !== undefined && countShared(own, only.sub.stems) < only.sub.stems.size / 3) return says("only");
  }
  return null;
}

/** Words behind "only" that it may be about. */
const FOCUS = 3;

/** The stems that each "only" of some clauses is about. A condition is none. */
function focusesOf(clauses: Clause[]): { clause: Clause; stems: string[] }[] {
  return clauses.flatMap((clause) =>
    clause.words.flatMap(({ text }, at) => {
      if (!ONLY.has(text)) return [];
      const stems = clause.words.slice(at + 1).flatMap(({ stem }) => (stem === "" ? [] : [stem]));
      const before = clause.words.slice(0, at).flatMap(({ stem }) => (stem === "" ? [] : [stem]));
      const near = stems.length > 0 ? stems.slice(0, FOCUS) : before.reverse().slice(0, FOCUS);
      return near.length === 0 ? [] : [{ clause, stems: near }];
    }),
  );
}

/** "Only members" where the quotes say "only administrators" and speak of members elsewhere. */
function findOtherOnly(said: Clause[], shown: Clause[]): Message | null {
  const quoted = focusesOf(shown);
  if (quoted.length === 0) return null;
  const focused = new Set(quoted.flatMap(({ stems }) => stems.slice(0, 1)));
  for (const { clause, stems } of focusesOf(said)) {
    const [first = ""] = stems;
    const isElsewhere = shown.some((each) => each.stems.has(first));
    const isSamePlace = quoted.some((each) => countShared(each.clause.stems, clause.stems) > 1);
    if (
      isElsewhere &&
      isSamePlace &&
      !quoted.some((each) => each.stems.includes(first)) &&
      !stems.some((stem) => focused.has(stem))
    )
      // prettier-ignore
      return says(`only ${quoted[0]?.stems[0] ?? ""}`, `only ${first}`);
  }
  return null;
}

/** "Administrators and members may" where the quotes say "only administrators may". */
function findWidenedOnly(said: Clause[], shown: Clause[]): Message | null {
  const words = said.flatMap((clause) => clause.words);
  if (said.some(({ isNegative, implicit }) => isNegative || implicit.size > 0)) return null;
  for (const { clause, stems } of focusesOf(shown)) {
    const [first = ""] = stems;
    const at = words.findIndex(({ stem }) => stem === first);
    const isJoined = [words[at - 1], words[at + 1], words[at + 2]].some((each) =>
      JOINING.has(each?.text ?? ""),
    );
    const rest = said.some((each) => stems.slice(1).some((stem) => each.stems.has(stem)));
    if (at >= 0 && isJoined && rest && !clause.words.some(({ text }) => JOINING.has(text)))
      return says("only");
  }
  return null;
}
