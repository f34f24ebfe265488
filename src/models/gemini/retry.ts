import { msg, type Message, withoutFullStop, formatMessage } from "../../common/messages.js";
import { setMaxListeners } from "node:events";
import { ResearchError } from "../../common/errors.js";
import { NO_USAGE, type Usage } from "../../core/domain/schema.js";
import { extractText, countTokens, type GeminiResponse } from "./response.js";
import type { RequestFailure } from "./classify-failure.js";
import { backoffMilliseconds } from "../rate-limit/timing.js";
import { LONGEST_WAIT_MS, type RequestOutcome, type RateLimiter } from "../rate-limit/rate-limiter.js";
import { addUsage, hasPrice, isSameModel, priceOf } from "./prices.js";

/** What came of one request. */
export type RequestResult = { raw: GeminiResponse } | { failure: RequestFailure };

/** `Params` goes with a prompt to any model; it is used here only to estimate tokens. */
export interface RetryOptions<Params> {
  /** Sends one request, at once. */
  send: (model: string, params: Params, prompt: string, signal: AbortSignal) => Promise<RequestResult>;
  /** Names of the available models. */
  list: (signal: AbortSignal) => Promise<string[]>;
  limiterOf: (model: string) => RateLimiter;
  /** Whose requests these are: sessions take turns. */
  session: unknown;
  notice: (message: Message) => void;
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** The day whose prices count. */
  now: () => Date;
}

/**
 * Asks the first model of the chain, and the next ones where it does not answer, until there is a
 * text: other tries for an empty answer or a recitation, other models where one is overloaded.
 * `usage` holds what unusable answers cost, too.
 * @throws ResearchError where no model gives a text, or none ever will
 */
export type GenerateWithRetry<Params> = (
  chain: readonly string[],
  params: Params,
  prompt: string,
  signal: AbortSignal,
) => Promise<{ text: string; raw: GeminiResponse; usage: Usage; model: string; waited: number }>;

/** The cost of an answer so far, and how long its requests waited for the provider's limits, in milliseconds. */
interface Paid {
  usage: Usage;
  waited: number;
}

/** Shorter waits, in milliseconds, are turns in the queue rather than rate limits. */
export const WORTH_COUNTING_MS = 50;

/** How long a model that did not answer is left alone where there is another, in milliseconds. */
const MODEL_COOLDOWN_MS = 5 * 60_000;
/** Characters of a request for one token, roughly. */
const CHARACTERS_A_TOKEN = 4;

/**
 * A copy of the error that includes the usage of earlier attempts, so that failed calls count toward the total.
 * A copy, because the limiter gives one error to all sessions, and each has its own usage.
 */
export function attachUsage(error: unknown, usage: Usage): unknown {
  if (!(error instanceof ResearchError)) return error;
  const { code, message, remedy, cause, gone } = error;
  const own = new ResearchError(code, message, remedy, { cause });
  if (gone !== undefined) own.gone = gone;
  own.usage = addUsage(error.usage ?? NO_USAGE, usage);
  return own;
}

