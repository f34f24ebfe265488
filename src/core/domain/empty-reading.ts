import type { Reading } from "./reading.js";

/* Apart from the schema, so that threads which only make readings load no schemas. */

/** What a text has besides, where it is no more than a text. */
export const EMPTY_READING = {
  lines: null,
  pages: null,
  links: [],
  canonical: null,
  warnings: [],
} satisfies Partial<Reading>;
