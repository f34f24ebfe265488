import { splitPassages } from "../text/passages.js";
import { isTooShort } from "./locate-quote.js";
import { rankPassages, splitSentences } from "../text/rank-passages.js";
import { contentTerms } from "../text/tokenize.js";

/** A text to search for quotes. */
export interface SearchableText {
  id: string;
  text: string;
  format: "markdown" | "code";
}

/** A quote that may prove a sentence, [start, end) in the text with that id. */
export interface CandidateQuote {
  id: string;
  quote: string;
  start: number;
  end: number;
  /** Its heading; may be empty. */
  heading: string;
}

/** Number of passages whose sentences are considered. */
const MAX_PASSAGES = 12;
/** Maximum length of a quote: longer ones are not specific enough. */
const MAX_QUOTE_LENGTH = 600;

/** The sentences that have most terms in common with a sentence, best first; empty if none has any. */
export function findCandidateQuotes(sentence: string, texts: SearchableText[], limit = 5): CandidateQuote[] {
  const wanted = new Set(contentTerms(sentence));
  const sharesTerm = (text: string): boolean => contentTerms(text).some((term) => wanted.has(term));
  const all = texts.flatMap(({ id, text, format }) =>
    splitPassages(text, format).map((each) => ({ ...each, id, format })),
  );
  const best = rankPassages(all, [sentence]).slice(0, MAX_PASSAGES) as typeof all;
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
      text.length <= MAX_QUOTE_LENGTH &&
      !isTooShort(text) &&
      !/^\s{0,3}#{1,6}\s/.test(text) &&
      sharesTerm(text),
  );
  const ranked = rankPassages(fitting, [sentence]) as typeof fitting;
  const seen = new Set<string>();
  return ranked
    .filter(({ text }) => !seen.has(text) && seen.add(text))
    .slice(0, limit)
    .map(({ id, text, start, end, heading }) => ({ id, quote: text, start, end, heading }));
}
