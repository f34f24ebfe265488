import type { EvidenceSummary, OutlineDraft, OutlineInput } from "../../core/prompts/outline.js";
import { absentWordGap } from "../../core/report/gap-remarks.js";
import { findAbsentWords } from "./absent-words.js";
import { choosePieces, isSameSection, type Excerpt } from "./answer-pieces.js";
import { capitalize, shortenTitle } from "./titles.js";
import {
  comparedItems,
  findKeywords,
  findNames,
  hasNoSubject,
  leansOnAnotherClause,
  splitClauses,
} from "./question-analysis.js";
import {
  saysWhatItIs,
  isProgram,
  rankSections,
  type EvidenceSection,
  type Piece,
} from "./section-ranking.js";
import {
  coverage,
  InverseDocumentFrequency,
  overlapCoefficient,
  termSet,
  weightedQuestionTerms,
} from "./term-weights.js";
import { isGermanQuestion } from "./german-question.js";
import { findLinkedSections } from "./linked-sections.js";
import { findSynonyms } from "./synonyms.js";
import { definedName } from "../../core/text/program-definitions.js";
import { contentTerms } from "../../core/text/tokenize.js";

/** Sections of a report at most. */
const SECTIONS = 5;
/** Words that are told of them. */
const WORDS = 300;
/** Where a subject of the question stands nowhere, only so much is told of what is nearest. */
const NEAREST = 3;
const WORDS_OF_THE_NEAREST = 200;
/** Sections that hold less of the question than this, taken together, do not answer it. */
const RELEVANT = 0.35;
/** Those that hold less than this are not even near. */
const NEAR = 0.25;
/** A section that answers a part of the question holds this much of the part. */
const ANSWERS_A_PART = 0.6;
/** It is worth this share of the best one for the question as a whole. */
const WORTH_A_PART = 0.4;
/** So much, if the part is only a name that other evidence brought up. */
const WORTH_A_BRIDGE = 0.7;
/** Sections of sources that the best section names. */
const MOST_LINKED = 2;
/** Evidence that holds this much of the question answers it: there is no second step to look for. */
const ANSWERED = 0.85;
/** Questions of a further round at most. */
const GAPS = 3;

/**
 * Chooses the section that answers best and what others add to it, and names what is missing. Where the question is about
 * something that stands nowhere, there are no sections.
 */
export function outlineOffline(given: OutlineInput): OutlineDraft {
  // A follow-up may name its subject only in the question that it goes on from, whose words its query has.
  const asked = given.questions.find(({ id }) => id === "q0")?.query ?? given.question;
  const input = { ...given, question: asked };
  const { question, kind, evidence } = input;
  const ranked = rankSections(question, kind, evidence);
  const texts = evidence.map(({ claim, source, heading }) => `${source} ${heading} ${claim}`);
  const { words, isTelling } = findAbsentWords(given.question, texts);
  const absent = words.map((word) => ({ question: "", query: "", what: absentWordGap(word) }));
  const gaps = [...gapsOf(input, ranked), ...absent];
  const relevance = findRelevance(question, ranked);
  const isAboutAnother = words.some((word) => /\d/.test(word)) && ranked.every((each) => each.isAboutAnother);
  if (
    isAboutAnother ||
    isAboutSomethingElse(given.question, texts) ||
    hasNoSubject(question) ||
    relevance < NEAR
  )
    return { sections: [], gaps };
  const needed = findNeeded(input, ranked);
  const told = choosePieces(question, ranked, needed, { words: WORDS, sections: SECTIONS });
  const action = isTelling ? null : findMissingAction(question, told);
  // A word may stand in evidence of which nothing is told: in a test, or in a list of names.
  const missed = findAbsentWords(given.question, textsOf(told));
  if (!isTelling && !missed.isDecisive && action === null && relevance >= RELEVANT)
    return { sections: sectionsOf(told), gaps };
  const others = missed.isDecisive ? missed.words.filter((word) => !words.includes(word)) : [];
  const points = action === null ? others : [`how to ${action}`];
  const nearest = { words: WORDS_OF_THE_NEAREST, sections: NEAREST };
  return {
    sections: sectionsOf(choosePieces(question, ranked, needed, nearest)),
    gaps: [...gaps, ...points.map((what) => ({ question: "", query: "", what }))],
    hasAnswer: false,
  };
}

/** What a how-to asks to do, where none of the sections speaks of it; null where one does, or where any text has the verb. */
function findMissingAction(question: string, told: Excerpt[]): string | null {
  const action = /^\W*how (?:do|can|could|should|would|to)\b(?: (?:i|you|we|one)\b)?\s+([\p{L}-]+)/iu.exec(
    question,
  )?.[1];
  if (action === undefined || isGermanQuestion(question)) return null;
  return findAbsentWords(question, textsOf(told)).words.includes(action) ? action : null;
}

