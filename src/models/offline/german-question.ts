import { wordSet } from "../../core/text/language.js";
import { splitWords } from "../../core/text/tokenize.js";

/*
 * German questions. Their nouns are written with a capital letter, so that no noun is a name by its form, and they are
 * searched for without the small words of German.
 */

/** Words that only German questions begin with; "was" and "wer" begin English or other texts too. */
const OPENINGS = wordSet(
  "wie wo wohin woher wann warum wieso weshalb wozu womit wodurch worin wovon wofür woran worauf welche welcher welches welchen " +
    "welchem wessen wem wen wer gibt",
);
/** Words of German that no source is searched for. */
export const GERMAN_SMALL_WORDS = wordSet(
  "der die das den dem des ein eine einen einem einer eines und oder aber nicht kein keine keinen ist sind war waren wird werden " +
    "wurde wurden worden hat haben hatte kann können könnte muss müssen soll sollen sollte darf dürfen mag will wollen macht machen " +
    "tut tun geht gibt es er sie ich du wir ihr man mich mir sich uns in im ins an am auf aus bei beim bis durch für gegen mit nach " +
    "ohne seit über um unter von vom vor zu zum zur zwischen als wenn weil dass ob so auch nur noch schon mehr sehr hier dort was",
);

/** Whether a question is German, by its first word or its small words. */
export function isGermanQuestion(question: string): boolean {
  const words = wordsOf(question);
  const [first = ""] = words;
  if (OPENINGS.has(first)) return true;
  const small = new Set(words.filter((word) => GERMAN_SMALL_WORDS.has(word) && !ENGLISH_TOO.has(word)));
  return small.size >= 2 || (first === "was" && (small.size > 0 || /[äöüß]/i.test(question)));
}

/** Small words that English has, too. */
const ENGLISH_TOO = wordSet("war was in an die so am hat will man will tut her");

/** The words of a German question that carry its subject, as written, each once. */
export function germanKeywords(question: string): string[] {
  const seen = new Set<string>();
  return splitWords(question)
    .map(({ text }) => text)
    .filter((word) => {
      const key = word.toLowerCase();
      return !GERMAN_SMALL_WORDS.has(key) && !OPENINGS.has(key) && !seen.has(key) && seen.add(key);
    });
}

function wordsOf(text: string): string[] {
  return splitWords(text).map((word) => word.text.toLowerCase());
}
