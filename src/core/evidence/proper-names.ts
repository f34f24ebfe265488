import { otherForms, placeWords } from "./abbreviations.js";
import { isMadeFrom, isPlaceName, isPlaceWord, placeNames } from "./place-names.js";
import { SCALE_VALUES, writeNumberWords } from "./number-words.js";
import { findUnit } from "./units.js";
import { GERMAN_STOP_WORDS } from "./sense-clauses.js";
import { SENTENCE_OPENERS, WORDS_BEFORE_NAMES } from "./sentence-openers.js";
import { detectLanguage, type Language } from "../text/language.js";
import { STOP_WORDS, stem as searchStem } from "../text/tokenize.js";
import { normalizeUnicode } from "../text/unicode-normalization.js";

/*
 * Finds names in a sentence: capitalized words where an ordinary word would not be, words with mixed case or digits, and
 * code spans. A sentence must not contain names that its quotes lack. Code cannot recognize every name: scripts without
 * capitals have none here, and in German, where every noun is capitalized, only unmistakable ones count. The model's
 * verdict is applied in addition.
 */

interface Token {
  text: string;
  /** At the start of a sentence, clause, quotation or cell, where a capital means nothing. */
  first: boolean;
  /** Separated from the previous token only by spaces. */
  follows: boolean;
  isCode: boolean;
}

