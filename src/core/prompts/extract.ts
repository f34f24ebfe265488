import * as z from "zod";
import { DATA_RULE, type Task } from "./task.js";
import type { Question } from "../domain/schema.js";

export interface ExtractInput {
  questions: Pick<Question, "id" | "question">[];
  title: string;
  /** How the text is built. */
  format: "markdown" | "code";
  /** The source's best passages for the questions, in the order of the text. */
  passages: { heading: string; text: string }[];
  /** Quotes of an earlier answer that do not stand in the source; empty the first time. */
  missed: string[];
}

export const Extraction = z.object({
  claims: z.array(
    z.object({
      claim: z.string().describe("What the quote says towards the questions, one sentence, your words"),
      quote: z
        .string()
        .describe("Copied from the source letter by letter, one to three sentences, never shortened"),
      questions: z.array(z.string()).describe("Ids of the questions that it helps to answer"),
    }),
  ),
});
export type Extraction = z.infer<typeof Extraction>;

export const extractTask: Task<ExtractInput, Extraction> = {
  role: "read",
  instructions:
    "You collect evidence from one source. For each thing in it that helps to answer one of the questions, give " +
    "the claim and the quote that shows it. A quote is copied letter by letter, without omissions, from one place. " +
    "Keep dates, numbers and conditions in the quote. If nothing helps, give an empty list. " +
    DATA_RULE,
  prompt: ({ questions, title, passages, missed }, data) =>
    [
      "The source:",
      data(
        `${title}\n\n${passages.map(({ heading, text }) => (heading ? `[${heading}]\n${text}` : text)).join("\n\n…\n\n")}`,
      ),
      "",
      "Questions (id, question):",
      data(questions.map(({ id, question }) => `${id}: ${question}`).join("\n")),
      ...(missed.length === 0
        ? []
        : [
            "",
            "These quotes of an earlier answer do not stand in the source letter by letter. " +
              "Give each of them again as it really stands there, or leave it out; give no others:",
            data(missed.map((quote) => `- ${quote}`).join("\n")),
          ]),
    ].join("\n"),
  output: Extraction,
};
