import { otherForms, placeWords } from "./abbreviations.js";
import { isMadeFrom, isPlaceName, placeNames } from "./place-names.js";
import { SCALE_VALUES, writeNumberWords } from "./number-words.js";
import { findUnit } from "./units.js";
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
  const language = detectLanguage(
    tokens.map(({ text }) => text),
    () => quotes.flatMap((quote) => quote.match(/\p{L}+/gu) ?? []),
  );
  const missing: string[] = [];
  tokens.forEach((token, index) => {
    if (!isName(token, tokens[index + 1], tokens[index - 1], language)) return;
    if (isPartOfFigure(token, tokens[index - 1]) || isCurrency(token, tokens[index + 1])) return;
    // "Flushing" where the quotes say "flushes".
    if (token.first && /^\p{Lu}\p{Ll}+$/u.test(token.text) && terms.has(searchStem(fold(token.text)))) return;
    if (occursIn(token.text, shown)) return;
    const letters = token.text.replace(/s$/, "");
    if (/^\p{Lu}{2,8}$/u.test(letters) && initials.has(letters)) return;
    if (/^\p{Lu}{3,8}$/u.test(letters) && quotes.some((quote) => hasWordsOf(letters, quote))) return;
    // A name may be abbreviated in the quote ("WHO"), unless the quote also spells it out.
    if (surroundingInitials(tokens, index).some((letters) => short.has(letters) && !initials.has(letters)))
      return;
    if (months.has(MONTHS.indexOf(fold(token.text)) + 1)) return;
    missing.push(token.text);
  });
  return [...new Set(missing)];
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