/** Words as written, with the punctuation of names: O'Brien, Jean-Luc, Node.js, C++, C#. */
const TOKEN = /[\p{L}\p{N}\p{M}]+(?:['’_.&-][\p{L}\p{N}\p{M}]+)*(?:\+\+|#(?!\p{L}))?/gu;
const CODE = /`([^`]+)`/g;
const BREAK = /[.!?:;|()[\]{}"“”„«»‘•…–—>/]/;

/** The sentence's names that occur in none of the quotes, as written. */
export function findMissingNames(sentence: string, quotes: string[]): string[] {
  const shown = new Set(quotes.flatMap(wordForms));
  const initials = new Set(quotes.flatMap(findInitials));
  const short = new Set(quotes.flatMap((quote) => quote.match(/\b\p{Lu}{2,8}\b/gu) ?? []));
  const months = new Set(quotes.flatMap(findMonths));
  const plain = withoutAddresses(sentence);
  const tokens = tokenizeNames(plain);
  const terms = new Set(
    quotes.flatMap((quote) => (quote.match(/(?<!\p{L})\p{Ll}+/gu) ?? []).map(searchStem)),
  );
  const heads = quotes.flatMap(findHeads);
  const language = detectLanguage(
    tokens.map(({ text }) => text),
    () => quotes.flatMap((quote) => quote.match(/\p{L}+/gu) ?? []),
  );
  const rows = new Set(quotes.flatMap(findRows));
  const missing: string[] = [];
  tokens.forEach((token, index) => {
    const isOne = isName(token, tokens[index + 1], tokens[index - 1], language);
    if (!isOne && !(language === "german" && isAfterKnownName(token, tokens[index - 1], rows))) return;
    if (language === "german" && isNounBeside(tokens, index, shown, rows)) return;
    if (language === "german" && isBehindNoun(token, tokens[index - 1], tokens[index + 1], shown, rows))
      return;
    if (isPartOfFigure(token, tokens[index - 1]) || isCurrency(token, tokens[index + 1])) return;
    if (token.first && /^\p{Lu}\p{Ll}+$/u.test(token.text) && isWordOfQuotes(token.text, terms)) return;
    if (token.first && language === "english" && isPlainOpener(token, tokens.slice(index + 1), tokens, heads))
      return;
    if (occursIn(token.text, shown) && !(token.isCode && isOtherIdentifier(token.text, quotes))) return;
    if (language === "german" && isInflected(token.text, shown)) return;
    const letters = token.text.replace(/s$/, "");
    if (/^\p{Lu}{2,8}$/u.test(letters) && initials.has(letters)) return;
    // "AU" behind a number is a unit.
    const isUnit = /^\p{Lu}{2}$/u.test(letters) && /^\p{N}/u.test(tokens[index - 1]?.text ?? "");
    if ((isUnit || /^\p{Lu}{3,8}$/u.test(letters)) && quotes.some((quote) => hasWordsOf(letters, quote)))
      return;
    // A name may be abbreviated in the quote ("WHO"), unless the quote also spells it out.
    if (surroundingInitials(tokens, index).some((letters) => short.has(letters) && !initials.has(letters)))
      return;
    if (months.has(MONTHS.indexOf(fold(token.text)) + 1)) return;
    missing.push(token.text);
  });
  return [...new Set(missing)];
}

/** Letters that words of one family begin with. */
const FAMILY = 4;

/** "Flushing" where the quotes say "flushes", and "Lazy" where they say "lazily". */
function isWordOfQuotes(text: string, terms: ReadonlySet<string>): boolean {
  const stem = searchStem(fold(text));
  return terms.has(stem) || (stem.length >= FAMILY && [...terms].some((term) => term.startsWith(stem)));
}

/** The capitalised words of a quote, each by the stem of the word in small letters behind it: "Acme" of "Acme buys". */
function findHeads(quote: string): [string, string][] {
  const tokens = tokenizeNames(quote);
  return tokens.flatMap(({ text }, index): [string, string][] => {
    const next = tokens[index + 1];
    const isHead = /^\p{Lu}/u.test(text) && next?.follows === true && /^\p{Ll}/u.test(next.text);
    return isHead ? [[searchStem(fold(next.text)), fold(text)]] : [];
  });
}

/**
 * Whether the first word of a sentence is no name, although no list has it: a capital tells nothing there. It counts as one
 * where the quotes have another word in its place ("Acme buys" for "Apex buys"), where it does something, or where it is made
 * from a place.
 */
function isPlainOpener(
  { text }: Token,
  [next, second]: (Token | undefined)[],
  tokens: Token[],
  heads: readonly [string, string][],
): boolean {
  const isInRow = next?.follows === true && /^\p{Lu}/u.test(next.text);
  if (!/^\p{Lu}\p{Ll}+$/u.test(text) || isInRow || isPlaceWord(text) || isAct(next, second)) return false;
  const own = new Set(tokens.map((each) => fold(each.text)));
  const stem = searchStem(fold(next?.text ?? ""));
  return !heads.some(([behind, head]) => behind === stem && !own.has(head));
}

const PAST = new Set(
  "bought sold won lost wrote led built said found made took gave became began ran held kept paid sent left met told chose grew fell rose".split(" "),
); // prettier-ignore
const AUXILIARIES = new Set(
  "is are was were has have had can could should must may might will would do does did".split(" "),
);

/** "Keeps" of "Acme keeps logs", and not "amounts" of "monetary amounts are". */
function isAct(verb: Token | undefined, next: Token | undefined): boolean {
  const text = verb?.text ?? "";
  const isInflected = /^\p{Ll}{2,}(?:[^su]s|ed)$/u.test(text) || PAST.has(text);
  const isBeforeVerb = AUXILIARIES.has(next?.text ?? "") || PAST.has(next?.text ?? "");
  return isInflected && !isBeforeVerb && !AUXILIARIES.has(text);
}

/** The capitalised words of a quote that stand beside another one. */
function findRows(quote: string): string[] {
  const tokens = tokenizeNames(quote);
  const isCapital = (token: Token | undefined): boolean =>
    token !== undefined &&
    /^\p{Lu}/u.test(token.text) &&
    !(token.first && GERMAN_STOP_WORDS.has(fold(token.text)));
  return tokens.flatMap((token, index) => {
    const next = tokens[index + 1];
    return isCapital(token) && isCapital(next) && next?.follows === true
      ? [fold(token.text), fold(next.text)]
      : [];
  });
}

/** "Bergmann" of "Anna Bergmann" at the start of a German sentence, where the quotes have "Anna Berger". */
function isAfterKnownName(
  { text, follows }: Token,
  before: Token | undefined,
  rows: ReadonlySet<string>,
): boolean {
  return (
    follows &&
    before?.first === true &&
    !GERMAN_STOP_WORDS.has(fold(before.text)) &&
    /^\p{Lu}/u.test(text) &&
    rows.has(fold(before.text))
  );
}

const ARTICLES = new Set("der die das den dem des ein eine einen einem einer eines".split(" "));

/** "Server" of "lehnt der Server Anfragen ab": the next noun stands in the quotes, and never in a row. */
function isNounBeside(
  tokens: Token[],
  index: number,
  shown: ReadonlySet<string>,
  rows: ReadonlySet<string>,
): boolean {
  const next = fold(tokens[index + 1]?.text ?? "");
  // "Den kleineren Wettbewerber Brandt": a name seldom has an adjective.
  const isDescribed =
    ARTICLES.has(tokens[index - 2]?.text ?? "") &&
    /^\p{Ll}{3,}e[nrsm]?$/u.test(tokens[index - 1]?.text ?? "");
  if (isDescribed && tokens[index + 1]?.follows === true && shown.has(next)) return true;
  return (
    ARTICLES.has(tokens[index - 1]?.text ?? "") &&
    tokens[index + 1]?.follows === true &&
    shown.has(next) &&
    !rows.has(next)
  );
}

/** "Vorrang" of "hat die Erweiterung Vorrang": what stands before it is a noun of the quotes, and nothing else beside it. */
function isBehindNoun(
  { text, follows }: Token,
  before: Token | undefined,
  next: Token | undefined,
  shown: ReadonlySet<string>,
  rows: ReadonlySet<string>,
): boolean {
  if (GERMAN_STOP_WORDS.has(fold(before?.text ?? "")) || isKnownName(text)) return false;
  const isLast = next?.follows !== true || !/^\p{Lu}/u.test(next.text);
  const noun = fold(before?.text ?? "");
  return follows && isLast && /^\p{Lu}\p{Ll}+$/u.test(before?.text ?? "") && (shown.has(noun) || isInflected(before?.text ?? "", shown)) && !rows.has(noun); // prettier-ignore
}

/** Units, scales and quarters are checked with their numbers. */
function isPartOfFigure({ text, isCode }: Token, before: Token | undefined): boolean {
  if (isCode) return false;
  if (/^Q[1-4]$/.test(text) || /^\p{N}[\p{N}.,]*(?:[kKMBT]|bn|mn)$/u.test(text)) return true;
  const joined = /^\p{N}[\p{N}.,]*(\p{L}+)$/u.exec(text)?.[1];
  if (joined !== undefined) return findUnit(joined) !== null;
  const head = fold(before?.text ?? "");
  const isCounted =
    /^\p{N}/u.test(writeNumberWords(head)) || SCALE_VALUES.has(head) || /^(?:degrees?|grad)$/.test(head);
  return (
    isCounted &&
    (/^mal$/i.test(text) ||
      SCALE_VALUES.has(fold(text)) ||
      findUnit(text.replace("²", "^2").replace("³", "^3")) !== null)
  );
}

/** "CHF 12 billion" and "US dollars". */
function isCurrency({ text }: Token, next: Token | undefined): boolean {
  if (/^U\.?S$/.test(text) && /^dollars?$/i.test(next?.text ?? "")) return true;
  return /^\p{Lu}{3}$/u.test(text) && /^\p{N}/u.test(next?.text ?? "") && findUnit(text) !== null;
}

function isName(
  token: Token,
  next: Token | undefined,
  before: Token | undefined,
  language: Language,
): boolean {
  const { text, first, isCode } = token;
  if (isCode) return true;
  // Figures are checked elsewhere, including "3rd", "90s" and "v2.0".
  if (/^\p{N}/u.test(text)) return /^\p{N}+\p{Lu}|^\p{N}+\p{Ll}{3}/u.test(text);
  if (/^[vV]\p{N}[\p{N}.]*$/u.test(text) || /^\p{N}/u.test(writeNumberWords(text.toLowerCase())))
    return false;
  const isMixed = /^\P{L}*\p{L}.*[\p{Lu}\p{N}]/u.test(text) && !/^\p{Lu}\p{Ll}+-\p{Lu}?\p{Ll}+$/u.test(text);
  const isDotted = /\p{L}{2}\.\p{L}/u.test(text);
  if ((isMixed && text.length > 1) || isDotted) return true;
  if (!/^\p{Lu}/u.test(text) || text === "I" || /^I['’]/.test(text)) return false;
  const nextIsName = next?.follows === true && !next.first && /^\p{Lu}/u.test(next.text) && next.text !== "I";
  // In German, a capital says nothing: names are known by a list, or by standing in a row.
  if (language === "german" && isKnownName(text)) return true;
  // The list of sentence openers is English only.
  if (first && language !== "english") return false;
  if (first)
    return (
      (nextIsName && !WORDS_BEFORE_NAMES.has(fold(text)) && !isGerundBefore(text, next.text)) ||
      !isOrdinary(text)
    );
  if (language !== "german") return true;
  // "Zwei Monate Zeit".
  const isOfName = (other: Token | undefined): boolean =>
    other !== undefined && !other.first && /^\p{Lu}/u.test(other.text) && findUnit(other.text) === null;
  return (nextIsName && isOfName(next)) || (token.follows && isOfName(before));
}

/** "Sending SIGHUP": a gerund before an abbreviation. */
function isGerundBefore(text: string, next: string): boolean {
  return /\p{Ll}{2}ing$/u.test(text) && /^\p{Lu}{2}/u.test(next) && isOrdinary(text);
}

const GERMAN_DAYS_AND_MONTHS: ReadonlySet<string> = new Set(
  (
    "januar februar märz april mai juni juli august september oktober november dezember " +
    "montag dienstag mittwoch donnerstag freitag samstag sonntag"
  ).split(" "),
);

/** Names of German that are known without their context: countries, continents, months, days of the week. */
function isKnownName(text: string): boolean {
  return GERMAN_DAYS_AND_MONTHS.has(fold(text)) || isPlaceName(text);
}

/** True for a common sentence opener that is not a name. */
function isOrdinary(text: string): boolean {
  const word = fold(text);
  const [head = word] = word.split(/['-]/);
  if (SENTENCE_OPENERS.has(head) || SENTENCE_OPENERS.has(head.replace(/s$/, "")) || looksForeign(text))
    return true;
  return ENDINGS.test(head) && !NAMES_WITH_SUCH_ENDINGS.has(head);
}

/** Ordinary English words have these endings, names hardly ever. */
const ENDINGS =
  /(?:.{2}(?:ings?|tions?|sions?|ments?|ness|ities|ity|ally|edly|ily|ously|ively|fully|able|ible|less|isms?|ize[sd]?|ise[sd]|ships|wards)|.{3}(?:ers|ors|ies|ed|ous|ists?)|.{4}(?:ary|ory|als?)|.{4}ly)$/;

/** People and places whose names end like ordinary words. */
const NAMES_WITH_SUCH_ENDINGS: ReadonlySet<string> = new Set(
  (
    "hungary calgary hillary zachary gregory edward howard hayward woodward steward alfred wilfred manfred winifred mildred ahmed mohammed muhammad hamed emily sally kelly " +
    "beverly kimberly molly polly holly billy willy lily italy sicily france florence clarence lawrence terrence laurence constance " +
    "providence valence crystal portugal nepal senegal montreal bengal transvaal opal vincent kent trent brent clement ghent tashkent " +
    "pacific atlantic baltic arctic antarctic dominic frederic cedric eric olive clive reggae cyprus peters rogers winters flanders " +
    "sanders anders saunders chambers withers travers algiers angers poitiers connors brothers charities beijing nanjing chongqing " +
    "flushing reading sterling stirling browning fleming hastings billings hawking darling golding harding spalding wyoming goering " +
    "jennings rawlings keating manning cummings kipling bering vikings christie maurice venice alice janice beatrice patrice nice " +
    "zagreb ware delaware tupperware malaysia unilever dover hanover andover denise louise elise eloise marquise belize amity felicity " +
    "charity unity trinity destiny caroline pauline grant ant brabant levant bryant rembrandt constant durant conant florist cage page " +
    "sage carthage anchorage swanage osage portage bristol israel carol nepal hannibal cardinal pascal marcial chantal vidal mistral " +
    "taj donegal ural natal austral santal doral royal ismail seychelles series indies ramses moses hermes achilles hercules socrates"
  ).split(" "),
);

/** For other languages there is no word list, so a first word is accepted. */
function looksForeign(text: string): boolean {
  return /[^\p{Script=Latin}\p{M}'’.-]/u.test(text);
}

/** Whether quotes with identifiers have the parts of another one, and never together: `max_workers` for `max_requests`. */
function isOtherIdentifier(name: string, quotes: string[]): boolean {
  const parts = fold(name).split(/[-_.]/);
  if (parts.length < 2) return false;
  const row = (text: string): string => ` ${(fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).join(" ")} `;
  const hasIdentifier = quotes.some((quote) => /[\p{L}\p{N}][_.-][\p{L}\p{N}]/u.test(quote));
  return hasIdentifier && !quotes.some((quote) => row(quote).includes(row(name)));
}

/** Whether the quotes contain a name: whole, in parts, with or without plural or possessive. */
function occursIn(name: string, shown: ReadonlySet<string>): boolean {
  // "US" is not "us".
  const isLikeSmallWord = /^\p{Lu}{2,3}$/u.test(name) && STOP_WORDS.has(fold(name));
  if (isLikeSmallWord ? shown.has(`=${name}`) : shown.has(fold(name)) || shown.has(stem(name))) return true;
  if (
    (!isLikeSmallWord && shown.has(fold(name).replaceAll(".", ""))) ||
    otherForms(fold(name)).some((form) => shown.has(form)) ||
    placeNames(name).some((form) => shown.has(form))
  )
    return true;
  if (/^\p{Lu}\p{Ll}{3}/u.test(name) && isInOtherForm(fold(name), shown)) return true;
  const [first, second] = placeWords(name);
  if (first !== undefined && second !== undefined && shown.has(first) && shown.has(second)) return true;
  // The numbers of "under-12s" are figures.
  const parts = name.split(/[-_.&/]/).filter((part) => part !== "" && !/^\p{N}+s?$/u.test(part));
  if (parts.length === 1 && name.includes("-"))
    return shown.has(fold(parts[0] ?? "")) || shown.has(stem(parts[0] ?? ""));
  if (parts.length < 2) return false;
  // In "Docker-based", only the name must occur.
  const weighty = parts.filter((part) => /[\p{Lu}\p{N}]/u.test(part));
  return (weighty.length > 0 ? weighty : parts).every(
    (part) => shown.has(fold(part)) || shown.has(stem(part)),
  );
}

/** "Erweiterung" where the quotes say "Erweiterungen". */
function isInflected(noun: string, shown: ReadonlySet<string>): boolean {
  const name = fold(noun);
  return (
    /^\p{Lu}\p{Ll}{4,}$/u.test(noun) &&
    GERMAN_ENDINGS.some((ending) => shown.has(name + ending) || (name.endsWith(ending) && shown.has(name.slice(0, -ending.length))))
  ); // prettier-ignore
}

const GERMAN_ENDINGS = ["e", "n", "en", "er", "ern", "es"];

/** "European" where the quotes say "Europe", or the other way round. */
function isInOtherForm(name: string, shown: ReadonlySet<string>): boolean {
  for (const word of shown) if (isMadeFrom(name, word)) return true;
  return false;
}

/** All forms of all words of a quote: as written, stemmed, in parts. */
function wordForms(quote: string): string[] {
  return Array.from(normalizeUnicode(quote, "NFKC").matchAll(TOKEN), ([word]) => {
    const parts = word.split(/[-_.&/]/);
    const humps = word.split(/(?<=\p{Ll})(?=\p{Lu})/u);
    const bare = word.replaceAll(".", "");
    const places = /^\p{Lu}\.\p{Lu}/u.test(word) ? [bare] : [];
    const exact = /^\p{Lu}{2,3}$/u.test(bare) ? [`=${bare}`] : [];
    return [word, ...parts, ...(humps.length > 1 ? humps : []), ...places, ...placeWords(word)]
      .flatMap((form) => [fold(form), stem(form)])
      .concat(exact);
  }).flat();
}

function fold(word: string): string {
  return normalizeUnicode(word, "NFKC").replaceAll("’", "'").toLowerCase();
}

/** Removes possessive and plural: "Jones's", "Jones'" and "Jones" are equal. */
function stem(word: string): string {
  return fold(word)
    .replace(/'s?$/, "")
    .replace(/(?<=\p{L}{2})(?:es|s)$/u, "");
}

/** Small words that may occur within a name. */
const INNER_WORDS = new Set(["of", "and", "for", "the", "de", "in", "to", "on"]);
/** Maximum length of an abbreviation. */
const MAX_ABBREVIATION = 8;

/** The initials of each run of capitalised words: "World Health Organization" is "WHO". */
function findInitials(quote: string): string[] {
  const all = [...quote.matchAll(/[\p{L}\p{M}]+/gu)];
  const end = (at: number): number => (all[at]?.index ?? 0) + (all[at]?.[0].length ?? 0);
  const between = (at: number): string => quote.slice(end(at), all[at + 1]?.index ?? end(at));
  const found: string[] = [];
  for (let at = 0; at < all.length; at++) {
    // Skip what precedes the first capital in a word.
    const [first] = /\p{Lu}/u.exec(all[at]?.[0] ?? "") ?? [];
    if (first === undefined) continue;
    const initials = [first.charAt(0)];
    for (;;) {
      let next = at + 1;
      if (!/^[ -]$/.test(between(at))) break;
      while (INNER_WORDS.has(all[next]?.[0] ?? "") && between(next) === " ") next++;
      const word = all[next]?.[0] ?? "";
      if (!/^\p{Lu}/u.test(word)) break;
      initials.push(word.charAt(0));
      at = next;
    }
    const last = initials.slice(-MAX_ABBREVIATION);
    found.push(...last.map((_, start) => last.slice(start).join("")).filter((short) => short.length > 1));
  }
  return found;
}

/** Whether words in a row have the letters of an abbreviation: "transport layer security" of TLS. */
function hasWordsOf(letters: string, quote: string): boolean {
  const words = quote.match(/[\p{L}\p{M}]+/gu) ?? [];
  const row = (initialOf: (word: string) => string): string => words.map(initialOf).join("").toUpperCase();
  // The X of "XSS" is a cross.
  return (
    row((word) => word.charAt(0)).includes(letters) ||
    row((word) => (/^cross/i.test(word) ? "x" : word.charAt(0))).includes(letters)
  );
}

/** The initials of the capitalized words around a token, which may be abbreviated in the quote. */
function surroundingInitials(tokens: Token[], index: number): string[] {
  let from = index;
  let to = index;
  const isPart = (token: Token | undefined): boolean =>
    token !== undefined &&
    /^\p{Lu}\p{Ll}/u.test(token.text) &&
    !(token.first && SENTENCE_OPENERS.has(fold(token.text)));
  const isShort = (): boolean => to - from < MAX_ABBREVIATION;
  while (isShort() && isPart(tokens[from - 1]) && tokens[from]?.follows === true) from--;
  while (isShort() && isPart(tokens[to + 1]) && tokens[to + 1]?.follows === true) to++;
  const letters = tokens.slice(from, to + 1).map(({ text }) => text.charAt(0));
  // Two letters are too ambiguous.
  return letters.length < 3 || letters.length > MAX_ABBREVIATION ? [] : [letters.join("")];
}

function withoutAddresses(text: string): string {
  return text
    .replace(/\b(?:https?:\/\/|www\.)[^\s<>"'`)\]]+/giu, " ")
    .replace(/\b(?:US|A|C)\$/g, "$")
    .replace(/° ?[CFK]\b/g, "°");
}

