import {
  GoogleGenerativeAI,
  GoogleGenerativeAIFetchError,
  type GenerationConfig,
  type ModelParams,
} from "@google/generative-ai";
import PQueue from "p-queue";
import { z } from "zod";
import { ResearchError } from "../research/errors.js";
import type { Found, Model, Paid, Search } from "../research/ports.js";
import { NO_USAGE, type Usage } from "../research/schema.js";
import { tasks, type TaskInput, type TaskName, type TaskOutput } from "../research/tasks.js";
import { Answer, groundedOf, textOf, tokensOf } from "./gemini-answer.js";
import { judgeConnection, judgeStatus, type Failure } from "./gemini-errors.js";
import { MODELS, priceOf } from "./prices.js";

/** Gemini, through Google's SDK, which lives in this file and nowhere else. */
export interface Gemini {
  model: Model;
  /** Google Search through Gemini: answers with the spans that Google vouches for, and no hits to read. */
  search: Search;
  /** One free request. @throws ResearchError "bad-key", "billing", "no-network" … if the key does not work */
  tryKey(signal: AbortSignal): Promise<void>;
}

export interface GeminiOptions {
  key: string;
  /** Another address than Google's; no redirect from it is followed. */
  baseUrl?: string;
  /** Told what people should know: another model answers, a wait has begun. */
  notice: (message: string) => void;
  /** One request's longest time, in milliseconds. */
  timeoutMs?: number;
  /** Waits; tests give a quicker one. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  now?: () => Date;
}

const GOOGLE = "https://generativelanguage.googleapis.com";
const VERSION = "v1beta";
const AT_ONCE = 6;
/** Tries of one model while the provider is overloaded or the connection breaks. */
const TRIES = 4;
/** Times that a 429 is waited out before the run gives up on it. */
const WAITS = 8;

/**
 * Opens Gemini.
 * @throws ResearchError "bad-key" for a key that cannot be one (the key itself is never in a message)
 */
export function openGemini({
  key: given,
  baseUrl = GOOGLE,
  notice,
  timeoutMs = 120_000,
  wait = waitFor,
  now = () => new Date(),
}: GeminiOptions): Gemini {
  const key = given.trim();
  // A blank or a line break in it would make the HTTP client print the key in its error.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new ResearchError(
      "bad-key",
      "The Gemini key has blanks or letters that no key has.",
      "Copy it again.",
    );
  }
  const base = baseUrl.replace(/\/+$/, "");
  const sdk = new GoogleGenerativeAI(key);
  const queue = new PQueue({ concurrency: AT_ONCE });
  /** When requests may go out again after a 429, for all of them. */
  let pausedUntil = 0;
  const told = new Set<string>();
  const tellOnce = (message: string): void => {
    if (!told.has(message)) notice(message);
    told.add(message);
  };

  return {
    model: { engine: "gemini", answer },
    search: { name: "google", search },
    tryKey,
  };

  async function answer<N extends TaskName>(
    name: N,
    input: TaskInput<N>,
    signal: AbortSignal,
  ): Promise<Paid<TaskOutput<N>>> {
    // The registry's type pairs each task with its own input and output; the index loses that pairing.
    const task = tasks[name] as unknown as {
      role: "think" | "read";
      instructions: string;
      prompt: (input: TaskInput<N>, data: (text: string) => string) => string;
      output: z.ZodType<TaskOutput<N>>;
    };
    const prompt = task.prompt(input, betweenMarks());
    const generationConfig = {
      responseMimeType: "application/json",
      responseJsonSchema: jsonSchema(task.output),
    } as GenerationConfig;
    let usage = NO_USAGE;
    let failing = "";
    for (let round = 0; round < 2; round++) {
      const mend =
        failing === ""
          ? ""
          : `\n\nAn earlier answer did not fit the schema: ${failing}\nGive the whole answer again, so that it fits.`;
      const said = await converse(
        MODELS[task.role],
        { systemInstruction: task.instructions, generationConfig },
        prompt + mend,
        signal,
      );
      usage = add(usage, said.usage);
      const parsed = task.output.safeParse(json(said.text));
      if (parsed.success) return { value: parsed.data, usage, by: said.model };
      failing = z.prettifyError(parsed.error).replace(/\s+/g, " ").slice(0, 600);
    }
    throw new ResearchError("bad-answer", `Gemini's answer to “${name}” did not fit what was asked, twice.`);
  }

  async function search(
    { question }: { question: string },
    _limit: number,
    signal: AbortSignal,
  ): Promise<Paid<Found>> {
    // Search and a schema in one request do not go together: the grounded text is taken as it is.
    const tools = [{ googleSearch: {} }] as unknown as NonNullable<ModelParams["tools"]>;
    const systemInstruction =
      "Answer the question from what a web search finds: facts, one a sentence, with numbers, dates and conditions. " +
      "No introduction, no advice, no headings.";
    const { text, raw, usage, model } = await converse(
      MODELS.think,
      { systemInstruction, tools },
      question,
      signal,
    );
    return { value: { hits: [], grounded: groundedOf(raw, text) }, usage, by: model };
  }

  /**
   * Asks until there is a text: other tries for an empty answer or a recitation, other models where
   * one is overloaded. What unusable answers cost is in the sum.
   */
  async function converse(
    models: readonly string[],
    params: Omit<ModelParams, "model">,
    prompt: string,
    signal: AbortSignal,
  ): Promise<{ text: string; raw: Answer; usage: Usage; model: string }> {
    let usage = NO_USAGE;
    let last = new ResearchError("bad-answer", "Gemini gave no answer.");
    for (const [index, model] of models.entries()) {
      if (index > 0)
        tellOnce(
          `${models[index - 1] ?? "The model"} does not answer (${last.message}) ${model} is asked instead.`,
        );
      let recited = false;
      for (let empty = 0; empty < 2;) {
        const asked = recited
          ? `${prompt}\n\nSay it in your own words, and keep every quote to a single short sentence.`
          : prompt;
        const outcome = await request(model, params, asked, signal);
        if ("failure" in outcome) {
          last = outcome.failure.error;
          // Another model is behind the same address: without a network it does not answer either.
          if (outcome.failure.kind === "final" || last.code === "no-network") throw last;
          break;
        }
        usage = add(usage, priceOf(model, tokensOf(outcome.raw), now()));
        const judged = textOf(outcome.raw);
        if ("text" in judged) return { text: judged.text, raw: outcome.raw, usage, model };
        if (judged.kind === "final") throw judged.error;
        if (judged.kind === "recitation") {
          last = new ResearchError(
            "blocked",
            "Gemini will not answer, since it would quote too much (RECITATION).",
          );
          if (recited) throw last;
          recited = true;
        } else {
          last = new ResearchError("bad-answer", "Gemini gave an empty answer.");
          empty++;
        }
      }
    }
    if (last.code === "unknown-model") throw await withModels(last, signal);
    throw last;
  }

  /** One request to one model, tried again as its failures allow. */
  async function request(
    model: string,
    params: Omit<ModelParams, "model">,
    prompt: string,
    signal: AbortSignal,
  ): Promise<{ raw: Answer } | { failure: Failure }> {
    let waits = 0;
    for (let tries = 1; ;) {
      const outcome = await queue
        .add(() => once(model, params, prompt, signal), { signal })
        .catch((error: unknown) => {
          signal.throwIfAborted();
          throw error;
        });
      if ("raw" in outcome) return outcome;
      const { failure } = outcome;
      if (failure.kind === "wait" && waits < WAITS) {
        waits++;
        const ms = failure.ms ?? backoff(waits);
        pausedUntil = Math.max(pausedUntil, Date.now() + ms);
        if (ms >= 5000) notice(`Gemini asks to wait ${Math.ceil(ms / 1000)} s.`);
        // Spread out, or all that waited would come back at the same moment.
        await wait(ms + Math.random() * Math.min(ms, 2000), signal);
      } else if (failure.kind === "again" && tries < TRIES) {
        await wait(backoff(tries++), signal);
      } else {
        return { failure: failure.kind === "wait" ? { kind: "final", error: failure.error } : failure };
      }
    }
  }

  async function once(
    model: string,
    params: Omit<ModelParams, "model">,
    prompt: string,
    signal: AbortSignal,
  ): Promise<{ raw: Answer } | { failure: Failure }> {
    signal.throwIfAborted();
    const pause = pausedUntil - Date.now();
    if (pause > 0) await wait(pause, signal);
    // The SDK's own timer is never cleared and would keep the process alive: this one is.
    const controller = new AbortController();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      controller.abort();
    }, timeoutMs);
    const stop = (): void => controller.abort();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const { response } = await throughOwnFetch(() =>
        sdk
          .getGenerativeModel({ model, ...params }, { baseUrl: base, apiVersion: VERSION })
          .generateContent(prompt, { signal: controller.signal }),
      );
      const raw = Answer.safeParse(response);
      if (raw.success) return { raw: raw.data };
      return {
        failure: {
          kind: "again",
          error: new ResearchError("bad-answer", "Gemini's answer has an unknown form."),
        },
      };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof GoogleGenerativeAIFetchError && error.status !== undefined) {
        return {
          failure: judgeStatus(error.status, error.message.replaceAll(key, "[key]"), error.errorDetails),
        };
      }
      return { failure: judgeConnection(error, timedOut) };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
  }

  async function tryKey(signal: AbortSignal): Promise<void> {
    await list(signal);
  }

  /** The names of the models that the key may use. */
  async function list(signal: AbortSignal): Promise<string[]> {
    signal.throwIfAborted();
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(`${base}/${VERSION}/models?pageSize=1000`, {
        headers: { "x-goog-api-key": key },
        redirect: "error",
        signal,
      });
      body = await response.json().catch(() => null);
    } catch (error) {
      if (signal.aborted && signal.reason instanceof Error && signal.reason.name === "TimeoutError") {
        throw judgeConnection(error, true).error;
      }
      signal.throwIfAborted();
      throw judgeConnection(error, false).error;
    }
    if (!response.ok) {
      const Failed = z.object({
        error: z.object({ message: z.string().default(""), details: z.unknown().optional() }),
      });
      const { message, details } = Failed.safeParse(body).data?.error ?? { message: "", details: [] };
      throw judgeStatus(response.status, message.replaceAll(key, "[key]"), details).error;
    }
    const Listed = z.object({ models: z.array(z.object({ name: z.string() })).default([]) });
    return Listed.safeParse(body).data?.models.map(({ name }) => name.replace(/^models\//, "")) ?? [];
  }

  async function withModels(error: ResearchError, signal: AbortSignal): Promise<ResearchError> {
    const names = await list(signal).catch(() => []);
    const there = names.filter((name) => name.startsWith("gemini")).slice(0, 8);
    return there.length === 0
      ? error
      : new ResearchError("unknown-model", error.message, `There are: ${there.join(", ")}.`, {
          cause: error,
        });
  }
}

