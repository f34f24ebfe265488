import * as z from "zod";
import type { GenerateRequest, Role } from "../../fakes/gemini.js";
import { sensibly } from "../../fakes/gemini-answers.js";

/*
 * What the bench's model answers: the stand-in's own honest answers, in the amounts that a whole
 * research has. Everything is worked out from the request.
 */

export interface Amounts {
  /** Sub-questions, and how many of them, the first ones, are searched for in two wordings. */
  questions: number;
  twice: number;
  /** Sections of a report, and sentences of each, at most. */
  sections: number;
  sentences: number;
}

const ASPECTS = ["repair costs", "yearly losses", "building rules", "town budgets", "ship traffic", "stone walls", "flood insurance", "older methods", "later surveys", "open disputes"]; // prettier-ignore

const ModelResponse = z.object({
  candidates: z
    .array(
      z.looseObject({
        content: z.object({ role: z.string(), parts: z.array(z.looseObject({ text: z.string() })) }),
      }),
    )
    .min(1),
});
const Claims = z.object({ claims: z.array(z.unknown()) });
const Sections = z.object({
  sections: z.array(z.object({ heading: z.string(), evidence: z.array(z.string()) })),
});
const Written = z.object({
  paragraphs: z.array(
    z.object({ sentences: z.array(z.object({ text: z.string(), evidence: z.array(z.string()) })) }),
  ),
});

/** The answer to a request, in the API's form. */
export function answerTo(role: Role, body: GenerateRequest, amounts: Amounts): object {
  const prompt = body.contents.flatMap(({ parts }) => parts.map(({ text }) => text)).join("\n");
  if (role === "plan") return textAnswer(plan(prompt, amounts));
  const plain = sensibly(role, body);
  const text = ModelResponse.parse(plain).candidates[0]?.content.parts.at(-1)?.text ?? "";
  if (role === "extract") {
    const { claims } = Claims.parse(JSON.parse(text));
    // Two of one page and three of the next: by the length of what was sent, which a resumed run sends again.
    return textAnswer({ claims: claims.slice(0, 2 + (prompt.length % 2)) });
  }
  if (role === "outline") {
    const ids = Sections.parse(JSON.parse(text)).sections.flatMap(({ evidence }) => evidence);
    const each = Math.ceil(ids.length / amounts.sections);
    const sections = Array.from({ length: amounts.sections }, (_, index) => ({
      heading: `Part ${index + 1} of what is known`,
      evidence: ids.slice(index * each, (index + 1) * each),
    }));
    return textAnswer({ sections: sections.filter(({ evidence }) => evidence.length > 0), gaps: [] });
  }
  if (role === "write") {
    const all = Written.parse(JSON.parse(text)).paragraphs.flatMap(({ sentences }) => sentences);
    const per = Math.ceil(all.length / amounts.sentences);
    // A sentence cites all that it stands for and says what the first of it says.
    const sentences = all
      .map(({ text: said }, index) => ({
        text: said,
        evidence: all.slice(index, index + per).flatMap(({ evidence }) => evidence),
      }))
      .filter((_, index) => index % per === 0);
    return textAnswer({ paragraphs: [{ sentences }], table: null });
  }
  return plain;
}

/** An answer whose text is this value as JSON, in the API's form. */
export function textAnswer(value: unknown): object {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return { candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason: "STOP", index: 0 }] };
}

function plan(prompt: string, { questions, twice }: Amounts): unknown {
  const question = /^Question: (.*)$/m.exec(prompt)?.[1] ?? "";
  const about = (question.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? []).slice(-4).join(" ");
  const asked = ASPECTS.slice(0, questions);
  return {
    title: question.replace(/[?.!]+$/, ""),
    kind: "survey",
    questions: asked.map((aspect, index) => ({
      question: `What is known about the ${aspect} of ${about}?`,
      query: `${aspect} ${about}`,
      also: index < twice ? [`${aspect} figures ${about}`] : [],
    })),
    cover: asked,
  };
}

/** Tokens of everything that a request sends: a quarter of the characters of instructions, prompt and schema. */
export function tokensOf({ systemInstruction, contents, generationConfig }: GenerateRequest): number {
  const texts = [...(systemInstruction?.parts ?? []), ...contents.flatMap(({ parts }) => parts)];
  const schema = generationConfig?.responseJsonSchema;
  const characters =
    texts.reduce((sum, { text }) => sum + text.length, 0) +
    (schema === undefined ? 0 : JSON.stringify(schema).length);
  return Math.ceil(characters / 4);
}

/** Tokens of an answer: a quarter of the characters of its text. */
export function outputTokensOf(answer: object): number {
  const texts = ModelResponse.safeParse(answer).data?.candidates[0]?.content.parts ?? [];
  return Math.ceil(texts.reduce((sum, { text }) => sum + text.length, 0) / 4);
}
