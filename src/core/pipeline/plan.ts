import * as z from "zod";
import { QuestionKind, type Clarification, type Depth, DEPTHS, type Plan } from "../domain/schema.js";
import { DATA_RULE, type Task } from "../prompts/task.js";
import { STOP_WORDS, splitWords } from "../text/tokenize.js";

/** An earlier research that a question goes on from. */
export const PreviousResearch = z.object({
  question: z.string(),
  title: z.string(),
  /** Its answer in short, a sentence each. */
  summary: z.array(z.string()),
});
export type PreviousResearch = z.infer<typeof PreviousResearch>;

export interface PlanInput {
  question: string;
  /** Sub-questions at most. */
  questions: number;
  /** What can be searched, for people: "the workspace", "the web". */
  scope: string[];
  /** What the user said when asked back; absent before. */
  answers?: Clarification[];
  /** What was asked and answered before; absent: nothing. */
  before?: PreviousResearch;
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
  unclear: z
    .array(
      z.object({
        question: z.string().describe("A short question back to the user"),
        options: z.array(z.string()).describe("Two to four short answers, each a reading of its own"),
      }),
    )
    .optional()
    .describe("Only where different readings would lead to different research, three at most; else left out"),
});
export type PlanDraft = z.infer<typeof PlanDraft>;

export const planTask: Task<PlanInput, PlanDraft> = {
  role: "think",
  instructions:
    "You plan research. Take the question apart into sub-questions that together answer it, without overlap, " +
    "each searchable on its own. A simple question needs one or two; use the most only for a survey. " +
    "Write in the question's language. Where the question can be read in ways that would lead to different " +
    "research, and nothing in it tells which is meant, ask back in “unclear”, and plan for the likeliest reading " +
    "all the same. Most questions are clear enough: then leave it out. Never ask what the research itself will " +
    "find, nor how detailed the answer shall be.",
  prompt: ({ question, questions, scope, before, answers = [] }, data) =>
    `Question: ${question}\n\n` +
    (before === undefined ? "" : goingOn(before, data)) +
    (answers.length === 0
      ? ""
      : `The user was asked back, and said what stands here; what was offered may be a file's title. ${DATA_RULE}\n` +
        `${data(answers.map((each) => `- ${each.question} ${each.answer}`).join("\n"))}\n` +
        "Plan for what is meant by that, with search words that say it, and ask nothing more.\n\n") +
    `Sources that can be searched: ${scope.join(", ")}.\n` +
    `Give a title, the kind of question, at most ${questions} sub-questions with search words, ` +
    "and what a good answer must cover.",
  output: PlanDraft,
};

/** The answer before holds sources' words: it is data like any other. */
function goingOn({ question, title, summary }: PreviousResearch, data: (text: string) => string): string {
  return (
    "It goes on from an earlier research, which is known and need not be repeated; what the question leaves out " +
    `is meant as there. Write sub-questions and search words that stand on their own. ${DATA_RULE}\n` +
    `${data([`Question: ${question}`, `Report: ${title}`, ...summary].join("\n"))}\n\n`
  );
}

/** The draft as a plan: ids q1…, at most as many questions as the depth allows, no empty or double ones. */
export function planFromDraft(draft: PlanDraft, question: string, depth: Depth): Plan {
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

/** A question back to the user: with answers to choose from, or none where only the user knows them. */
export interface ClarifyingQuestion {
  question: string;
  options: string[];
}

const MOST_UNCLEAR = 3;
const MOST_OPTIONS = 4;
const LONGEST_OPTION = 100;

/** What the user shall be asked back: at most three questions, one line each, options that differ. */
export function clarifyingQuestions({ unclear = [] }: PlanDraft): ClarifyingQuestion[] {
  return unclear
    .map(({ question, options }) => ({
      question: oneLine(question),
      options: [...new Set(options.map(oneLine))]
        .filter((option) => option !== "" && option.length <= LONGEST_OPTION)
        .slice(0, MOST_OPTIONS),
    }))
    .filter(({ question }) => question !== "")
    .map((each) => (each.options.length < 2 ? { ...each, options: [] } : each))
    .slice(0, MOST_UNCLEAR);
}

/** The question with what the user said of it. */
export function applyClarifications(question: string, answers: Clarification[]): string {
  const said = answers.map(({ answer }) => oneLine(answer)).filter((answer) => answer !== "");
  return said.length === 0 ? question : `${question} (${said.join("; ")})`;
}

/** What the user may change of a plan. */
export interface PlanRevision {
  title: string;
  questions: string[];
  cover: string[];
}

/** The plan as the user changed it: a question that is the same keeps its search words, others get their own. */
export function applyRevision(plan: Plan, { title, questions, cover }: PlanRevision): Plan {
  const known = new Map(plan.questions.map((each) => [sameText(each.question), each]));
  return {
    ...plan,
    title: oneLine(title) || plan.title,
    questions: questions.map((given, index) => {
      const question = oneLine(given);
      const { query, also } = known.get(sameText(question)) ?? { query: searchWords(question) };
      return { id: `q${index + 1}`, question, query, ...(also === undefined ? {} : { also }) };
    }),
    cover: cover.map(oneLine).filter((phrase) => phrase !== ""),
  };
}

function sameText(text: string): string {
  return oneLine(text).toLowerCase();
}

/** The words of a question that are worth searching for. */
export function searchWords(question: string): string {
  const seen = new Set<string>();
  const telling = splitWords(question)
    .map(({ text }) => text.replace(/['’]s$/, ""))
    .filter((word) => {
      const key = word.toLowerCase();
      return !STOP_WORDS.has(key) && !seen.has(key) && seen.add(key);
    });
  return telling.join(" ") || question;
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
