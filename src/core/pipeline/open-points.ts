import { contentTerms } from "../text/tokenize.js";
import { uncitedPointRemark, unansweredPointRemark } from "../report/gap-remarks.js";
import type { Claim, Evidence, Plan, Section } from "../domain/schema.js";

/** A text that holds this share of a point's words speaks of the point. */
const SPEAKS_OF = 0.5;

/** What a report says, before the remarks on what it leaves open. */
interface ReportBody {
  summary: Claim[];
  sections: Section[];
  /** What the report says already about what could not be settled. */
  limits: Claim[];
}

/**
 * The remarks on the questions of the plan that a report leaves open: no quote that it cites is about them, and no sentence
 * has most of their words. A point that the limits speak of is not said again.
 */
export function remarkOnOpenQuestions(
  { questions }: Plan,
  { summary, sections, limits }: ReportBody,
  evidence: Evidence[],
): string[] {
  const claims = [
    ...summary,
    ...sections.flatMap(({ paragraphs, table }) => [...paragraphs.flat(), ...(table?.rows ?? [])]),
  ];
  const cited = new Set(claims.flatMap((claim) => claim.evidence));
  const shown = evidence.filter(({ id }) => cited.has(id));
  const said = termsOf([
    ...sections.map(({ heading }) => heading),
    ...claims.map(({ text }) => text),
    ...shown.map(({ quote }) => quote),
  ]);
  const settled = limits.map(({ text }) => termsOf([text]));
  return questions
    .filter(({ id, question }) => {
      const isShown = shown.some((each) => each.questions.includes(id));
      return !isShown && !speaksOf(said, question) && !settled.some((limit) => speaksOf(limit, question));
    })
    .map(({ id, question }) => {
      const about = evidence.filter((each) => each.questions.includes(id)).length;
      return about === 0 ? unansweredPointRemark(question) : uncitedPointRemark(question, about);
    });
}

/** The gaps that a conclusion does not speak of, in their order. */
export function findUnmentionedGaps(gaps: string[], limits: string[]): string[] {
  const told = limits.map((limit) => termsOf([limit]));
  return gaps.filter((gap) => !told.some((limit) => speaksOf(limit, gap)));
}

function termsOf(texts: string[]): Set<string> {
  return new Set(texts.flatMap(contentTerms));
}

function speaksOf(terms: ReadonlySet<string>, point: string): boolean {
  const wanted = [...new Set(contentTerms(point))];
  return wanted.filter((term) => terms.has(term)).length >= wanted.length * SPEAKS_OF;
}
