import { ResearchError } from "../../common/errors.js";
import type { Message } from "../../common/messages.js";
import type { SourceLocation } from "./schema.js";

/** The error for a place that is gone because another took its place, such as another version of a package. */
export class ReplacedSourceError extends ResearchError {
  override gone = true as const;

  constructor(
    what: Message,
    readonly replacement: SourceLocation,
  ) {
    super("unreadable", what);
  }
}
