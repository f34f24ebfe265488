import { setMaxListeners } from "node:events";
import {
  GoogleGenerativeAI,
  type GenerationConfig,
  type ModelParams,
  type Tool,
} from "@google/generative-ai";
import PQueue from "p-queue";
import { z } from "zod";
import { ResearchError } from "../research/errors.js";
import type { Found, Model, Paid, Search } from "../research/ports.js";
import { NO_USAGE, type Question, type Usage } from "../research/schema.js";
import { tasks, type TaskInput, type TaskName, type TaskOutput } from "../research/tasks.js";
import { Answer, groundedOf, textOf, tokensOf } from "./gemini-answer.js";
import {
  judgeConnection,
  judgeStatus,
  LONGEST_WAIT_MS,
  notUnderstood,
  problemOf,
  type Failure,
} from "./gemini-errors.js";
import { betweenMarks, jsonSchema } from "./gemini-prompt.js";
import { backoff, waitFor, within } from "./gemini-waits.js";
import { MODELS, priceOf, rateOf } from "./prices.js";

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
  /** Who is asked for each role, and who instead, in this order. */
  models?: { think: readonly string[]; read: readonly string[] };
  /** Told what people should know: another model answers, a wait has begun. */
  notice: (message: string) => void;
  /** One request's longest time, in milliseconds. */
  timeoutMs?: number;
  /** Waits; tests give a quicker one. Rejects as soon as the signal is aborted. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** The day whose prices count. */
  now?: () => Date;
}

const GOOGLE = "https://generativelanguage.googleapis.com";
const VERSION = "v1beta";
/** Requests under way at one time. */
/** A whole page of 12,000 characters would cost three times as much and hold little more that helps. */
const EXTRACT_CHARACTERS = 4000;
const AT_ONCE = 6;
/** How long a model that did not answer is left alone where there is another, in milliseconds. */
const REST_MS = 5 * 60_000;
/** Trying a key is one small request: whoever waits for it sits in front of a dialog. */
const TRY_KEY_MS = 20_000;

/**
 * Opens Gemini. Sends nothing yet.
 * @throws ResearchError "bad-key" for a key that cannot be one (the key itself is never in a message)
 */
