import { blockText, sourceLinesOf, type Block, type SourceLines } from "./blocks.js";

/** A term with a longer explanation is a section of its own. */
const MAX_TERM_CHARACTERS = 1200;
const MAX_TERM_BLOCKS = 4;
const MAX_NAME_CHARACTERS = 300;

/**
 * Puts a term and the blocks that explain it together: in one item, or below a heading where they are long.
 * @param place the lines of the term itself
 * @param level of the heading
 */
export function composeTerm(
  term: string,
  place: SourceLines | null,
  depth: number,
  level: number,
  blocks: Block[],
): Block[] {
  if (term === "") return blocks;
  const length = blocks.reduce((sum, block) => sum + blockText(block).length, 0);
  const isLong =
    blocks.some(({ kind }) => kind === "heading" || kind === "term" || kind === "row") ||
    length > MAX_TERM_CHARACTERS ||
    (length > 400 && blocks.length > MAX_TERM_BLOCKS);
  if (isLong) {
    const text = term.slice(0, MAX_NAME_CHARACTERS);
    const below = blocks.map((block) => belowTerm(block, level));
    return [{ kind: "heading", text, level, place, isApart: true, isTerm: true }, ...below];
  }
  const said = blocks.slice(0, blocks.findIndex((block) => !isProse(block)) >>> 0);
  const own = place?.first ?? 0;
  const textLines = said.flatMap((block) => sourceLinesOf(block) ?? []);
  const whole: Block = {
    kind: "term",
    term,
    text: said.map(blockText).join("\n"),
    depth,
    level,
    place: place === null ? null : { first: own, last: Math.max(place.last, textLines.at(-1) ?? 0) },
    isApart: true,
    ...(own === 0 || textLines.length === 0 ? {} : { textLines }),
  };
  const rest = blocks
    .slice(said.length)
    .map((block) => (block.kind === "item" ? { ...block, depth: block.depth + depth + 1 } : block));
  return [whole, ...rest];
}

/** A term inside of the explanation of another is no neighbour of that one. */
function belowTerm(block: Block, level: number): Block {
  const isTerm = block.kind === "term" || (block.kind === "heading" && block.isTerm === true);
  return isTerm && block.level <= level ? { ...block, level: Math.min(6, level + 1) } : block;
}

function isProse({ kind }: Block): boolean {
  return kind === "paragraph" || kind === "quotation" || kind === "formula" || kind === "admonition";
}
