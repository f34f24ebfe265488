import { needsContext } from "./plain-text.js";
import { asksForCode } from "./question-analysis.js";
import { isTableClaim } from "./table-units.js";
import { isSameName, type EvidenceSection, type Piece } from "./section-ranking.js";

/*
 * Which pieces of the ranked sections answer a question, within a number of words.
 */

/** What the rank of its section counts for a piece, beside its own words. */
const SECTION_WEIGHT = 1.5;
/** A section is used if it is worth this share of the best one. */
const WORTH_CHOOSING = 0.4;
/** What a section is worth less for each hundred of its words that are chosen. */
const COST_OF_A_HUNDRED_WORDS = 0.3;
/** What it is worth that its neighbour in the text is chosen, too. */
const BESIDE = 0.15;
/** A word costs so much, so that of two pieces that say the same, the short one is chosen. */
const COST_OF_A_WORD = 0.001;
/** Where code was asked for, it has this share of what leads to it, and so much more. */
const SHARE_OF_LEAD_IN = 0.7;
const CODE_BONUS = 0.25;
/** An entry of a list is chosen if it is worth this share of the best piece of its section. */
const ENTRY_WORTH_CHOOSING = 0.4;
/** A piece with fewer terms than this repeats no other. */
const TERMS_TO_COMPARE = 5;

/** What a report quotes of a section, in the order of the text. */
export interface Excerpt {
  section: EvidenceSection;
  pieces: Piece[];
}

/** How much may be chosen. */
interface Limits {
  words: number;
  sections: number;
}

/** A piece that may be chosen. */
interface Candidate {
  piece: Piece;
  section: EvidenceSection;
  /** Its place in the section. */
  at: number;
  value: number;
}

/**
 * Chooses the pieces that answer best, within a number of words and sections.
 * @param ranked sections, best first
 * @param needed sections from which something is chosen in any case; they come first
 */
export function choosePieces(
  question: string,
  ranked: EvidenceSection[],
  needed: EvidenceSection[],
  limits: Limits,
): Excerpt[] {
  const least = (ranked[0]?.score ?? 0) * WORTH_CHOOSING;
  const others = ranked.filter(
    (section) => section.score >= least && !needed.some((each) => isSameSection(each, section)),
  );
  const sections = [...needed, ...others];
  const waiting = new Set(
    sections.flatMap((section) => candidatesOf(section, ranked, asksForCode(question))),
  );
  const answer = new Answer(limits);
  for (const section of needed) {
    const own = [...waiting].filter((each) => each.section === section).sort((a, b) => b.value - a.value);
    own.some((each) => answer.add(each));
  }
  for (;;) {
    const able = [...waiting].filter((each) => each.piece.score > 0 || answer.goesOnWith(each));
    const best = findHighest(able, (each) => each.value + answer.bonusOf(each));
    if (best === null) break;
    waiting.delete(best);
    if (!answer.repeats(best)) answer.add(best);
  }
  return answer.inOrderOf(sections);
}

function candidatesOf(section: EvidenceSection, ranked: EvidenceSection[], showsCode: boolean): Candidate[] {
  const { pieces } = section;
  // A section that is the best for a part of the question has the rank that it has for the whole.
  const score = ranked.find((each) => isSameSection(each, section))?.score ?? 0;
  const share = score / Math.max(Number.MIN_VALUE, ranked[0]?.score ?? 0);
  const least = Math.max(0, ...pieces.map((piece) => piece.score)) * ENTRY_WORTH_CHOOSING;
  return pieces
    .map((piece, at): Candidate => {
      const worth = worthOf(pieces, at, showsCode) - COST_OF_A_WORD * piece.length;
      return { piece, section, at, value: SECTION_WEIGHT * share + worth };
    })
    .filter(({ piece, at }) => !isLeadIn(piece) || isBlock(pieces[at + 1]))
    .filter(({ piece }) => piece.name === null || piece.score >= least);
}

function findHighest<T>(all: T[], valueOf: (each: T) => number): T | null {
  let best: T | null = null;
  let most = -Infinity;
  for (const each of all) {
    const value = valueOf(each);
    if (value > most) [best, most] = [each, value];
  }
  return best;
}

/** The pieces that are chosen so far. */
class Answer {
  readonly #chosen = new Map<EvidenceSection, Set<Piece>>();
  readonly #sections: number;
  #left: number;

  constructor({ words, sections }: Limits) {
    this.#left = words;
    this.#sections = sections;
  }

