import {
  compareVersions,
  findNewestDay,
  findQuarters,
  findVersions,
  findYears,
  isCompatibleVersion,
  type Version,
} from "./version-labels.js";
import { foldCase, splitWords } from "./tokenize.js";

/*
 * What a question is confined to: a version, a year or quarter, the newest there is, an organisation or product. Text about
 * another one has the same words and does not answer.
 */

/** A section of a source, or a source as a whole. */
export interface LabelledText {
  /** The title of its source. */
  source: string;
  /** The headings that it stands under, outermost first, " > " between them. */
  heading: string;
  text: string;
}

/** What a text about another version, time or thing counts; what counts no more is about another. */
export const OTHER = 0.3;
/** What an older text counts where the newest is asked for. */
const OLDER = 0.5;
/** What a text counts whose heading or title is of the version or time asked for. */
const FITTING = 1.5;

const NEWEST =
  /\b(?:latest|newest|most recent|(?:current|last) (?:stable )?(?:version|release|quarter|year|report|edition)|neuest\w*|aktuellst\w*|(?:letzte|aktuelle)\w? (?:version|quartal|jahr|bericht|ausgabe))\b/i;

/** Whether a question asks for the newest there is. */
function asksForNewest(question: string): boolean {
  return NEWEST.test(question);
}

/** Longer than any question. */
const LONGEST_QUESTION = 2000;

/** Whether the notes on a release answer: "what changed in 2.3", "what is new in the latest version". */
export function asksForChanges(question: string): boolean {
  return /\b(?:chang(?:e[sd]?|ed)|new|added|removed|deprecated|fixed|broke|introduced)\b.*\b(?:in|since|with|version|release|\d+\.\d+)\b|\b(?:latest|newest|current|last|most recent) (?:\w+ )?(?:version|release)\b/i.test(
    question.slice(0, LONGEST_QUESTION),
  );
}

/** Whether a question is confined to versions or times, or to the newest. */
export function isConfinedQuestion(question: string): boolean {
  return (
    asksForNewest(question) ||
    versionsAskedFor(question).length > 0 ||
    findYears(question).size > 0 ||
    findQuarters(question).size > 0
  );
}

/** The versions that a question names: also a single number behind a name, "Kite 3". */
function versionsAskedFor(question: string): Version[] {
  const named = [...question.matchAll(/\p{Lu}[\p{L}.]{1,40} (\d{1,3})(?![\p{L}\p{N}%]|[.,:]\d)/gu)];
  return [...findVersions(`${question} `), ...named.map(([, number]) => [Number(number)])];
}

/**
 * What each text counts for a question, as a factor: 1 where nothing speaks against it, less where it is about another
 * version, time or thing than the question is confined to, more where it is labelled with the one asked for.
 */
export function scopeFactors(question: string, texts: LabelledText[]): number[] {
  const factors = texts.map(() => 1);
  const apply = (factor: (text: LabelledText, at: number) => number): void =>
    texts.forEach((text, at) => (factors[at] = (factors[at] ?? 1) * factor(text, at)));
  const versions = versionsAskedFor(question);
  if (versions.length > 0) apply((text) => versionFactor(versions, text));
  const years = findYears(question);
  const quarters = findQuarters(question);
  if (isToldByTime(years, texts, findYears)) apply((text) => timeFactor(years, text, findYears));
  if (isToldByTime(quarters, texts, findQuarters)) apply((text) => timeFactor(quarters, text, findQuarters));
  const isOther = findTextsAboutOthers(question, texts);
  apply((_, at) => (isOther.has(at) ? OTHER : 1));
  if (asksForNewest(question) && versions.length === 0) {
    const newest = newestFactors(texts.filter((_, at) => (factors[at] ?? 0) >= 1));
    apply((text) => newest.get(text) ?? 1);
  }
  return factors;
}

function labelOf({ source, heading }: LabelledText): string {
  return `${source} > ${heading}`;
}

function versionFactor(asked: Version[], text: LabelledText): number {
  const found = findVersions(labelOf(text));
  if (found.length === 0) return 1;
  return found.some((each) => asked.some((version) => isCompatibleVersion(version, each))) ? FITTING : OTHER;
}

/** Whether enough of the texts are labelled by time, so that the label tells whether one is of the time asked for. */
function isToldByTime(
  asked: ReadonlySet<number>,
  texts: LabelledText[],
  find: (text: string) => Set<number>,
): boolean {
  if (asked.size === 0) return false;
  const labels = texts.map((text) => find(withoutDistinction(labelOf(text))));
  const labelled = labels.filter((label) => label.size > 0).length;
  return labelled * 3 >= texts.length;
}

/** "Kiss and Tell (1945 film)" tells things of one name apart; it says nothing of the time that it tells of. */
function withoutDistinction(label: string): string {
  return label.replace(/\((?:19|20)\d\d \p{L}[^()]{0,40}\)/gu, " ");
}

function timeFactor(asked: Set<number>, text: LabelledText, find: (text: string) => Set<number>): number {
  const holds = (found: Set<number>): boolean => [...asked].some((each) => found.has(each));
  const label = find(withoutDistinction(labelOf(text)));
  if (holds(label)) return FITTING;
  return label.size === 0 || holds(find(text.text)) ? 1 : OTHER;
}