function tokenizeNames(sentence: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const add = (text: string, isCode: boolean): void => {
    let lastEnd = 0;
    for (const match of text.matchAll(TOKEN)) {
      const between = text.slice(lastEnd, match.index);
      lastEnd = match.index + match[0].length;
      tokens.push({
        text: match[0].replace(/['’]s$/, ""),
        first: beginsAt(text, match.index) ?? tokens.length === 0,
        follows: tokens.length > 0 && between.trim() === "" && between !== "",
        isCode: isCode && /\p{L}/u.test(match[0]),
      });
    }
  };
  for (const code of sentence.matchAll(CODE)) {
    add(sentence.slice(at, code.index), false);
    add(code[1] ?? "", true);
    at = code.index + code[0].length;
  }
  add(sentence.slice(at), false);
  return tokens;
}

/** Whether a sentence, clause, quotation or cell begins at a position; null if only spaces precede it. */
function beginsAt(text: string, place: number): boolean | null {
  let end = place;
  while (end > 0 && /\s/.test(text.charAt(end - 1))) end--;
  if (end === 0) return null;
  const last = text.charAt(end - 1);
  return BREAK.test(last) || (/['*-]/.test(last) && (end === 1 || /\s/.test(text.charAt(end - 2))));
}

/** The months of a quote's dates in figures, 1 to 12, whichever part is the month. */
function findMonths(quote: string): number[] {
  return Array.from(
    quote.matchAll(/\b\d{4}-(\d{1,2})-\d{1,2}\b|\b(\d{1,2})[./](\d{1,2})[./]\d{4}\b/g),
    ([, ...parts]) => parts.map(Number),
  ).flat();
}

const MONTHS = [
  "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
  "december",
]; // prettier-ignore
