import type { Extraction, ExtractInput } from "../../core/prompts/extract.js";
import { isTooShort } from "../../core/evidence/locate-quote.js";
import { isConfinedQuestion } from "../../core/text/question-scope.js";
import { splitHeadings } from "../../core/text/heading-trail.js";
import { rankPassages } from "../../core/text/rank-passages.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import {
  asksForCode,
  asksForDefault,
  containsAnswerType,
  expectedAnswerType,
  statesDefault,
} from "./question-analysis.js";
import { splitWords } from "../../core/text/tokenize.js";
import { codeToClaim } from "./code-claims.js";
import { findNavigationUnits } from "./navigation-units.js";
import { entryToClaim } from "./entry-claims.js";
import { needsContext, quoteToSentences, quoteToPlainText } from "./plain-text.js";
import { NAME_SHARE, PHRASE_SHARE, STATES_DEFAULT } from "./section-ranking.js";
import { splitQuotableUnits, type QuotableUnit } from "./quotable-units.js";
import { tableToClaim } from "./table-units.js";
import {
  coverage,
  InverseDocumentFrequency,
  matchName,
  phrasesOf,
  shareOfPhrases,
  termSet,
  weightedQuestionTerms,
  type QuestionTerms,
} from "./term-weights.js";

/** Characters of one source that are quoted at most. */
const MAX_CHARACTERS = 9000;
/** The best passages are quoted whole in any case, if they hold a word of the questions. */
const BEST_PASSAGES = 4;
/** A passage that holds this share of what the best holds is quoted whole. */
const WORTH_QUOTING = 0.7;
/** A passage that holds less of the question is not quoted whole, however good it is for its source. */
const RELEVANT = 0.35;
/** The best single sentences of the other passages. */
const SINGLE_SENTENCES = 15;
/** A source of no more units than this is quoted whole. */
const SHORT = 8;

interface Candidate extends QuotableUnit {
  terms: Set<string>;
  /** For each question, how much the unit answers it. */
  scores: number[];
  score: number;
}

interface Wanted {
  terms: QuestionTerms;
  phrases: ReturnType<typeof phrasesOf>;
  sort: ReturnType<typeof expectedAnswerType>;
  isAboutDefault: boolean;
}

/** Quotes the passages of a source that answer best, whole, and the best sentences of the others. */
export function extractOffline(input: ExtractInput): Extraction {
  const { questions, passages, missed, format } = input;
  // Quotes of ours always stand in the source; what another engine missed cannot be mended by words.
  if (missed.length > 0) return { claims: [] };
  const units = passages.flatMap((passage, at) => splitQuotableUnits(passage, at, format));
  const candidates = scoreUnits(withoutCopies(units), input);
  const isShort = candidates.length <= SHORT && candidates.some(({ score }) => score > 0);
  const chosen = isShort ? candidates : chooseUnits(candidates, input);
  return {
    claims: chosen
      .sort((a, b) => a.passage - b.passage || a.start - b.start)
      .map((candidate) => {
        const unit = withNeeded(candidate, chosen, passages[candidate.passage]?.text ?? "");
        return {
          claim: claimOf(unit),
          quote: unit.quote,
          questions: questions
            .filter((_, index) => (candidate.scores[index] ?? 0) >= 0.6 * Math.max(...candidate.scores))
            .map(({ id }) => id),
        };
      })
      .filter(({ claim }) => claim !== ""),
  };
}

/** A page often has the same text twice in a section: for wide and for narrow windows, or in each of its tabs. */
function withoutCopies(units: QuotableUnit[]): QuotableUnit[] {
  const known = new Set<string>();
  return units.filter(({ heading, quote }) => {
    const text = `${heading}\n${collapseWhitespace(quote)}`;
    const isCopy = known.has(text);
    known.add(text);
    return !isCopy;
  });
}

function claimOf({ kind, name, quote }: QuotableUnit): string {
  if (name !== null) return entryToClaim(quote);
  if (kind === "code") return codeToClaim(quote);
  if (kind === "table") return tableToClaim(quote);
  // Without a full stop, so that an outline sees that it is no sentence.
  return kind === "label" ? quoteToPlainText(quote) : quoteToSentences(quote).join(" ");
}

