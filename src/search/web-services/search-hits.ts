import * as z from "zod";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import type { SearchHit } from "../../core/domain/ports.js";

/** A result as services give it: an address, and a title that may be missing. */
export interface WebResult {
  url: string;
  title?: string | null | undefined;
}

/** Longer titles are cut, in characters. */
const LONGEST_TITLE = 300;

/** Hits of results that have an http or https address, each address once; what else stands among them is left out. */
export function toSearchHits(results: readonly WebResult[]): SearchHit[] {
  const seen = new Set<string>();
  return results.flatMap(({ url, title }): SearchHit[] => {
    const parsed = URL.canParse(url) ? new URL(url) : null;
    if (parsed === null || !/^https?:$/.test(parsed.protocol) || seen.has(parsed.href)) return [];
    seen.add(parsed.href);
    const label = collapseWhitespace(title ?? "").slice(0, LONGEST_TITLE);
    return [{ place: { kind: "page", url: parsed.href }, title: label === "" ? parsed.href : label }];
  });
}

/**
 * The results of a list that have the form. Unknown ones among them are left out.
 * @throws ResearchError "bad-answer" where none of several has it: the service's answers have changed
 */
export function readResults<T>(list: readonly unknown[], form: z.ZodType<T>): T[] {
  const found = list.flatMap((each) => form.safeParse(each).data ?? []);
  if (found.length === 0 && list.length > 0)
    throw new ResearchError("bad-answer", msg`The results have another form than the service documents.`);
  return found;
}
