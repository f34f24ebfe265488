import { needsContext } from "./plain-text.js";
import { isSameName, type EvidenceSection, type Piece } from "./section-ranking.js";
import { termSet } from "./term-weights.js";

/** Of a list of names, those worth this share of the best are told. */
const WORTH_NAMING = 0.6;
/** A word costs so much, so that what adds nothing is not told because there is room. */
const COST_OF_A_WORD = 0.0012;

/** A section is best read from its beginning. */
const FROM_THE_BEGINNING = 0.3;
/** What code is worth beside its words, where code was asked for. */
const CODE_BONUS = 0.3;

/** Code that is worth less than this share of the section's best piece may be left out. */
const WORTH_SHOWING = 0.5;

/** What a piece is worth whatever the best of its section is, of what it would be worth as that. */
const EVEN_SHARE = 0.2;

/** A sentence that is worth so many times the next one is what answers. */
const CLEARLY = 1.25;

/** Code may make an excerpt longer by this factor. */
const ROOM_FOR_CODE = 1.6;

/** What an entry's name and text are worth at least, of the best piece, to be told with it. */
const NEXT_TO_THE_BEST = 0.75;

/**
 * The entries of a section that answer, the best first and others in the order of the text; null where a sentence
 * answers better than any of them.
 */
function chooseEntries({ pieces }: EvidenceSection, words: number): Piece[] | null {
  const best = Math.max(0, ...pieces.map(({ score }) => score));
  const lead = pieces.find(({ score, name }) => name !== null && best > 0 && score === best);
  if (lead === undefined || (isNamedByHeading(pieces) && lead === pieces[0])) return null;
  const chosen = new Set([lead]);
  let { length } = lead;
  for (const piece of [...pieces].sort((a, b) => b.score - a.score)) {
    if (piece.score < best * NEXT_TO_THE_BEST) break;
    if (piece.isCode || length + piece.length > words) continue;
    chosen.add(piece);
    length += piece.length;
  }
  return [lead, ...pieces.filter((piece) => piece !== lead && chosen.has(piece))];
}

/** Whether a section explains the name in its heading: its first piece begins with that. */
function isNamedByHeading([first]: Piece[]): boolean {
  return first?.name !== null && first?.name !== undefined && isSameName(first.name, first.heading);
}

/** An excerpt of a section, with the name that the section explains. */
export function chooseNamedExcerpt(section: EvidenceSection, words: number, showsCode: boolean): Piece[] {
  const entries = chooseEntries(section, words);
  if (entries !== null) return entries;
  const excerpt = chooseExcerpt(section, words, showsCode);
  const [first] = section.pieces;
  if (first === undefined || !isNamedByHeading(section.pieces) || excerpt.includes(first)) return excerpt;
  return [first, ...chooseExcerpt(section, Math.max(1, words - first.length), showsCode)];
}

/**
 * The part of a section that answers: the run of its pieces, in the order of the text, that holds most of the question
 * within a number of words. It does not begin with a sentence that leans on the one before it.
 * @param showsCode whether the best code of the section belongs to the answer
 */
function chooseExcerpt({ pieces }: EvidenceSection, words: number, showsCode: boolean): Piece[] {
  // What is short is told whole, from the first piece that has to do with the question.
  if (pieces.reduce((sum, { length }) => sum + length, 0) <= words) {
    const first = pieces.findIndex(({ score }) => score > 0);
    return pieces.slice(Math.max(0, first));
  }
  const code = pieces.filter(({ isCode }) => isCode);
  const best = Math.max(0, ...code.map(({ score }) => score));
  const shown = code.find(({ score }) => score === best);
  if (showsCode && shown !== undefined && isWorthShowing(shown, pieces)) {
    const run = bestRun(
      pieces,
      Math.max(words, Math.min(shown.length + 25, words * ROOM_FOR_CODE)),
      showsCode,
      shown,
    );
    if (run.length > 0) return run;
  }
  const run = bestRun(pieces, words, showsCode, clearlyBest(pieces));
  return run.length > 0 ? run : bestRun(pieces, words, showsCode, null);
}