/** "CHF 12 billion". */
function isCurrency({ text }: Token, next: Token | undefined): boolean {
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
  // Figures are checked elsewhere, including "3rd" and "90s".
  if (/^\p{N}/u.test(text)) return /^\p{N}+\p{Lu}|^\p{N}+\p{Ll}{3}/u.test(text);
  const isMixed = /^\P{L}*\p{L}.*[\p{Lu}\p{N}]/u.test(text) && !/^\p{Lu}\p{Ll}+-\p{Lu}?\p{Ll}+$/u.test(text);
  const isDotted = /\p{L}{2}\.\p{L}/u.test(text);
  if ((isMixed && text.length > 1) || isDotted) return true;
  if (!/^\p{Lu}/u.test(text) || text === "I" || /^I['’]/.test(text)) return false;
  const nextIsName = next?.follows === true && !next.first && /^\p{Lu}/u.test(next.text) && next.text !== "I";
  // In German, a capital says nothing: names are known by a list, or by standing in a row.
  if (language === "german" && isKnownName(text)) return true;
  // The list of sentence openers is English only.
  if (first && language !== "english") return false;
  if (first) return (nextIsName && !BEFORE_NAMES.has(fold(text))) || !isOrdinary(text);
  const beforeIsName = token.follows && before !== undefined && !before.first && /^\p{Lu}/u.test(before.text);
  return language === "german" ? nextIsName || beforeIsName : true;
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
  if (OPENERS.has(head) || OPENERS.has(head.replace(/s$/, "")) || looksForeign(text)) return true;
  return ENDINGS.test(head) && !NAMES_WITH_SUCH_ENDINGS.has(head);
}

/** Ordinary English words have these endings, names hardly ever. */
const ENDINGS =
  /(?:.{2}(?:ings?|tions?|sions?|ments?|ness|ities|ity|ally|edly|ily|ously|ively|fully|able|ible|less|isms?|ize[sd]?|ise[sd]|ships|wards)|.{3}(?:ers|ors|ies|ed|ous|ists?)|.{4}ly)$/;

/** People and places whose names end like ordinary words. */
const NAMES_WITH_SUCH_ENDINGS: ReadonlySet<string> = new Set(
  (
    "edward howard hayward woodward steward alfred wilfred manfred winifred mildred ahmed mohammed muhammad hamed emily sally kelly " +
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
  const row = words
    .map((word) => word.charAt(0))
    .join("")
    .toUpperCase();
  return row.includes(letters);
}

/** The initials of the capitalized words around a token, which may be abbreviated in the quote. */
function surroundingInitials(tokens: Token[], index: number): string[] {
  let from = index;
  let to = index;
  const isPart = (token: Token | undefined): boolean =>
    token !== undefined &&
    /^\p{Lu}\p{Ll}/u.test(token.text) &&
    !(token.first && OPENERS.has(fold(token.text)));
  const isShort = (): boolean => to - from < MAX_ABBREVIATION;
  while (isShort() && isPart(tokens[from - 1]) && tokens[from]?.follows === true) from--;
  while (isShort() && isPart(tokens[to + 1]) && tokens[to + 1]?.follows === true) to++;
  const letters = tokens.slice(from, to + 1).map(({ text }) => text.charAt(0));
  // Two letters are too ambiguous.
  return letters.length < 3 || letters.length > MAX_ABBREVIATION ? [] : [letters.join("")];
}

function withoutAddresses(text: string): string {
  return text.replace(/\b(?:https?:\/\/|www\.)[^\s<>"'`)\]]+/giu, " ").replace(/\b(?:US|A|C)\$/g, "$");
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

/** Sentence openers that may precede a name: small words, imperatives, kinds of things. */
const BEFORE_NAMES: ReadonlySet<string> = new Set(
  (
    "a about above accept access across add adjust after again against all allow almost alone along " +
    "already also although always am amid among an and another any apart apply around as aside " +
    "ask assign assume at avoid away back be because before begin behind below beneath beside besides " +
    "between beyond bind both bring build but buy by call can cancel cannot change check " +
    "choose classic classical clear click clone close combine common compare compile " +
    "compute configure connect consider contact contain convert copy could create current " +
    "customize cut debug declare define delete deliver deploy describe design despite determine develop " +
    "did disable display do does don't down download drag draw drive drop due " +
    "during each earlier early eastern edit either else enable encode " +
    "ensure enter establish evaluate even eventually every examine except execute expand expect explain " +
    "explore export expose express extend extract far fetch few fill filter finally find first fix " +
    "follow following for force format former formerly from full further general get give " +
    "given good grant great had handle has have having he hence her here hers him his historic " +
    "hold how however i identify if ignore implement import improve in include increase indeed inform " +
    "inherit initialize inject insert inside inspect install instead integrate into invoke is it " +
    "its join just keep last late later latter launch learn least " +
    "leave less let like likely limit link list listen load local lock log look maintain major " +
    "make manage many match may maybe me mean meanwhile measure merge might migrate " +
    "mix modern modify monitor moreover most mostly mount move much must my name native navigate near " +
    "neither never nevertheless new next no nobody none nonetheless nor northern not note nothing notice now " +
    "obtain obviously of off often old older omit on once one only onto open optimize or organize original other " +
    "others otherwise our out outside over override own pack parse particularly pass paste per perform " +
    "perhaps pick place plan play please point poll popular prefer prepare " +
    "press prevent print probably process produce protect provide publish " +
    "pull push put quite rather read really rebuild recall receive recent recommend record redirect reduce " +
    "refer refresh reinstall reject release reload remember remove rename render replace report request require " +
    "rerun reset resolve restart restore result resume retain retrieve retry return reuse " +
    "reveal review rewrite run same save say schedule scroll search second " +
    "see seek select send serve set several shall share she should show sign similarly simplify since " +
    "skip so some somebody someone something sometimes soon southern specify split standard " +
    "start still stop store stream study submit subscribe such support suppose switch sync tag take target tell " +
    "test than thanks that the their them then there thereby therefore these they third this those though " +
    "three through throughout throw thus till to today together toggle too toward trace track train " +
    "transfer transform translate treat trigger trim try turn two typical typically under understand undo " +
    "uninstall unless unlike until up update upgrade upload upon upper us use using usually validate " +
    "various verify very via view visit wait want was watch we well were western what whatever when whenever " +
    "where whereas whether which while who whole whom whose why will with within without worse worst would write " +
    "yes yet you young younger your"
  ).split(" "),
);

/**
 * Ordinary words that begin sentences of reports. An unlisted word without an ordinary ending counts as a name: a false
 * alarm costs a rewrite, but no swapped name passes.
 */
const OPENERS: ReadonlySet<string> = new Set([
  ...BEFORE_NAMES,
  ...(
    "additional administrative advantage agent alternative amount analytics animal argument artificial attribute automatic " +
    "average balance basic basics beneficial candidate chemical client commercial component computational conditional " +
    "content convenient conventional coverage credential critical culture cultural dependent difference digital distance " +
    "distinct document dynamic economic effective efficient electric electronic element employee environment essential " +
    "ethics evidence excellent exclusive expensive experience experiment exponential extensive external failure feature " +
    "federal finance financial foreign formal fundamental functional general genetic global graphics historic " +
    "historical identical importance important incident independent individual industrial influence instance insurance intelligent " +
    "interactive internal intervention language legal logical manual marginal massive material maximal mechanical " +
    "medical mental message metrics minimal moderate moral mutual national native natural negative " +
    "neural nominal numerical objective official optional original parent partial participant passive patient " +
    "percentage performance permanent persistent personal perspective physical political positive potential practical present " +
    "previous principal procedural procedure professional public radical rational recent reference regional relative " +
    "relevant residual resident resource restaurant science scientific sensitive sentence sequence sequential serial " +
    "several significant signature social special specific spiritual statement static statistical statistics storage " +
    "strategic structural structure student subsequent substantial successive sufficient survival symptom tactical technical " +
    "temperature temporal tentative topic traditional traffic transient treatment tutorial typical universal urban " +
    "usage vertical virtual visual vital voltage " +
    "actor author actress composer writer singer king queen pope president poet painter professor doctor director editor emperor saint prince princess duke lord lady sir captain colonel senator mayor minister engineer philosopher physicist chemist mathematician economist historian journalist developer founder researcher critics fans users developers researchers scientists royal legendary ancient contemporary medieval famous international traditional think " +
    "accepted according account act actual additional age ago air annual answer app append approach april are " +
    "area art audio auto aware b background base based basic become being best better big block body book boot " +
    "bottom branch break brief broad brother browser bug built bulk c cache came capture car care carry case cat " +
    "catch cause cell central certain chance channel child children city class clean client cloud code cold color " +
    "colour column come command comment commit complete config content context continue control cookie core " +
    "correct cost count country course cover crash critic cross custom daily damage data database date daughter " +
    "day dead deal decide deep default depend desktop detail detect dev device different direct directory disk " +
    "document dog domain done door double draft dynamic earth easy edge effect eight eleven email embed emit " +
    "empty end engine enjoy enough entire entry env equal error escape especially estimate event evidence exact " +
    "example exchange exist exit expert external extra fact fail failure fall false family fast father fathers " +
    "feature feed field fifteen fifth fifty fight figure file film final fine finish fire fit five flag flat flow " +
    "focus font food foreign form forty forward found four fourth frame free fresh friend front function future " +
    "game gap generate girl git global go goal going gold got government graph green ground group grow guard " +
    "guide half hand happen hard hash head header health hear heat heavy help high history hit home hook host hot " +
    "hour config huge human hundred husband icon idea image impose income index individual info initial inner " +
    "input instance interest interface internal introduce invalid issue item january job journal json july june " +
    "kernel key kid kind know known label lack land language large law layer layout lead left legacy legal letter " +
    "level library license life light line linux little live logic long loop lose loss lot low machine macro mail " +
    "main male man man's manual map march mark market mass matter max maximum media meet member memory men " +
    "message meta metadata method middle mind minimum minor minute miss mobile mode model module moment monday " +
    "money month more mother mothers mouse movie multi multiple music natural nested network news night nine node " +
    "non normal north november null number object observe october odd offer office official ongoing opt option " +
    "order ordinary outer output overall overflow owner package page pair panel paper paragraph parallel parent " +
    "part particular partner past patch path pattern pause pay peer people people's percent period permit person " +
    "phase phone physical picture piece pin pipe pipeline plain plant platform plus policy pool poor port " +
    "position possible post power practice pre prefix present preview previous price primary prior private " +
    "problem procedure proceed product profile program project promise prompt proof property propose prove " +
    "provided proxy public purchase pure purpose quality query question queue quick quote random range rapid rare " +
    "rate raw re reach react ready real reason red reference refuse regard regardless register regular relate " +
    "rely remain remote repeat reply repository required research reserve resource respect respond response rest " +
    "reverse revert rich right ring river role roll root round route router row rule runtime safe sample scale " +
    "scan schema school science scope score screen script sea season seat section secure seed seem segment self " +
    "sell sense separate september serial server service session setting setup seven severe shape shared shell " +
    "ship short shut side signal silent similar simple simply single sister site six size sleep slow small smart " +
    "snapshot social socket soft software solve somewhat son sort sound source south space spawn spec special " +
    "speed sql staff stage stale star startup state static status stay step storage story street strict string " +
    "strip strong structure student style sub subject sudden suggest suit sum summary summer sun sunday super " +
    "supply sure surface suspend swap symbol syntax system tab table talk task team template ten tend term text " +
    "thank thing thirteen thirty thought thousand thread threshold ticket time timeout tip title token tool top " +
    "topic total touch trade traffic travel tree true trust truth tune twelve twenty twice type unit unused url " +
    "usage useful user usual utility valid value variable vast vector version video virtual volume vote wake walk " +
    "wall war warm warn waste water way weak web website week weight went west white wide width wife wild win " +
    "window winter woman women wonder word work worker workspace world wrap wrong year yellow yesterday zero zone"
  ).split(" "),
]);
