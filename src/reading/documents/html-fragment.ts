import type { Block } from "../../core/document/blocks.js";
import type { DroppedWords } from "./block-document.js";
import { splitBlocks, withoutLinked } from "./html-blocks.js";
import { preparePage } from "./html-prepare.js";
import { elementsOf, parseHtmlTree } from "./html-tree.js";
import type { NumberedLine } from "./numbered-lines.js";

/** The blocks of HTML that stands within a text of another format. */
export function readHtmlFragment(lines: NumberedLine[], dropped: DroppedWords): Block[] {
  const html = lines.map(({ text }) => text).join("\n");
  const root = parseHtmlTree(html);
  for (const element of elementsOf(root))
    for (const name in element.attributes) {
      // Alternatives are text that a reader sees; addresses and classes are not.
      if (name !== "alt") dropped.add("markup", `${name} ${element.attributes[name] ?? ""}`);
    }
  for (const [, name = ""] of html.matchAll(/<\/?([A-Za-z][\w.-]{0,60})/g)) dropped.add("markup", name);
  preparePage(root);
  const { blocks, dropped: skipped } = splitBlocks(root, true);
  for (const { what, words } of skipped)
    if (words > 0) dropped.add(what, "word ".repeat(Math.min(words, 10_000)));
  return blocks.map((block) => renumbered(withoutLinked(block), lines));
}

/** A block whose lines are counted in the fragment, with the lines of the whole text. */
function renumbered(block: Block, lines: NumberedLine[]): Block {
  const numberAt = (line: number): number => lines[line - 1]?.number ?? lines.at(-1)?.number ?? 0;
  const { place, textLines } = block;
  return {
    ...block,
    place: place === null ? null : { first: numberAt(place.first), last: numberAt(place.last) },
    ...(textLines === undefined ? {} : { textLines: textLines.map(numberAt) }),
  };
}
