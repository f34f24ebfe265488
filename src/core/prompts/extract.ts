import * as z from "zod";
import { DATA_RULE, type Task } from "./task.js";
import type { Question } from "../domain/schema.js";
import { numberUnits, renderNumberedPassage } from "./numbered-units.js";

export interface ExtractInput {
  questions: Pick<Question, "id" | "question">[];
  title: string;
  /** How the text is built. */
  format: "markdown" | "code" | "text";
  /** The source's best passages for the questions, in the order of the text. */
  passages: { heading: string; text: string }[];
  /** Quotes of an answer that copied them, and that do not stand in the source; empty the first time. */
  missed: string[];
}

const about = z.array(z.string()).describe("Ids of the questions that it helps to answer");

/** What a language model answers: where the quote is, by numbers. */
const PointedClaim = z.object({
  claim: z.string().describe("What it says towards the questions, at most 12 words"),
  first: z.int().describe("Number of the first part of the quote"),
  last: z.int().describe("Number of the last part; the same as first for one part"),
  questions: about,
});
/** What the offline engine answers, and what models of earlier versions did: the words themselves. */
const QuotedClaim = z.object({ claim: z.string(), quote: z.string(), questions: about });

export const Extraction = z.object({ claims: z.array(z.union([PointedClaim, QuotedClaim])) });
export type Extraction = z.infer<typeof Extraction>;

export const extractTask: Task<ExtractInput, Extraction> = {
  role: "read",
  instructions:
    "You collect evidence from one source. Its parts are numbered: [#1], [#2] and so on. For each thing in it that " +
    "helps to answer one of the questions, give a short claim and the numbers of the parts that show it, from first " +
    "to last. Take one to three parts that follow each other, with the dates, numbers and conditions that belong to " +
    "it, and a whole piece of code or list where that is the answer. If nothing helps, give an empty list. " +
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
