import type { ConcludeInput, Conclusion } from "../../core/prompts/write.js";
import { describeGaps } from "../../core/report/gap-remarks.js";
import { findContradictions } from "./contradictions.js";
import { needsContext } from "./plain-text.js";
import {
  comparedItems,
  containsAnswerType,
  definedSubject,
  expectedAnswerType,
} from "./question-analysis.js";
import { isDefinition, saysWhatItIs } from "./section-ranking.js";
import {
  coverage,
  InverseDocumentFrequency,
  overlapCoefficient,
  termSet,
  weightedQuestionTerms,
} from "./term-weights.js";
import { capitalize } from "./titles.js";
import { isWholeSentence } from "./whole-sentence.js";

/** Sentences of the summary at most. */
const MOST = 3;
/** Words of the summary, beyond its first sentence. */
const WORDS = 60;
/** A section's first sentence that is worth this share of its best leads the summary. */
const LEAD = 0.85;
/** The first section leads the report if its best sentence is worth this share of the best of all. */
const LEADS_THE_REPORT = 0.6;
/** A sentence that leads to code answers better than the best other one, if this share of its worth is more. */
const LEADS_TO_CODE = 0.8;
/** What a sentence that defines a side of a comparison is worth beside its words; one that only begins with its name. */
const DEFINES = 0.4;
const OPENS = 0.2;
/** A point of whose words no section of the report has this share was not covered. */
const COVERED = 0.34;
/** A point with this share of the words of the question is the question itself. */
const SAME_POINT = 0.9;

interface Sentence {
  text: string;
  evidence: string[];
  section: number;
  at: number;
  terms: Set<string>;
  /** Whether it can stand by itself. */
  isWhole: boolean;
  /** Whether it says what the thing is that the question asks the meaning of. */
  isDefinition: boolean;
  score: number;
}

/** The lead of the section that answers, what other sections answer of the rest, and what was not found. */
export function concludeOffline(input: ConcludeInput): Conclusion {
  return {
    summary: summaryOf(input).map(({ text, evidence }) => ({ text, evidence })),
    disagreements: findContradictions(input.evidence),
    limits: limitsOf(input),
  };
}

function summaryOf(input: ConcludeInput): Sentence[] {
  const all = sentencesOf(input);
  const sides = comparedItems(input.question).map(termSet);
  if (sides.length > 0) {
    const both = summaryOfSides(sides, all);
    if (both.length > 0) return both;
  }
  const best = findLead(all);
  if (best === undefined) return [];
  const chosen = withContext(best, all);
  if (input.kind === "comparison" || input.cover.length > 1) {
    // Each part of the question has its sentence.
    for (const section of new Set(all.map((each) => each.section))) {
      const [other] = all.filter((each) => each.section === section && each.isWhole).sort(byScore);
      if (other === undefined || chosen.some((each) => each.section === section)) continue;
      if (chosen.length < MOST + 1 && other.score > 0) chosen.push(...withContext(other, all).slice(-2));
    }
  } else {
    for (let next = all[all.indexOf(best) + 1]; next?.section === best.section && chosen.length < MOST;) {
      const words = [...chosen, next].reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
      if (!next.isWhole || words > WORDS || (next.score < best.score / 3 && !needsContext(next.text))) break;
      chosen.push(next);
      next = all[all.indexOf(next) + 1];
    }
  }
  return inOrder(chosen, all);
}

function byScore(a: Sentence, b: Sentence): number {
  return b.score - a.score || a.section - b.section || a.at - b.at;
}

function inOrder(chosen: Sentence[], all: Sentence[]): Sentence[] {
  return [...new Set(chosen)].sort((a, b) => all.indexOf(a) - all.indexOf(b));
}

/** The sentence that leads: of the first section, unless another section says much more of what was asked. */
function findLead(all: Sentence[]): Sentence | undefined {
  const able = all.filter((each) => each.score > 0 && canLead(each, all));
  const [definition] = able.filter((each) => each.isDefinition).sort(byScore);
  if (definition !== undefined) return definition;
  const [top] = [...able].sort(byScore);
  if (top === undefined) return undefined;
  const ofFirst = able.filter(({ section }) => section === all[0]?.section);
  const [bestOfFirst] = [...ofFirst].sort(byScore);
  const isFirst = bestOfFirst !== undefined && bestOfFirst.score >= top.score * LEADS_THE_REPORT;
  const best = isFirst ? bestOfFirst : top;
  // Where what leads to code answers much better, it answers below, with its code.
  const leading = all.filter((each) => each.section === best.section && /[:：]$/.test(each.text));
  if (leading.some(({ score }) => score * LEADS_TO_CODE > best.score)) return undefined;
  // A section is best read from its beginning, unless that says much less.
  return able.find(({ section, score }) => section === best.section && score >= best.score * LEAD);
}

