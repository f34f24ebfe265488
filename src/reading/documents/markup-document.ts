import { titleOf, type BlockDocument, type DroppedWords } from "./block-document.js";
import { splitBlocks, withoutLinked } from "./html-blocks.js";
import { preparePage } from "./html-prepare.js";
import type { parseHtmlTree } from "./html-tree.js";

/**
 * A document in other markup, whose elements were renamed to those of HTML that mean the same, as blocks.
 * @param dropped what the renaming left out
 * @param words the words of the source
 */
export function readMarkupTree(
  root: ReturnType<typeof parseHtmlTree>,
  dropped: DroppedWords,
  words: string,
): BlockDocument {
  preparePage(root);
  const { blocks, dropped: skipped } = splitBlocks(root, true);
  return {
    title: titleOf(blocks),
    blocks: blocks.map(withoutLinked),
    dropped: () => [...dropped.list(), ...skipped],
    words: () => words,
  };
}
