import { splitPassages } from "../text/passages.js";
import { isTooShort } from "./locate-quote.js";
import { rankPassages, splitSentences } from "../text/rank-passages.js";
import { contentTerms } from "../text/tokenize.js";

/** A text in which a quote may be found. */
export interface SearchableText {
  id: string;
  text: string;
  format: "markdown" | "code" | "text";
}

/** A quote that may show what a sentence says, [start, end) in the text with that id. */
export interface CandidateQuote {
  id: string;
  quote: string;
  start: number;
  end: number;
  /** The heading that it stands under; may be empty. */
  heading: string;
}

/** Passages whose sentences are looked at. */
const PASSAGES = 12;
/** A quote longer than this shows too much to show anything. */
const LONGEST = 600;

/** The sentences of the texts that have most in common with a sentence, best first; none where nothing has. */
export function findCandidateQuotes(sentence: string, texts: SearchableText[], limit = 5): CandidateQuote[] {
  const wanted = new Set(contentTerms(sentence));
  const shares = (text: string): boolean => contentTerms(text).some((term) => wanted.has(term));
  const all = texts.flatMap(({ id, text, format }) =>
    splitPassages(text, format).map((each) => ({ ...each, id, format })),
  );
  const best = rankPassages(all, [sentence]).slice(0, PASSAGES) as typeof all;
  const found = best.flatMap(({ id, start, text, heading, format }) =>
    splitSentences(text, format === "code" ? "code" : "markdown").map((span) => ({
      id,
      heading,
      start: start + span.start,
      end: start + span.end,
      text: text.slice(span.start, span.end),
    })),
  );
  const fitting = found.filter(
    ({ text }) =>
      text.length <= LONGEST && !isTooShort(text) && !/^\s{0,3}#{1,6}\s/.test(text) && shares(text),
  );
  const ranked = rankPassages(fitting, [sentence]) as typeof fitting;
  const seen = new Set<string>();
  return ranked
    .filter(({ text }) => !seen.has(text) && seen.add(text))
    .slice(0, limit)
    .map(({ id, text, start, end, heading }) => ({ id, quote: text, start, end, heading }));
}
