import type { ConcludeInput, Conclusion } from "../../core/prompts/write.js";
import { findContradictions } from "./contradictions.js";
import { capitalize } from "./titles.js";
import { needsContext } from "./plain-text.js";
import { findUnmentionedNames, containsAnswerType, expectedAnswerType } from "./question-analysis.js";
import {
  coverage,
  InverseDocumentFrequency,
  overlapCoefficient,
  termSet,
  weightedQuestionTerms,
} from "./term-weights.js";
import { trimEndMatching } from "../../core/text/linear-search.js";

/** Sentences of the summary at most. */
const MOST = 4;
/** A further sentence must be worth this share of the first. */
const WORTH_ADDING = 0.4;
/** A point with less than this share of its words in the report was not covered. */
const COVERED = 0.34;

/** The answer in the few sentences that together hold most of the question, and what was not found. */
export function concludeOffline({ question, cover, sections, evidence }: ConcludeInput): Conclusion {
  return {
    summary: summaryOf(question, sections),
    disagreements: findContradictions(evidence),
    limits: limitsOf(question, cover, sections, evidence),
  };
}

function summaryOf(question: string, sections: ConcludeInput["sections"]): Conclusion["summary"] {
  const all = sections.flatMap(({ heading, sentences }) => {
    const around = termSet(heading);
    const own = sentences.filter(({ asBlock }) => asBlock !== true);
    return own.map((sentence, at) => ({
      ...sentence,
      terms: termSet(sentence.text),
      around,
      isFirst: at === 0,
    }));
  });
  const rarity = new InverseDocumentFrequency(all.map(({ text }) => text));
  const wanted = weightedQuestionTerms(question);
  const sort = expectedAnswerType(question);
  const said = new Set<string>();
  const chosen: typeof all = [];
  let first = 0;
  while (chosen.length < MOST) {
    let best: (typeof all)[number] | null = null;
    let bestValue = 0;
    for (const each of all) {
      if (chosen.includes(each) || chosen.some((other) => overlapCoefficient(other.terms, each.terms) > 0.8))
        continue;
      const open = new Map([...wanted].filter(([term]) => !said.has(term)));
      const fresh = open.size === 0 ? 0 : coverage(open, each.terms, each.around, rarity);
      let value = 0.6 * coverage(wanted, each.terms, each.around, rarity) + 0.4 * fresh;
      if (sort !== "any" && containsAnswerType(sort, each.text)) value *= 1.15;
      if (needsContext(each.text))
        value *= each.isFirst || /^(?:he|she|it|they)\b/i.test(each.text) ? 0.8 : 0.5;
      if (each.text.length > 300) value *= 0.8;
      if (/^`[^`]*`$/.test(each.text)) value *= 0.6;
      if (value > bestValue) [best, bestValue] = [each, value];
    }
    if (best === null || bestValue < first * WORTH_ADDING) break;
    if (first === 0) first = bestValue;
    chosen.push(best);
    for (const term of best.terms) said.add(term);
  }
  // One sentence alone is told with the one that explains it.
  const [only] = chosen;
  const next = only === undefined ? undefined : all[all.indexOf(only) + 1];
  if (chosen.length === 1 && next !== undefined && next.around === only?.around) chosen.push(next);
  return chosen
    .sort((a, b) => all.indexOf(a) - all.indexOf(b))
    .map(({ text, evidence }) => ({ text, evidence }));
}

function limitsOf(
  question: string,
  cover: string[],
  sections: ConcludeInput["sections"],
  evidence: ConcludeInput["evidence"],
): Conclusion["limits"] {
  const held = evidence.map(({ source, quote }) => `${source} ${quote}`);
  const unknown = findUnmentionedNames(question, held).map((name) => `“${name}”`);
  const said = termSet(
    sections
      .map(({ heading, sentences }) => `${heading} ${sentences.map(({ text }) => text).join(" ")}`)
      .join(" "),
  );
  const even = new InverseDocumentFrequency([]);
  // The question itself is no point of it: where nothing answers it, there is no report.
  const whole = termSet(question);
  const open = cover
    .filter(
      (point) => overlapCoefficient(termSet(point), whole) < 0.9 || termSet(point).size < whole.size / 2,
    )
    .filter((point) => coverage(weightedQuestionTerms(point), said, new Set(), even) < COVERED)
    .map((point) => trimEndMatching(capitalize(point), /[.?!]/))
    // A point that is about a missing name is told with the name.
    .filter((point) => !unknown.some((name) => point.includes(name.slice(1, -1))));
  return [
    ...unknown.map((name) => `${name} stands in none of the quotes.`),
    ...open.map((point) => `Nothing was found about this point: ${point}.`),
  ].map((text) => ({ text, evidence: [] }));
}
