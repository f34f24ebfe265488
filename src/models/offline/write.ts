import type { SectionDraft, WriteInput } from "../../core/prompts/write.js";
import { needsContext, quoteToSentences } from "./plain-text.js";
import {
  coverage,
  InverseDocumentFrequency,
  overlapCoefficient,
  termSet,
  weightedQuestionTerms,
} from "./term-weights.js";

/** Sentences of one section at most. */
const MOST = 8;
/** A paragraph of one source ends after this many. */
const A_PARAGRAPH = 4;

interface Sentence {
  text: string;
  evidence: string[];
  source: string;
  terms: Set<string>;
  score: number;
  /** Position in the reading order. */
  at: number;
  /** Leans on the sentence before it, which comes from the same quote. */
  leans: boolean;
}

/** Writes a section of the quotes' own sentences: the best, once each, in reading order. */
export function writeOffline({ question, heading, evidence }: WriteInput): SectionDraft {
  const all = sentencesOf(evidence);
  const rarity = new InverseDocumentFrequency(all.map(({ text }) => text));
  const wanted = weightedQuestionTerms(question);
  const around = termSet(heading);
  for (const each of all)
    each.score = coverage(wanted, each.terms, around, rarity) * (each.text.length > 400 ? 0.7 : 1);

  const kept = new Set<Sentence>();
  for (const each of [...all].sort((a, b) => b.score - a.score || a.at - b.at)) {
    if (kept.has(each)) continue;
    const needed = needs(each, all).filter((other) => !kept.has(other));
    if (kept.size + needed.length + 1 > MOST) continue;
    const same = [...kept].find((other) => isSame(other, each));
    if (same !== undefined) {
      // Said twice: once is enough, with both places as evidence.
      same.evidence = [...new Set([...same.evidence, ...each.evidence])];
      continue;
    }
    for (const other of needed) kept.add(other);
    kept.add(each);
  }
  return { paragraphs: paragraphsOf([...kept].sort((a, b) => a.at - b.at)), table: null };
}

function sentencesOf(evidence: WriteInput["evidence"]): Sentence[] {
  const all: Sentence[] = [];
  for (const { id, quote, source } of evidence) {
    quoteToSentences(quote).forEach((text, index) => {
      all.push({
        text,
        evidence: [id],
        source,
        terms: termSet(text),
        score: 0,
        at: all.length,
        leans: index > 0 && needsContext(text),
      });
    });
  }
  return all;
}

/** The sentences before, as far as each leans on the one before it. */
function needs(sentence: Sentence, all: Sentence[]): Sentence[] {
  const needed: Sentence[] = [];
  for (let each: Sentence | undefined = sentence; each?.leans;) {
    each = all[each.at - 1];
    if (each !== undefined) needed.unshift(each);
  }
  return needed;
}

function isSame(a: Sentence, b: Sentence): boolean {
  if (a.text.toLowerCase() === b.text.toLowerCase()) return true;
  return (
    Math.min(a.terms.size, b.terms.size) >= 3 &&
    overlapCoefficient(a.terms, b.terms) >= 0.85 &&
    Math.abs(a.terms.size - b.terms.size) <= 4
  );
}

function paragraphsOf(sentences: Sentence[]): SectionDraft["paragraphs"] {
  const paragraphs: { source: string; sentences: Sentence[] }[] = [];
  for (const each of sentences) {
    const last = paragraphs.at(-1);
    const isFull = (last?.sentences.length ?? 0) >= A_PARAGRAPH && !needsContext(each.text);
    if (last?.source === each.source && !isFull) last.sentences.push(each);
    else paragraphs.push({ source: each.source, sentences: [each] });
  }
  return paragraphs.map((paragraph) => ({
    sentences: paragraph.sentences.map(({ text, evidence }) => ({ text, evidence })),
  }));
}
