import { renderBlocks } from "../../core/document/render-blocks.js";
import type { Coverage } from "../../core/domain/reading.js";
import { blockText, countWords } from "../../core/document/blocks.js";
import { splitBlocks, sumDropped } from "./html-blocks.js";
import { readPageHead } from "./html-page-head.js";
import { preparePage } from "./html-prepare.js";
import { placeStreamedParts } from "./html-streamed-parts.js";
import { openTemplates } from "./html-templates.js";
import { findElement, parseHtmlTree } from "./html-tree.js";

/** The text of an HTML file in Markdown style, with the file's line of each text line. */
interface HtmlText {
  title: string;
  text: string;
  /** For each line of `text`, the 1-based line of the file where it starts; 0 where that is unknown. */
  lines: number[];
  coverage: Coverage;
}

/** Extracts the text of a whole HTML file, without menus and scripts. */
export function extractHtmlFileText(html: string): HtmlText {
  const root = parseHtmlTree(openTemplates(html));
  placeStreamedParts(root);
  const { title } = readPageHead(root);
  preparePage(root);
  const body = findElement(root, (each) => each.localName === "body") ?? root;
  const { blocks, dropped } = splitBlocks(body, true);
  const { text, lines } = renderBlocks(blocks);
  const all = countWords(body.textContent);
  const kept = blocks.reduce((sum, block) => sum + countWords(blockText(block)), 0);
  const left = sumDropped(dropped);
  const words = Math.max(kept, all - left.reduce((sum, each) => sum + each.words, 0));
  return { title: title || titleIn(text), text, lines, coverage: { words, kept, dropped: left } };
}

/** The first heading. */
function titleIn(text: string): string {
  return /^#{1,6} (.{1,200})$/m.exec(text)?.[1] ?? "";
}
