import { quoteToSentences } from "./plain-text.js";

/** The claim of a quote that is an entry of a list: its sentences behind the mark of an item. */
export function entryToClaim(quote: string): string {
  return `- ${quoteToSentences(quote).join(" ")}`;
}
