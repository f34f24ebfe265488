import { bySurface, msg, type Message } from "../../common/messages.js";
import * as z from "zod";
import { ResearchError, type ErrorCode } from "../../common/errors.js";
import type { RateLimits } from "../rate-limit/rate-limiter.js";
import { trimEndMatching } from "../../core/text/linear-search.js";

/** What to do about a failed request. */
export type RequestFailure =
  | { kind: "final"; error: ResearchError }
  /** The provider asks to wait; `ms` and `allows` are what it said, or null. */
  | { kind: "wait"; ms: number | null; allows: RateLimits; error: ResearchError }
  /** Overload or a broken connection: up to `tries` times in all, then another model. */
  | { kind: "again"; tries: number; error: ResearchError }
  | { kind: "unknown-model"; error: ResearchError };

/** The body of a failed request, as far as it could be read; `state` is Google's name, such as FAILED_PRECONDITION. */
export interface ErrorBody {
  state: string;
  message: string;
  details: z.infer<typeof Detail>[];
}

const Detail = z.looseObject({
  "@type": z.string().optional(),
  reason: z.string().optional(),
  retryDelay: z.string().optional(),
  violations: z
    .array(
      z.looseObject({
        quotaId: z.string().optional(),
        quotaValue: z.union([z.string(), z.number()]).optional(),
      }),
    )
    .optional(),
});

const ErrorBody = z.object({
  error: z.object({
    status: z.string().catch(""),
    message: z.string().catch(""),
    details: z.array(z.unknown()).catch([]),
  }),
});

/** Tries of one model while the provider is overloaded or the connection breaks. */
const TRIES = 4;
/** A request that took its whole time may have been paid for, and another takes as long again. */
const TIMEOUT_TRIES = 2;

const SET_KEY = bySurface(msg`Set another key in GEMINI_API_KEY.`, msg`Set another API key.`);

/** What an error's body says; nothing where it is not in Google's form (an HTML page of a proxy). */
export function parseErrorBody(body: string, key: string): ErrorBody {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    value = null;
  }
  const said = ErrorBody.safeParse(value).data?.error;
  return {
    state: said?.status ?? "",
    message: (said?.message ?? "").replaceAll(key, "[key]"),
    details: (said?.details ?? []).map((detail) => Detail.safeParse(detail).data ?? {}),
  };
}

/** Judges an HTTP status of Gemini's API by its error's body. The problem's message is shown: it holds no key. */
export function classifyStatus(status: number, { state, message: said, details }: ErrorBody): RequestFailure {
  const reasons = details.flatMap(({ reason }) => reason ?? []);
  if (status === 429) return classifyRateLimit(details, said);
  if (status === 404) {
    const message = msg`The Gemini model is not available${appendDetail(said)}.`;
    return { kind: "unknown-model", error: new ResearchError("unknown-model", message) };
  }
  if (status === 408 || status >= 500) {
    return again("overloaded", msg`Gemini is overloaded (${status}).`, msg`Try again later.`);
  }
  if (
    status === 402 ||
    (status === 400 && state === "FAILED_PRECONDITION") ||
    reasons.includes("BILLING_DISABLED")
  ) {
    return final(
      "billing",
      msg`Gemini cannot be used with this key here${appendDetail(said) || msg`: billing is not set up`}.`,
      msg`Set up billing in Google AI Studio (in the EEA, the UK and Switzerland the paid tier is needed).`,
    );
  }
  if (status === 400 && (reasons.includes("API_KEY_INVALID") || said.includes("API_KEY_INVALID"))) {
    return final(
      "bad-key",
      msg`Google does not recognize this Gemini API key${appendDetail(said)}.`,
      SET_KEY,
    );
  }
  if (status === 401) {
    const message = reasons.includes("ACCESS_TOKEN_TYPE_UNSUPPORTED")
      ? msg`Google does not accept this type of Gemini API key (401)${appendDetail(said)}.`
      : msg`Google rejected the Gemini API key (401)${appendDetail(said)}.`;
    return final("bad-key", message, SET_KEY);
  }
  if (status === 403) {
    return final(
      "bad-key",
      msg`The Gemini API key is not allowed to do this (403)${appendDetail(said)}.`,
      SET_KEY,
    );
  }
  return final("bad-request", msg`Gemini refused the request (${status})${appendDetail(said)}.`);
}

function final(code: ErrorCode, message: Message, remedy: Message | string = ""): RequestFailure {
  return { kind: "final", error: new ResearchError(code, message, remedy) };
}

function again(
  code: ErrorCode,
  message: Message,
  remedy: Message | string = "",
  tries = TRIES,
): RequestFailure {
  return { kind: "again", tries, error: new ResearchError(code, message, remedy) };
}

