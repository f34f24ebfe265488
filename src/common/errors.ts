/** What can go wrong, by name. Programs branch on the code; people read the message. */
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
 * An error made for a person: `message` says what happened and to what, `remedy` what to do.
 * Neither ever holds a key or a stack trace.
 */
export class ResearchError extends Error {
  override readonly name = "ResearchError";

  /** What a call cost that ended so, where it cost anything. */
  usage?: { in: number; out: number; usd: number };

  /** Set where what was to be read is not there any more: not merely out of reach. */
  gone?: true;

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly remedy = "",
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  /** Message and remedy as the one line that a terminal or a notification shows. */
  get line(): string {
    return this.remedy === "" ? this.message : `${this.message} ${this.remedy}`;
  }
}

/** What the system calls an error, as "ENOENT"; empty for what it does not call anything. */
export function systemErrorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Codes after which asking the same model again in this run is pointless or costs for nothing. */
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

/** True where the model can no longer be asked in this run, whatever the next question is. */
export function isFatalModelError(error: unknown): boolean {
  return error instanceof ResearchError && FINAL.has(error.code);
}

/** True where the run was told to end with what is there: by its budget, or by the user. */
export function isStopRequest(error: unknown): boolean {
  return error instanceof ResearchError && (error.code === "budget" || error.code === "finish");
}

/** True for a cancel, however it arrives: ours, or the AbortError of a fetch or a timer. */
export function isCancelled(error: unknown): boolean {
  if (error instanceof ResearchError) return error.code === "cancelled";
  return error instanceof Error && error.name === "AbortError";
}

/** Any thrown thing as a ResearchError; an unknown one keeps its message's first line, as `fallback`. */
export function toResearchError(error: unknown, fallback: ErrorCode, what: string): ResearchError {
  if (error instanceof ResearchError) return error;
  if (isCancelled(error)) return new ResearchError("cancelled", "Cancelled.");
  const said = error instanceof Error ? error.message : String(error);
  return new ResearchError(fallback, `${what}: ${said.split("\n")[0] ?? "unknown error"}`, "", {
    cause: error,
  });
}
