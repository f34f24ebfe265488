import * as z from "zod";
import type { Block } from "../../core/document/blocks.js";
import { codeOf, DroppedWords, placeOf, titleOf, type BlockDocument } from "./block-document.js";
import { MarkdownReader } from "./markdown-blocks.js";
import type { NumberedLine } from "./numbered-lines.js";

/* Notebooks as blocks: their cells in order, texts as Markdown, code as code, and what the code printed in short. */

const Source = z.union([z.string(), z.array(z.string())]).default("");
const Output = z.object({
  text: Source.optional(),
  data: z.object({ "text/plain": Source.optional() }).optional(),
});
const Notebook = z.object({
  cells: z.array(
    z.object({ cell_type: z.string(), source: Source, outputs: z.array(Output.catch({})).optional() }),
  ),
  metadata: z
    .object({
      language_info: z.object({ name: z.string() }).optional().catch(undefined),
      kernelspec: z.object({ language: z.string().optional() }).optional().catch(undefined),
    })
    .catch({})
    .default({}),
});

/** Number of lines of an output that are shown. */
const MAX_OUTPUT_LINES = 20;

/** Reads a notebook; null if the text is none. */
export function readNotebook(text: string): BlockDocument | null {
  const found = Notebook.safeParse(parseOrNull(text));
  if (!found.success) return null;
  const { cells, metadata } = found.data;
  const language = metadata.language_info?.name ?? metadata.kernelspec?.language ?? "";
  const dropped = new DroppedWords();
  const markdown = new MarkdownReader(false);
  const finder = new LineFinder(text);
  const blocks: Block[] = [];
  const words: string[] = [];
  const textOf = (source: string | string[]): string =>
    typeof source === "string" ? source : source.join("");
  for (const { cell_type: type, source, outputs = [] } of cells) {
    const lines = finder.lines(source);
    words.push(textOf(source));
    if (type === "code") blocks.push(...codeOf(lines, language, 0));
    else if (type === "markdown") blocks.push(...markdown.readPart(lines));
    else blocks.push(...codeOf(lines, "", 0));
    for (const output of outputs) {
      const printed = output.text ?? output.data?.["text/plain"] ?? "";
      words.push(textOf(printed));
      const shown = finder.lines(printed);
      blocks.push(...codeOf(shown.slice(0, MAX_OUTPUT_LINES), "", 0));
      dropped.addLines("long outputs", shown.slice(MAX_OUTPUT_LINES));
    }
  }
  return {
    title: titleOf(blocks),
    blocks,
    dropped: () => [...dropped.list(), ...markdown.droppedWords()],
    words: () => words.join("\n"),
  };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Finds the lines of the file in which the texts of a notebook stand, in their order. */
class LineFinder {
  private at = 0;
  private line = 1;

  constructor(private readonly text: string) {}

  lines(source: string | string[]): NumberedLine[] {
    const parts = typeof source === "string" ? [source] : source;
    const found = parts.flatMap((part) => {
      const number = this.find(JSON.stringify(part));
      return part
        .replace(/\n$/, "")
        .split("\n")
        .map((text) => ({ text, number }));
    });
    return placeOf(found) === null ? [] : found;
  }

  private find(written: string): number {
    const next = this.text.indexOf(written, this.at);
    // A string may be written in another way; then it counts as where the last one stands.
    if (next < 0 || next - this.at > MAX_DISTANCE) return this.line;
    for (
      let at = this.text.indexOf("\n", this.at);
      at >= 0 && at < next;
      at = this.text.indexOf("\n", at + 1)
    )
      this.line++;
    this.at = next;
    return this.line;
  }
}

/** Pictures stand between texts. */
const MAX_DISTANCE = 5_000_000;
