import type { EvidenceSummary, OutlineDraft, OutlineInput } from "../../core/prompts/outline.js";
import { needsContext } from "./plain-text.js";
import { capitalize, shortenTitle } from "./titles.js";
import {
  findKeywords,
  findUnmentionedNames,
  findNames,
  containsAnswerType,
  expectedAnswerType,
} from "./question-analysis.js";
import {
  coverage,
  InverseDocumentFrequency,
  overlapCoefficient,
  termSet,
  weightedQuestionTerms,
} from "./term-weights.js";
import { findSynonyms } from "./synonyms.js";
import { contentTerms } from "../../core/text/tokenize.js";
import { trimEndMatching, removeTrailingDelimited } from "../../core/text/linear-search.js";

const SECTIONS = 5;
/** Pieces of evidence in one section at most. */
const A_SECTION = 8;
/** Evidence worth less than this share of the best is not reported. */
const WORTH_REPORTING = 0.5;
/** A source whose best piece is worth less than this share of the best is left out with all it holds. */
const WORTH_A_SECTION = 0.6;
/** Evidence worth this share of the best is told with what follows it, so many pieces at most. */
const WORTH_EXPLAINING = 0.75;
const EXPLAINING = 2;
/** Evidence that holds this much of the question answers it: there is no second step to look for. */
const ANSWERED = 0.85;
/** Questions of a further round at most. */
const GAPS = 3;

interface Weighed extends EvidenceSummary {
  terms: Set<string>;
  score: number;
  /** The question it answers best. */
  answers: string;
}

/** Sorts the evidence that answers best into sections, by source or by sub-question, and names what is missing. */
export function outlineOffline(input: OutlineInput): OutlineDraft {
  const weighed = raised(weigh(input));
  // Of names that no source holds, other things of their kind would be no answer.
  const named = findUnmentionedNames(input.question, []);
  const unknown = findUnmentionedNames(
    input.question,
    input.evidence.map(({ claim, source }) => `${source} ${claim}`),
  );
  if (named.length > 0 && unknown.length === named.length) {
    const what = unknown.map((name) => `“${name}”`).join(", ");
    return {
      sections: [],
      gaps: input.mayAsk ? gapsOf(input, weighed) : [{ question: what, query: what, what }],
    };
  }
  return { sections: sectionsOf(input, weighed), gaps: gapsOf(input, weighed) };
}

function weigh({ question, questions, evidence }: OutlineInput): Weighed[] {
  const rarity = new InverseDocumentFrequency(evidence.map(({ claim }) => claim));
  const asked = [{ id: "q0", question }, ...questions.filter(({ id }) => id !== "q0")].map((each) => ({
    id: each.id,
    terms: weightedQuestionTerms(each.question),
    sort: expectedAnswerType(each.question),
  }));
  return evidence.map((each) => {
    const terms = termSet(each.claim);
    const around = termSet(`${each.source} ${each.heading}`);
    const values = asked.map(({ id, terms: wanted, sort }) => {
      const bonus = sort !== "any" && containsAnswerType(sort, each.claim) ? 1.15 : 1;
      return { id, value: coverage(wanted, terms, around, rarity) * bonus };
    });
    const best = values.reduce((top, next) => (next.value > top.value ? next : top));
    // What answers a part only counts by how much of the whole it answers, too.
    let score = 0.6 * (values[0]?.value ?? 0) + 0.4 * best.value;
    const answers = best.id;
    // A heading that says what is asked is the place where it is answered.
    score *=
      1 +
      0.35 * coverage(asked[0]?.terms ?? new Map<string, number>(), termSet(each.heading), new Set(), rarity);
    if (hasJoint(each.claim)) score *= 0.6;
    // The comments of code explain less than a document does.
    if (isProgram(each.source)) score *= 0.75;
    if (each.claim.length > 450) score *= 0.8;
    if (/^`[^`]*`$/.test(each.claim)) score *= 0.85;
    if (!/[.!?…。！？]["'”’)\]`]*$/.test(each.claim)) score *= 0.6;
    if (needsContext(each.claim)) score *= 0.85;
    return { ...each, terms, score, answers };
  });
}

/** A source that the best evidence speaks of by name is where the answer goes on. */
const NAMED_BY_THE_BEST = 1.4;

function raised(weighed: Weighed[]): Weighed[] {
  const best = [...weighed].sort((a, b) => b.score - a.score).slice(0, 3);
  return weighed.map((each) => {
    const title = removeTrailingDelimited(each.source, "(", ")");
    const isNamed =
      /^\p{Lu}.{3}/u.test(title) &&
      best.some(({ source, claim }) => source !== each.source && claim.includes(title));
    return isNamed ? { ...each, score: each.score * NAMED_BY_THE_BEST } : each;
  });
}

