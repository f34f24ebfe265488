import { sourceLinesOf, type Block, type SourceLines } from "./blocks.js";

/**
 * Puts the blocks of a list item together: its first paragraphs are the item, and what is listed below it is one level
 * deeper.
 * @param number of an item in an ordered list; null for a bullet
 * @param introduction the sentence that leads to the list, or null
 */
export function composeItem(
  blocks: Block[],
  number: number | null,
  introduction: string | null,
  place: SourceLines | null,
): Block[] {
  const first = blocks.findIndex(({ kind }) => kind !== "paragraph");
  const paragraphs = first < 0 ? blocks : blocks.slice(0, first);
  const text = paragraphs.map((block) => ("text" in block ? block.text : "")).join("\n");
  const textLines = paragraphs.flatMap((block) => sourceLinesOf(block) ?? []);
  const last = paragraphs.at(-1)?.place?.last ?? place?.last ?? 0;
  const item: Block = {
    kind: "item",
    text,
    depth: 0,
    number,
    introduction,
    place: place === null ? null : { first: place.first, last: Math.max(place.first, last) },
    isApart: false,
    ...(textLines.length === 0 ? {} : { textLines }),
  };
  const rest = blocks.slice(paragraphs.length).map((block): Block => {
    if (block.kind === "item")
      return { ...block, depth: block.depth + 1, introduction: block.introduction ?? (text || null) };
    return block.kind === "term" ? { ...block, depth: block.depth + 1 } : block;
  });
  return text === "" && rest.length > 0 && rest[0]?.kind !== "item" ? rest : [item, ...rest];
}
