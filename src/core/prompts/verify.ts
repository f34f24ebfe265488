import * as z from "zod";
import { Verdict } from "../domain/schema.js";
import { DATA_RULE, type Task } from "./task.js";
import type { QuotedEvidence } from "./write.js";

export interface VerifyInput {
  claims: { index: number; text: string; evidence: QuotedEvidence[] }[];
}

export const Verdicts = z.object({
  verdicts: z.array(
    z.object({
      index: z.number(),
      verdict: Verdict.exclude(["not-checked"]),
      reason: z.string().describe("Why it is not plainly supported, a phrase; empty if supported"),
    }),
  ),
});
export type Verdicts = z.infer<typeof Verdicts>;

export const verifyTask: Task<VerifyInput, Verdicts> = {
  role: "read",
  instructions:
    "You check sentences against quotes, from the quotes alone, not from what you know. supported: the quotes say it. " +
    "qualified: they say it with a condition or an exception that the sentence leaves out. contradicted: they say the " +
    "opposite. unsupported: they do not say it. Give each sentence one verdict. " +
    DATA_RULE,
  prompt: ({ claims }, data) =>
    claims
      .map(({ index, text, evidence }) =>
        [
          `Sentence ${index}:`,
          data(text),
          "Quotes:",
          data(evidence.map((e) => `"${e.quote}"`).join("\n")),
        ].join("\n"),
      )
      .join("\n\n"),
  output: Verdicts,
};
