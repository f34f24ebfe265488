import { msg } from "../../common/messages.js";
import * as z from "zod";
import { ResearchError } from "../../common/errors.js";
import { removeInvisibleCharacters } from "../../common/invisible-characters.js";
import { Depth } from "./schema.js";

/* What a user asks for. Every interface builds one of these, and the journal's first line holds the same fields. */

/** What is searched. "google" is Google Search through Gemini, whose answers we cannot read for ourselves. */
export const Scope = z.enum(["workspace", "packages", "history", "web", "google"]);
export type Scope = z.infer<typeof Scope>;

/** A question as one line, without invisible characters. */
const QuestionText = z
  .string()
  .transform((text) => removeInvisibleCharacters(text).text.replace(/\s+/g, " ").trim())
  .pipe(z.string().min(1));

const PageAddress = z
  .string()
  .refine((address) => /^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : ""))
  .transform((address) => new URL(address).href);

export const ResearchRequest = z
  .object({
    question: QuestionText,
    depth: Depth,
    /** Distinct sources read at most. */
    maxSources: z.int().positive(),
    /** What is searched; with pages alone it may be empty. */
    scope: z.array(Scope),
    /** http(s) addresses that the user named: read before anything that is found. */
    pages: z.array(PageAddress),
    /** http(s) addresses of sites that are searched below that address; absent: none. */
    sites: z.array(PageAddress).optional(),
    /** The session that the question goes on from; absent: none. */
    follows: z.string().optional(),
  })
  .refine(({ scope, pages, sites = [] }) => scope.length + pages.length + sites.length > 0, {
    path: ["scope"],
  });
export type ResearchRequest = z.infer<typeof ResearchRequest>;

/**
 * Checks a request.
 * @returns it with its question in one line and its addresses in full
 * @throws ResearchError "empty-question", "bad-url" or "no-sources"; "bad-settings" for a depth or number out of range
 */
export function parseResearchRequest(given: ResearchRequest): ResearchRequest {
  const question = parseQuestion(given.question);
  const read = ResearchRequest.safeParse({ ...given, question });
  if (read.success) return read.data;
  const [field, index] = read.error.issues[0]?.path ?? [];
  switch (field) {
    case "pages":
    case "sites":
      throw new ResearchError(
        "bad-url",
        msg`“${given[field]?.[Number(index)] ?? ""}” is not an http or https address.`,
        msg`Write it as https://…`,
      );
    case "scope":
      throw new ResearchError(
        "no-sources",
        msg`There is nothing to research.`,
        msg`Choose the workspace, the web or a page.`,
      );
    default:
      throw new ResearchError("bad-settings", msg`The request is not valid: ${String(field)}.`);
  }
}

/** @returns the question as one line @throws ResearchError "empty-question" */
export function parseQuestion(text: string, remedy = msg`Ask it in a sentence.`): string {
  const read = QuestionText.safeParse(text);
  if (read.success) return read.data;
  throw new ResearchError("empty-question", msg`The question is empty.`, remedy);
}
