import type { Block } from "./blocks.js";

/**
 * Gives each term of a list a heading of its own behind one that has one, because its explanation is long: what follows
 * would read as a part of that explanation.
 */
export function separateTerms(blocks: Block[]): Block[] {
  /** The level of the term that a text would belong to; 0 where there is none. */
  let open = 0;
  return blocks.flatMap((block): Block[] => {
    if (block.kind === "heading") open = block.isTerm === true ? block.level : 0;
    if (block.kind !== "term" || block.level > open) return [block];
    const { term, text, level, place, textLines } = block;
    const head = place === null ? null : { first: place.first, last: place.first };
    const heading: Block = { kind: "heading", text: term, level, place: head, isApart: true, isTerm: true };
    open = level;
    if (text === "") return [heading];
    const lines = textLines === undefined ? {} : { textLines };
    return [heading, { kind: "paragraph", text, place, isApart: true, ...lines }];
  });
}
