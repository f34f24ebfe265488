import type { ConcludeInput, Conclusion } from "../../core/prompts/write.js";
import { describeGaps } from "../../core/report/gap-remarks.js";
import { findContradictions } from "./contradictions.js";
import { needsContext } from "./plain-text.js";
import { containsAnswerType, definedSubject, expectedAnswerType } from "./question-analysis.js";
import { isDefinition } from "./section-ranking.js";
import {
  coverage,
  InverseDocumentFrequency,
  overlapCoefficient,
  termSet,
  weightedQuestionTerms,
} from "./term-weights.js";
import { capitalize } from "./titles.js";

/** Sentences of the summary at most. */
const MOST = 3;
/** Words of the summary, beyond its first sentence. */
const WORDS = 60;
/** A section's first sentence that is worth this share of its best leads the summary. */
const LEAD = 0.5;
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
  const byScore = (a: Sentence, b: Sentence): number =>
    b.score - a.score || a.section - b.section || a.at - b.at;
  const first = all.filter(({ section }) => section === all[0]?.section);
  const [top] = [...first].sort(byScore);
  const [lead] = first;
  if (top === undefined || lead === undefined) return [];
  // A section is best read from its beginning, unless that says much less.
  const best = lead.score >= top.score * LEAD || needsContext(top.text) ? lead : top;
  const chosen = withContext(best, all);
  if (input.kind === "comparison" || input.cover.length > 1) {
    // Each part of the question has its sentence.
    for (const section of new Set(all.map((each) => each.section))) {
      const [other] = all.filter((each) => each.section === section).sort(byScore);
      if (other === undefined || chosen.some((each) => each.section === section)) continue;
      if (chosen.length < MOST + 1 && other.score > 0) chosen.push(...withContext(other, all).slice(-2));
    }
  } else {
    for (let next = all[all.indexOf(best) + 1]; next?.section === best.section && chosen.length < MOST;) {
      const words = [...chosen, next].reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
      if (words > WORDS || (next.score < best.score / 3 && !needsContext(next.text))) break;
      chosen.push(next);
      next = all[all.indexOf(next) + 1];
    }
  }
  return [...new Set(chosen)].sort((a, b) => all.indexOf(a) - all.indexOf(b));
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
    if (sort !== "any" && containsAnswerType(sort, each.text)) score *= 1.15;
    if (defined.size > 0 && isDefinition(each.text, defined)) score *= 1.6;
    if (needsContext(each.text)) score *= 0.8;
    if (each.text.length > 400) score *= 0.8;
    return { ...each, terms, score };
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
