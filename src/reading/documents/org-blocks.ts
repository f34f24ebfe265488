import type { Block } from "../../core/document/blocks.js";
import { introductionIn, type BlockDocument } from "./block-document.js";
import { BlockReader, type RowText } from "./block-reader.js";
import type { ReportDropped } from "./markdown-inline.js";
import { writeLowered, writeRaised } from "../../core/text/raised-text.js";
import {
  endOfIndented,
  indentOf,
  isBlank,
  numberLines,
  withoutIndent,
  type NumberedLine,
} from "./numbered-lines.js";

/* Org as blocks: headings, lists, blocks of code and quotes, tables and drawers. */

const ITEM = /^(\s*)([-+]|\*(?=\s)|\d{1,4}[.)])(?:\s+|$)(?:\[@\d+\]\s*)?/;

export function readOrg(text: string): BlockDocument {
  return new OrgReader().readText(text);
}

class OrgReader extends BlockReader {
  private readonly unclosed = new Map<string, number>();
  private lastLine = 0;
  private readonly macros = new Map<string, string>();
  protected readonly toText = (text: string): string => orgInlineText(text, this.macros, this.dropped.add);

  override readText(text: string): BlockDocument {
    const lines = numberLines(text);
    this.lastLine = lines.length;
    return this.documentOf(this.parse(lines, 0));
  }

  protected block(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at] ?? { text: "", number: 0 };
    const heading = /^(\*+)\s+(.*)$/.exec(line.text);
    if (heading !== null && depth === 0) {
      const [, marks = "", words = ""] = heading;
      const bare = words.replace(/\s+:[\w@:]+:\s*$/, "").replace(/^(?:TODO|DONE|NEXT|WAITING)\s+/, "");
      blocks.push(...this.headingBlocks(bare, marks.length + (this.title === "" ? 0 : 1), line.number));
      return at + 1;
    }
    const keyword = /^\s*#\+([\w-]+):?\s*(.*)$/.exec(line.text);
    if (keyword !== null) return this.keyword(lines, at, blocks, depth, keyword);
    if (/^\s*#(?:\s|$)/.test(line.text)) {
      this.dropped.add("comments", line.text);
      return at + 1;
    }
    if (/^\s*:[\w-]+:\s*$/.test(line.text)) {
      const end = lines.findIndex(
        ({ text }, index) => index > at && index < at + 200 && /^\s*:END:\s*$/i.test(text),
      );
      if (end > at) {
        this.dropped.addLines("drawers", lines.slice(at, end + 1));
        return end + 1;
      }
    }
    if (/^\s*\|/.test(line.text)) return this.table(lines, at, blocks);
    if (/^\s*: /.test(line.text) || /^\s*:$/.test(line.text)) {
      let end = at;
      while (/^\s*:(?: |$)/.test(lines[end]?.text ?? "")) end++;
      blocks.push(
        ...this.codeBlocks(
          lines.slice(at, end).map(({ text, number }) => ({ text: text.replace(/^\s*: ?/, ""), number })),
          "",
          0,
        ),
      );
      return end;
    }
    if (/^\s*-{5,}\s*$/.test(line.text)) return at + 1;
    return ITEM.test(line.text) && (depth > 0 || !line.text.startsWith("*"))
      ? this.list(lines, at, blocks, depth)
      : this.paragraph(lines, at, blocks);
  }

  private keyword(
    lines: NumberedLine[],
    at: number,
    blocks: Block[],
    depth: number,
    [, name = "", value = ""]: RegExpExecArray,
  ): number {
    const { number } = lines[at] ?? { number: 0 };
    const upper = name.toUpperCase();
    if (upper.startsWith("BEGIN_")) {
      const kind = upper.slice(6);
      const end = this.endOf(lines, at, `#+END_${kind}`);
      if (end < 0) return at + 1;
      const inside = lines.slice(at + 1, end);
      const [language = "", ...options] = value.trim().split(/\s+/);
      this.dropped.add("markup", `${name} ${options.join(" ")} ${lines[end]?.text ?? ""}`);
      if (kind === "COMMENT") this.dropped.addLines("comments", inside);
      else if (/^(?:SRC|EXAMPLE|EXPORT)$/.test(kind))
        blocks.push(...this.codeBlocks(withoutCommas(inside), kind === "EXAMPLE" ? "" : language));
      else {
        const found = this.parse(inside, depth + 1);
        blocks.push(...(kind === "QUOTE" ? this.quotationBlocks(found) : found));
      }
      return end + 1;
    }
    if (upper === "TITLE") {
      this.title ||= value;
      blocks.push(...this.headingBlocks(value, 1, number));
    } else if (upper === "MACRO") {
      const [, macro = "", body = ""] = /^(\S+)\s+(.*)$/.exec(value) ?? [];
      this.macros.set(macro, body);
      this.dropped.add("settings", `${name} ${value}`);
    } else if (/^(?:CAPTION|DESCRIPTION|SUBTITLE)$/.test(upper))
      blocks.push(...this.paragraphBlocks([{ text: value, number }], "figure"));
    else this.dropped.add("settings", `${name} ${value}`);
    return at + 1;
  }

  /** The index of the line that ends a block; -1 if none does, as is remembered. */
  private endOf(lines: NumberedLine[], at: number, mark: string): number {
    const number = lines[at]?.number ?? 0;
    if (number >= (this.unclosed.get(mark) ?? Infinity)) return -1;
    for (let end = at + 1; end < lines.length; end++)
      if (lines[end]?.text.trim().toUpperCase().startsWith(mark) === true) return end;
    // Within a list's item, the end may stand outside of it.
    if (lines.at(-1)?.number === this.lastLine) this.unclosed.set(mark, number);
    return -1;
  }

  private list(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const introduction = introductionIn(blocks);
    const indent = indentOf(lines[at]?.text ?? "");
    let end = at;
    while (end < lines.length) {
      let next = end;
      while (isBlank(lines[next]?.text ?? "x") && next < end + 2) next++;
      const line = lines[next];
      const [mark = "", , sign = ""] = ITEM.exec(line?.text ?? "") ?? [];
      if (
        line === undefined ||
        mark === "" ||
        indentOf(line.text) !== indent ||
        (depth === 0 && line.text.startsWith("*"))
      )
        break;
      const last = Math.max(next + 1, endOfIndented(lines, next + 1, indent + 1));
      const [, term, words = ""] = /^(.{1,300}?)\s+::(?:\s+(.*)|$)/.exec(line.text.slice(mark.length)) ?? [];
      const inside = [
        { text: term === undefined ? line.text.slice(mark.length) : words, number: line.number },
        ...withoutIndent(lines.slice(next + 1, last)),
      ];
      const found = this.parse(inside, depth + 1);
      const number = /^\d/.test(sign) ? Number.parseInt(sign, 10) : null;
      if (term !== undefined) blocks.push(...this.termBlocks(this.toText(term), inside, found));
      else blocks.push(...this.itemBlocks(found, inside, number, introduction, end === at));
      end = last;
    }
    return Math.max(end, at + 1);
  }

  private table(lines: NumberedLine[], at: number, blocks: Block[]): number {
    let end = at;
    while (/^\s*\|/.test(lines[end]?.text ?? "")) end++;
    const isHeaded = /^\s*\|-/.test(lines[at + 1]?.text ?? "");
    const rows = lines.slice(at, end).flatMap((line): RowText[] => {
      if (/^\s*\|-/.test(line.text)) return [];
      const cells = line.text
        .trim()
        .replace(/^\||\|$/g, "")
        .split("|");
      return [{ cells: cells.map(this.toText), lines: [line] }];
    });
    blocks.push(...this.rowBlocks(rows, isHeaded ? 1 : 0));
    return end;
  }

  private paragraph(lines: NumberedLine[], at: number, blocks: Block[]): number {
    let end = at + 1;
    while (
      end < lines.length &&
      !isBlank(lines[end]?.text ?? "") &&
      !/^(?:\*+\s|\s*#\+|\s*\||\s*(?:[-+]|\d+[.)])\s)/.test(lines[end]?.text ?? "")
    )
      end++;
    blocks.push(...this.paragraphBlocks(lines.slice(at, end)));
    return end;
  }
}

