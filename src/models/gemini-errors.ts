import { z } from "zod";
import { ResearchError } from "../research/errors.js";

/** What to do about a failed request. */
export type Failure =
  | { kind: "final"; error: ResearchError }
  /** The provider asks to wait; `ms` is what it said, or null. */
  | { kind: "wait"; ms: number | null; error: ResearchError }
  /** Overload or a broken connection: try again, then another model. */
  | { kind: "again"; error: ResearchError }
  | { kind: "unknown-model"; error: ResearchError };

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

/** Longer than this a run does not wait: people would take it for hanging. */
export const LONGEST_WAIT_MS = 5 * 60_000;

const SET_KEY = "Set another key (GEMINI_API_KEY; in VS Code: Deep Research: Set API Key).";

/**
 * Judges an HTTP status of Gemini's API with the details of its error.
 * @param said the API's own message; it is shown, so it must not hold the key
 */
export function judgeStatus(status: number, said: string, details: unknown): Failure {
  const known = z.array(Detail).safeParse(details).data ?? [];
  const reasons = known.map(({ reason }) => reason ?? "").join(" ");
  const final = (code: ResearchError["code"], message: string, remedy: string): Failure => ({
    kind: "final",
    error: new ResearchError(code, message, remedy),
  });
  if (status === 400 && /API_KEY_INVALID/.test(`${reasons} ${said}`)) {
    return final("bad-key", "Google does not know this Gemini key.", SET_KEY);
  }
  if (status === 401) return final("bad-key", "Google refused the Gemini key (401).", SET_KEY);
  if (status === 403) return final("bad-key", "The Gemini key may not be used for this (403).", SET_KEY);
  if (
    status === 402 ||
    (status === 400 && /FAILED_PRECONDITION|billing|location is not supported/i.test(`${reasons} ${said}`))
  ) {
    return final(
      "billing",
      `Gemini cannot be used with this key here: ${short(said) || "billing is not set up"}.`,
      "Set up billing in Google AI Studio (in the EEA, the UK and Switzerland the paid tier is needed).",
    );
  }
  if (status === 404) {
    return {
      kind: "unknown-model",
      error: new ResearchError("unknown-model", `Gemini does not have this model: ${short(said)}`),
    };
  }
  if (status === 429) return judgeQuota(known, said);
  if (status === 408 || status >= 500) {
    return {
      kind: "again",
      error: new ResearchError("overloaded", `Gemini is overloaded (${status}).`, "Try again later."),
    };
  }
  return final("bad-request", `Gemini refused the request (${status}): ${short(said)}`, "");
}

function judgeQuota(details: z.infer<typeof Detail>[], said: string): Failure {
  const violations = details.flatMap((detail) => detail.violations ?? []);
  const isDay = violations.some(({ quotaId }) => /PerDay/i.test(quotaId ?? ""));
  const isNone =
    violations.some(({ quotaValue }) => String(quotaValue ?? "") === "0") || /\blimit: 0\b/.test(said);
  if (isDay || isNone) {
    const message = isNone
      ? "This model is not part of the Gemini key's plan."
      : "The Gemini key's requests for today are used up.";
    return {
      kind: "final",
      error: new ResearchError("day-quota", message, "Resume tomorrow, or use a key with billing."),
    };
  }
  const delay = details
    .map(({ retryDelay }) => /^(\d+(?:\.\d+)?)s$/.exec(retryDelay ?? "")?.[1])
    .find((each) => each !== undefined);
  const ms = delay === undefined ? null : Number(delay) * 1000;
  const error = new ResearchError(
    "rate-limit",
    "Gemini allows no more requests at the moment.",
    "Resume in a few minutes.",
  );
  return ms !== null && ms > LONGEST_WAIT_MS ? { kind: "final", error } : { kind: "wait", ms, error };
}

function short(said: string): string {
  const line = said.split("\n")[0] ?? "";
  const plain = line.replace(/\s*\[(?:\{.*|\])$/, "").replace(/^.*?\[\d{3}[^\]]*\]\s*/, "");
  return plain.length <= 200 ? plain.replace(/[.\s]+$/, "") : `${plain.slice(0, 200)}…`;
}

/** Judges an error of the connection itself, from the codes of its causes. */
export function judgeConnection(error: unknown, timedOut: boolean): Failure {
  if (timedOut) {
    return {
      kind: "again",
      error: new ResearchError("timeout", "Gemini did not answer in time.", "Try again later."),
    };
  }
  const codes: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && codes.length < 5; cause = cause.cause) {
    codes.push(cause.message, "code" in cause ? String(cause.code) : "");
  }
  const all = codes.join(" ");
  if (/redirect/i.test(all)) {
    const message = "Gemini's address sends requests elsewhere; the key was not sent there.";
    return {
      kind: "final",
      error: new ResearchError("bad-settings", message, "Set GEMINI_BASE_URL to the final address."),
    };
  }
  if (/ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|EHOSTUNREACH/.test(all)) {
    const message = "Gemini cannot be reached: there seems to be no network.";
    return {
      kind: "again",
      error: new ResearchError("no-network", message, "Check the connection and resume."),
    };
  }
  if (/JSON|Unexpected end|Unexpected token/i.test(all)) {
    return {
      kind: "again",
      error: new ResearchError("bad-answer", "Gemini's answer was cut off or is no JSON."),
    };
  }
  return {
    kind: "again",
    error: new ResearchError("overloaded", "The connection to Gemini broke.", "Try again later."),
  };
}
