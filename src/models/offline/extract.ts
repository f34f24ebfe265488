import type { Extraction, ExtractInput } from "../../core/prompts/extract.js";
import { isTooShort } from "../../core/evidence/locate-quote.js";
import { rankPassages } from "../../core/text/rank-passages.js";
import { questionKind, containsAnswerType, expectedAnswerType } from "./question-analysis.js";
import { splitWords } from "../../core/text/tokenize.js";
import { needsContext, quoteToSentences, quoteToPlainText } from "./plain-text.js";
import { splitQuotableUnits, type QuotableUnit } from "./quotable-units.js";
import {
  coverage,
  InverseDocumentFrequency,
  overlapCoefficient,
  termSet,
  weightedQuestionTerms,
} from "./term-weights.js";

/** Quotes of one source at most. */
const MOST = 8;
/** Passages that are quoted in any case, if they hold a sentence that fits at all. */
const BEST_PASSAGES = 4;
/** A sentence worth less than this share of the source's best is left out. */
const WORTH_QUOTING = 0.05;
/** A sentence worth this share of the best is quoted with so many sentences that follow it. */
const WORTH_FOLLOWING = 0.7;
const FOLLOWING = 2;
/** A source of no more sentences than this is quoted whole. */
const SHORT = 6;
/** The worth of a sentence that belongs there but holds no word of the questions. */
const FITS = 0.02;
/** Sentences longer than this say too many things for one citation; shorter ones go first. */
const LONG = 420;

interface Candidate extends QuotableUnit {
  terms: Set<string>;
  /** For each question, how much the sentence answers it. */
  scores: number[];
  score: number;
}

/** Chooses the sentences of a source that share the questions' telling words. */
export function extractOffline({ questions, title, format, passages, missed }: ExtractInput): Extraction {
  // Quotes of ours always stand in the source; what another engine missed cannot be mended by words.
  if (missed.length > 0) return { claims: [] };
  const units = passages.flatMap((passage, at) => splitQuotableUnits(passage, at, format));
  const rarity = new InverseDocumentFrequency(units.map(({ quote }) => quote));
  const wanted = questions.map(({ question }) => ({
    terms: weightedQuestionTerms(question),
    sort: expectedAnswerType(question),
    kind: questionKind(question),
  }));
  const titleTerms = termSet(title);
  // What opens a source says what it is about, and a short source hangs together.
  const isShort = units.length <= SHORT;
  const licence = wanted.some(({ terms }) =>
    ["licens", "licenc", "copyright"].some((term) => terms.has(term)),
  );
  const candidates = units
    .filter(({ quote, isBoilerplate }) => (licence || !isBoilerplate) && !isTooShort(quote))
    .filter(({ quote }) => !questions.some(({ question }) => echoes(quote, question)))
    .filter(({ kind, quote }) => kind !== "code" || showsCode(quote, questions))
    .map((unit): Candidate => {
      const terms = termSet(unit.quote);
      const around = new Set([...termSet(unit.heading), ...titleTerms]);
      const scores = wanted.map((each) => {
        const covered = coverage(each.terms, terms, around, rarity);
        if (covered === 0) return unit.isFirst || isShort ? FITS : 0;
        let score = covered;
        if (each.sort !== "any" && containsAnswerType(each.sort, unit.quote)) score *= 1.15;
        if (unit.kind === "code") score *= each.kind === "howto" ? 0.85 : 0.6;
        if (unit.kind === "label") score *= 0.4;
        if (unit.isFirst) score += 0.08;
        if (unit.quote.length > LONG) score *= LONG / unit.quote.length;
        return score;
      });
      return { ...unit, terms, scores, score: 0.5 * (scores[0] ?? 0) + 0.5 * Math.max(...scores) };
    })
    .filter(({ score }) => score > 0);

  const chosen = withWhatFollows(
    choose(candidates, bestPassages(passages, questions)),
    units.filter(({ isBoilerplate, quote }) => !isBoilerplate && !isTooShort(quote)),
  );
  return {
    claims: chosen
      .sort((a, b) => a.passage - b.passage || a.start - b.start)
      .map((candidate) => {
        const unit = withNeeded(candidate, chosen, passages[candidate.passage]?.text ?? "");
        return {
          // Without a full stop, so that an outline sees that it is no sentence.
          claim:
            unit.kind === "label" ? quoteToPlainText(unit.quote) : quoteToSentences(unit.quote).join(" "),
          quote: unit.quote,
          questions: questions
            .filter((_, index) => (candidate.scores[index] ?? 0) >= 0.6 * Math.max(...candidate.scores))
            .map(({ id }) => id),
        };
      })
      .filter(({ claim }) => claim !== ""),
  };
}

