import { sourceLinesOf, type Block, type SourceLines } from "./blocks.js";

/**
 * Puts a label and the blocks of a note or warning together: the label stands in the line of the first paragraph. A
 * label alone, such as "New in version 3.1", is a sentence.
 * @param place the lines of the label
 */
export function composeAdmonition(label: string, place: SourceLines | null, blocks: Block[]): Block[] {
  const [first, ...others] = blocks;
  if (label === "") return blocks;
  // With a colon it would introduce what stands behind the note.
  if (blocks.length === 0) return [{ kind: "paragraph", text: `${label}.`, place, isApart: true }];
  if (first?.kind !== "paragraph")
    return [{ kind: "admonition", label, text: "", place, isApart: true }, ...blocks];
  if (first.text.toLowerCase().startsWith(label.toLowerCase())) return blocks;
  const textLines = sourceLinesOf(first);
  const whole: Block = {
    kind: "admonition",
    label,
    text: first.text,
    place: first.place,
    isApart: true,
    ...(textLines === null ? {} : { textLines }),
  };
  return [whole, ...others];
}