function classifyRateLimit(details: ErrorBody["details"], said: string): RequestFailure {
  const violations = details.flatMap((detail) => detail.violations ?? []);
  const isDay = violations.some(({ quotaId }) => /PerDay/i.test(quotaId ?? ""));
  const isNone =
    violations.some(({ quotaValue }) => String(quotaValue ?? "") === "0") || /\blimit: 0\b/.test(said);
  if (isDay || isNone) {
    const message = isNone
      ? msg`This model is not part of the Gemini key's plan.`
      : msg`The Gemini key's requests for today are used up.`;
    return final("day-quota", message, msg`Resume tomorrow, or use a key with billing.`);
  }
  const delay = details.flatMap(
    ({ retryDelay }) => /^(\d+(?:\.\d+)?)s$/.exec(retryDelay ?? "")?.[1] ?? [],
  )[0];
  const ms = delay === undefined ? null : Number(delay) * 1000;
  return { kind: "wait", ms, allows: allowanceOf(violations), error: rateLimited() };
}

type Violations = NonNullable<z.infer<typeof Detail>["violations"]>;

/** The limits of a minute that were passed, by names such as GenerateContentInputTokensPerModelPerMinute-FreeTier. */
function allowanceOf(violations: Violations): RateLimits {
  const allows: RateLimits = { requests: null, tokens: null };
  for (const { quotaId = "", quotaValue } of violations) {
    const value = Math.floor(Number(quotaValue ?? NaN));
    if (!/PerMinute/i.test(quotaId) || !(value >= 1)) continue;
    if (/Tokens/i.test(quotaId)) allows.tokens = value;
    else if (/Requests/i.test(quotaId)) allows.requests = value;
  }
  return allows;
}

/** The error of a 429 that asks to wait longer than a run does. */
function rateLimited(): ResearchError {
  return new ResearchError(
    "rate-limit",
    msg`Gemini allows no more requests at the moment.`,
    msg`Resume in a few minutes.`,
  );
}

/** The first line of what the API said, to be put behind a message of ours; "" where it said nothing. */
function appendDetail(said: string): string {
  const line = (said.split("\n")[0] ?? "").trim();
  if (line === "") return "";
  return `: ${line.length <= 200 ? trimEndMatching(line, /[.\s]/) : `${line.slice(0, 200)}…`}`;
}

/** Error codes that mean the host was not reached, including those of VS Code's own network stack. */
const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ENETUNREACH|ENETDOWN|ECONNREFUSED|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT|net::ERR_(?:NAME_NOT_RESOLVED|INTERNET_DISCONNECTED|CONNECTION_REFUSED|ADDRESS_UNREACHABLE|PROXY_CONNECTION_FAILED)/;

/** Error codes of an untrusted certificate, often that of a proxy that inspects TLS. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)/;

/** Judges an error of the connection itself, or an answer that is no JSON, from the codes of its causes. */
export function classifyConnectionError(error: unknown, timedOut: boolean): RequestFailure {
  if (timedOut)
    return again("timeout", msg`Gemini did not answer in time.`, msg`Try again later.`, TIMEOUT_TRIES);
  const codes = collectCauses(error).join(" ");
  if (/redirect/i.test(codes)) {
    return final(
      "bad-settings",
      msg`Gemini's URL redirects to another server; the key was not sent there.`,
      msg`Set GEMINI_BASE_URL to the final URL. If it is not set, a network sign-in page may be intercepting the connection.`,
    );
  }
  if (NO_NETWORK.test(codes)) {
    return again(
      "no-network",
      msg`Gemini cannot be reached: there seems to be no network.`,
      msg`Check the connection and resume.`,
    );
  }
  if (UNTRUSTED.test(codes)) {
    return final(
      "no-network",
      msg`Gemini cannot be reached safely: the server's TLS certificate is not trusted (a proxy may have replaced it).`,
      msg`Behind a proxy with its own certificate, set NODE_EXTRA_CA_CERTS to it.`,
    );
  }
  return again("overloaded", msg`The connection to Gemini broke.`, msg`Try again later.`);
}

/** The messages and codes of an error and of all that caused it. */
export function collectCauses(error: unknown): string[] {
  const found: string[] = [];
  const visit = (each: unknown): void => {
    if (!(each instanceof Error) || found.length > 20) return;
    found.push(each.message, "code" in each ? String(each.code) : "");
    // A host with several addresses fails with one error for each.
    if (each instanceof AggregateError) each.errors.forEach(visit);
    visit(each.cause);
  };
  visit(error);
  return found;
}

/** An answer with a good status that is not what the API sends. */
export function unparsableResponse(): RequestFailure {
  return again("bad-answer", msg`Gemini's answer is empty or was cut off.`, msg`Try again later.`);
}
