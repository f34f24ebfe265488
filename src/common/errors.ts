import { formatMessage, joinMessages, msg, toMessage, type Message } from "./messages.js";

/** Error codes: programs branch on the code, people read the message. */
export type ErrorCode =
  | "cancelled"
  | "empty-question"
  | "no-sources"
  | "no-key"
  | "bad-key"
  | "billing"
  | "day-quota"
  | "rate-limit"
  | "overloaded"
  | "no-network"
  | "unknown-model"
  | "bad-request"
  | "blocked"
  | "bad-answer"
  | "bad-url"
  | "refused-address"
  | "unreachable"
  | "too-large"
  | "timeout"
  | "unreadable"
  | "empty-page"
  | "consent-page"
  | "paywall"
  | "no-text-layer"
  | "password"
  | "damaged-file"
  | "robots"
  | "bad-settings"
  | "no-session"
  | "damaged-session"
  | "newer-session"
  | "session-running"
  | "cannot-write"
  | "cannot-read"
  | "budget"
  | "finish"
  | "not-approved"
  | "plan-waits"
  | "bad-plan"
  | "too-late"
  | "bad-report"
  | "no-backup"
  | "bad-backup"
  | "conflict";

/**
 * An error for people: `what` says what happened, `remedy` what to do. Neither ever contains a key or a stack trace.
 * `message` and `line` are in English; a window localizes `text`.
 */
export class ResearchError extends Error {
  override readonly name = "ResearchError";

  /** Cost of the failed call, if any. */
  usage?: { in: number; out: number; usd: number };

  /** The HTTP status of the answer that refused a page or a request, if that is the reason. */
  status?: number;

  /** Set if the resource no longer exists, as opposed to being temporarily unavailable. */
  gone?: true;

  readonly what: Message;
  readonly remedy: Message;

  /** A string is a text without translation, such as what a server said. */
  constructor(
    readonly code: ErrorCode,
    what: Message | string,
    remedy: Message | string = "",
    options?: { cause?: unknown },
  ) {
    super(formatMessage(toMessage(what)), options);
    this.what = toMessage(what);
    this.remedy = toMessage(remedy);
  }

  /** What happened and what to do, as one text. */
  get text(): Message {
    return joinMessages([this.what, this.remedy]);
  }

  /** The same in English, for the terminal and the log. */
  get line(): string {
    return formatMessage(this.text);
  }
}

/** The system's error code, such as "ENOENT"; empty if there is none. */
export function systemErrorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** True if a path does not exist, be it that a file is where a folder should be. */
export function isMissingPathError(error: unknown): boolean {
  return /^(?:ENOENT|ENOTDIR)$/.test(systemErrorCode(error));
}

/** Codes after which another request to the same model in this run is pointless, or fails at a cost. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  "no-key",
  "bad-key",
  "billing",
  "day-quota",
  "rate-limit",
  "no-network",
  "unknown-model",
  "budget",
  "finish",
]);

/** True if the model cannot be used any more in this run. */
export function isFatalModelError(error: unknown): boolean {
  return error instanceof ResearchError && FINAL.has(error.code);
}

/** True if the run was asked to finish early, by its budget or the user. */
export function isStopRequest(error: unknown): boolean {
  return error instanceof ResearchError && (error.code === "budget" || error.code === "finish");
}

/** True for a cancel: our own error, or the AbortError of a fetch or timer. */
export function isCancelled(error: unknown): boolean {
  if (error instanceof ResearchError) return error.code === "cancelled";
  return error instanceof Error && error.name === "AbortError";
}

/** Converts anything thrown to a ResearchError; an unknown error gets the code `fallback` and its first line. */
export function toResearchError(error: unknown, fallback: ErrorCode, what: Message | string): ResearchError {
  if (error instanceof ResearchError) return error;
  if (isCancelled(error)) return new ResearchError("cancelled", msg`Cancelled.`);
  const [said = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return new ResearchError(fallback, joinMessages([what, said], ": "), "", { cause: error });
}