/** The sentence that has so much more of the question than any other that it belongs to the answer, wherever it stands. */
function clearlyBest(pieces: Piece[]): Piece | null {
  const [best, second] = pieces.filter(({ isCode }) => !isCode).sort((a, b) => b.score - a.score);
  if (best === undefined) return null;
  return best.score >= (second?.score ?? 0) * CLEARLY ? best : null;
}

/** Whether code, or the sentence that leads to it, has so much of the question that it belongs to the answer. */
function isWorthShowing(code: Piece, pieces: Piece[]): boolean {
  const top = Math.max(0, ...pieces.map(({ score }) => score));
  return Math.max(code.score, pieces[pieces.indexOf(code) - 1]?.score ?? 0) >= top * WORTH_SHOWING;
}

/** What a piece is worth beside its own words, of what the better one next to it is worth. */
const NEXT_TO = 0.5;

/** The best run within a number of words; with a piece that must be in it, if one is given. */
function bestRun(pieces: Piece[], words: number, showsCode: boolean, needed: Piece | null): Piece[] {
  const top = Math.max(0.01, ...pieces.map(({ score }) => score));
  const own = pieces.map((piece, at) =>
    valueOf(piece, pieces[at - 1], showsCode && isWorthShowing(piece, pieces)),
  );
  const values = own.map((each, at) => {
    // What goes on from a sentence that answers, or leads to it, is part of the answer.
    const value = each + NEXT_TO * Math.max(own[at - 1] ?? 0, own[at + 1] ?? 0);
    // Many sentences with one word of the question each are no answer: what has most of it decides.
    return value * (EVEN_SHARE + (1 - EVEN_SHARE) * Math.min(1, value / top));
  });
  const least = needed === null ? 0 : pieces.indexOf(needed);
  let best: { first: number; last: number; value: number } | null = null;
  for (let first = 0; first < pieces.length; first++) {
    if ((first > 0 && leans(pieces[first])) || (needed !== null && first > least)) continue;
    let length = 0;
    let value = first === 0 ? FROM_THE_BEGINNING : 0;
    for (let last = first; last < pieces.length; last++) {
      const piece = pieces[last];
      length += piece?.length ?? 0;
      if (length > words && last > first) break;
      if (length > words && needed !== null) break;
      value += (values[last] ?? 0) - COST_OF_A_WORD * (piece?.length ?? 0);
      if (last >= least && (best === null || value > best.value)) best = { first, last, value };
    }
  }
  return best === null ? [] : pieces.slice(best.first, best.last + 1);
}

/**
 * The pieces of a section that name what was asked for, wherever they stand in it.
 * @param wanted terms of the question: a name that has them is what was meant
 */
export function chooseNamedPieces(
  { pieces }: EvidenceSection,
  words: number,
  wanted: ReadonlySet<string>,
): Piece[] {
  const worth = new Map(
    pieces.map((piece) => {
      const name = piece.name ?? explainedName(piece.claim);
      if (name === null) return [piece, piece.score];
      const shared = [...termSet(name)].filter((term) => wanted.has(term)).length;
      return [piece, piece.score * NAMED + (NAME_HOLDS * shared) / Math.max(1, wanted.size)];
    }),
  );
  const valueOfPiece = (piece: Piece): number => worth.get(piece) ?? 0;
  const best = Math.max(0, ...worth.values());
  const chosen = new Set<Piece>();
  let length = 0;
  for (const piece of [...pieces].sort((a, b) => valueOfPiece(b) - valueOfPiece(a))) {
    if (valueOfPiece(piece) < best * WORTH_NAMING) break;
    if (length + piece.length > words && chosen.size > 0) continue;
    chosen.add(piece);
    length += piece.length;
  }
  return pieces.filter((piece) => chosen.has(piece));
}

/** A term with its explanation is worth so much more than a sentence, where names are asked for. */
const NAMED = 1.5;
/** So much more, if the name itself has all words of the question. */
const NAME_HOLDS = 1;

/** The name that a claim begins with and explains: "max_age: how long …", "`--force`: …"; null where there is none. */
function explainedName(claim: string): string | null {
  return /^([`"']?[\w$@./-][^\s:]{0,60}(?:\s[^\s:]{1,30}){0,2}):\s/.exec(claim)?.[1] ?? null;
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