/**
 * The SDK takes the global fetch when it is called, would follow a redirect with the key, and keeps
 * nothing of a broken connection but a message. For that one synchronous moment fetch is one that
 * refuses redirects and lets its errors out as they are; nobody else ever sees it.
 */
async function throughOwnFetch<T>(begin: () => Promise<T>): Promise<T> {
  const original = globalThis.fetch;
  let broken: unknown;
  globalThis.fetch = async (input, init) => {
    try {
      return await original(input, { ...init, redirect: "error" });
    } catch (error) {
      broken = error;
      throw error;
    }
  };
  let begun: Promise<T>;
  try {
    begun = begin();
  } finally {
    globalThis.fetch = original;
  }
  return begun.catch((error: unknown) => {
    throw broken ?? error;
  });
}

/** Puts text between marks that its author cannot guess, new ones for each call. */
function betweenMarks(): (text: string) => string {
  const mark = `DATA-${crypto.randomUUID()}`;
  return (text) => `<<${mark}\n${text.replaceAll(mark, "")}\n${mark}>>`;
}

/** The schema in the keywords that Gemini knows. */
function jsonSchema(schema: z.ZodType): unknown {
  const KNOWN = new Set([
    "type", "properties", "required", "additionalProperties", "enum", "items", "prefixItems", "minItems", "maxItems",
    "minimum", "maximum", "title", "description", "anyOf",
  ]); // prettier-ignore
  const reduce = (value: unknown, isMap: boolean): unknown => {
    if (Array.isArray(value)) return value.map((each) => reduce(each, false));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => isMap || KNOWN.has(name))
        .map(([name, each]) => [name, reduce(each, !isMap && name === "properties")]),
    );
  };
  return reduce(z.toJSONSchema(schema), false);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Truncated JSON is never closed by us: that would hide that it was truncated.
    return undefined;
  }
}

function add(a: Usage, b: Usage): Usage {
  return { in: a.in + b.in, out: a.out + b.out, usd: a.usd + b.usd };
}

/** 1, 2, 4 … seconds, half to all of it, so that many callers spread out. */
function backoff(attempt: number): number {
  return 1000 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}

function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new DOMException("Cancelled", "AbortError"));
    };
    if (signal.aborted)
      return reject(
        signal.reason instanceof Error ? signal.reason : new DOMException("Cancelled", "AbortError"),
      );
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
