/*
 * Tells English, German and other languages apart by their small words. Facts and sense are checked with lists of words,
 * and those lists exist for English and German only.
 */

/** "english" also where a text has too few small words to tell, as code has. */
export type Language = "english" | "german" | "other";

/** A set of words from a list that is separated by spaces. */
export function wordSet(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/).filter((word) => word !== ""));
}

const ENGLISH = wordSet(
  "the of and is was are were in to a an by for with that it as on from this be or not at has",
);
const GERMAN = wordSet(
  "der die das und ist nicht ein eine einen einem einer mit für von zu den dem des wird werden wurde wurden auf bei sich als auch im zum zur nach nur muss " +
    "darf kann am vom beim gegen ohne wie noch dass ihre ihr hat haben wenn aus kein keine sowie zwischen jeder jeden rund etwa oder aber vor seit um sind sie bis durch über unter alle jede mindestens höchstens",
);
/** Small words of English that German has, too. */
const SHARED = wordSet("in an was");
/** Small words of other languages in Latin script that English does not have. */
const OTHERS = wordSet(
  "le les des du une et est dans pour que qui sur avec pas aux cette il elle par sont où la el los las del una y en por con se su al más " +
    "lo gli di della che per non è sono si anche dal nel o os um uma do da dos das em para com não ao são het een van op met voor niet dat " +
    "zijn aan ook w z na i nie się jest że od po przez oraz och att det som på för av inte og er til af ikke ve bir bu için ile de",
);

/**
 * The language of some words, by the different small words among them.
 * @param others the words of texts that it belongs to, which decide where it has too few of its own
 */
export function detectLanguage(words: Iterable<string>, others: () => Iterable<string> = () => []): Language {
  const own = [...words];
  return countLanguage(own) ?? countLanguage(others()) ?? countLanguage([...own, ...others()]) ?? "english";
}

/** Null if there are too few small words. */
function countLanguage(words: Iterable<string>): Language | null {
  const small = new Set<string>();
  let latin = 0;
  let all = 0;
  for (const word of words) {
    all++;
    if (/^[\p{Script=Latin}\p{N}]/u.test(word)) latin++;
    small.add(word.toLowerCase());
  }
  if (latin < all / 2) return "other";
  const count = (list: ReadonlySet<string>): number => [...list].filter((word) => small.has(word)).length;
  const [english, german, foreign] = [count(ENGLISH), count(GERMAN), count(OTHERS)];
  if (german >= 2 && german > english - count(SHARED) && german >= foreign) return "german";
  if (foreign >= 2 && foreign > english) return "other";
  return english >= 2 ? "english" : null;
}
