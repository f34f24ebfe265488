import { msg, type Message } from "../../common/messages.js";
import type { ResearchError } from "../../common/errors.js";
import { FairQueue } from "./fair-queue.js";
import { nextQuotaReset, systemTime, abortReason, type TimeSource } from "./timing.js";
import { sha256Hex } from "../../common/hash.js";

/*
 * What the provider lets through. Its limits count for a key and a model, whoever asks, so all
 * sessions of a process share one limiter for each; it learns the limits from the answers.
 *
 * p-queue is not used because it only limits concurrency, and a task that waits inside it for anything
 * else holds a slot. Here, whether a request may be sent also depends on the time and on its tokens, and
 * that changes when another one is aborted or a session joins.
 */

/** What a key may send to a model in a minute, requests and input tokens; null where that is not known. */
export interface RateLimits {
  requests: number | null;
  tokens: number | null;
}

/** The longest that a request waits for the provider, in milliseconds; a longer wait would look like a hang. */
export const LONGEST_WAIT_MS = 5 * 60_000;

export interface RateLimiter {
  /**
   * Runs `work`, one request, when it may go out: waits for its turn among the sessions, a free
   * slot, the end of a pause, and room in the minute. `endOf` says how it ended; work that throws
   * has failed.
   * @throws the signal's reason where it is aborted while waiting; the ResearchError "day-quota" or
   * "rate-limit" of an earlier request where the provider takes none for longer than a run waits
   */
  run<T>(asked: LimiterRequest, work: () => Promise<T>, endOf: (result: T) => RequestOutcome): Promise<T>;
  state(): LimiterState;
  /**
   * Forgets what the key's plan allowed, in a minute, at one time and today: it may be another one now. A pause
   * holds all the same.
   */
  reopen(): void;
}

interface LimiterRequest {
  /** Whose request it is, compared by identity: sessions take turns. */
  session: unknown;
  /** Input tokens, estimated. */
  tokens: number;
  /** Told why the session waits, where that takes a while. */
  notice: (message: Message) => void;
  /** Told how long the request waited before it went out, in milliseconds. */
  waited?: (milliseconds: number) => void;
  signal: AbortSignal;
}

/** How a request ended, as far as it says something about the limits. */
export type RequestOutcome =
  /** `tokens` is what the prompt really was, or null where the answer does not say. */
  | { kind: "answered"; tokens: number | null }
  /** A 429: nothing goes out for `ms`. */
  | { kind: "limited"; ms: number; allows: RateLimits; error: ResearchError }
  /** Nothing more today. */
  | { kind: "used-up"; error: ResearchError }
  | { kind: "failed" };

interface LimiterState {
  running: number;
  waiting: number;
  /** Requests that may run at one time. */
  concurrency: number;
  perMinute: number | null;
  /** Input tokens. */
  tokensPerMinute: number | null;
  /** What is left of the provider's pause, in milliseconds. */
  pausedMs: number;
}

/** A request that went out. */
interface SentRequest {
  at: number;
  tokens: number;
  /** Requests that went out before it. */
  number: number;
}

interface QueuedRequest {
  asked: LimiterRequest;
  begin: (sent: SentRequest) => void;
  refuse: (error: ResearchError) => void;
}

/** A run with 60 pages asks 60 short questions at once, and a paid key takes that. */
const MOST_AT_ONCE = 64;
/** A minute, and a second: a request that was slow on its way counts at the provider when it arrives. */
const MINUTE_MS = 61_000;
/** After a pause requests begin again over so many milliseconds, or all would come back at one moment. */
const SPREAD_MS = 2000;
/** A shorter wait is not worth a word. */
const WORTH_TELLING_MS = 5000;

