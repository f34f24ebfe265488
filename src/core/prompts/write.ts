import * as z from "zod";
import { DATA_RULE, type Task } from "./task.js";
import type { QuestionKind } from "../domain/schema.js";

/** Evidence as a writer sees it. */
export interface QuotedEvidence {
  id: string;
  quote: string;
  claim: string;
  source: string;
}

const Sentence = z.object({
  text: z.string().describe("One sentence, plain words, no links, no citation marks"),
  evidence: z.array(z.string()).describe("Ids of the evidence that shows it, only ids given"),
});

const SentenceOrBlock = Sentence.extend({
  asBlock: z
    .boolean()
    .optional()
    .describe(
      "True to show the evidence's code, table row, list or definition as it stands, in place of a sentence: " +
        "text empty, exactly one evidence id",
    ),
});

const SENTENCE_RULES =
  "Each sentence says only what its evidence shows and names that evidence by id. Numbers, dates, versions and names " +
  "stand as they do in the quotes. Do not write links, addresses or citation marks: those are added by code. " +
  "Write plainly, in the question's language, one idea a sentence. ";

const BLOCK_RULES =
  "Where the reader needs the code, the command, the option, the setting, the list or the definition itself, as for " +
  "a how-to, show it: an entry with asBlock true, an empty text and the one id whose quote it is. Code puts the quote " +
  "there, word for word. Lead to it with a sentence, and do not repeat in sentences what the block shows. ";

function quoted(evidence: QuotedEvidence[]): string {
  return evidence.map((e) => `${e.id} (${e.source}): "${e.quote}"`).join("\n");
}

export interface WriteInput {
  question: string;
  kind: QuestionKind;
  heading: string;
  /** Headings of the other sections, so that nothing is said twice. */
  others: string[];
  evidence: QuotedEvidence[];
}

export const SectionDraft = z.object({
  paragraphs: z.array(z.object({ sentences: z.array(SentenceOrBlock) })),
  table: z
    .object({
      columns: z.array(z.string()),
      rows: z.array(z.object({ cells: z.array(z.string()), evidence: z.array(z.string()) })),
    })
    .nullable()
    .describe("Only where two or more things are compared; otherwise null"),
});
export type SectionDraft = z.infer<typeof SectionDraft>;

export const writeTask: Task<WriteInput, SectionDraft> = {
  role: "think",
  instructions:
    "You write one section of a research report from the evidence given. " +
    SENTENCE_RULES +
    BLOCK_RULES +
    DATA_RULE,
  prompt: ({ question, kind, heading, others, evidence }, data) =>
    [
      `The report answers (${kind}): ${question}`,
      "",
      "Evidence (id, source, quote):",
      data(quoted(evidence)),
      "",
      "The heading of this section:",
      data(heading),
      ...(others.length === 0 ? [] : ["Other sections, not to be repeated:", data(others.join("\n"))]),
    ].join("\n"),
  output: SectionDraft,
};

export interface RewriteInput {
  question: string;
  sentences: { index: number; text: string; why: string; evidence: QuotedEvidence[] }[];
}

export const RewriteDraft = z.object({
  sentences: z.array(
    z.object({
      index: z.number(),
      text: z.string().nullable().describe("The sentence made true to its evidence, or null to remove it"),
      evidence: z.array(z.string()),
    }),
  ),
});
export type RewriteDraft = z.infer<typeof RewriteDraft>;

export const rewriteTask: Task<RewriteInput, RewriteDraft> = {
  role: "think",
  instructions:
    "You correct sentences of a report that failed a check against their evidence. Say what the evidence really " +
    "shows, or give null where nothing true is left to say. " +
    SENTENCE_RULES +
    DATA_RULE,
  prompt: ({ question, sentences }, data) =>
    [
      `The report answers: ${question}`,
      "",
      ...sentences.map(({ index, text, why, evidence }) =>
        [
          `Sentence ${index}: ${data(text)}`,
          `Failed because: ${data(why)}`,
          "Its evidence:",
          data(quoted(evidence)),
        ].join("\n"),
      ),
    ].join("\n"),
  output: RewriteDraft,
};

export interface ConcludeInput {
  question: string;
  kind: QuestionKind;
  cover: string[];
  /** A block is shown by its section and is no sentence to repeat. */
  sections: { heading: string; sentences: { text: string; evidence: string[]; asBlock?: true }[] }[];
  evidence: QuotedEvidence[];
  gaps: string[];
}

export const Conclusion = z.object({
  summary: z.array(Sentence).describe("The answer in two to five sentences, most important first"),
  disagreements: z
    .array(Sentence)
    .describe("Where sources contradict each other, naming both sides; empty if nowhere"),
  limits: z.array(Sentence).describe("What could not be settled; evidence may be empty here"),
});
export type Conclusion = z.infer<typeof Conclusion>;

/** What no sentence says may be what disagrees; what one says, it says itself. */
function unused(
  sections: ConcludeInput["sections"],
  evidence: QuotedEvidence[],
  data: (text: string) => string,
): string[] {
  const used = new Set(sections.flatMap(({ sentences }) => sentences.flatMap((s) => s.evidence)));
  const rest = evidence.filter(({ id }) => !used.has(id));
  return rest.length === 0 ? [] : ["Evidence that no sentence uses (id, source, quote):", data(quoted(rest))];
}

function sectionLine({
  text,
  evidence,
  asBlock,
}: ConcludeInput["sections"][number]["sentences"][number]): string {
  return `${text} (${evidence.join(", ")}${asBlock === true ? "; shown as it stands" : ""})`;
}

export const concludeTask: Task<ConcludeInput, Conclusion> = {
  role: "think",
  instructions:
    "You write the head and the tail of a research report whose sections stand: the answer in short, where sources " +
    "disagree, and what could not be settled. Add nothing that the sections do not hold. " +
    SENTENCE_RULES +
    DATA_RULE,
  prompt: ({ question, kind, cover, sections, evidence, gaps }, data) =>
    [
      `Question (${kind}): ${question}`,
      "",
      "The sections:",
      data(
        sections
          .map(({ heading, sentences }) => [`## ${heading}`, ...sentences.map(sectionLine)].join("\n"))
          .join("\n\n"),
      ),
      "",
      ...unused(sections, evidence, data),
      "",
      "To cover:",
      data(cover.join("\n") || "the question"),
      "Known gaps:",
      data(gaps.join("\n") || "none"),
    ].join("\n"),
  output: Conclusion,
};
