import type { Message } from "../../common/messages.js";
import type { MarkedEnvironment, Verdict } from "../../core/domain/schema.js";

export type SessionStatus =
  "running" | "planned" | "done" | "partial" | "failed" | "cancelled" | "interrupted" | "damaged" | "newer";

/**
 * A session in a list. "planned": its plan waits to be run. "newer": a newer version wrote it, so its details are not
 * read. `report` is relative to the workspace.
 */
export interface ListedSession {
  id: string;
  question: string;
  status: SessionStatus;
  started: string;
  report: string | null;
  /** Where it is not production. */
  environment?: MarkedEnvironment;
  /** The user's name for it, if any. */
  name?: string;
  /** The report's title; absent without a report and in older sessions. */
  title?: string;
  /** Verdict counts of the report's cited sentences; absent without a report and in older sessions. */
  verdicts?: Partial<Record<Verdict, number>>;
  /** Set if it is archived. */
  archived?: true;
  /** Set if it cannot be read: the reason, as a sentence. */
  why?: Message;
}
