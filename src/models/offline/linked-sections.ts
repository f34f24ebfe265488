import { foldCase, splitWords, STOP_WORDS } from "../../core/text/tokenize.js";
import { removeTrailingDelimited } from "../../core/text/linear-search.js";
import { containsAnswerType, expectedAnswerType } from "./question-analysis.js";
import type { EvidenceSection, Piece } from "./section-ranking.js";
import { coverage, InverseDocumentFrequency, termSet, weightedQuestionTerms } from "./term-weights.js";

/*
 * An answer in two steps: a section names a thing, and the source about that thing says what was asked of it.
 */

/** What a section that holds the sort of thing asked for is worth beside its words. */
const HOLDS_ANSWER = 0.3;
/** What the sentence that names it is worth. */
const NAMED_BY = 0.5;
/** What is worth less adds nothing. */
const LEAST = 0.35;

/**
 * The sections of sources that a section names by title and that hold what of the question it leaves open, best first.
 * @param from the section that answers best
 */
export function findLinkedSections(
  question: string,
  from: EvidenceSection,
  ranked: EvidenceSection[],
): EvidenceSection[] {
  const said = from.pieces
    .filter(({ isCode }) => !isCode)
    .map((piece) => ({ piece, words: wordsOf(piece.claim) }));
  const top = Math.max(0.01, ...said.map(({ piece }) => piece.score));
  const sort = expectedAnswerType(question);
  const held = termSet([from.source, from.heading, ...from.pieces.map(({ claim }) => claim)].join(" "));
  const open = new Map([...weightedQuestionTerms(question)].filter(([term]) => !held.has(term)));
  const even = new InverseDocumentFrequency([]);
  const named = new Map<string, number>();
  const found: { section: EvidenceSection; value: number }[] = [];
  for (const section of ranked) {
    if (section.source === from.source) continue;
    const by = named.get(section.source) ?? namedBy(section.source, said);
    named.set(section.source, by);
    if (by === 0) continue;
    const terms = new Set(section.pieces.flatMap((piece) => [...piece.terms]));
    const holds = sort !== "any" && section.pieces.some(({ claim }) => containsAnswerType(sort, claim));
    const value = (NAMED_BY * by) / top + coverage(open, terms, new Set(), even) + (holds ? HOLDS_ANSWER : 0);
    if (value >= LEAST) found.push({ section, value });
  }
  return found.sort((a, b) => b.value - a.value).map(({ section }) => section);
}

/** The score of the best piece that has a title in it; 0 where none has. */
function namedBy(title: string, said: { piece: Piece; words: string }[]): number {
  const bare = removeTrailingDelimited(title, "(", ")").trim();
  const words = wordsOf(bare);
  const isName =
    splitWords(bare).length > 1 || (/^\p{Lu}\S{3,}$/u.test(bare) && !STOP_WORDS.has(bare.toLowerCase()));
  if (!isName) return 0;
  return Math.max(0, ...said.filter((each) => each.words.includes(words)).map(({ piece }) => piece.score));
}

/** The words of a text in lower case, each between blanks. */
function wordsOf(text: string): string {
  return ` ${splitWords(text)
    .map(({ text: word }) => foldCase(word.replace(/['’]s$/, "")))
    .join(" ")} `;
}
