import * as z from "zod";
import { DATA_RULE, type Task } from "./task.js";
import type { Question } from "../domain/schema.js";
import { numberUnits, renderNumberedPassage } from "./numbered-units.js";

export interface ExtractInput {
  questions: Pick<Question, "id" | "question">[];
  title: string;
  /** How the text is built. */
  format: "markdown" | "code";
  /** The source's best passages for the questions, in the order of the text. */
  passages: {
    heading: string;
    text: string;
    /** The line of the heading above, as it stands there, where it is the name that the passage explains. */
    above?: string;
  }[];
  /** Quotes of an answer that copied them, and that do not stand in the source; empty the first time. */
  missed: string[];
}

/** What a language model answers: where the quote is, by numbers. Short, since output is what costs most. */
const PointedClaim = z.object({
  claim: z
    .string()
    .optional()
    .describe("What it says, at most 7 words, only where the parts alone are unclear"),
  parts: z.array(z.int()).min(1).max(2).describe("First and last part"),
  questions: z.array(z.string()).describe("Ids of questions it answers"),
});
/** What the offline engine answers, and what models of earlier versions did: the words themselves. */
const QuotedClaim = z.object({ claim: z.string(), quote: z.string(), questions: z.array(z.string()) });

export const Extraction = z.object({ claims: z.array(z.union([PointedClaim, QuotedClaim])) });
export type Extraction = z.infer<typeof Extraction>;

export const extractTask: Task<ExtractInput, Extraction> = {
  role: "read",
  instructions:
    "Collect evidence from one source, whose parts are numbered [#1], [#2] and so on. For each thing that helps to " +
    "answer a question, give the one to three parts in a row that show it, with dates, numbers and conditions; give a " +
    "list or a piece of code whole. If nothing helps, give an empty list. " +
    DATA_RULE,
  prompt: ({ questions, title, format, passages, missed }, data) =>
    [
      "The source:",
      data(`${title}\n\n${renderPassages(passages, format)}`),
      "",
      "Questions (id, question):",
      data(questions.map(({ id, question }) => `${id}: ${question}`).join("\n")),
      ...(missed.length === 0
        ? []
        : [
            "",
            "These quotes of an earlier answer do not stand in the source letter by letter. " +
              "Point at the parts that each of them comes from, or leave it out; give no others:",
            data(missed.map((quote) => `- ${quote}`).join("\n")),
          ]),
    ].join("\n"),
  output: Extraction,
  modelOutput: z.object({ claims: z.array(PointedClaim) }),
};

function renderPassages(passages: ExtractInput["passages"], format: ExtractInput["format"]): string {
  const units = numberUnits({ passages, format });
  return passages
    .map(({ heading, text }, index) => {
      const numbered = renderNumberedPassage(text, index, units);
      return heading ? `[${heading}]\n${numbered}` : numbered;
    })
    .join("\n\n…\n\n");
}