export function openGemini({
  key: given,
  baseUrl = GOOGLE,
  models = MODELS,
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
  // The key is put in by our own fetch: where that is not used, no key leaves.
  const sdk = new GoogleGenerativeAI("the-key-is-set-later");
  const queue = new PQueue({ concurrency: AT_ONCE });
  /** When requests may go out again after a 429, for all of them, on the clock of `performance.now()`. */
  let pausedUntil = 0;
  /** Until when each model that did not answer is left alone, on the same clock. */
  const resting = new Map<string, number>();
  const told = new Set<string>();
  const tellOnce = (message: string): void => {
    if (!told.has(message)) notice(message);
    told.add(message);
  };

  return {
    model: {
      engine: "gemini",
      extractCharacters: EXTRACT_CHARACTERS,
      rates: { think: rateOf(models.think[0] ?? "", now()), read: rateOf(models.read[0] ?? "", now()) },
      answer,
    },
    search: { name: "google", wordings: false, paid: true, search },
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
    // The SDK sends on what its types do not know yet.
    const generationConfig: GenerationConfig & { responseJsonSchema: unknown } = {
      responseMimeType: "application/json",
      responseJsonSchema: jsonSchema(task.output),
    };
    let usage = NO_USAGE;
    let mend = "";
    for (let round = 0; round < 2; round++) {
      const said = await converse(
        models[task.role],
        { systemInstruction: task.instructions, generationConfig },
        prompt + mend,
        signal,
      );
      usage = add(usage, said.usage);
      const parsed = task.output.safeParse(json(said.text));
      if (parsed.success) return { value: parsed.data, usage, by: said.model };
      const failing = z.prettifyError(parsed.error).replace(/\s+/g, " ").slice(0, 600);
      mend = `\n\nAn earlier answer did not fit the schema: ${failing}\nGive the whole answer again, so that it fits.`;
    }
    throw new ResearchError("bad-answer", `Gemini's answer to “${name}” did not fit what was asked, twice.`);
  }

  async function search({ question }: Question, _limit: number, signal: AbortSignal): Promise<Paid<Found>> {
    // Search and a schema in one request do not go together: the grounded text is taken as it is.
    const googleSearch: Tool & { googleSearch: object } = { googleSearch: {} };
    const systemInstruction =
      "Answer the question from what a web search finds: facts, one a sentence, with numbers, dates and conditions. " +
      "No introduction, no advice, no headings.";
    const { text, raw, usage, model } = await converse(
      models.think,
      { systemInstruction, tools: [googleSearch] },
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
    chain: readonly string[],
    params: Omit<ModelParams, "model">,
    prompt: string,
    signal: AbortSignal,
  ): Promise<{ text: string; raw: Answer; usage: Usage; model: string }> {
    const awake = chain.filter((model) => (resting.get(model) ?? 0) <= performance.now());
    const asked = awake.length > 0 ? awake : chain;
    let usage = NO_USAGE;
    let recited = false;
    let last = new ResearchError("bad-answer", "Gemini gave no answer.");
    for (const [index, model] of asked.entries()) {
      if (index > 0) {
        const why = last.message.replace(/\.$/, "");
        tellOnce(`${asked[index - 1] ?? ""} does not answer (${why}): ${model} is asked instead.`);
      }
      for (let empty = 0; empty < 2;) {
        const words = recited
          ? `${prompt}\n\nSay it in your own words, and keep every quote to a single short sentence.`
          : prompt;
        const outcome = await request(model, params, words, signal);
        if ("failure" in outcome) {
          const { failure } = outcome;
          last = failure.error;
          // Another model is behind the same address: without a network it does not answer either.
          if (failure.kind === "final" || last.code === "no-network") throw last;
          resting.set(model, performance.now() + REST_MS);
          break;
        }
        usage = add(usage, priceOf(model, tokensOf(outcome.raw), now()));
        const judged = textOf(outcome.raw);
        if ("text" in judged) return { text: judged.text, raw: outcome.raw, usage, model };
        if (judged.kind === "final") throw judged.error;
        if (judged.kind === "empty") {
          last = new ResearchError("bad-answer", "Gemini gave an empty answer.");
          empty++;
          continue;
        }
        if (recited) {
          throw new ResearchError(
            "blocked",
            "Gemini will not answer, since it would quote too much (RECITATION).",
          );
        }
        recited = true;
      }
    }
    throw last.code === "unknown-model" ? await withModels(last, signal) : last;
  }

  /** One request to one model, tried again as its failures allow. A failure it returns is the last of its tries. */
  async function request(
    model: string,
    params: Omit<ModelParams, "model">,
    prompt: string,
    signal: AbortSignal,
  ): Promise<{ raw: Answer } | { failure: Failure }> {
    // A run has one signal, and each of its many requests listens to it for a while: that is no leak.
    setMaxListeners(0, signal);
    let waits = 0;
    let waited = 0;
    for (let tries = 1; ;) {
      signal.throwIfAborted();
      const outcome = await queue.add(() => once(model, params, prompt, signal), { signal });
      if ("raw" in outcome) return outcome;
      const { failure } = outcome;
      if (failure.kind === "wait") {
        const ms = Math.max(failure.ms ?? 0, backoff(++waits));
        waited += ms;
        if (waited > LONGEST_WAIT_MS) return { failure: { kind: "final", error: failure.error } };
        pause(ms);
      } else if (failure.kind === "again" && tries < failure.tries) {
        await wait(backoff(tries++), signal);
      } else {
        return { failure };
      }
    }
  }

  /** Lets no request out for a while: after a 429 the others would only get one too. */
  function pause(ms: number): void {
    const until = performance.now() + ms;
    if (until <= pausedUntil) return;
    if (ms >= 5000 && pausedUntil <= performance.now())
      notice(`Gemini asks to wait ${Math.ceil(ms / 1000)} s.`);
    pausedUntil = until;
  }

  /** Waits until requests may go out, longer if the pause is made longer meanwhile. */
  async function gate(signal: AbortSignal): Promise<void> {
    for (let until = 0; until < pausedUntil;) {
      until = pausedUntil;
      const left = until - performance.now();
      // Spread out, or all that waited would come back at the same moment.
      if (left > 0) await wait(left + Math.random() * Math.min(left, 2000), signal);
    }
  }

  async function once(
    model: string,
    params: Omit<ModelParams, "model">,
    prompt: string,
    signal: AbortSignal,
  ): Promise<{ raw: Answer } | { failure: Failure }> {
    await gate(signal);
    return within(timeoutMs, signal, async (either, timedOut) => {
      // What came over the wire is kept here: the SDK loses an error's body and cause.
      const came: { wire?: Wire; error?: unknown } = {};
      try {
        const { response } = await throughFetch(
          async (input, init) => {
            const headers = new Headers(init?.headers);
            headers.set("x-goog-api-key", key);
            came.wire = await exchange(input, { ...init, headers }, either).catch((error: unknown) => {
              came.error = error;
              throw error;
            });
            const { status, body } = came.wire;
            return new Response(body === "" ? null : body, { status });
          },
          () =>
            sdk
              .getGenerativeModel({ model, ...params }, { baseUrl: base, apiVersion: VERSION })
              .generateContent(prompt),
        );
        const raw = Answer.safeParse(response);
        return raw.success ? { raw: raw.data } : { failure: notUnderstood() };
      } catch (error) {
        signal.throwIfAborted();
        return { failure: judge(came.wire, came.error ?? error, timedOut()) };
      }
    });
  }

  /** Judges what came, or where nothing came, why. */
  function judge(wire: Wire | undefined, error: unknown, timedOut: boolean): Failure {
    if (wire === undefined) return judgeConnection(error, timedOut);
    const { status, body } = wire;
    return status >= 200 && status < 300 ? notUnderstood() : judgeStatus(status, problemOf(body, key));
  }

  async function tryKey(signal: AbortSignal): Promise<void> {
    await list(signal);
  }

  /** The names of the models that the key may use. */
  async function list(signal: AbortSignal): Promise<string[]> {
    return within(TRY_KEY_MS, signal, async (either, timedOut) => {
      let wire: Wire | undefined;
      try {
        const headers = { "x-goog-api-key": key };
        wire = await exchange(`${base}/${VERSION}/models?pageSize=1000`, { headers }, either);
        if (wire.status >= 200 && wire.status < 300) {
          return Listed.parse(JSON.parse(wire.body)).models.map(({ name }) => name.replace(/^models\//, ""));
        }
      } catch (error) {
        signal.throwIfAborted();
        throw judge(wire, error, timedOut()).error;
      }
      throw judge(wire, null, false).error;
    });
  }

  async function withModels(error: ResearchError, signal: AbortSignal): Promise<ResearchError> {
    const names = await list(signal).catch(() => []);
    signal.throwIfAborted();
    const there = names.filter((name) => name.startsWith("gemini")).slice(0, 8);
    return there.length === 0
      ? error
      : new ResearchError("unknown-model", error.message, `There are: ${there.join(", ")}.`, {
          cause: error,
        });
  }
}

const Listed = z.object({ models: z.array(z.object({ name: z.string() })).default([]) });

/** An HTTP answer, read to its end. */
interface Wire {
  status: number;
  body: string;
}

/** Sends a request, follows no redirect with it, and reads the whole answer. */
async function exchange(
  input: Parameters<typeof fetch>[0],
  init: RequestInit,
  signal: AbortSignal,
): Promise<Wire> {
  const response = await fetch(input, { ...init, redirect: "error", signal });
  return { status: response.status, body: await response.text() };
}

/**
 * The SDK takes the global fetch at the moment it is called, would follow a redirect with the key,
 * and forgets an error's body. For that one synchronous moment the global fetch is `own`; nobody
 * else ever sees it.
 */
function throughFetch<T>(own: typeof fetch, begin: () => Promise<T>): Promise<T> {
  const original = globalThis.fetch;
  globalThis.fetch = own;
  try {
    return begin();
  } finally {
    globalThis.fetch = original;
  }
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