export function createRetryingClient<Params>({
  send,
  list,
  limiterOf,
  session,
  notice,
  wait,
  now,
}: RetryOptions<Params>): GenerateWithRetry<Params> {
  /** Until when each model that did not answer is left alone, on the clock of `performance.now()`. */
  const resting = new Map<string, number>();
  const told = new Set<string>();
  const tellOnce = (message: Message): void => {
    const text = formatMessage(message);
    if (!told.has(text)) notice(message);
    told.add(text);
  };

  /** The model that answered; says so where it is another one than was asked. */
  const noteAnswerer = (asked: string, { modelVersion }: GeminiResponse): string => {
    if (modelVersion === undefined || isSameModel(asked, modelVersion)) return asked;
    tellOnce(msg`${asked} was requested, but ${modelVersion} answered; its price may differ.`);
    // A model without a published price is counted at the price of the one that was asked, not at none.
    return hasPrice(modelVersion) ? modelVersion : asked;
  };

  return async (chain, params, prompt, signal) => {
    const paid: Paid = { usage: NO_USAGE, waited: 0 };
    try {
      return await ask(chain, params, prompt, signal, paid);
    } catch (error) {
      throw attachUsage(error, paid.usage);
    }
  };

  /** @param paid grows with each answer, usable or not */
  async function ask(
    chain: readonly string[],
    params: Params,
    prompt: string,
    signal: AbortSignal,
    paid: Paid,
  ): ReturnType<GenerateWithRetry<Params>> {
    const awake = chain.filter((model) => (resting.get(model) ?? 0) <= performance.now());
    const asked = awake.length > 0 ? awake : chain;
    let recited = false;
    let last = new ResearchError("bad-answer", msg`Gemini gave no answer.`);
    for (const [index, model] of asked.entries()) {
      if (index > 0) {
        const why = withoutFullStop(last.what);
        tellOnce(msg`${asked[index - 1] ?? ""} is unavailable (${why}). Using ${model} instead.`);
      }
      for (let empty = 0; empty < 2;) {
        const words = recited
          ? `${prompt}\n\nSay it in your own words, and keep every quote to a single short sentence.`
          : prompt;
        const outcome = await request(model, params, words, signal, paid);
        if ("failure" in outcome) {
          const { failure } = outcome;
          last = failure.error;
          // Another model is behind the same address: without a network it does not answer either.
          if (failure.kind === "final" || last.code === "no-network") throw last;
          resting.set(model, performance.now() + MODEL_COOLDOWN_MS);
          break;
        }
        const answered = noteAnswerer(model, outcome.raw);
        paid.usage = addUsage(paid.usage, priceOf(answered, countTokens(outcome.raw), now()));
        const judged = extractText(outcome.raw);
        if ("text" in judged) {
          return {
            text: judged.text,
            raw: outcome.raw,
            usage: paid.usage,
            model: answered,
            waited: paid.waited,
          };
        }
        if (judged.kind === "final") throw judged.error;
        if (judged.kind === "empty") {
          last = new ResearchError("bad-answer", msg`Gemini gave an empty answer.`);
          empty++;
          continue;
        }
        if (recited) {
          throw new ResearchError(
            "blocked",
            msg`Gemini refused to answer because it would quote too much (RECITATION).`,
          );
        }
        recited = true;
      }
    }
    throw last.code === "unknown-model" ? await listAvailableModels(last, signal) : last;
  }

  /** One request to one model, tried again as its failures allow. A failure it returns is the last of its tries. */
  async function request(
    model: string,
    params: Params,
    prompt: string,
    signal: AbortSignal,
    paid: Paid,
  ): Promise<RequestResult> {
    // A run has one signal, and each of its many requests listens to it for a while: that is no leak.
    setMaxListeners(0, signal);
    const tokens = Math.ceil(JSON.stringify([params, prompt]).length / CHARACTERS_A_TOKEN);
    let limited = 0;
    let waited = 0;
    const endOf = (came: RequestResult): RequestOutcome => {
      if ("raw" in came) {
        const said = came.raw.usageMetadata?.promptTokenCount ?? 0;
        return { kind: "answered", tokens: said > 0 ? said : null };
      }
      const { failure } = came;
      if (failure.kind === "wait") {
        const ms = Math.max(failure.ms ?? 0, backoffMilliseconds(++limited));
        waited += ms;
        return { kind: "limited", ms, allows: failure.allows, error: failure.error };
      }
      return failure.error.code === "day-quota"
        ? { kind: "used-up", error: failure.error }
        : { kind: "failed" };
    };
    for (let tries = 1; ;) {
      const outcome = await limiterOf(model).run(
        { session, tokens, notice, signal, waited: (ms) => void (paid.waited += ms) },
        () => send(model, params, prompt, signal),
        endOf,
      );
      if ("raw" in outcome) return outcome;
      const { failure } = outcome;
      if (failure.kind === "wait") {
        if (waited > LONGEST_WAIT_MS) return { failure: { kind: "final", error: failure.error } };
      } else if (failure.kind === "again" && tries < failure.tries) {
        await wait(backoffMilliseconds(tries++), signal);
      } else {
        return outcome;
      }
    }
  }

  async function listAvailableModels(error: ResearchError, signal: AbortSignal): Promise<ResearchError> {
    const names = await list(signal).catch(() => []);
    signal.throwIfAborted();
    const there = names.filter((name) => name.startsWith("gemini")).slice(0, 8);
    return there.length === 0
      ? error
      : new ResearchError("unknown-model", error.what, msg`Available models: ${there.join(", ")}.`, {
          cause: error,
        });
  }
}
