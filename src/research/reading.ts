/** What was read: the text a person would read, without chrome, line breaks as \n. */
export interface Reading {
  title: string;
  text: string;
  commit: string | null;
  lines: number[] | null;
  /** The page, 1-based, of each line of the text, where the source has pages (PDF); else null. */
  pages: number[] | null;
  /** Where the text links to, absolute http(s) addresses. */
  links: { text: string; url: string }[];
  /** The address that the page itself gives as its own, or null. */
  canonical: string | null;
  warnings: string[];
}

/** What a text has besides, where it is no more than a text. */
export const PLAIN = {
  lines: null,
  pages: null,
  links: [],
  canonical: null,
  warnings: [],
} satisfies Partial<Reading>;
