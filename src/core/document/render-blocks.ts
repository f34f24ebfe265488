import { trimEndMatching } from "../text/linear-search.js";
import type { Block, TableRow } from "./blocks.js";
import { separateTerms } from "./separate-terms.js";

/** The plain text of a document, Markdown in style. */
export interface RenderedText {
  text: string;
  /** For each line of `text`, the 1-based line of the source; 0 where that is unknown. */
  lines: number[];
}

/**
 * Renders blocks to the text that snapshots, passages and quotes are made of. A table row names its columns, a term
 * stands in the line of its text, and nothing parts an introduction from what it introduces.
 */
export function renderBlocks(given: Block[]): RenderedText {
  const blocks = separateTerms(given);
  const out: string[] = [];
  const lines: number[] = [];
  for (const [index, block] of blocks.entries()) {
    const before = blocks[index - 1];
    if (before !== undefined && isApart(before, block)) {
      out.push("");
      lines.push(lines.at(-1) ?? 0);
    }
    const first = block.place?.first ?? 0;
    const last = Math.max(first, block.place?.last ?? 0);
    // The line of a fence is that of the code below it.
    const opening = block.kind === "code" ? 1 : 0;
    for (const [at, line] of renderBlock(block).entries()) {
      out.push(line);
      const own = block.textLines?.[at] ?? Math.min(first + Math.max(0, at - opening), last);
      lines.push(first === 0 ? 0 : own);
    }
  }
  return { text: out.join("\n"), lines };
}

/** Whether a blank line parts two blocks. */
function isApart(before: Block, block: Block): boolean {
  const isList = (each: Block): boolean => each.kind === "item" || each.kind === "term";
  if (isList(before) && isList(block)) return false;
  if (before.kind === "row" && block.kind === "row") return block.isHead;
  const isIntroduction =
    "text" in before && before.kind !== "code" && /[:：]["'”’)\]*_`]*$/.test(before.text.slice(-12));
  if (isIntroduction && before.kind !== "heading" && !["paragraph", "heading"].includes(block.kind))
    return false;
  return block.isApart || block.kind === "code" || before.kind === "code" || before.kind === "heading";
}

function renderBlock(block: Block): string[] {
  switch (block.kind) {
    case "heading":
      return [`${"#".repeat(block.level)} ${block.text}`];
    case "item": {
      const mark = block.number === null ? "-" : `${block.number}.`;
      return indented(`${mark} ${block.text}`, block.depth);
    }
    case "term":
      return indented(
        `- ${/[^:]:$/.test(block.term) ? block.term : `${block.term}:`} ${block.text}`.trimEnd(),
        block.depth,
      );
    case "code": {
      const fence = fenceFor(block.text);
      return [`${fence}${block.language}`, ...block.text.split("\n"), fence];
    }
    case "row":
      return renderRow(block);
    case "admonition":
      return `${block.label}: ${block.text}`.trimEnd().split("\n");
    default:
      return block.text.split("\n");
  }
}

function indented(text: string, depth: number): string[] {
  return text.split("\n").map((line, at) => "  ".repeat(depth + (at > 0 ? 1 : 0)) + line);
}

/** A fence that is longer than any run of backticks in the code. */
function fenceFor(code: string): string {
  const longest = Math.max(2, ...Array.from(code.matchAll(/`{3,}/g), ([run]) => run.length));
  return "`".repeat(longest + 1);
}

/** A row as a line; below a head, each cell that is not empty begins with its column's name. */
function renderRow({ cells, head, isHead }: Pick<TableRow, "cells" | "head" | "isHead">): string[] {
  const written = cells.map((cell, at) => {
    const name = trimEndMatching(head[at] ?? "", /[:\s]/);
    const text = cell
      .split("\n")
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .join(" ");
    return name === "" || text === "" || name === text ? text : `${name}: ${text}`;
  });
  const line = `| ${written.join(" | ")} |`;
  return isHead ? [line, `|${" --- |".repeat(Math.max(1, cells.length))}`] : [line];
}