/** Two words run together where a page's tags were taken out: "quick starts.API Documentation". */
function hasJoint(claim: string): boolean {
  return /\p{Ll}{3}[.:]?\p{Lu}\p{Ll}{3}/u.test(claim.replace(/`[^`]*`/g, ""));
}

function sectionsOf(input: OutlineInput, weighed: Weighed[]): OutlineDraft["sections"] {
  const best = Math.max(0, ...weighed.map(({ score }) => score));
  const kept: Weighed[] = [];
  for (const each of [...weighed].sort((a, b) => b.score - a.score)) {
    if (each.score < best * WORTH_REPORTING) break;
    const isCopy = kept.some(
      ({ terms }) =>
        overlapCoefficient(terms, each.terms) > 0.85 && Math.abs(terms.size - each.terms.size) < 3,
    );
    if (!isCopy) kept.push(each);
  }
  // What follows one of the best in its paragraph explains it, whatever its words are.
  for (const each of kept.filter(({ score }) => score >= best * WORTH_EXPLAINING)) {
    for (const next of followers(each, weighed)) if (!kept.includes(next)) kept.push(next);
  }
  const groups = new Map<string, Weighed[]>();
  const sources = new Set(kept.map(({ source }) => source));
  const hasHeadings = kept.some(({ heading }) => heading !== "");
  for (const each of kept) {
    const key = sources.size > 1 || hasHeadings ? placeOf(each, kept) : each.answers;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups]
    .map(([key, pieces]) => ({
      heading: key.startsWith("q") && /^q\d+$/.test(key) ? questionHeading(input, key) : headingFor(key),
      pieces: [...pieces].sort((a, b) => b.score - a.score).slice(0, A_SECTION),
    }))
    .map((group) => ({
      ...group,
      score: [1, 0.1, 0.05].reduce((sum, factor, at) => sum + factor * (group.pieces[at]?.score ?? 0), 0),
    }))
    .filter(({ pieces }) => (pieces[0]?.score ?? 0) >= best * WORTH_A_SECTION)
    .sort((a, b) => b.score - a.score)
    .slice(0, SECTIONS)
    .map(({ heading, pieces }) => ({
      heading,
      evidence: pieces.map(({ id }) => id).sort((a, b) => numberOf(a) - numberOf(b)),
    }));
}

/** The next pieces of the same heading in the same source, in the order of its text. */
function followers(head: Weighed, weighed: Weighed[]): Weighed[] {
  const at = weighed.indexOf(head);
  const next: Weighed[] = [];
  for (const each of weighed.slice(at + 1, at + 1 + EXPLAINING)) {
    if (each.source !== head.source || each.heading !== head.heading) break;
    next.push(each);
  }
  return next;
}

/** Headings that say nothing without their source's title. */
const EMPTY_HEADING =
  /^(?:examples?|overview|introduction|summary|usage|notes?|see also|about|details|basics|general|description|start|background|more|next steps|prerequisites|requirements|faq|tips?)$/i;

/** Where a piece belongs: under its own heading where several pieces stand there, else under its source. */
function placeOf({ source, heading }: Weighed, all: Weighed[]): string {
  const beside = all.filter((each) => each.source === source);
  const under = beside.filter((each) => each.heading === heading);
  if (heading === "" || isProgram(source)) return source;
  if (EMPTY_HEADING.test(heading)) return heading === source ? source : `${source}: ${heading}`;
  return under.length > 1 || beside.length === under.length ? heading : source;
}

/** A file without a title of its own is code: its headings are signatures. */
function isProgram(source: string): boolean {
  return /^\S+\.\w{1,5}$/.test(source);
}

function numberOf(id: string): number {
  return Number(id.replace(/\D/g, ""));
}

/** A source's title as a heading: without its site's name. */
function headingFor(title: string): string {
  const [first = title] = title.split(/\s[|·•—–]\s/);
  return shortenTitle(capitalize(first.trim() || title), 90);
}

function questionHeading({ question, questions }: OutlineInput, id: string): string {
  const own = id === "q0" ? question : (questions.find((each) => each.id === id)?.question ?? question);
  return shortenTitle(capitalize(trimEndMatching(own, /[?\s]/)), 90);
}

/** What should be searched for next, or, at the end, which sub-questions nothing was found for. */
function gapsOf(input: OutlineInput, weighed: Weighed[]): OutlineDraft["gaps"] {
  const answered = new Set(weighed.flatMap(({ questions }) => questions));
  const open = input.questions.filter(({ id }) => id !== "q0" && !answered.has(id));
  const unanswered = open.map(({ question, query }) => ({
    question,
    query: [query, ...contentTerms(query).flatMap(findSynonyms)].join(" "),
    what: question,
  }));
  return input.mayAsk ? [...bridges(input, weighed), ...unanswered].slice(0, GAPS) : unanswered;
}

/**
 * Names that good evidence holds and the question does not: an answer that needs two steps has its
 * second step there. Each is searched together with what of the question is still open.
 */
function bridges({ question, questions, evidence }: OutlineInput, weighed: Weighed[]): OutlineDraft["gaps"] {
  const known = new Set(
    [question, ...questions.map((each) => `${each.question} ${each.query}`)].flatMap(contentTerms),
  );
  const read = [...new Set(evidence.map(({ source }) => source))].map(termSet);
  const rarity = new InverseDocumentFrequency(evidence.map(({ claim }) => claim));
  const ranked = [...weighed].sort((a, b) => b.score - a.score).slice(0, 8);
  const top = ranked[0]?.score ?? 0;
  if (top > ANSWERED) return [];
  const found = new Map<string, { name: string; score: number; from: Weighed }>();
  for (const [rank, each] of ranked.entries()) {
    for (const name of findNames(each.claim)) {
      const terms = contentTerms(name);
      const fresh = terms.filter((term) => !known.has(term));
      // One capitalised word at the start may be any word.
      if (terms.length === 1 && each.claim.startsWith(name)) continue;
      if (fresh.length === 0 || /^\W*\d/.test(name) || name.length > 60 || isMonth(name)) continue;
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
      what: `more about ${name}`,
    });
    if (chosen.length >= GAPS) break;
  }
  return chosen;
}

function isMonth(name: string): boolean {
  return /^(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/i.test(
    name,
  );
}
