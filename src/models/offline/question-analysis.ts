import type { QuestionKind } from "../../core/domain/schema.js";
import { contentTerms, STOP_WORDS, splitWords } from "../../core/text/tokenize.js";
import { trimEndMatching } from "../../core/text/linear-search.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";

/*
 * What a question's form tells: its kind, its parts, the names in it, what sort of answer it wants.
 */

/** Longer than any question: what stands behind is not looked at for its form. */
const LONGEST = 2000;

/** The kind of a question, by its interrogative. */
export function questionKind(question: string): QuestionKind {
  const text = question.toLowerCase().replace(/^[^\p{L}]+/u, "");
  if (comparedItems(question).length >= 2 || /\b(?:compar|differen|differ\b|versus\b|vs\b)/.test(text))
    return "comparison";
  if (/^(?:should\b|is it (?:better|worth)|when (?:should|to)\b|which\b.*\bshould\b)/.test(text))
    return "decision";
  if (/^(?:how (?:do|can|could|should|would|might) (?:i|you|we|one)\b|how to\b)|\bsteps\b/.test(text))
    return "howto";
  if (
    /^(?:why|how|explain|describe)\b|\bwhat happens\b|\bhow does\b/.test(text) &&
    !/^how (?:many|much|old|long|far|often)\b/.test(text)
  )
    return "explanation";
  if (
    /^(?:list|give an overview|what (?:are|were)\b.*\b(?:ways|kinds|types|options|approaches)\b|overview|survey)/.test(
      text,
    )
  )
    return "survey";
  return "lookup";
}

/** What an answer must hold to be one. */
export type AnswerType = "number" | "date" | "person" | "place" | "reason" | "any";