/** Of the texts with a version or a day in their labels, the newest ones and the older ones. */
function newestFactors(texts: LabelledText[]): Map<LabelledText, number> {
  const factors = new Map<LabelledText, number>();
  const versions = new Map<LabelledText, Version>();
  const days = new Map<LabelledText, number>();
  for (const text of texts) {
    const [version] = findVersions(labelOf(text)).sort((a, b) => compareVersions(b, a));
    const day = findNewestDay(labelOf(text));
    if (version !== undefined) versions.set(text, version);
    else if (day !== null) days.set(text, day);
  }
  const [newest] = [...versions.values()].sort((a, b) => compareVersions(b, a));
  for (const [text, version] of versions)
    factors.set(text, newest !== undefined && compareVersions(version, newest) === 0 ? FITTING : OLDER);
  const last = Math.max(...days.values());
  for (const [text, day] of days) factors.set(text, isSameDay(day, last) ? FITTING : OLDER);
  return factors;
}

/** Whether two days may be one: a year alone is any of its days. */
function isSameDay(day: number, last: number): boolean {
  return day === last || (last % 1e4 === 0 && Math.floor(day / 1e4) === last / 1e4);
}

/** A title's words: those that are names, and the others without numbers. */
interface TitleWords {
  names: Set<string>;
  others: Set<string>;
}

/**
 * Tells whether two sources may speak of one thing, by their titles: not of other versions, years, quarters, nor with
 * other names in one place of the title.
 */
export function subjectTest(
  evidence: { source: string; quote: string }[],
): (one: string, other: string) => boolean {
  const isName = nameTest(evidence.map(({ source, quote }) => ({ source, heading: "", text: quote })));
  return (one, other) => {
    const versions = [findVersions(one), findVersions(other)] as const;
    if (areApart(...versions, isCompatibleVersion)) return false;
    for (const find of [findYears, findQuarters])
      if (areApart([...find(one)], [...find(other)], (a, b) => a === b)) return false;
    const [a, b] = [splitTitle(one, isName), splitTitle(other, isName)];
    return !isSameTemplate(a.others, b.others) || !areApart([...a.names], [...b.names], (x, y) => x === y);
  };
}

/** Whether both have something and nothing of it in common. */
function areApart<T>(some: readonly T[], others: readonly T[], isOne: (a: T, b: T) => boolean): boolean {
  return some.length > 0 && others.length > 0 && !some.some((a) => others.some((b) => isOne(a, b)));
}

/**
 * The indexes of the texts about another thing of the kind that the question names: their title is a name in the place of
 * the one asked for ("Fabrikam report" for "Contoso report"), they do not mention that, and it does not lead to them.
 */
function findTextsAboutOthers(question: string, texts: LabelledText[]): Set<number> {
  const titles = [...new Set(texts.map(({ source }) => source))];
  if (titles.length < 2) return new Set();
  const isName = nameTest(texts);
  const words = new Map(titles.map((title) => [title, splitTitle(title, isName)]));
  const asked = new Set(splitWords(question).map(({ text }) => foldedWord(text)));
  const own = titles.filter((title) => [...(words.get(title)?.names ?? [])].some((name) => asked.has(name)));
  const wanted = new Set(
    own.flatMap((title) => [...(words.get(title)?.names ?? [])].filter((name) => asked.has(name))),
  );
  if (own.length === 0 || own.length === titles.length) return new Set();
  const told = new Set(texts.filter(({ source }) => own.includes(source)).flatMap(wordsOfText));
  const isRival = (title: string): boolean => {
    const { names, others } = words.get(title) ?? { names: new Set<string>(), others: new Set<string>() };
    if (names.size === 0 || [...names].some((name) => asked.has(name) || told.has(name))) return false;
    return own.some((each) => isSameTemplate(others, words.get(each)?.others ?? new Set()));
  };
  const rivals = new Set(titles.filter((title) => !own.includes(title) && isRival(title)));
  if (rivals.size === 0) return new Set();
  return new Set(
    texts.flatMap((text, at) => {
      if (!rivals.has(text.source)) return [];
      return wordsOfText(text).some((word) => wanted.has(word)) ? [] : [at];
    }),
  );
}

/** Titles without their names are alike: the same words for the most part. Of bare names, nothing tells their kind. */
function isSameTemplate(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size === 0 || b.size === 0) return false;
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared * 2 >= Math.max(a.size, b.size);
}

function splitTitle(title: string, isName: (word: string) => boolean): TitleWords {
  const words = splitWords(title.replace(/[_/]+/g, " ").replace(/\.\w{1,5}$/, ""))
    .map(({ text }) => foldedWord(text))
    .filter((word) => word.length > 1 && /\p{L}/u.test(word) && !/^(?:fy\d+|q\d)$/.test(word));
  return {
    names: new Set(words.filter(isName)),
    others: new Set(words.filter((word) => !isName(word))),
  };
}

/** Tells the words that stand in the texts as names do: with a capital letter, never without. */
function nameTest(texts: LabelledText[]): (word: string) => boolean {
  const small = new Set<string>();
  const capital = new Set<string>();
  for (const text of texts) {
    for (const { text: word } of splitWords(`${text.source}\n${text.heading}\n${text.text}`))
      (/^\p{N}?\p{Lu}/u.test(word) ? capital : small).add(foldedWord(word));
  }
  return (word) => capital.has(word) && !small.has(word);
}

function wordsOfText({ heading, text }: LabelledText): string[] {
  return splitWords(`${heading} ${text}`).map(({ text: word }) => foldedWord(word));
}

function foldedWord(word: string): string {
  return foldCase(word.replace(/['’]s$/, ""));
}
