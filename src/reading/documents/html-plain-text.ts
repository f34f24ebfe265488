import { renderBlocks } from "../../core/document/render-blocks.js";
import { splitBlocks } from "./html-blocks.js";
import { readPageHead } from "./html-page-head.js";
import { preparePage } from "./html-prepare.js";
import { findElement, parseHtmlTree } from "./html-tree.js";

/** The text of an HTML file in Markdown style, with the file's line of each text line. */
export interface HtmlText {
  title: string;
  text: string;
  /** For each line of `text`, the 1-based line of the file where it starts. */
  lines: number[];
}

/** Extracts the text of a whole HTML file, without menus and scripts. */
export function extractHtmlFileText(html: string): HtmlText {
  const root = parseHtmlTree(html);
  const { title } = readPageHead(root);
  preparePage(root);
  const body = findElement(root, (each) => each.localName === "body") ?? root;
  const { text, lines } = renderBlocks(splitBlocks(body, true).blocks);
  return { title, text, lines: fillGaps(lines) };
}

/** Lines of unknown origin get the line before. */
function fillGaps(lines: number[]): number[] {
  let last = 1;
  return lines.map((line) => (last = line === 0 ? last : line));
}
