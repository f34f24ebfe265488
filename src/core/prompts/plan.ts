import * as z from "zod";
import { QuestionKind, type Clarification, type SourceKind } from "../domain/schema.js";
import { DATA_RULE, type Task } from "./task.js";

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
  /** The kinds of sources that there are, where a question may go to some of them; absent: nothing is chosen. */
  kinds?: SourceKind[];
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
        sources: z
          .array(z.string())
          .optional()
          .describe("The kinds of sources that may answer it, where not all may; else left out"),
      }),
    )
    .min(1),
  cover: z.array(z.string()).describe("What a good answer must cover, a phrase each"),
  pages: z
    .array(z.string())
    .optional()
    .describe("Addresses (https) of pages that you know and that should hold the answer; else left out"),
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

/** Each kind with what it is good for, as the model is told. */
const KIND_NAMES: Record<SourceKind, string> = {
  workspace: "workspace (the user's own files)",
  packages: "packages (documentation of installed packages)",
  history: "history (why something is so, since when)",
  sites: "sites (documentation sites that the user named)",
  web: "web (general web search)",
  questions: "questions (questions and answers of developers: error messages, how-to)",
  issues: "issues (issues, releases and files of repositories: known bugs, breaking changes)",
  reference: "reference (the web platform's reference)",
  encyclopedia: "encyclopedia (background)",
};

export const planTask: Task<PlanInput, PlanDraft> = {
  role: "think",
  instructions:
    "You plan research. Take the question apart into sub-questions that together answer it, without overlap, " +
    "each searchable on its own. A simple question needs one or two; use the most only for a survey. " +
    "Write in the question's language. Where the question can be read in ways that would lead to different " +
    "research, and nothing in it tells which is meant, ask back in “unclear”, and plan for the likeliest reading " +
    "all the same. Most questions are clear enough: then leave it out. Never ask what the research itself will " +
    "find, nor how detailed the answer shall be. Where the web is searched and you know pages that should hold the " +
    "answer (official documentation, specifications, repositories, changelogs), give up to five addresses in " +
    "“pages”, none that you are not sure of.",
  prompt: ({ question, questions, scope, kinds, before, answers = [] }, data) =>
    `Question: ${question}\n\n` +
    (before === undefined ? "" : goingOn(before, data)) +
    (answers.length === 0
      ? ""
      : `The user was asked back, and said what stands here; what was offered may be a file's title. ${DATA_RULE}\n` +
        `${data(answers.map((each) => `- ${each.question} ${each.answer}`).join("\n"))}\n` +
        "Plan for what is meant by that, with search words that say it, and ask nothing more.\n\n") +
    `Sources that can be searched: ${scope.join(", ")}.\n` +
    (kinds === undefined ? "" : `Kinds of sources: ${kinds.map((kind) => KIND_NAMES[kind]).join("; ")}.\n`) +
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