/** The sections that something is told of, whole. */
function textsOf(told: Excerpt[]): string[] {
  return told.map(
    ({ section: { source, under, heading, pieces } }) =>
      `${source} ${under} ${heading} ${pieces.map(({ claim }) => claim).join(" ")}`,
  );
}

/** True where the texts speak of none of the things that a question asks about, each clause by itself. */
function isAboutSomethingElse(question: string, texts: string[]): boolean {
  const clauses = splitClauses(question);
  if (clauses.length < 2) return findAbsentWords(question, texts).isDecisive;
  const isFirstElsewhere = findAbsentWords(clauses[0] ?? "", texts).isDecisive;
  return clauses.every((clause, at) =>
    at === 0
      ? isFirstElsewhere
      : (isFirstElsewhere && leansOnAnotherClause(clause)) || findAbsentWords(clause, texts).isDecisive,
  );
}

/** The share that the best sections hold of a question, or of a clause of it that stands for itself, 0 to 1. */
function findRelevance(question: string, ranked: EvidenceSection[]): number {
  const clauses = splitClauses(question).filter((clause, at) => at === 0 || !leansOnAnotherClause(clause));
  const best = ranked.slice(0, 3);
  const rarity = new InverseDocumentFrequency(
    ranked.map(({ pieces }) => pieces.map(({ claim }) => claim).join(" ")),
  );
  const held = new Set(
    best.flatMap(({ source, heading, pieces }) => [
      ...termSet(`${source} ${heading}`),
      ...pieces.flatMap(({ terms }) => [...terms]),
    ]),
  );
  const none = new Set<string>();
  return Math.max(
    ...[question, ...clauses].map((asked) => coverage(weightedQuestionTerms(asked), held, none, rarity)),
  );
}

function sectionsOf(told: Excerpt[]): OutlineDraft["sections"] {
  return told.map(({ section, pieces }) => ({
    heading: headingFor(
      section,
      told.map((each) => each.section),
    ),
    evidence: pieces.map(({ id }) => id),
  }));
}

/** The sections that a report uses in any case: the best one, both sides of a comparison, and what the best one names. */
function findNeeded(input: OutlineInput, ranked: EvidenceSection[]): EvidenceSection[] {
  const { question, questions, kind, evidence } = input;
  const needed: EvidenceSection[] = findBest(question, ranked);
  const [first] = ranked;
  const isNeeded = (section: EvidenceSection): boolean => needed.some((each) => isSameSection(each, section));
  const isAnswered = (first?.held ?? 0) >= ANSWERED;
  const parts = questions.filter(
    (part) =>
      part.id !== "q0" && part.question !== question && !(isAnswered && isBridgeQuestion(part.question)),
  );
  if (kind === "comparison") {
    for (const part of parts) {
      const [best] = rankSections(part.question, kind, evidence);
      if (best === undefined || best.held < ANSWERS_A_PART || isNeeded(best)) continue;
      const whole = ranked.find((section) => isSameSection(section, best));
      const least = isBridgeQuestion(part.question) ? WORTH_A_BRIDGE : WORTH_A_PART;
      if ((whole?.score ?? 0) >= (first?.score ?? 0) * least) needed.push(best);
    }
  }
  if (first !== undefined && kind === "lookup") {
    for (const linked of findLinkedSections(question, first, ranked).slice(0, MOST_LINKED)) {
      if (!isNeeded(linked)) needed.push(linked);
    }
  }
  return needed.slice(0, SECTIONS);
}

/** The section that answers best; or, where it has not both sides of a comparison in one place, those that say what each is. */
function findBest(question: string, ranked: EvidenceSection[]): EvidenceSection[] {
  const best = ranked.slice(0, 1);
  const sides = comparedItems(question).map(termSet);
  const isOfBoth = best.some(({ heading, pieces }) =>
    [termSet(heading), ...pieces.map(({ terms }) => terms)].some((terms) =>
      sides.every((side) => [...side].every((term) => terms.has(term))),
    ),
  );
  if (sides.length === 0 || isOfBoth) return best;
  const definitions = sides.flatMap(
    (side) => ranked.find(({ pieces }) => pieces.some(({ claim }) => saysWhatItIs(claim, side))) ?? [],
  );
  return definitions.length === sides.length ? [...new Set(definitions)] : best;
}

/** Headings that say nothing without their source's title. */
const EMPTY_HEADING =
  /^(?:examples?|overview|introduction|summary|usage|notes?|see also|about|details|basics|general|description|start|background|more|next steps|prerequisites|requirements|faq|tips?|options?|configuration|name|synopsis)$/i;

