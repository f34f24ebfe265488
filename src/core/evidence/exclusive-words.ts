import type { Message } from "../../common/messages.js";
import { wordSet } from "../text/language.js";
import { says } from "./clause-comparison.js";
import type { Clause, SenseWord } from "./sense-clauses.js";

/*
 * Words of which one excludes the others, such as colours and seasons: "red" is no other word for "green". A sentence must
 * not have one in the place of another.
 */

/** Each line is a class; words with a slash between them are one. */
const CLASSES = [
  "spring/frühling/frühjahr summer/sommer autumn/herbst winter",
  "red/rot/rote/roten/roter/rotes green/grün/grüne/grünen/grüner/grünes blue/blau/blaue/blauen/blauer/blaues yellow/gelb/gelbe/gelben orange purple/lila brown/braun/braune/braunen black/schwarz/schwarze/schwarzen white/weiß/weiße/weißen pink/rosa grey/gray/grau/graue/grauen",
  "monday/montag tuesday/dienstag wednesday/mittwoch thursday/donnerstag friday/freitag saturday/samstag/sonnabend sunday/sonntag",
  "january/januar february/februar march/märz april may/mai june/juni july/juli august september october/oktober november december/dezember",
  "hydrogen/wasserstoff oxygen/sauerstoff nitrogen/stickstoff carbon/kohlenstoff helium iron/eisen copper/kupfer zinc/zink blei silver/silber gold aluminium/aluminum nickel tin/zinn platinum/platin lithium sodium/natrium calcium/kalzium uranium/uran mercury/quecksilber sulfur/sulphur/schwefel phosphorus/phosphor",
  "mathematics/maths/math/mathematik physics/physik chemistry/chemie biology/biologie geography/geografie/erdkunde history/geschichte philosophy/philosophie",
  "heart/herz liver/leber kidney/kidneys/niere/nieren lung/lungs/lunge/lungen brain/gehirn/hirn stomach/magen skin/haut eye/eyes/auge/augen ear/ears/ohr/ohren",
  "string/strings integer/integers float/floats boolean/booleans",
  "starter basic standard professional premium enterprise business",
  "train/trains/zug/züge bus/buses/busse/bussen car/cars/auto/autos ferry/ferries/fähre/fähren plane/planes/flugzeug/flugzeuge bicycle/bicycles/bike/bikes/fahrrad/fahrräder tram/trams/straßenbahn",
  "wheat/weizen rice/reis maize/corn/mais barley/gerste rye/roggen oats/hafer",
  "sun/sonne moon/mond earth/erde mars venus jupiter saturn",
  "football/fußball tennis basketball handball volleyball hockey cricket rugby",
  "stdout stderr stdin",
  "north/norden east/osten south/süden west/westen",
].map(
  (line) => new Map([...wordSet(line)].flatMap((words) => words.split("/").map((word) => [word, words]))),
);

/** A word of a class that the quotes lack while they have another one that the sentence lacks. */
export function findExclusiveWords(said: Clause[], shown: Clause[]): Message[] {
  const own = textsOf(said);
  const others = textsOf(shown);
  return CLASSES.flatMap((words) => {
    const membersOf = (texts: string[]): Map<string, string> =>
      new Map(
        texts.flatMap((text): [string, string][] => (words.has(text) ? [[words.get(text) ?? "", text]] : [])),
      );
    const [ownMembers, otherMembers] = [membersOf(own), membersOf(others)];
    const [added] = [...ownMembers].filter(([key]) => !otherMembers.has(key));
    const [left] = [...otherMembers].filter(([key]) => !ownMembers.has(key));
    return added === undefined || left === undefined ? [] : [says(left[1], added[1])];
  });
}

function textsOf(clauses: Clause[]): string[] {
  return clauses.flatMap(({ words }) =>
    words.flatMap(({ text }, at) =>
      VERBS.has(text) && !isDated(words[at - 1], words[at + 1]) ? [] : [text],
    ),
  );
}

/** Months that are verbs, too. */
const VERBS = wordSet("may march");
const BEFORE_MONTHS = wordSet(
  "in on at of since until till by from to early late mid end during before after last next this every and",
);

function isDated(before: SenseWord | undefined, next: SenseWord | undefined): boolean {
  const isNumber = (word: SenseWord | undefined): boolean => /^\p{N}/u.test(word?.text ?? "");
  return isNumber(before) || isNumber(next) || BEFORE_MONTHS.has(before?.text ?? "");
}
