import type { Reading } from "../../core/domain/reading.js";

/** What a document says, before its version is known. */
export interface DocumentText extends Omit<Reading, "commit"> {
  /** Where the page sends its readers by itself, absolute; absent if it does not. */
  redirect?: string;
}
