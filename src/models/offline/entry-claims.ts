import { entryName } from "../../core/text/entry-name.js";
import { quoteToSentences } from "./plain-text.js";

/** The claim of a quote that is an entry of a list: its sentences behind the mark of an item. */
export function entryToClaim(quote: string): string {
  return `- ${quoteToSentences(quote).join(" ")}`;
}

/** The name of the entry that a claim is about; null for every other claim. */
export function nameOfClaim(claim: string): string | null {
  return entryName(claim);
}
