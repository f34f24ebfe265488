import { checkSentence, verdictByCode } from "../../core/evidence/check-sentence.js";
import { missingFactsReason } from "../../core/evidence/missing-facts.js";
import type { VerifyInput, Verdicts } from "../../core/prompts/verify.js";
import { splitWords, foldCase, stem, STOP_WORDS } from "../../core/text/tokenize.js";
import type { RewriteDraft, RewriteInput } from "../../core/prompts/write.js";
import { isNegative } from "./contradictions.js";
import { quoteToSentences, quoteToPlainText } from "./plain-text.js";
import { overlapCoefficient, termSet } from "./term-weights.js";
import { findAllBetween } from "../../core/text/linear-search.js";

/** A sentence that shares less than this with its best quote is about something else. */
const SAME_SUBJECT = 0.4;
/** From this share of its words on, a sentence says what its quotes do, with a word or two added. */
const NEARLY = 0.85;

/** Holds sentences against quotes word by word: what the quotes do not hold is never `supported`. */
export function verifyOffline({ claims }: VerifyInput): Verdicts {
  return {
    verdicts: claims.map(({ index, text, evidence }) => ({
      index,
      ...judge(
        text,
        evidence.map(({ quote }) => quote),
      ),
    })),
  };
}

type Judgement = Omit<Verdicts["verdicts"][number], "index">;

function judge(text: string, quotes: string[]): Judgement {
  const said = contentOf(text);
  const shown = new Set(
    quotes.flatMap((quote) => [...contentOf(quote), ...contentOf(quoteToPlainText(quote))]),
  );
  const byCode = verdictByCode(checkSentence(text, quotes));
  if (byCode?.verdict === "unsupported") return byCode;
  const missing = said.filter((word) => !shown.has(word));
  const share = said.length === 0 ? 0 : 1 - missing.length / said.length;
  if (share < NEARLY) return { verdict: "unsupported", reason: "its words do not stand in its quotes" };
  const nearest = quotes
    .flatMap(quoteToSentences)
    .map((sentence) => ({ sentence, alike: overlapCoefficient(new Set(said), new Set(contentOf(sentence))) }))
    .sort((a, b) => b.alike - a.alike)[0];
  const plain = quotes.flatMap((quote) => [
    squeeze(quoteToSentences(quote).join(" ")),
    squeeze(quoteToPlainText(quote)),
  ]);
  // A disagreement holds two sentences, each word for word between quotation marks.
  const parts = findAllBetween(text, "“", "”").flatMap(({ inner }) => (inner === "" ? [] : [squeeze(inner)]));
  const isCopied =
    plain.some((quote) => quote.includes(squeeze(text))) ||
    (parts.length > 1 && parts.every((part) => plain.some((quote) => quote.includes(part))));
  if (!isCopied && nearest !== undefined && isNegative(text) !== isNegative(nearest.sentence)) {
    return { verdict: "contradicted", reason: "its quote says it the other way round" };
  }
  if (missing.length > 0) {
    return { verdict: "qualified", reason: missingFactsReason(missing.slice(0, 4)) };
  }
  return (isCopied ? null : byCode) ?? { verdict: "supported", reason: "" };
}

function contentOf(text: string): string[] {
  return splitWords(text)
    .map(({ text: word }) => foldCase(word.replace(/['’]s$/, "")))
    .filter((word) => !STOP_WORDS.has(word))
    .map(stem);
}

function squeeze(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Puts the nearest sentence of the quotes in the place of one that failed, or takes it out. */
export function rewriteOffline({ sentences }: RewriteInput): RewriteDraft {
  return {
    sentences: sentences.map(({ index, text, evidence }) => {
      const wanted = termSet(text);
      const nearest = evidence
        .flatMap(({ id, quote }) => quoteToSentences(quote).map((sentence) => ({ id, sentence })))
        .map((each) => ({ ...each, alike: overlapCoefficient(wanted, termSet(each.sentence)) }))
        .sort((a, b) => b.alike - a.alike)[0];
      return nearest === undefined || nearest.alike < SAME_SUBJECT
        ? { index, text: null, evidence: [] }
        : { index, text: nearest.sentence, evidence: [nearest.id] };
    }),
  };
}