/** Lines of code without the comma that keeps Org from reading them as its own. */
function withoutCommas(lines: NumberedLine[]): NumberedLine[] {
  return lines.map(({ text, number }) => ({ text: text.replace(/^(\s*),(?=,*(?:\*|#\+))/, "$1"), number }));
}

/** Names of characters that are the same in Org and LaTeX. */
const ENTITIES: Record<string, string> = {
  copy: "©", reg: "®", trade: "™", deg: "°", pm: "±", times: "×", div: "÷", cdot: "⋅", le: "≤", leq: "≤", ge: "≥", geq: "≥",
  ne: "≠", neq: "≠", approx: "≈", equiv: "≡", sim: "∼", infty: "∞", infin: "∞", to: "→", rarr: "→", rightarrow: "→",
  larr: "←", leftarrow: "←", Rightarrow: "⇒", rArr: "⇒", uarr: "↑", darr: "↓", nbsp: " ", ndash: "–", mdash: "—", hellip: "…",
  dots: "…", bull: "•", sect: "§", para: "¶", euro: "€", pound: "£", yen: "¥", alpha: "α", beta: "β", gamma: "γ", delta: "δ",
  epsilon: "ε", lambda: "λ", mu: "μ", pi: "π", rho: "ρ", sigma: "σ", tau: "τ", phi: "φ", omega: "ω", Delta: "Δ", Sigma: "Σ",
  Omega: "Ω", Pi: "Π", in: "∈", notin: "∉", subset: "⊂", cup: "∪", cap: "∩", forall: "∀", exists: "∃", sum: "∑", prod: "∏",
  int: "∫", sqrt: "√", minus: "−", plus: "+", lt: "<", gt: ">", amp: "&", vert: "|", slash: "/", under: "_", tilde: "~",
  quot: '"', lsquo: "‘", rsquo: "’", ldquo: "“", rdquo: "”", laquo: "«", raquo: "»", auml: "ä", ouml: "ö", uuml: "ü",
  szlig: "ß", eacute: "é", egrave: "è", EUR: "€", frac12: "½", frac14: "¼", half: "½", check: "✓", checkmark: "✓", star: "⋆",
}; // prettier-ignore

/** What the document's macros stand for. */
type OrgMacros = ReadonlyMap<string, string>;

/** The text of a macro such as {{{kbd(TAB)}}}; one that is computed, or set elsewhere, shows what it is given. */
function macroText(name: string, given: string, macros: OrgMacros): string {
  const body = macros.get(name);
  const words = given.split(/(?<!\\),/).map((each) => each.trim().replaceAll("\\,", ","));
  if (body === undefined || body.startsWith("(eval")) return words.join(", ");
  return body.replace(/\$(\d)/g, (_, at: string) => words[Number(at) - 1] ?? "");
}

function orgInlineText(given: string, macros: OrgMacros, drop: ReportDropped): string {
  if (!/[[*/_=~+^\\@{<]/.test(given)) return given;
  const codes: string[] = [];
  const keep = (code: string): string => `\ue000${codes.push(code) - 1}\ue001`;
  const text = given
    .replace(
      /\{\{\{([A-Za-z][\w-]{0,60})(?:\(((?:[^)]|\)(?!\}\}\})){0,500})\))?\}\}\}/g,
      (whole, name: string, words = "") => {
        const shown = macroText(name, String(words), macros);
        drop("markup", shown.includes(String(words)) ? name : whole);
        return shown;
      },
    )
    .replace(
      /(?<![\w\]])src_([\w-]{1,30})(?:\[[^\]\n]{0,200}\])?\{([^{}\n]{1,300})\}/g,
      (_, language: string, code: string) => {
        drop("markup", `src ${language}`);
        return keep(`\`${code}\``);
      },
    )
    .replace(/@@([\w-]{1,20}):([^@\n]{0,300})@@/g, (whole) => {
      drop("markup", whole);
      return "";
    })
    .replace(/(?<![\w~=])([=~])(?=\S)([^\n]{1,300}?)(?<=\S)\1(?![\w~=])/g, (_, _sign, inside: string) =>
      keep(`\`${inside}\``),
    )
    .replace(/<{2,3}([^<>\n]{1,200})>{2,3}/g, "$1")
    .replace(
      /\[\[([^\][]{1,1000})\](?:\[([^]{1,1000}?)\])?\]/g,
      (_, target: string, label: string | undefined) => {
        if (label !== undefined) drop("addresses of links", target);
        return label ?? target.replace(/^file:/, "").replace(/^[*#]/, "");
      },
    )
    // A note within the text stands in parentheses, the mark of another one is no part of it.
    .replace(
      /\s*\[fn:([\w-]*):\s*((?:[^\][]|\[[^\][]{0,200}\]){1,1500})\]/g,
      (_, name: string, note: string) => {
        drop("marks of notes", `fn ${name}`);
        return ` (${note})`;
      },
    )
    .replace(/\[fn:[\w-]*\]/g, (mark) => {
      drop("marks of notes", mark);
      return "";
    })
    .replace(/\\([A-Za-z]{2,10}\d{0,2})(?:\{\}|(?![A-Za-z{]))/g, (whole, name: string) => {
      const sign = ENTITIES[name];
      if (sign !== undefined) drop("markup", name);
      return sign ?? whole;
    })
    .replace(
      /(?<=[\p{L}\p{N})\ue001])\^(?:\{([^{}\n]{1,80})\}|(-?\d{1,6}))/gu,
      (_, braced?: string, bare?: string) => writeRaised(braced ?? bare ?? "", "x"),
    )
    .replace(/(?<=[\p{L}\p{N})])_\{([^{}\n]{1,80})\}/gu, (_, inside: string) => writeLowered(inside))
    .replace(/\\\\[ \t]*$/gm, "");
  return removeEmphasis(text).replace(/\ue000(\d+)\ue001/g, (_, at: string) => codes[Number(at)] ?? "");
}

/** Removes marks of bold, italic and underlined text, which may go on in the next line. */
function removeEmphasis(text: string): string {
  return text
    .replace(
      /(?<![\p{L}\p{N}*/_+])([*/_])(?=[^\s*/_])((?:[^\n]|\n(?!\n)){1,500}?)(?<=[^\s])\1(?![\p{L}\p{N}*/_+])/gu,
      "$2",
    )
    .replace(/(?<![\p{L}\p{N}+`])\+(?=[^\s+])([^\n`+]{1,300}?)(?<=\S)\+(?![\p{L}\p{N}+`])/gu, "~~$1~~");
}
