import { z } from "zod";
import { QuestionKind, type Depth, DEPTHS, type Plan } from "./schema.js";
import { DATA_RULE, type Task } from "./task.js";

/** An earlier research that a question goes on from. */
export const Before = z.object({
  question: z.string(),
  title: z.string(),
  /** Its answer in short, a sentence each. */
  summary: z.array(z.string()),
});
export type Before = z.infer<typeof Before>;

export interface PlanInput {
  question: string;
  /** Sub-questions at most. */
  questions: number;
  /** What can be searched, for people: "the workspace", "the web". */
  scope: string[];
  /** What was asked and answered before; absent: nothing. */
  before?: Before;
}

export const PlanDraft = z.object({
  title: z.string().describe("The report's title: a short noun phrase, no full stop"),
  kind: QuestionKind,
  questions: z
    .array(
      z.object({
        question: z.string().describe("A whole question that can be answered on its own"),
        query: z.string().describe("Search words for it: names, terms, no filler"),
        also: z
          .array(z.string())
          .optional()
          .describe("Up to two other wordings of the search words, where pages may use other terms"),
      }),
    )
    .min(1),
  cover: z.array(z.string()).describe("What a good answer must cover, a phrase each"),
});
export type PlanDraft = z.infer<typeof PlanDraft>;

export const planTask: Task<PlanInput, PlanDraft> = {
  role: "think",
  instructions:
    "You plan research. Take the question apart into sub-questions that together answer it, without overlap, " +
    "each searchable on its own. A simple question needs one or two; use the most only for a survey. " +
    "Write in the question's language.",
  prompt: ({ question, questions, scope, before }, data) =>
    `Question: ${question}\n\n${before === undefined ? "" : goingOn(before, data)}Sources that can be searched: ${scope.join(", ")}.\n` +
    `Give a title, the kind of question, at most ${questions} sub-questions with search words, ` +
    "and what a good answer must cover.",
  output: PlanDraft,
};

/** The answer before holds sources' words: it is data like any other. */
function goingOn({ question, title, summary }: Before, data: (text: string) => string): string {
  return (
    "It goes on from an earlier research, which is known and need not be repeated; what the question leaves out " +
    `is meant as there. Write sub-questions and search words that stand on their own. ${DATA_RULE}\n` +
    `${data([`Question: ${question}`, `Report: ${title}`, ...summary].join("\n"))}\n\n`
  );
}

/** The draft as a plan: ids q1…, at most as many questions as the depth allows, no empty or double ones. */
export function planFrom(draft: PlanDraft, question: string, depth: Depth): Plan {
  const seen = new Set<string>();
  const questions = draft.questions
    .map((each) => ({
      question: oneLine(each.question),
      query: oneLine(each.query) || oneLine(each.question),
      also: each.also ?? [],
    }))
    .filter(
      ({ question: text }) => text !== "" && !seen.has(text.toLowerCase()) && seen.add(text.toLowerCase()),
    )
    .slice(0, DEPTHS[depth].questions);
  if (questions.length === 0) questions.push({ question, query: question, also: [] });
  return {
    title: oneLine(draft.title) || question,
    kind: draft.kind,
    questions: questions.map(({ also, ...each }, index) => {
      const other = wordings(each.query, also);
      return { id: `q${index + 1}`, ...each, ...(other.length === 0 ? {} : { also: other }) };
    }),
    cover: draft.cover.map(oneLine).filter((phrase) => phrase !== ""),
  };
}

/** Other wordings of a query: no more than two, none that says the same. */
function wordings(query: string, also: string[]): string[] {
  const seen = new Set([query.toLowerCase()]);
  return also
    .map(oneLine)
    .filter((text) => text !== "" && !seen.has(text.toLowerCase()) && seen.add(text.toLowerCase()))
    .slice(0, 2);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
