import * as z from "zod";
import { SourceAuthority } from "./schema.js";

/** How much of a source's main part was read, in words, and what was left out. */
export const Coverage = z.object({
  /** Words of the main part. */
  words: z.number(),
  kept: z.number(),
  /** What was left out, most words first; parts that are no main part count as well. */
  dropped: z.array(z.object({ what: z.string(), words: z.number() })),
});
export type Coverage = z.infer<typeof Coverage>;

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
  /** The hash that a lock file has of the package that was read; absent elsewhere. */
  integrity: z.string().optional(),
  /** Whose word it is, as the service says that gave it; absent: its place decides. */
  authority: SourceAuthority.optional(),
  /** The authors and the licence, as the source wants them named; absent: it does not. */
  attribution: z.string().optional(),
  /** The address of exactly the version that was read, by which it is cited; absent: the one that was asked for. */
  address: z.string().optional(),
  /** Absent where all of a source is read. */
  coverage: Coverage.optional(),
  /** What the document calls itself, with the line that says so; absent where it says nothing of the kind. */
  status: z.object({ kind: z.enum(["superseded", "deprecated", "archived"]), said: z.string() }).optional(),
});
export type Reading = z.infer<typeof Reading>;
