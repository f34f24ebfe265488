import type { Message } from "../../common/messages.js";
import type { MarkedEnvironment } from "../../core/domain/schema.js";

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
  /** Set if it is archived. */
  archived?: true;
  /** Set if it cannot be read: the reason, as a sentence. */
  why?: Message;
}
