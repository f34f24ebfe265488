import type { Row } from "../results-table.js";

/** What a part of the bench found: its lines of the table, and what has to be said below it. */
export interface Part {
  rows: Row[];
  notes: string[];
}
