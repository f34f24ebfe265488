import type { Block } from "../../core/document/blocks.js";
import { paragraphOf, type DroppedWords } from "./block-document.js";
import type { NumberedLine } from "./numbered-lines.js";

/** What a reader sees of the fields before a text, and the text itself. */
export interface FrontMatter {
  /** "" without one. */
  title: string;
  /** 1-based. */
  titleLine: number;
  /** Its description. */
  blocks: Block[];
  rest: NumberedLine[];
}

/** Front matter ends within this number of lines, or is none. */
const MAX_LINES = 300;
const SHOWN = /^(?:description|summary|abstract|subtitle)$/i;

/** Reads the fields in YAML or TOML at the start of a text. */
export function readFrontMatter(lines: NumberedLine[], dropped: DroppedWords): FrontMatter {
  const fence = lines[0]?.text.trimEnd() ?? "";
  const none = { title: "", titleLine: 1, blocks: [], rest: lines };
  if (fence !== "---" && fence !== "+++") return none;
  const end = lines.slice(0, MAX_LINES).findIndex(({ text }, at) => at > 0 && text.trimEnd() === fence);
  const fields = lines.slice(1, Math.max(1, end));
  if (end < 0 || !fields.every(({ text }) => /^(?:\s|#|-|\}|\]|"?[\w.$-]+"?\s*[:=]|\[|$)/.test(text)))
    return none;
  const found: FrontMatter = { ...none, rest: lines.slice(end + 1) };
  for (let at = 0; at < fields.length; at++) {
    const { text, number } = fields[at] ?? { text: "", number: 0 };
    const [, name = "", value = ""] = /^"?([\w.$-]+)"?\s*[:=]\s*(.*)$/.exec(text) ?? [];
    const isTitle = /^title$/i.test(name);
    const isShown = SHOWN.test(name);
    if (!isTitle && !isShown) {
      dropped.add("front matter", text);
      continue;
    }
    dropped.add("front matter", name);
    const parts = [value];
    while (/^\s+\S/.test(fields[at + 1]?.text ?? "")) parts.push(fields[++at]?.text ?? "");
    const scalar = scalarText(parts);
    if (isTitle) Object.assign(found, { title: scalar, titleLine: number });
    else found.blocks.push(...paragraphOf([{ text: scalar, number }], (each) => each));
  }
  return found;
}

/** A plain, quoted or folded value. */
function scalarText(parts: string[]): string {
  const [first = "", ...more] = parts.map((part) => part.trim());
  const isFolded = /^[>|][-+\d]*$/.test(first);
  const text = (isFolded ? more : [first, ...more]).join(" ").trim();
  const quoted = /^(["'])(.*)\1(?:\s+#.*)?$/.exec(text)?.[2];
  return quoted ?? text.replace(/\s+#.*$/, "");
}