  /** Adds a piece with what it cannot be read without. False where there is no room for them. */
  add(candidate: Candidate): boolean {
    const { section } = candidate;
    const chosen = this.#chosenFrom(section);
    if (chosen.size === 0 && this.#chosen.size >= this.#sections) return false;
    const more = withContext(candidate).filter((piece) => !chosen.has(piece));
    const length = countWords(more);
    if (length > this.#left) return false;
    this.#left -= length;
    this.#chosen.set(section, new Set([...chosen, ...more]));
    return true;
  }

  /** Whether a piece is chosen already, or repeats one that is. */
  repeats({ piece, section }: Candidate): boolean {
    if (this.#chosenFrom(section).has(piece)) return true;
    return [...this.#chosen.values()].some((chosen) => [...chosen].some((other) => sayTheSame(piece, other)));
  }

  /** Whether a piece follows one that is chosen: without a word of the question, it may still be part of the answer. */
  goesOnWith({ section, at }: Candidate): boolean {
    const before = section.pieces[at - 1];
    return before !== undefined && this.#chosenFrom(section).has(before);
  }

  /** What a piece is worth more or less for what is chosen around it. */
  bonusOf({ section, at }: Candidate): number {
    const chosen = this.#chosenFrom(section);
    const isBeside = [section.pieces[at - 1], section.pieces[at + 1]].some(
      (piece) => piece !== undefined && chosen.has(piece),
    );
    return (isBeside ? BESIDE : 0) - (COST_OF_A_HUNDRED_WORDS * countWords([...chosen])) / 100;
  }

  inOrderOf(sections: EvidenceSection[]): Excerpt[] {
    return sections
      .filter((section) => this.#chosen.has(section))
      .map((section) => ({ section, pieces: inOrder(section, this.#chosenFrom(section)) }));
  }

  #chosenFrom(section: EvidenceSection): ReadonlySet<Piece> {
    return this.#chosen.get(section) ?? new Set();
  }
}

/** The pieces in the order of the text, but for an entry of a list that answers best: it leads. */
function inOrder({ pieces, heading }: EvidenceSection, chosen: ReadonlySet<Piece>): Piece[] {
  const own = pieces.filter((piece) => chosen.has(piece));
  const best = Math.max(0, ...own.map(({ score }) => score));
  const lead = own.find(({ score, name }) => name !== null && best > 0 && score === best);
  const [first] = own;
  const isOpened = first?.name !== null && first?.name !== undefined && isSameName(first.name, heading);
  if (lead === undefined || isOpened) return own;
  return [lead, ...own.filter((piece) => piece !== lead)];
}

/** What a piece is worth: code that was asked for has a share of what leads to it. */
function worthOf(pieces: Piece[], at: number, showsCode: boolean): number {
  const piece = pieces[at];
  if (piece === undefined) return 0;
  if (!piece.isCode || !showsCode) return piece.score;
  return Math.max(piece.score, SHARE_OF_LEAD_IN * (pieces[at - 1]?.score ?? 0)) + CODE_BONUS;
}

/** A piece with what it cannot be read without: what it leans on, what leads to it, and what it leads to. */
function withContext({ section: { pieces }, at, piece }: Candidate): Piece[] {
  const before = pieces[at - 1];
  const after = pieces[at + 1];
  const leans = !piece.isCode && needsContext(piece.claim);
  return [
    ...(before !== undefined && (leans ? !isLeadIn(before) : isLeadIn(before) && isBlock(piece))
      ? [before]
      : []),
    piece,
    ...(after !== undefined && isLeadIn(piece) ? [after] : []),
  ];
}

/** Whether a piece is shown as it stands: what leads to it says nothing without it. */
function isBlock(piece: Piece | undefined): boolean {
  return piece !== undefined && (piece.isCode || isTableClaim(piece.claim));
}

function isLeadIn({ isCode, claim }: Piece): boolean {
  return !isCode && /[:：]$/.test(claim);
}

/** Whether two pieces say the same: one has all terms of the other. */
function sayTheSame(piece: Piece, other: Piece): boolean {
  const [few, many] =
    piece.terms.size <= other.terms.size ? [piece.terms, other.terms] : [other.terms, piece.terms];
  if (few.size < TERMS_TO_COMPARE) return false;
  return [...few].every((term) => many.has(term));
}

function countWords(pieces: Piece[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** Whether two sections stand at one place of one source, whichever question they were ranked for. */
export function isSameSection(a: EvidenceSection, b: EvidenceSection): boolean {
  return a.source === b.source && a.heading === b.heading && a.under === b.under;
}
