import { replaceBetween } from "../../core/text/linear-search.js";
import { wordSet } from "../../core/text/language.js";
import { splitWords, STOP_WORDS } from "../../core/text/tokenize.js";

/** A sentence has at least so many words besides its code and its addresses. */
const FEWEST_WORDS = 4;

/** Words that no sentence ends with, in English and German: what was to follow is missing. */
const UNFINISHED = wordSet(
  "a the and or but nor which whose if when whenever because although unless than as onto via per your our my these those see " +
    "der dem des eine einen einem einer und oder aber dass welche welcher welches wenn weil obwohl ob als von zum zur vom im siehe",
);

/** Such a beginning joins a sentence to those before it. */
const OPENS_NOTHING =
  /^\W*(?:well|ah|yes|no,|sure|another|again|next,|now,?|finally|lastly|for (?:example|instance)|e\.g|see also|nun|zum beispiel|z\. ?b\.|außerdem|danach)\b/i;

/** Words that point at what stands around the sentence. */
const POINTS_ELSEWHERE =
  /\b(?:the (?:same thing|above|following|latter|former)|(?:as|see|shown|described|listed) (?:above|below)|(?:example|option|section|code|table|list)s? (?:above|below))\b/i;

/**
 * Whether a text can stand by itself on top of a report: it ends like a sentence and not with a colon, what opens in it closes,
 * and it says something beside addresses and code.
 */
export function isWholeSentence(text: string): boolean {
  const sentence = text.trim();
  // A question of the source's own is only asked there.
  if (!/[.!…。！]["'”’)\]`*]*$/.test(sentence) || OPENS_NOTHING.test(sentence)) return false;
  if (POINTS_ELSEWHERE.test(sentence)) return false;
  if (!isBalanced(sentence)) return false;
  const prose = replaceBetween(sentence, "`", "`", " x ").replace(/\bhttps?\S+/g, " ");
  const words = splitWords(prose).map((word) => word.text);
  const [first = ""] = words;
  const last = words.at(-1)?.toLowerCase() ?? "";
  // "of the queue is full." is the end of a sentence.
  if (/^\p{Ll}/u.test(first) && STOP_WORDS.has(first) && sentence.startsWith(first)) return false;
  if (UNFINISHED.has(last)) return false;
  return words.filter((word) => /\p{L}/u.test(word)).length >= FEWEST_WORDS;
}

function isBalanced(text: string): boolean {
  const bare = replaceBetween(text, "`", "`", "");
  const count = (sign: string): number => bare.split(sign).length - 1;
  return count("`") === 0 && count("(") === count(")") && count("[") === count("]") && count('"') % 2 === 0;
}
