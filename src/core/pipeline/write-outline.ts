import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { type EvidencePool } from "./gather.js";
import type { OutlineDraft } from "../prompts/outline.js";
import { askModelOrFallback, type RunState } from "./run-state.js";
import { DEPTHS, type Plan, type Question } from "../domain/schema.js";

/** Reflects on the index of evidence: an outline, and the gaps that are left. */
export async function writeOutline(
  run: RunState,
  plan: Plan,
  questions: Question[],
  left: ReadonlySet<string>,
  { evidence, sources }: EvidencePool,
  round: number,
): Promise<OutlineDraft> {
  if (evidence.length === 0) {
    return { sections: [], gaps: plan.cover.map((what) => ({ question: what, query: what, what })) };
  }
  const leftOut = questions.filter(({ id }) => left.has(id)).map(({ question }) => question);
  const { value } = await askModelOrFallback(
    run,
    "outline",
    {
      question: run.question,
      kind: plan.kind,
      questions: questions.filter(({ id }) => !left.has(id)),
      cover: plan.cover,
      evidence: evidence.map(({ id, claim, source, heading, under, questions: about }) => ({
        id,
        claim,
        source: sources[source]?.title ?? "",
        heading,
        ...(under === undefined ? {} : { under }),
        questions: about,
      })),
      mayAsk: round < DEPTHS[run.ask.depth].rounds && sources.length < run.ask.maxSources,
      ...(leftOut.length === 0 ? {} : { leftOut }),
    },
    { type: "outline", round },
  );
  const known = new Set(evidence.map(({ id }) => id));
  const outline: OutlineDraft = {
    sections: value.sections
      .map(({ heading, evidence: ids }) => ({
        heading: collapseWhitespace(heading) || plan.title,
        evidence: [...new Set(ids)].filter((id) => known.has(id)),
      }))
      .filter((section) => section.evidence.length > 0),
    gaps: value.gaps,
    ...(value.hasAnswer === undefined ? {} : { hasAnswer: value.hasAnswer }),
  };
  run.ports.emit({
    type: "outlined",
    round,
    sections: outline.sections.map(({ heading }) => heading),
    gaps: gapsOf(outline),
  });
  return outline;
}

/** The gaps as the next round's questions: new ones only. */
export function gapQuestions(outline: OutlineDraft, asked: Question[]): Question[] {
  const known = new Set(asked.map(({ query }) => query.toLowerCase()));
  return outline.gaps
    .map(({ question, query }) => ({ question: question.trim(), query: (query.trim() || question).trim() }))
    .filter(
      ({ question, query }) =>
        question !== "" && !known.has(query.toLowerCase()) && known.add(query.toLowerCase()),
    )
    .slice(0, 3)
    .map((gap, index) => ({ id: `q${asked.length + index}`, ...gap }));
}

export function gapsOf(outline: OutlineDraft): string[] {
  return outline.gaps.map(({ what }) => collapseWhitespace(what)).filter((what) => what !== "");
}