/** Opens the limiter of one key and model. @param model its name, for people */
export function createRateLimiter(model: string, time: TimeSource = systemTime): RateLimiter {
  const waiting = new FairQueue<QueuedRequest>();
  let running = 0;
  let sentSoFar = 0;
  /** What went out in the last minute, oldest first. */
  const minute: SentRequest[] = [];

  /** Grows by parts: one more for each round of answers. */
  let concurrency = MOST_AT_ONCE;
  /** 429s of requests up to this one do not halve the concurrency again. */
  let halvedAfter = 0;
  const allowed: RateLimits = { requests: null, tokens: null };

  let pausedUntil = 0;
  /** Each pause has a number; made longer, it is still the same one. */
  let pauses = 0;
  /** Total pause since the last successful response, in milliseconds. */
  let pausedWithoutSuccess = 0;
  /** Earliest time for the next request, with random jitter after a pause. */
  let nextAt = 0;
  let spreadMs = 0;
  let spreadUntil = 0;
  let refusal: { error: ResearchError; over: () => boolean; isDay: boolean } | null = null;

  let alarm: { at: number; off: AbortController } | null = null;
  /** What each session was told of: its last pause, the limits, and the minute in which it was told to wait. */
  const told = new WeakMap<LimiterRequest["notice"], Map<string, unknown>>();

  return {
    async run(asked, work, endOf) {
      asked.signal.throwIfAborted();
      if (refusal?.over() === true) refusal = null;
      if (refusal !== null) throw refusal.error;
      const began = time.now();
      const sent = await turn(asked);
      asked.waited?.(time.now() - began);
      let end: RequestOutcome = { kind: "failed" };
      try {
        const result = await work();
        end = endOf(result);
        return result;
      } finally {
        running--;
        learn(end, sent, asked);
        begin();
      }
    },
    state: () => ({
      running,
      waiting: waiting.size,
      concurrency: Math.floor(concurrency),
      perMinute: allowed.requests,
      tokensPerMinute: allowed.tokens,
      pausedMs: Math.max(0, pausedUntil - time.now()),
    }),
    reopen: () => {
      if (refusal?.isDay === true) refusal = null;
      allowed.requests = null;
      allowed.tokens = null;
      concurrency = MOST_AT_ONCE;
      begin();
    },
  };

  /** Waits until a request has gone out of the queue, and has its slot. */
  function turn(asked: LimiterRequest): Promise<SentRequest> {
    const { session, signal } = asked;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.remove(session, waiter);
        reject(abortReason(signal));
        // The next one may be smaller, or there is nobody left to wake.
        begin();
      };
      const waiter: QueuedRequest = {
        asked,
        begin: (sent) => {
          signal.removeEventListener("abort", leave);
          resolve(sent);
        },
        refuse: (error) => {
          signal.removeEventListener("abort", leave);
          reject(error);
        },
      };
      signal.addEventListener("abort", leave, { once: true });
      waiting.add(session, waiter);
      begin();
    });
  }

  /** Begins what may begin, and sees to it that it is called again when more may. */
  function begin(): void {
    for (;;) {
      const next = waiting.peek();
      if (next === undefined || running >= Math.floor(concurrency)) {
        wake(null);
        return;
      }
      const now = time.now();
      while (minute[0] !== undefined && minute[0].at + MINUTE_MS <= now) minute.shift();
      const roomAt = whenRoom(next.asked.tokens);
      const at = Math.max(nextAt, roomAt);
      if (at > now) {
        tellWaiting(roomAt);
        wake(at);
        return;
      }
      waiting.take();
      running++;
      const sent = { at: now, tokens: next.asked.tokens, number: ++sentSoFar };
      minute.push(sent);
      if (now < spreadUntil) nextAt = now + (Math.random() * 2 * spreadMs) / concurrency;
      next.begin(sent);
    }
  }

  /** When the minute has room for a request of so many tokens. One too large for any minute needs an empty one. */
  function whenRoom(tokens: number): number {
    const { requests, tokens: most } = allowed;
    let at = 0;
    if (requests !== null && minute.length >= requests) {
      at = (minute.at(-requests)?.at ?? 0) + MINUTE_MS;
    }
    if (most === null) return at;
    let sum = minute.reduce((all, sent) => all + sent.tokens, tokens);
    for (const sent of minute) {
      if (sum <= most) break;
      sum -= sent.tokens;
      at = Math.max(at, sent.at + MINUTE_MS);
    }
    return at;
  }

  function wake(at: number | null): void {
    if (alarm?.at === at) return;
    alarm?.off.abort();
    alarm = null;
    if (at === null) return;
    const mine = { at, off: new AbortController() };
    alarm = mine;
    const rings = (): void => {
      if (alarm !== mine) return;
      alarm = null;
      begin();
    };
    // It rejects when it is switched off.
    time.wait(Math.ceil(at - time.now()), mine.off.signal).then(rings, () => undefined);
  }

  function learn(end: RequestOutcome, sent: SentRequest, { notice }: LimiterRequest): void {
    if (end.kind === "answered") {
      sent.tokens = end.tokens ?? sent.tokens;
      concurrency = Math.min(MOST_AT_ONCE, concurrency + 1 / concurrency);
      pausedWithoutSuccess = 0;
    } else if (end.kind === "limited") {
      if (sent.number > halvedAfter) {
        concurrency = Math.max(1, Math.floor(concurrency / 2));
        halvedAfter = sentSoFar;
      }
      allowed.requests = end.allows.requests ?? allowed.requests;
      allowed.tokens = end.allows.tokens ?? allowed.tokens;
      if (end.allows.requests !== null || end.allows.tokens !== null) tellLimits(notice);
      pause(end.ms, end.error);
    } else if (end.kind === "used-up") {
      const tomorrow = nextQuotaReset(time.date());
      refuse({ error: end.error, over: () => time.date() >= tomorrow, isDay: true });
    }
  }

  function pause(ms: number, error: ResearchError): void {
    const now = time.now();
    const until = now + ms;
    if (until > pausedUntil) {
      if (pausedUntil <= now) pauses++;
      pausedWithoutSuccess += until - Math.max(now, pausedUntil);
      pausedUntil = until;
      spreadMs = Math.min(ms, SPREAD_MS);
      nextAt = until + Math.random() * spreadMs;
      spreadUntil = nextAt + spreadMs;
    }
    // The limit applies to the total across sessions; otherwise each session would wait out the maximum in turn.
    if (Math.max(ms, pausedWithoutSuccess) > LONGEST_WAIT_MS) {
      refuse({ error, over: () => time.now() >= pausedUntil, isDay: false });
    }
  }

  /** Rejects all queued and new requests until `over()` returns true. */
  function refuse(why: NonNullable<typeof refusal>): void {
    refusal = why;
    pausedWithoutSuccess = 0;
    for (let next = waiting.take(); next !== undefined; next = waiting.take()) next.refuse(why.error);
  }

  /** Tells each session that waits why nothing goes out, where that takes a while. */
  function tellWaiting(roomAt: number): void {
    const now = time.now();
    const isPause = pausedUntil >= roomAt;
    const ms = Math.max(pausedUntil, roomAt) - now;
    if (ms < WORTH_TELLING_MS) return;
    const seconds = Math.ceil(ms / 1000);
    for (const { asked } of waiting.heads()) {
      if (isPause) {
        tell(asked.notice, "pause", pauses, msg`The provider requested a pause of ${seconds} s (${model}).`);
      } else {
        tellLimits(asked.notice);
        const message = msg`Rate limit reached. Retrying in ${seconds} s (${model}).`;
        tell(asked.notice, "minute", Math.floor(now / MINUTE_MS), message);
      }
    }
  }

  function tellLimits(notice: LimiterRequest["notice"]): void {
    const { requests, tokens } = allowed;
    if (requests === null && tokens === null) return;
    const what =
      tokens === null
        ? msg`${requests ?? 0} requests`
        : requests === null
          ? msg`${tokens} tokens`
          : msg`${requests} requests and ${tokens} tokens`;
    const message = msg`This key is limited to ${what} per minute (${model}). Requests are being throttled.`;
    tell(notice, "limits", `${requests} ${tokens}`, message);
  }

  /** Tells it unless it was told already; `of` is what it is told of. */
  function tell(notice: LimiterRequest["notice"], kind: string, of: unknown, message: Message): void {
    const before = told.get(notice) ?? new Map<string, unknown>();
    if (before.get(kind) === of) return;
    told.set(notice, before.set(kind, of));
    notice(message);
  }
}

/** The limiters of a process. */
export interface RateLimiters {
  /** The one limiter of this address, key and model. */
  of(base: string, key: string, model: string): RateLimiter;
  /** Reopens all of a key's at an address. */
  reopen(base: string, key: string): void;
}

export function createRateLimiters(time: TimeSource = systemTime): RateLimiters {
  const byKey = new Map<string, Map<string, RateLimiter>>();
  // The key itself is kept nowhere.
  const limitersOfKey = (base: string, key: string): Map<string, RateLimiter> => {
    const name = sha256Hex(`${base}\n${key}`);
    const limiters = byKey.get(name) ?? new Map<string, RateLimiter>();
    byKey.set(name, limiters);
    return limiters;
  };
  return {
    of(base, key, model) {
      const limiters = limitersOfKey(base, key);
      const limiter = limiters.get(model) ?? createRateLimiter(model, time);
      limiters.set(model, limiter);
      return limiter;
    },
    reopen(base, key) {
      for (const limiter of limitersOfKey(base, key).values()) limiter.reopen();
    },
  };
}

/** Those that all sessions of this process share. */
export const SHARED_RATE_LIMITERS = createRateLimiters();
