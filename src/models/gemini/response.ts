import { msg, type Message } from "../../common/messages.js";
import * as z from "zod";
import { ResearchError } from "../../common/errors.js";
import type { GroundedAnswer } from "../../core/domain/ports.js";

/*
 * What Gemini's API sends, as far as we use it. The SDK's own types are wrong in places (grounding),
 * so these are ours; everything is optional, since everything was seen missing.
 */

const Count = z.number().catch(0).default(0);

const Text = z.string().catch("").default("");

const Segment = z.object({ partIndex: Count, startIndex: Count, endIndex: Count, text: Text });
type Segment = z.infer<typeof Segment>;

const Support = z.object({
  segment: Segment.optional(),
  groundingChunkIndices: z.array(z.number()).default([]),
});

const Grounding = z.object({
  webSearchQueries: z.array(z.string()).default([]),
  searchEntryPoint: z.object({ renderedContent: Text }).optional(),
  groundingChunks: z.array(z.object({ web: z.object({ uri: Text, title: Text }).optional() })).default([]),
  groundingSupports: z.array(Support).default([]),
});

const Part = z.object({ text: z.string().optional(), thought: z.boolean().optional() });

export const GeminiResponse = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(Part).default([]) }).optional(),
        finishReason: z.string().optional(),
        groundingMetadata: Grounding.optional().catch(undefined),
      }),
    )
    .default([]),
  promptFeedback: z.object({ blockReason: z.string().optional() }).optional(),
  usageMetadata: z
    .object({
      promptTokenCount: Count,
      toolUsePromptTokenCount: Count,
      candidatesTokenCount: Count,
      thoughtsTokenCount: Count,
    })
    .optional()
    .catch(undefined),
  /** The model that answered. */
  modelVersion: z.string().optional().catch(undefined),
});
export type GeminiResponse = z.infer<typeof GeminiResponse>;

/** Tokens as they are paid: what went in (tools' prompts too), what came out (thoughts too). */
export function countTokens({ usageMetadata: usage }: GeminiResponse): { in: number; out: number } {
  return {
    in: (usage?.promptTokenCount ?? 0) + (usage?.toolUsePromptTokenCount ?? 0),
    out: (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
  };
}

/** How an answer that was paid for may be unusable. */
export type ResponseFault =
  { kind: "recitation" } | { kind: "empty" } | { kind: "final"; error: ResearchError };

/** Ends that are a judgement about what was asked or said; all others but STOP are accidents. */
const BLOCKED = new Set([
  "SAFETY",
  "LANGUAGE",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "IMAGE_SAFETY",
  "IMAGE_PROHIBITED_CONTENT",
]);

/**
 * The answer's text without thoughts, or why there is none that may be used. STOP is the only good
 * end: any other, known or not, leaves an answer of which nobody knows how much is missing.
 */
export function extractText(answer: GeminiResponse): { text: string } | ResponseFault {
  const [candidate] = answer.candidates;
  if (candidate === undefined) {
    const reason = answer.promptFeedback?.blockReason;
    return reason === undefined
      ? { kind: "empty" }
      : { kind: "final", error: blocked(msg`Gemini blocked the question (${reason}).`) };
  }
  const { finishReason: reason = "no reason given" } = candidate;
  if (reason === "RECITATION") return { kind: "recitation" };
  if (BLOCKED.has(reason))
    return { kind: "final", error: blocked(msg`Gemini blocked its own answer (${reason}).`) };
  if (reason !== "STOP") {
    const error =
      reason === "MAX_TOKENS"
        ? new ResearchError("bad-answer", msg`Gemini's answer was cut off at its length limit (MAX_TOKENS).`)
        : new ResearchError(
            "blocked",
            msg`Gemini stopped its answer early (${reason}).`,
            msg`Try again later.`,
          );
    return { kind: "final", error };
  }
  const parts = candidate.content?.parts ?? [];
  const text = parts.flatMap((part) => (part.thought === true ? [] : [part.text ?? ""])).join("");
  return text.trim() === "" ? { kind: "empty" } : { text };
}

function blocked(message: Message): ResearchError {
  return new ResearchError("blocked", message, msg`Rephrase the question and try again.`);
}

/**
 * What a grounded answer vouches for. Google counts in UTF-8 bytes, leaves out a start of 0, and
 * may point at chunks that are not there; an answer without any support is a normal answer.
 */
export function extractGrounding(answer: GeminiResponse, text: string): GroundedAnswer {
  const metadata = answer.candidates[0]?.groundingMetadata;
  const chunks = metadata?.groundingChunks ?? [];
  const parts = (answer.candidates[0]?.content?.parts ?? []).map((part) => part.text ?? "");
  return {
    text,
    pages: chunks.map(({ web }) => ({
      url: isAddress(web?.uri) ? (web?.uri ?? "") : "",
      title: web?.title ?? "",
    })),
    spans: (metadata?.groundingSupports ?? []).flatMap(({ segment, groundingChunkIndices }) => {
      const span = segment === undefined ? "" : groundedSpan(segment, parts, text);
      const pages = groundingChunkIndices.filter((index) => isAddress(chunks[index]?.web?.uri));
      return span.trim() === "" || pages.length === 0 ? [] : [{ text: withoutMarkdown(span), pages }];
    }),
    queries: metadata?.webSearchQueries ?? [],
    suggestions: metadata?.searchEntryPoint?.renderedContent ?? "",
  };
}

/**
 * The bytes that a segment counts out of its part of the answer, unless its own text stands in the answer and says
 * otherwise. "" where the count ends outside the part or inside a letter.
 */
function groundedSpan(segment: Segment, parts: string[], text: string): string {
  const { partIndex, startIndex, endIndex, text: said } = segment;
  if (said !== "" && text.includes(said)) return said;
  const bytes = Buffer.from(parts[partIndex] ?? "", "utf8");
  if (endIndex <= startIndex || endIndex > bytes.length) return "";
  const counted = bytes.subarray(startIndex, endIndex).toString("utf8");
  return text.includes(counted) ? counted : "";
}

function isAddress(uri: string | undefined): boolean {
  return uri !== undefined && URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol);
}

/** Google writes its answer in Markdown: list marks and emphasis at a span's edges are no part of it. */
function withoutMarkdown(span: string): string {
  return span
    .replace(/^\s*(?:[*+-]|\d+\.)\s+/, "")
    .replace(/\*\*/g, "")
    .trim();
}
