import * as z from "zod";
import { DATA_RULE, type Task } from "./task.js";
import type { Plan, QuestionKind } from "../domain/schema.js";

/** Evidence as an index shows it: enough to sort by, not the page. */
export interface EvidenceSummary {
  id: string;
  claim: string;
  source: string;
  /** The heading that it stands under in its source; may be empty. */
  heading: string;
  /** The headings above that one, outermost first; absent where there are none. */
  under?: string;
  questions: string[];
}

export interface OutlineInput {
  question: string;
  kind: QuestionKind;
  questions: Plan["questions"];
  cover: string[];
  evidence: EvidenceSummary[];
  /** Whether another round of gathering may follow, so that gaps are worth naming as questions. */
  mayAsk: boolean;
  /** Sub-questions that the user left out; absent where there are none. */
  leftOut?: string[];
}

export const OutlineDraft = z.object({
  sections: z.array(
    z.object({
      heading: z.string().describe("A short heading, no number, no full stop"),
      evidence: z.array(z.string()).describe("Ids of the evidence that the section is written from"),
    }),
  ),
  gaps: z
    .array(
      z.object({
        question: z.string(),
        query: z.string(),
        what: z.string().describe("What is missing, a phrase"),
      }),
    )
    .describe("What must be covered and is not; empty when all is"),
  hasAnswer: z
    .boolean()
    .optional()
    .describe("False where the evidence does not answer the question and the sections are only near it"),
});
export type OutlineDraft = z.infer<typeof OutlineDraft>;

export const outlineTask: Task<OutlineInput, OutlineDraft> = {
  role: "think",
  instructions:
    "You outline a report from an index of evidence. Order the sections so that the answer comes first and each " +
    "builds on the one before; put every useful piece of evidence in the one section where it belongs. No section " +
    "without evidence, no introduction, no conclusion. Name what must be covered and has no evidence as gaps. " +
    DATA_RULE,
  prompt: ({ question, kind, questions, cover, evidence, mayAsk, leftOut = [] }, data) =>
    [
      `Question (${kind}): ${question}`,
      "",
      "Evidence (id, questions, source, claim):",
      data(
        evidence
          .map(
            (e) =>
              `${e.id} [${e.questions.join(",")}] ${[e.source, e.heading].filter((part) => part !== "").join(", ")}: ${e.claim}`,
          )
          .join("\n"),
      ),
      "",
      "Sub-questions (id, question):",
      data(questions.map((each) => `${each.id}: ${each.question}`).join("\n")),
      "To cover:",
      data(cover.join("\n") || "the question"),
      ...(leftOut.length === 0
        ? []
        : [
            "The user does not want to know the following; it is no gap and no section:",
            data(leftOut.join("\n")),
          ]),
      "",
      mayAsk
        ? "Another round of searching may follow: give each gap as a question with search words."
        : "No more searching follows: name the gaps all the same, they will be told to the reader.",
    ].join("\n"),
  output: OutlineDraft,
};