/** What a comparison says of both sides, and what it says of each. */
function summaryOfSides(sides: Set<string>[], all: Sentence[]): Sentence[] {
  const whole = all.filter((each) => canLead(each, all));
  const names = (each: Sentence, side: ReadonlySet<string>): boolean =>
    [...side].every((term) => each.terms.has(term));
  const worth = (each: Sentence, side: ReadonlySet<string>): number =>
    each.score + (saysWhatItIs(each.text, side) ? DEFINES : 0) + (opensWith(each.text, side) ? OPENS : 0);
  const chosen: Sentence[] = [];
  const [both] = whole.filter((each) => sides.every((side) => names(each, side))).sort(byScore);
  if (both !== undefined) chosen.push(...withContext(both, all));
  for (const side of sides) {
    const [own] = whole
      .filter((each) => names(each, side) && !chosen.includes(each))
      .sort((a, b) => worth(b, side) - worth(a, side) || byScore(a, b));
    if (own !== undefined) chosen.push(...withContext(own, all));
  }
  return inOrder(chosen, all);
}

/** Whether a side is named among the first words. */
function opensWith(text: string, side: ReadonlySet<string>): boolean {
  const opening = termSet(text.split(/\s+/, 5).join(" "));
  return [...side].every((term) => opening.has(term));
}

/** Whether a sentence, with the one that it leans on, can stand on top of a report. */
function canLead(sentence: Sentence, all: Sentence[]): boolean {
  return withContext(sentence, all).every(({ isWhole }) => isWhole);
}

/** A sentence with the one before it, where it leans on that. */
function withContext(sentence: Sentence, all: Sentence[]): Sentence[] {
  const before = all[all.indexOf(sentence) - 1];
  if (before?.section !== sentence.section || !needsContext(sentence.text)) return [sentence];
  return [before, sentence];
}

/** The sentences of the sections, without blocks. */
function sentencesOf({ question, sections }: ConcludeInput): Sentence[] {
  const all = sections.flatMap(({ heading, sentences }, section) =>
    sentences
      .filter(({ asBlock }) => asBlock !== true)
      .map(({ text, evidence }, at) => ({ text, evidence, section, at, heading })),
  );
  const rarity = new InverseDocumentFrequency(all.map(({ text }) => text));
  const wanted = weightedQuestionTerms(question);
  const sort = expectedAnswerType(question);
  const defined = termSet(definedSubject(question) ?? "");
  return all.map(({ heading, ...each }) => {
    const terms = termSet(each.text);
    let score = coverage(wanted, terms, termSet(heading), rarity);
    if (sort !== "any" && containsAnswerType(sort, each.text)) score *= sort === "reason" ? 1.4 : 1.15;
    const defines = defined.size > 0 && isDefinition(each.text, defined);
    if (defines) score *= 1.6;
    if (needsContext(each.text)) score *= 0.8;
    if (each.text.length > 400) score *= 0.8;
    return { ...each, terms, score, isWhole: isWholeSentence(each.text), isDefinition: defines };
  });
}

function limitsOf({ question, cover, sections, gaps }: ConcludeInput): Conclusion["limits"] {
  // Words of a point that stand here and there in a report say nothing about it.
  const said = sections.map(({ heading, sentences }) =>
    termSet(`${heading} ${sentences.map(({ text }) => text).join(" ")}`),
  );
  const even = new InverseDocumentFrequency([]);
  const absent = gaps.filter((gap) => /^“[^”]+”$/.test(gap));
  // The question itself is no point of it: where nothing answers it, there is no report.
  const whole = termSet(question);
  const open = cover
    .filter(
      (point) =>
        overlapCoefficient(termSet(point), whole) < SAME_POINT ||
        termSet(point).size < whole.size * SAME_POINT,
    )
    .filter((point) => {
      const wanted = weightedQuestionTerms(point);
      return said.every((terms) => coverage(wanted, terms, new Set(), even) < COVERED);
    })
    .map(capitalize);
  return describeGaps([...absent, ...open]).map((text) => ({ text, evidence: [] }));
}
