import { needsContext } from "./plain-text.js";
import type { EvidenceSection, Piece } from "./section-ranking.js";

/** Of a list of names, those worth this share of the best are told. */
const WORTH_NAMING = 0.6;
/** A word costs so much, so that what adds nothing is not told because there is room. */
const COST_OF_A_WORD = 0.0012;

/** A section is best read from its beginning. */
const FROM_THE_BEGINNING = 0.3;
/** What code is worth beside its words, where code was asked for. */
const CODE_BONUS = 0.3;

/**
 * The part of a section that answers: the run of its pieces, in the order of the text, that holds most of the question
 * within a number of words. It does not begin with a sentence that leans on the one before it.
 */
export function chooseExcerpt({ pieces }: EvidenceSection, words: number, showsCode: boolean): Piece[] {
  // What is short is told whole.
  if (pieces.reduce((sum, { length }) => sum + length, 0) <= words) return pieces;
  const values = pieces.map((piece, at) => valueOf(piece, pieces[at - 1], showsCode));
  let best: { first: number; last: number; value: number } | null = null;
  for (let first = 0; first < pieces.length; first++) {
    if (first > 0 && leans(pieces[first])) continue;
    let length = 0;
    let value = first === 0 ? FROM_THE_BEGINNING : 0;
    for (let last = first; last < pieces.length; last++) {
      const piece = pieces[last];
      length += piece?.length ?? 0;
      if (length > words && last > first) break;
      value += (values[last] ?? 0) - COST_OF_A_WORD * (piece?.length ?? 0);
      if (best === null || value > best.value) best = { first, last, value };
    }
  }
  return best === null ? [] : pieces.slice(best.first, best.last + 1);
}

/** The pieces of a section that name what was asked for, wherever they stand in it. */
export function chooseNamedPieces({ pieces }: EvidenceSection, words: number): Piece[] {
  const best = Math.max(0, ...pieces.map(({ score }) => score));
  const chosen = new Set<Piece>();
  let length = 0;
  for (const piece of [...pieces].sort((a, b) => b.score - a.score)) {
    if (piece.score < best * WORTH_NAMING) break;
    if (length + piece.length > words && chosen.size > 0) continue;
    chosen.add(piece);
    length += piece.length;
  }
  return pieces.filter((piece) => chosen.has(piece));
}

function leans(piece: Piece | undefined): boolean {
  return piece !== undefined && !piece.isCode && needsContext(piece.claim);
}

/** What a piece is worth to the answer: what leads to code and the code that follows it belong together. */
function valueOf(piece: Piece, before: Piece | undefined, showsCode: boolean): number {
  if (!piece.isCode) return piece.score;
  if (!showsCode) return piece.score * 0.6;
  return Math.max(piece.score, 0.7 * (before?.score ?? 0)) + CODE_BONUS;
}
