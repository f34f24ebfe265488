import type { Block } from "../../core/document/blocks.js";
import { introductionIn, type BlockDocument } from "./block-document.js";
import { BlockReader } from "./block-reader.js";
import { isBlank, trimBlankLines, type NumberedLine } from "./numbered-lines.js";
import { podInlineText } from "./pod-inline.js";

/* Perl's POD as blocks. Commands stand at the start of a paragraph; indented paragraphs are code. */

const COMMAND = /^=([A-Za-z]\w{0,40})(?:\s+(.*))?$/;
/** What "=begin" may name and still be text for everybody. */
const TEXT_FORMATS = /^:|^(?:text|comment-free)$/;

export function readPod(text: string): BlockDocument {
  return new PodReader().readText(text);
}

class PodReader extends BlockReader {
  protected readonly toText = (text: string): string => podInlineText(text, this.dropped.add);

  protected block(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at] ?? { text: "", number: 0 };
    const [, name, value = ""] = COMMAND.exec(line.text) ?? [];
    if (name !== undefined) return this.command(lines, at, blocks, depth, name, value);
    const end = endOfParagraph(lines, at);
    if (!/^\s/.test(line.text)) {
      blocks.push(...this.paragraphBlocks(lines.slice(at, end)));
      return end;
    }
    const last = endOfVerbatim(lines, end);
    blocks.push(...this.codeBlocks(lines.slice(at, last)));
    return last;
  }

  private command(
    lines: NumberedLine[],
    at: number,
    blocks: Block[],
    depth: number,
    name: string,
    value: string,
  ): number {
    const end = endOfParagraph(lines, at);
    const inside = [{ text: value, number: lines[at]?.number ?? 0 }, ...lines.slice(at + 1, end)];
    this.dropped.add("markup", name);
    const [, level] = /^head([1-6])$/.exec(name) ?? [];
    if (level !== undefined) {
      const text = inside.map((line) => line.text.trim()).join(" ");
      blocks.push(...this.headingBlocks(text, Number(level), inside[0]?.number ?? 0));
      return end;
    }
    if (name === "over") return this.list(lines, at, blocks, depth);
    if (name === "begin") return this.format(lines, at, blocks, depth, value);
    if (name === "cut") return this.programText(lines, end);
    if (/^(?:pod|encoding|back|end)$/.test(name) || (name === "for" && !TEXT_FORMATS.test(value))) {
      for (const { text } of inside) this.dropped.add("markup", text);
      return end;
    }
    // An item outside a list, and what is no command, is text.
    blocks.push(...this.paragraphBlocks(inside));
    return end;
  }

  /** What stands between "=cut" and the next command is a program. */
  private programText(lines: NumberedLine[], from: number): number {
    const end = indexOfLine(lines, from, COMMAND);
    this.dropped.addLines("program text", lines.slice(from, end));
    return end;
  }

  private format(lines: NumberedLine[], at: number, blocks: Block[], depth: number, format: string): number {
    const end = indexOfLine(lines, at + 1, /^=end\b/);
    const inside = lines.slice(at + 1, end);
    this.dropped.add("markup", format);
    if (TEXT_FORMATS.test(format)) blocks.push(...this.parse(inside, depth + 1));
    else this.dropped.addLines("text for one output format", inside);
    return Math.min(lines.length, end + 1);
  }

  private list(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const introduction = introductionIn(blocks);
    const end = endOfList(lines, at);
    const inside = lines.slice(endOfParagraph(lines, at), end);
    const starts = itemStarts(inside);
    this.dropped.add("markup", lines[at]?.text.slice("=over".length) ?? "");
    // A list without items indents a quotation.
    const before = inside.slice(0, starts[0] ?? inside.length);
    blocks.push(...this.quotationBlocks(this.parse(before, depth + 1)));
    let open: { text: string; line: NumberedLine }[] = [];
    for (const [index, start] of starts.entries()) {
      const line = inside[start] ?? { text: "", number: 0 };
      const mark = line.text.replace(/^=item\s*/, "");
      const body = inside.slice(start + 1, starts[index + 1] ?? inside.length);
      this.dropped.add("markup", "item");
      const [, bullet = "", rest = ""] = /^(\*|\d+[.)]?)(?:\s+(.*)|$)/.exec(mark.trim()) ?? [];
      if (bullet !== "") {
        const said = this.parse([{ text: rest, number: line.number }, ...body], depth + 1);
        const number = bullet === "*" ? null : Number.parseInt(bullet, 10);
        if (number !== null) this.dropped.add("markup", bullet);
        blocks.push(...this.itemBlocks(said, [line], number, introduction, index === 0));
        continue;
      }
      open.push({ text: this.toText(mark), line });
      // Names that follow each other share the text below the last one.
      const isShared = body.every(({ text }) => isBlank(text)) && index < starts.length - 1;
      if (isShared) continue;
      const names = open.map(({ text }) => text).filter((text) => text !== "");
      const last = open.map((each) => each.line);
      open = [];
      blocks.push(...this.termBlocks(names.join(", "), last, this.parse(trimBlankLines(body), depth + 1)));
    }
    return Math.min(lines.length, end + 1);
  }
}

/** The index of the first line like this, or the end. */
function indexOfLine(lines: NumberedLine[], from: number, pattern: RegExp): number {
  let at = from;
  while (at < lines.length && !pattern.test(lines[at]?.text ?? "")) at++;
  return at;
}

function endOfParagraph(lines: NumberedLine[], at: number): number {
  let end = at + 1;
  while (end < lines.length && !isBlank(lines[end]?.text ?? "")) end++;
  return end;
}

/** Indented paragraphs that follow each other are one piece of code. */
function endOfVerbatim(lines: NumberedLine[], from: number): number {
  let end = from;
  for (let at = from; at < lines.length;) {
    if (isBlank(lines[at]?.text ?? "")) at++;
    else if (!/^\s/.test(lines[at]?.text ?? "")) break;
    else end = at = endOfParagraph(lines, at);
  }
  return end;
}

/** The index of the "=back" of a list, or the end. */
function endOfList(lines: NumberedLine[], at: number): number {
  let depth = 0;
  for (let end = at; end < lines.length; end++) {
    const { text = "" } = lines[end] ?? {};
    if (/^=over\b/.test(text)) depth++;
    else if (/^=back\b/.test(text) && --depth === 0) return end;
  }
  return lines.length;
}

/** The items of a list, without those of lists in it. */
function itemStarts(lines: NumberedLine[]): number[] {
  const found: number[] = [];
  let depth = 0;
  for (const [at, { text }] of lines.entries()) {
    if (/^=over\b/.test(text)) depth++;
    else if (/^=back\b/.test(text)) depth--;
    else if (depth === 0 && /^=item\b/.test(text)) found.push(at);
  }
  return found;
}