function scoreUnits(units: QuotableUnit[], { questions, title, passages }: ExtractInput): Candidate[] {
  const navigation = findNavigationUnits(
    units,
    passages.flatMap(({ heading }) => splitHeadings(heading)),
  );
  const rarity = new InverseDocumentFrequency(units.map(({ quote }) => quote));
  const wanted = questions.map(({ question }): Wanted => ({
    terms: weightedQuestionTerms(question),
    phrases: phrasesOf(question),
    sort: expectedAnswerType(question),
    isAboutDefault: asksForDefault(question),
  }));
  const titleTerms = termSet(title);
  const licence = wanted.some(({ terms }) =>
    ["licens", "licenc", "copyright"].some((term) => terms.has(term)),
  );
  const showsCode = questions.some(({ question }) => asksForCode(question));
  return units
    .filter((unit) => !navigation.has(unit))
    .filter(({ quote, isBoilerplate }) => (licence || !isBoilerplate) && !isTooShort(quote))
    .filter(({ quote }) => !questions.some(({ question }) => echoes(quote, question)))
    .map((unit) => {
      const terms = termSet(unit.quote);
      const around = new Set([...termSet(unit.heading), ...titleTerms]);
      const scores = wanted.map((each) => {
        let score = coverage(each.terms, terms, around, rarity);
        if (each.sort !== "any" && containsAnswerType(each.sort, unit.quote)) score *= 1.15;
        if (each.isAboutDefault && statesDefault(unit.quote)) score *= STATES_DEFAULT;
        if (unit.kind === "code" && !showsCode) score *= 0.8;
        if (unit.kind === "label") score *= 0.4;
        if (score > 0 && unit.kind !== "code")
          score += PHRASE_SHARE * shareOfPhrases(each.phrases, unit.quote);
        return unit.name === null ? score : score + NAME_SHARE * matchName(each.terms, unit.name, rarity);
      });
      return { ...unit, terms, scores, score: 0.5 * (scores[0] ?? 0) + 0.5 * Math.max(...scores) };
    });
}

/** The units of the best passages, those that open the source, the best others, and one for each word of the questions. */
function chooseUnits(candidates: Candidate[], { questions, passages, title }: ExtractInput): Candidate[] {
  const chosen = new Set<Candidate>();
  let length = 0;
  const add = (unit: Candidate): void => {
    if (chosen.has(unit) || length + unit.quote.length > MAX_CHARACTERS) return;
    chosen.add(unit);
    length += unit.quote.length;
  };
  const addPassages = (all: number[]): void => {
    for (const at of all) for (const unit of candidates.filter(({ passage }) => passage === at)) add(unit);
  };
  const best = bestPassages(passages, questions, title);
  addPassages(best.slice(0, BEST_PASSAGES));
  const first = candidates.find(({ isFirst }) => isFirst);
  if (first !== undefined && chosen.size > 0) add(first);
  const ranked = candidates
    .filter(({ score, kind }) => score > 0 && kind !== "label")
    .sort((a, b) => b.score - a.score || a.passage - b.passage || a.start - b.start);
  // A sentence that answers goes before the rest of many passages that have the same words.
  for (const unit of ranked.filter((each) => !chosen.has(each)).slice(0, SINGLE_SENTENCES)) add(unit);
  addPassages(best.slice(BEST_PASSAGES));
  // A word that no quote holds would look as if the source did not know it.
  for (const term of new Set(questions.flatMap(({ question }) => [...termSet(question)]))) {
    if ([...chosen].some(({ terms }) => terms.has(term))) continue;
    const holder = ranked.find(({ terms }) => terms.has(term)) ?? null;
    if (holder !== null) chosen.add(holder);
  }
  // What explains a name is quoted with it.
  for (const { heading } of [...chosen]) {
    const opening = candidates.find((unit) => unit.opens === true && unit.heading === heading);
    if (opening !== undefined) chosen.add(opening);
  }
  return [...chosen];
}

/** Indexes of the passages worth quoting whole, best first. */
function bestPassages(
  passages: ExtractInput["passages"],
  questions: ExtractInput["questions"],
  title: string,
): number[] {
  const rarity = new InverseDocumentFrequency(passages.map(({ heading, text }) => `${heading} ${text}`));
  const wanted = questions.map(({ question }) => weightedQuestionTerms(question));
  const titleTerms = termSet(title);
  const held = passages.map(({ heading, text }) => {
    const terms = termSet(`${heading} ${text}`);
    return Math.max(...wanted.map((each) => coverage(each, terms, titleTerms, rarity)));
  });
  const best = Math.max(0, ...held);
  // What is below the heading of a version may have no other word of the question.
  const isConfined = questions.some(({ question }) => isConfinedQuestion(question));
  const ranked = rankPassages(
    passages.map(({ heading, text }, at) => ({ heading, text, start: at, end: at })),
    questions.map(({ question }) => question),
  );
  return ranked
    .map(({ start }) => start)
    .filter((at, rank) => {
      const share = held[at] ?? 0;
      return rank < BEST_PASSAGES
        ? share > 0 || isConfined
        : share >= Math.max(RELEVANT, best * WORTH_QUOTING);
    });
}

/** A sentence that asks what is asked, or has the question in it, such as an example of how to ask. */
function echoes(quote: string, question: string): boolean {
  const plain = (text: string): string =>
    splitWords(text.toLowerCase())
      .map((word) => word.text)
      .join(" ");
  const asked = plain(question);
  const said = plain(quote);
  return said.includes(asked) && (said.length < asked.length * 2 || quote.includes("?"));
}

/** With the sentence before, where this one leans on it and it is not quoted anyway. */
function withNeeded(unit: Candidate, chosen: Candidate[], text: string): QuotableUnit {
  const { before } = unit;
  if (before === null || unit.kind !== "sentence" || !needsContext(unit.quote)) return unit;
  const isThere = chosen.some(
    (other) => other.passage === unit.passage && other.start <= before.start && other.end >= before.end,
  );
  if (isThere || unit.end - before.start > 700) return unit;
  return { ...unit, start: before.start, quote: text.slice(before.start, unit.end) };
}
