import type { SectionDraft, WriteInput } from "../../core/prompts/write.js";
import { isCodeClaim } from "./code-claims.js";
import { needsContext, quoteToSentences } from "./plain-text.js";
import { isTableClaim } from "./table-units.js";
import { overlapCoefficient, termSet } from "./term-weights.js";

/** A paragraph of one source ends after this many sentences. */
const MAX_SENTENCES = 4;
/** A list of at least so many items is shown as it stands, unless one sentence of so many words says it all. */
const LIST_ITEMS = 3;
const WORDS_OF_A_SENTENCE = 45;

type Entry = SectionDraft["paragraphs"][number]["sentences"][number];

interface Sentence {
  text: string;
  evidence: string[];
  source: string;
  terms: Set<string>;
  isBlock: boolean;
  /** Whether its quote ends with a colon. */
  isIntroduction: boolean;
}

/** Writes a section of the quotes' own sentences and blocks, in the order they are given, each thing once. */
export function writeOffline({ evidence }: WriteInput): SectionDraft {
  const written: Sentence[] = [];
  for (const each of evidence.flatMap(entriesOf)) {
    const known = written.find((other) => isSame(other, each));
    // Said twice: once is enough, with both places as evidence.
    if (known === undefined) written.push(each);
    else if (!known.isBlock) known.evidence = [...new Set([...known.evidence, ...each.evidence])];
  }
  const isLeading = (at: number): boolean => written[at + 1]?.isBlock === true;
  // What leads to a block says nothing where the block does not follow.
  const sound = written.filter((each, at) => !each.isIntroduction || isLeading(at));
  for (const each of sound) if (each.isIntroduction) each.text = each.text.replace(/\.$/, ":");
  return { paragraphs: paragraphsOf(sound.length > 0 ? sound : written), table: null };
}

function entriesOf({ id, quote, claim, source }: WriteInput["evidence"][number]): Sentence[] {
  const all = quoteToSentences(quote);
  const isShort = all.length === 1 && (all[0] ?? "").split(/\s+/).length <= WORDS_OF_A_SENTENCE;
  if (isCodeClaim(claim) || isTableClaim(claim) || (isList(quote) && !isShort)) {
    return [
      { text: quote, evidence: [id], source, terms: termSet(quote), isBlock: true, isIntroduction: false },
    ];
  }
  return all.map((text, at) => ({
    text,
    evidence: [id],
    source,
    terms: termSet(text),
    isBlock: false,
    isIntroduction: at === all.length - 1 && /[:：]\s*$/.test(quote),
  }));
}

function isList(quote: string): boolean {
  return quote.split("\n").filter((line) => /^\s*(?:[-*+•]|\d{1,3}[.)])\s/.test(line)).length >= LIST_ITEMS;
}

function isSame(a: Sentence, b: Sentence): boolean {
  if (a.isBlock !== b.isBlock) return false;
  if (a.text.toLowerCase() === b.text.toLowerCase()) return true;
  return (
    !a.isBlock &&
    Math.min(a.terms.size, b.terms.size) >= 3 &&
    overlapCoefficient(a.terms, b.terms) >= 0.85 &&
    Math.abs(a.terms.size - b.terms.size) <= 4
  );
}

function paragraphsOf(sentences: Sentence[]): SectionDraft["paragraphs"] {
  const paragraphs: { source: string; sentences: Sentence[] }[] = [];
  for (const each of sentences) {
    const last = paragraphs.at(-1);
    const isFull = (last?.sentences.length ?? 0) >= MAX_SENTENCES && !needsContext(each.text);
    const isApart = each.isBlock || last?.sentences.at(-1)?.isBlock === true;
    if (last?.source === each.source && !isFull && !isApart) last.sentences.push(each);
    else paragraphs.push({ source: each.source, sentences: [each] });
  }
  return paragraphs.map((paragraph) => ({
    sentences: paragraph.sentences.map(({ text, evidence, isBlock }): Entry =>
      isBlock ? { text: "", evidence, asBlock: true } : { text, evidence },
    ),
  }));
}