/** "What was the revenue of …", "what is the default timeout": a thing that is told in numbers. */
const MEASURED =
  /^\W*what(?:'s| is| was| were| are)\b[^?]*\b(?:revenues?|income|profits?|margins?|costs?|prices?|expenses?|expenditures?|sales|earnings|dividends?|amounts?|rates?|ratios?|totals?|population|area|height|length|weight|depth|distance|speed|duration|timeout|limits?|temperature|capacity|maximum|minimum|average)\b/;

export function expectedAnswerType(question: string): AnswerType {
  const text = question.toLowerCase();
  if (
    /\b(?:what|which|in what|in which) (?:year|date|month|day|decade|century)\b|\bwhen (?:was|were|did|will|is|has)\b|\bhow old\b|\bbirthday\b/.test(
      text,
    )
  )
    return "date";
  if (
    /\bhow (?:many|much|long|far|large|big|high|fast|often)\b|\bwhat (?:number|percentage|size|limit|port|version)\b/.test(
      text,
    )
  )
    return "number";
  if (MEASURED.test(text)) return "number";
  if (/\bwho(?:se|m)?\b/.test(text)) return "person";
  if (/\bwhere\b|\b(?:what|which) (?:city|country|state|county|place|town|airport|stadium)\b/.test(text))
    return "place";
  if (/\bwhy\b|\breasons?\b/.test(text)) return "reason";
  return "any";
}

/** A path in a file system: "/etc/app.conf", "~/.config", "%APPDATA%\\app". */
const PATH = /(?:^|[\s"'`(])(?:[~.]{0,2}\/|\$\w+\/|%\w+%\\|[A-Z]:\\)[\w.$%-]+/;

const MONTH =
  /\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b/i;

/** Whether a sentence holds the sort of thing that is wanted. */
export function containsAnswerType(wanted: AnswerType, sentence: string): boolean {
  switch (wanted) {
    case "date":
      return /\b1\d{3}\b|\b20\d\d\b/.test(sentence) || (MONTH.test(sentence) && /\d/.test(sentence));
    case "number":
      return /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|hundred|thousand|million)\b/i.test(
        sentence,
      );
    case "person":
      return /\p{Lu}\p{Ll}+ \p{Lu}/u.test(sentence);
    case "place":
      return PATH.test(sentence) || /\b(?:in|at|near|from|to|under|on|of) (?:the )?[\p{Lu}`]/u.test(sentence);
    case "reason":
      return /\b(?:because|since|so that|in order|due to|therefore|reason|rationale|avoid|prevents?|ensures?|allows?|otherwise|rather than|would|breaks?|causes?|leads? to|makes it|some \w+ do not|not available|is lost|can lose|weil|damit|sonst|verhindert|vermeide[nt]|deshalb|grund)\b/i.test(
        sentence,
      );
    case "any":
      return false;
  }
}

const DEFAULT = /\bdefaults?\b|\b(?:standardmäßig|standardwert|voreinstellung|voreingestellt)/i;
const WHERE_NOTHING_IS_SET =
  /\bif (?:i|we|you) (?:do not|don['’]t|leave|set nothing|say nothing)(?=\s|[,.?]|$)/i;

/** Whether a question asks what holds where nothing is set: "by default", "if I do not name one". */
export function asksForDefault(question: string): boolean {
  return DEFAULT.test(question) || WHERE_NOTHING_IS_SET.test(question);
}

/** Whether a sentence says what holds where nothing is set. */
export function statesDefault(sentence: string): boolean {
  return DEFAULT.test(sentence);
}

const NAME_INSIDE = /^(?:of|the|de|la|le|du|van|von|der|den|di|da|and|&|for|in|on|at|to|a|no\.?)$/;

/**
 * The names in a text: what stands in quotation marks or backticks, names of code, and runs of
 * capitalised words. In order, without doubles.
 */
export function findNames(whole: string): string[] {
  const text = whole.slice(0, LONGEST);
  const found: { at: number; name: string }[] = [];
  const taken: [number, number][] = [];
  const free = (at: number): boolean => taken.every(([start, end]) => at < start || at >= end);
  for (const match of text.matchAll(/["“”„«`]([^"“”„«»`]{2,80})["“”»`]/g)) {
    const name = trimEndMatching((match[1] ?? "").trim(), /[?.,!;]/);
    if (name === "" || splitWords(name).length > 9) continue;
    found.push({ at: match.index, name });
    taken.push([match.index, match.index + match[0].length]);
  }
  for (const match of text.matchAll(
    // eslint-disable-next-line redos/no-vulnerable -- the text is at most LONGEST characters
    /--?[a-z][\w-]+|\b\w+[a-z]\w*[A-Z]\w*\b|\b\w+(?:_\w+)+\b|\b[\w$]+(?:\.[\w$]+)*\(\)|\b[\w-]+\.(?:[jt]sx?|json|ya?ml|toml|md|py|rs|go|sh)\b/g,
  )) {
    if (!free(match.index) || (match[0].startsWith("-") && /\w/.test(text.charAt(match.index - 1)))) continue;
    found.push({ at: match.index, name: match[0] });
    taken.push([match.index, match.index + match[0].length]);
  }
  for (const { at, name } of capitalised(text)) if (free(at)) found.push({ at, name });
  const seen = new Set<string>();
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ name }) => name)
    .filter((name) => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase()));
}

function capitalised(text: string): { at: number; name: string }[] {
  const all = splitWords(text);
  const found: { at: number; name: string }[] = [];
  for (let n = 0; n < all.length; n++) {
    const first = all[n];
    if (first === undefined || !isNameWord(first.text)) continue;
    const startsSentence = n === 0 || /[.?!:]\s*["“'(]?$/.test(text.slice(all[n - 1]?.end ?? 0, first.start));
    if (startsSentence && STOP_WORDS.has(first.text.toLowerCase())) continue;
    let last = n;
    for (let next = n + 1; next < all.length; next++) {
      const word = all[next];
      const before = all[next - 1];
      if (word === undefined || before === undefined) break;
      if (
        !/^(?:[ ]|\. (?=\p{Lu}))$/u.test(text.slice(before.end, word.start)) &&
        text.slice(before.end, word.start) !== " "
      )
        break;
      if (isNameWord(word.text) || /^\d+$/.test(word.text)) last = next;
      else if (!NAME_INSIDE.test(word.text) || next - last > 2) break;
    }
    const name = text.slice(first.start, all[last]?.end ?? first.end);
    // A single capitalised word at a sentence's start is as good as any word.
    if (!(startsSentence && last === n && !/\p{Lu}.*\p{Lu}|\d/u.test(name) && n > 0) || n === 0) {
      if (!STOP_WORDS.has(name.toLowerCase()) && name.length > 1)
        found.push({ at: first.start, name: name.replace(/['’]s$/, "") });
    }
    n = last;
  }
  return found;
}

function isNameWord(word: string): boolean {
  return (
    /^\p{Lu}/u.test(word) &&
    !(STOP_WORDS.has(word.toLowerCase()) && word.length > 1 && !/^\p{Lu}{2}/u.test(word))
  );
}

const SIDE = String.raw`([^,?;]{2,70}?)`;
const COMPARISONS = [
  new RegExp(
    String.raw`\b(?:differences?|relationship|comparison|choose|choosing|choice|trade-?offs?)\b[^?]*?\bbetween\s+(?:the\s+)?${SIDE}\s+and\s+(?:the\s+)?${SIDE}(?=[,?;.]|$|\s+(?:in|on|for|when|with|regarding|based)\b)`,
    "i",
  ),
  new RegExp(
    String.raw`(?:^|\b(?:of|is|are|does|do|compare|using|use|with|than|prefer|between|which|with|:)\s+)(?:the\s+)?${SIDE}\s+(?:versus|vs\.?|compared (?:to|with)|rather than|as opposed to)\s+(?:using\s+)?(?:the\s+)?${SIDE}(?=[,?;.]|$|\s+(?:in|on|for|when)\b)`,
    "i",
  ),
  new RegExp(
    String.raw`\b(?:which|who)\s+of\s+${SIDE}\s+(?:and|or)\s+${SIDE}(?=\s+(?:is|was|has|had|are|were|did|does|came|come|can|first|\w+ed\b)|[,?;.]|$)`,
    "i",
  ),
  new RegExp(
    String.raw`^(?:is|are|was|were|did|do|does|have|has)\s+(?:both\s+|either\s+)?(\p{Lu}[^,?;]{1,60}?)\s+(?:and|or)\s+(?:the\s+)?(\p{Lu}[^,?;]{1,60}?)(?=\s+(?:both|the same|from|have|has|are|is|a|an|in|located|written|members?|\p{Ll}+)\b|[,?;]|$)`,
    "u",
  ),
  new RegExp(
    String.raw`^(?:the\s+)?([^,?;:]{2,60}?)\s+(?:or|and)\s+(?:the\s+)?([^,?;:]{2,60}?)[,:]\s*(?:how\s+do\s+they|what(?:'s|\s+is)\s+the\s+difference|which\b)`,
    "i",
  ),
  new RegExp(
    String.raw`[,:]\s*(?:the\s+)?([^,?;:]{2,60}?),?\s+or\s+(?:the\s+)?([^,?;:]{2,60}?)\s*\?*\s*$`,
    "i",
  ),
  new RegExp(
    String.raw`^(?:\p{Lu}\p{Ll}+\s)?(\p{Lu}[^,?;]{1,60}?)\s+and\s+(\p{Lu}[^,?;]{1,60}?)\s+(?:are|were|have|both|share)\b`,
    "u",
  ),
];

/** The things that a question sets against each other; empty where it compares nothing. */
export function comparedItems(question: string): string[] {
  const text = collapseWhitespace(question.slice(0, LONGEST));
  for (const pattern of COMPARISONS) {
    const match = pattern.exec(text);
    const sides = (match?.slice(1) ?? []).map((side) =>
      side
        .replace(/^(?:(?:are|is|the|a|an|both|either|using)\s+)+/i, "")
        .replace(/\s(?:both|is|was)$/i, "")
        .trim(),
    );
    if (
      sides.length === 2 &&
      sides.every(
        (side) =>
          side !== "" && splitWords(side).some(({ text: word }) => !STOP_WORDS.has(word.toLowerCase())),
      )
    )
      return sides;
  }
  return [];
}

const INTERROGATIVE =
  "(?:how|what|which|why|when|where|who|whose|is|are|does|do|did|can|should|was|were|will)";

/** The clauses of a question that ask something of their own. */
export function splitClauses(question: string): string[] {
  return question
    .slice(0, LONGEST)
    .replace(/\s+/g, " ")
    .split(/(?<=[?!])\s+|(?<=[^.]{12}\.)\s+(?=\p{Lu})/u)
    .flatMap((sentence) =>
      sentence.split(new RegExp(String.raw`,?\s+and\s+(?=${INTERROGATIVE}\s)|;\s+`, "i")),
    )
    .flatMap((sentence) =>
      sentence.split(
        new RegExp(
          String.raw`,\s+(?=(?:how|what|which|why|when|where|who)\s+(?:is|are|was|were|do|does|did|can|should|will|to|\w+s)\b)`,
          "i",
        ),
      ),
    )
    .map((clause) => trimEndMatching(clause.replace(/^[\s,;]+/, ""), /[\s,;?]/))
    .filter(
      (clause) => splitWords(clause).filter(({ text }) => !STOP_WORDS.has(text.toLowerCase())).length > 0,
    );
}

/** Whether a clause names its subject only by a pronoun: "and how long are they kept". */
export function leansOnAnotherClause(clause: string): boolean {
  return /\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|each|both|one|the same)\b/i.test(
    clause,
  );
}

/** The words of a text that carry its subject, as written, in order, without doubles. */
export function findKeywords(text: string): string[] {
  const seen = new Set<string>();
  return splitWords(text)
    .map(({ text: word }) => word.replace(/['’]s$/, ""))
    .filter((word) => {
      const key = word.toLowerCase().replaceAll("’", "'");
      return !STOP_WORDS.has(key) && !seen.has(key) && seen.add(key);
    });
}

/** Words that ask about something without saying what. */
const SAYS_NOTHING = new Set(
  (
    "work works working worked thing things stuff something anything everything happen happens happened mean means meant " +
    "go goes run runs look looks know need needs want wants start starts begin do help helps explain describe project code " +
    "repository repo folder workspace file files docs documentation here use possible good better best important different"
  ).split(" "),
);

/** True where a question names nothing at all that could be searched for, such as "How does it work?". */
export function hasNoSubject(question: string): boolean {
  const telling = findKeywords(question).filter((word) => !SAYS_NOTHING.has(word.toLowerCase()));
  // A question in another language, or a question that is all words of ours, such as "What is docs?", stays.
  return telling.length === 0 && /\b(?:it|this|that|they|these|those|he|she|here)\b/i.test(question);
}

/** The names in a question, those that "and" joins apart. */
function splitJoinedNames(question: string): string[] {
  // eslint-disable-next-line redos/no-vulnerable -- names come from a text of at most LONGEST characters
  return findNames(question).flatMap((name) => name.split(/,?\s+(?:and|or|&)\s+/));
}

/** The names in a question of which no text holds a telling part. */
export function findUnmentionedNames(question: string, texts: string[]): string[] {
  const held = new Set(texts.flatMap(contentTerms));
  // The first word of a question is written like a name in any case.
  const isOpening = (name: string): boolean => question.startsWith(name) && !/\s/.test(name);
  return splitJoinedNames(question).filter(
    (name) => !isOpening(name) && !contentTerms(name).some((term) => held.has(term)),
  );
}

/** "What do users have to write", "what should my script return". */
const ASKS_WHAT_TO_DO = /\bwhat (?:do|must|should|can) (?:i|you|we|one|users?|(?:my|our|the) \w+)\b/i;

/** Whether an answer shows code or commands: a how-to, or a question for an example. */
export function asksForCode(question: string): boolean {
  return (
    questionKind(question) === "howto" ||
    /\b(?:how (?:is|are|can|to)\b|examples?\b|snippets?\b|syntax\b|commands?\b|code\b)/i.test(question) ||
    ASKS_WHAT_TO_DO.test(question)
  );
}

/** Whether names answer: "which option …", "what settings …", "list the …". */
export function asksForNames(question: string): boolean {
  return /^\W*(?:(?:which|what)\s+(?:\w+\s+){0,2}?(?:options?|settings?|configurations?|config|commands?|flags?|parameters?|arguments?|variables?|values?|functions?|methods?|propert(?:y|ies)|attributes?|fields?|headers?|events?|hooks?|modes?|levels?|types?|kinds?|polic(?:y|ies)|strateg(?:y|ies)|exceptions?|errors?|codes?|keys?|files?|environment)\b|list\b|which\b.*\b(?:are there|exist|available)\b)/i.test(
    question,
  );
}

/** Whether a place in code answers: "where is … implemented", "which file …". */
export function asksForPlaceInCode(question: string): boolean {
  return (
    /\bwhere (?:is|are)\b|\b(?:which|what) (?:file|module|function|class|method)\b/i.test(question) ||
    (/\bwhere\b/i.test(question) &&
      /\b(?:implemented|defined|declared|handled|set|called|created|parsed|computed|checked|written|read|located|found|code|class|function|happens?)\b/i.test(
        question,
      ))
  );
}

/** What a question asks the meaning of: "what is X", "what does X do"; null where it asks something else. */
export function definedSubject(question: string): string | null {
  const text = collapseWhitespace(question.slice(0, LONGEST));
  const match =
    /^\W*what(?:'s| is| are| was| were) (?:an? |the )?([^,?;]{2,60}?)\s*(?: for)?\?*$/i.exec(text) ??
    /^\W*what (?:does|do) (?:an? |the )?([^,?;]{2,60}?) (?:do|mean|stand for|show)(?:\s(?:in|on|at|of|for|as|when|after)\s[^?]{1,80})?\s*\?*$/i.exec(
      text,
    );
  const subject = match?.[1] ?? null;
  return subject === null || /\b(?:between|difference|best|way)\b/i.test(subject) ? null : subject;
}