/** A section's own heading, with its source's title where it says nothing without or where another has it, too. */
function headingFor(section: EvidenceSection, all: EvidenceSection[]): string {
  const { source, heading } = section;
  if (isProgram(section)) {
    // A signature is long: the name that it defines is what a reader looks for.
    const name = definedName(heading);
    return name === null ? titleFor(source) : shortenTitle(`${titleFor(source)}: ${name}`, 90);
  }
  if (heading === "") return titleFor(source);
  const isAlone = all.filter((each) => each.heading === heading).length === 1;
  if (isAlone && !EMPTY_HEADING.test(heading)) return shortenTitle(heading, 90);
  return heading === source ? titleFor(source) : shortenTitle(`${titleFor(source)}: ${heading}`, 90);
}

/** A source's title as a heading: without its site's name. */
function titleFor(title: string): string {
  const [first = title] = title.split(/\s[|·•—–]\s/);
  return shortenTitle(capitalize(first.trim() || title), 90);
}

/** What should be searched for next, or, at the end, which sub-questions nothing was found for. */
function gapsOf(input: OutlineInput, ranked: EvidenceSection[]): OutlineDraft["gaps"] {
  const answered = new Set(ranked.flatMap(({ pieces }) => pieces.flatMap(({ questions }) => questions)));
  const open = input.questions.filter(({ id }) => id !== "q0" && !answered.has(id));
  const unanswered = open.map(({ question, query }) => ({
    question,
    query: [query, ...contentTerms(query).flatMap(findSynonyms)].join(" "),
    // A name to search for is no point of the question.
    what: isBridgeQuestion(question) ? "" : question,
  }));
  return input.mayAsk ? [...bridges(input, ranked), ...unanswered].slice(0, GAPS) : unanswered;
}

/**
 * Names that good evidence holds and the question does not: an answer that needs two steps has its
 * second step there. Each is searched together with what of the question is still open.
 */
function bridges(
  { question, questions, evidence }: OutlineInput,
  ranked: EvidenceSection[],
): OutlineDraft["gaps"] {
  const known = new Set(
    [question, ...questions.map((each) => `${each.question} ${each.query}`)].flatMap(contentTerms),
  );
  const read = [...new Set(evidence.map(({ source }) => source))].map(termSet);
  const rarity = new InverseDocumentFrequency(evidence.map(({ claim }) => claim));
  const best = ranked
    .flatMap(({ pieces }) => pieces)
    .filter(({ isCode }) => !isCode)
    .sort((a, b) => b.score - a.score || numberOf(a) - numberOf(b))
    .slice(0, 8);
  const top = best[0]?.score ?? 0;
  if (best.some(({ held }) => held > ANSWERED)) return [];
  const found = new Map<string, { name: string; score: number; from: Piece }>();
  for (const [rank, each] of best.entries()) {
    for (const name of findNames(each.claim)) {
      const terms = contentTerms(name);
      const fresh = terms.filter((term) => !known.has(term));
      // One capitalised word at the start may be any word.
      if (terms.length === 1 && each.claim.startsWith(name)) continue;
      if (fresh.length === 0 || /^\W*\d/.test(name) || name.length > 60 || isMonthOrWeekday(name)) continue;
      if (
        read.some(
          (title) => overlapCoefficient(title, new Set(terms)) > 0.99 && title.size <= terms.length + 1,
        )
      )
        continue;
      const key = name.toLowerCase();
      const rare = Math.max(...fresh.map((term) => rarity.of(term)));
      const shape = terms.length > 1 || /["`_]|[a-z][A-Z]/.test(name) ? 1 : 0.7;
      const value = (each.score / top) * 0.93 ** rank * (0.5 + rare / 6) * shape;
      const before = found.get(key);
      if (before === undefined) found.set(key, { name, score: value, from: each });
      else before.score += value * 0.3;
    }
  }
  const chosen: OutlineDraft["gaps"] = [];
  const taken: Set<string>[] = [];
  for (const { name, from } of [...found.values()].sort((a, b) => b.score - a.score)) {
    const terms = termSet(name);
    if (taken.some((other) => overlapCoefficient(other, terms) > 0.6)) continue;
    taken.push(terms);
    const left = findKeywords(question).filter(
      (word) => !contentTerms(word).some((term) => from.terms.has(term)),
    );
    const open = (left.length > 0 ? left : findKeywords(question)).slice(0, 5);
    chosen.push({
      question: `${name}: ${open.join(" ")}?`,
      query: `${name} ${open.join(" ")}`,
      // A name to search for is no point of the question.
      what: "",
    });
    if (chosen.length >= GAPS) break;
  }
  return chosen;
}

function numberOf({ id }: EvidenceSummary): number {
  return Number(id.replace(/\D/g, ""));
}

/** Whether a question is one of those that `bridges` asks. */
function isBridgeQuestion(question: string): boolean {
  return question.includes(": ") && question.endsWith("?") && !question.startsWith("What about ");
}

function isMonthOrWeekday(name: string): boolean {
  return /^(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/i.test(
    name,
  );
}