/** A whole line of code, for those who ask how to do something or about a name that stands in it. */
function showsCode(line: string, questions: ExtractInput["questions"]): boolean {
  if (/[([{,=|&+]\s*$/.test(line) || /^\s*[)\]}.,?:|&]/.test(line)) return false;
  return questions.some(({ question }) => {
    const names = question.match(/`[^`]+`|\b\w+(?:[._]\w+)+\b|\b[a-z]+[A-Z]\w*|--?\w[\w-]+/g) ?? [];
    if (names.some((name) => line.includes(name.replaceAll("`", "")))) return true;
    return questionKind(question) === "howto" && !/^\s*(?:assert|expect|it\(|describe\(|test\()/.test(line);
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

/**
 * What answers best with the sentences that follow it in its paragraph: there it is explained, in
 * words that need not be the question's.
 */
function withWhatFollows(chosen: Candidate[], units: QuotableUnit[]): Candidate[] {
  const best = Math.max(0, ...chosen.map(({ score }) => score));
  const all = [...chosen];
  for (const head of chosen) {
    if (head.kind !== "sentence" || head.score < best * WORTH_FOLLOWING) continue;
    let last: QuotableUnit = head;
    for (let n = 0; n < FOLLOWING; n++) {
      const next = units.find(
        ({ passage, before }) => passage === head.passage && before !== null && before.end === last.end,
      );
      if (next?.kind !== "sentence") break;
      if (
        !all.some((each) => each.passage === next.passage && each.start <= next.start && each.end >= next.end)
      ) {
        all.push({ ...next, terms: termSet(next.quote), scores: head.scores, score: head.score / 2 });
      }
      last = next;
    }
  }
  return all;
}

/** Indexes of the passages that answer best as a whole: their sentences may say it without the question's words. */
function bestPassages(passages: ExtractInput["passages"], questions: ExtractInput["questions"]): number[] {
  const whole = passages.map(({ heading, text }, at) => ({ heading, text, start: at, end: at }));
  const asked = questions.map(({ question }) => question);
  return rankPassages(whole, asked)
    .slice(0, BEST_PASSAGES)
    .map(({ start }) => start);
}

/** The best of each of the best passages, then the best of all, one by one; each further sentence of one heading and each near-copy counts for less. */
function choose(candidates: Candidate[], first: number[]): Candidate[] {
  const best = Math.max(0, ...candidates.map(({ score }) => score));
  const isSmall = candidates.length <= MOST;
  const left = candidates.filter(({ score }) => isSmall || score >= best * WORTH_QUOTING);
  const chosen = first.flatMap((passage) => bestOf(left.filter((each) => each.passage === passage)) ?? []);
  for (const each of chosen) left.splice(left.indexOf(each), 1);
  while (chosen.length < MOST && left.length > 0) {
    let top = 0;
    let topValue = -1;
    for (const [index, candidate] of left.entries()) {
      const beside = chosen.filter(({ heading }) => heading === candidate.heading).length;
      const value = candidate.score * 0.8 ** beside;
      if (value > topValue) [top, topValue] = [index, value];
    }
    const [next] = left.splice(top, 1);
    if (next === undefined) break;
    const isCopy = chosen.some(
      ({ terms, quote }) =>
        quote === next.quote ||
        (overlapCoefficient(terms, next.terms) > 0.9 && Math.abs(terms.size - next.terms.size) <= 1),
    );
    if (!isCopy) chosen.push(next);
  }
  return chosen;
}

function bestOf(candidates: Candidate[]): Candidate | null {
  return candidates.reduce<Candidate | null>(
    (best, each) => (best === null || each.score > best.score ? each : best),
    null,
  );
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
