import { wordSet } from "../../core/text/language.js";
import { contentTerms, STOP_WORDS, splitWords, termsOfWord } from "../../core/text/tokenize.js";
import { findUnmentionedNames } from "./question-analysis.js";
import { isCommonVerb } from "./titles.js";
import { InverseDocumentFrequency, weightedQuestionTerms } from "./term-weights.js";
import { findSynonyms } from "./synonyms.js";

/** A text without words that are this share of what the question is about does not answer it. */
const DECISIVE = 0.3;
/** So much where a name of the question is known: then something can be said of that. */
const DECISIVE_BESIDE_A_NAME = 0.5;
/** Words that begin alike to this length may be forms of one word. */
const COMMON_BEGINNING = 5;

/** Words of a question that no text holds, and whether an answer without them would be about something else. */
export interface AbsentWords {
  /** As the question has them. */
  words: string[];
  isDecisive: boolean;
}

/**
 * Finds the words of a question that stand in none of the texts, in no form and under no other name. Verbs that any text may
 * say otherwise are not among them.
 * @param texts quotes with the titles of their sources
 */
export function findAbsentWords(question: string, texts: string[]): AbsentWords {
  const held = new Set(texts.flatMap(contentTerms));
  const beginnings = new Set([...held].map((term) => term.slice(0, COMMON_BEGINNING)));
  const rarity = new InverseDocumentFrequency(texts);
  const wanted = weightedQuestionTerms(question);
  const isHeld = (term: string): boolean =>
    held.has(term) ||
    (wanted.get(term)?.aliases ?? findSynonyms(term)).some((alias) => held.has(alias)) ||
    (term.length > COMMON_BEGINNING && beginnings.has(term.slice(0, COMMON_BEGINNING)));
  const words: string[] = [];
  let absent = 0;
  for (const { text } of splitWords(question)) {
    const word = text.replace(/['’]s$/, "");
    if (STOP_WORDS.has(word.toLowerCase()) || words.includes(word)) continue;
    const isFound = isNumber(word) ? isNumberHeld(word, held) : termsOfWord(word).some(isHeld);
    if (!isFound && !isCommonVerb(word) && !isGeneral(word)) words.push(word);
  }
  const lost = new Set(words.flatMap((word) => termsOfWord(word)));
  let all = 0;
  for (const [term, { weight }] of wanted) {
    const own = weight * rarity.of(term);
    all += own;
    if (lost.has(term)) absent += own;
  }
  const names = findUnmentionedNames(question, []);
  const isNameHeld = findUnmentionedNames(question, texts).length < names.length;
  const least = isNameHeld ? DECISIVE_BESIDE_A_NAME : DECISIVE;
  return { words, isDecisive: all > 0 && absent / all >= least };
}

function isNumber(word: string): boolean {
  return /^[\d.]+$/.test(word);
}

/** A version is known by a longer one that begins with it, but not by one of its parts, which stands in any text. */
function isNumberHeld(number: string, held: ReadonlySet<string>): boolean {
  return held.has(number) || [...held].some((term) => term.startsWith(`${number}.`));
}

/** Small words that questions in other languages ask with, which their answers do not have. */
const INTERROGATIVES = wordSet(
  "wie was warum wieso weshalb wann wo woher wohin wer wem wen wessen welche welcher welches welchem welchen worin womit wofür " +
    "kann können muss soll sollte ich man mein mir mich gibt wird der die das ein eine einen und oder ist sind im in auf für mit zu " +
    "comment pourquoi quand où qui que quel quelle quels quelles combien est-ce cómo qué cuándo dónde quién cuál cuáles por cuánto " +
    "come perché quando dove chi quale quali quanto como quem qual onde как что почему когда где кто какой какая какие сколько " +
    "如何 怎么 怎样 怎麼 什么 什麼 为什么 為什麼 何时 何時 哪 哪个 哪些 哪里 哪裡 谁 誰 多少 几 是否 吗 呢 的 了 是 在 有 和 与 我 可以 应该 " +
    "どう どの どのように どこ どれ いつ だれ なぜ なに 何 か は を に の が で と です ます する して いる 方法 ください " +
    "어떻게 무엇 왜 언제 어디 누가 어떤 얼마나 كيف ما ماذا لماذا متى أين من هل कैसे क्या क्यों कब कहाँ कौन",
);

/** Words about questions and answers themselves. */
function isGeneral(word: string): boolean {
  if (INTERROGATIVES.has(word.toLowerCase())) return true;
  if (/^(?:19|20)\d\d$|^\d+(?:\.\d+)+$/.test(word)) return false;
  return /^(?:[\d.]+|questions?|answers?|examples?|differences?|meaning|purpose|overview|details?|docs?|documentation|several|various|best|better|right|wrong|good|bad|easy|easily|quickly|properly|correctly|own|myself|yourself|else|instead|currently|usually|always|never|often|sometimes|together|without|somebody|someone|something|people|person|users?|thing|things|ways?|kinds?|sorts?|types?|happens?|possible|allowed|needed|required|recommended|described?|called|named|known|located|mentioned|considered|based|found|born|reject(?:s|ed)?|listens?|talks?|undo|stay|stays|behind|above|below|main|default|first|last|second|next|same|latest|newest|recent|current|currently|many|old|new|big|small|long|short)$/i.test(
    word,
  );
}
