import * as z from "zod";

/** What was read: the text a person would read, without chrome, line breaks as \n. */
export const Reading = z.object({
  title: z.string(),
  text: z.string(),
  commit: z.string().nullable(),
  lines: z.array(z.number()).nullable(),
  /** The page, 1-based, of each line of the text, where the source has pages (PDF); else null. */
  pages: z.array(z.number()).nullable(),
  /** Where the text links to, absolute http(s) addresses. */
  links: z.array(z.object({ text: z.string(), url: z.string() })),
  /** The address that the page itself gives as its own, or null. */
  canonical: z.string().nullable(),
  warnings: z.array(z.string()),
});
export type Reading = z.infer<typeof Reading>;
