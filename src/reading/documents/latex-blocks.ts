import type { Block } from "../../core/document/blocks.js";
import { introductionIn, type BlockDocument } from "./block-document.js";
import { BlockReader, type RowText } from "./block-reader.js";
import { pairBraces } from "./brace-groups.js";
import { latexInlineText, writeAccents, type LatexNames } from "./latex-inline.js";
import { isBlank, numberLines, type NumberedLine } from "./numbered-lines.js";

/*
 * LaTeX as blocks: sections, lists, terms, listings, formulas, tables and notes. What an unknown environment encloses is
 * read as if it were not there; an unknown command is the text in its braces.
 */

const SECTION =
  // eslint-disable-next-line redos/no-vulnerable -- no line is longer than 4000 characters
  /^\\(part|chapter|section|subsection|subsubsection|paragraph|subparagraph|frametitle|addchap|addsec)\*?\s*(?:\[[^\]]{0,300}\])?\s*\{/;
const LEVELS: Record<string, number> = {
  part: 1, chapter: 1, addchap: 1, section: 2, addsec: 2, frametitle: 2, subsection: 3, subsubsection: 4, paragraph: 5,
  subparagraph: 6,
}; // prettier-ignore
const BEGIN = /^\\begin\s{0,2}\{([^{}]{1,60})\}/;
const END = /^\\end\s{0,2}\{([^{}]{1,60})\}/;
const VERBATIM =
  /^(?:verbatim|Verbatim|BVerbatim|LVerbatim|lstlisting|minted|alltt|code|console|shell|sourcecode|filecontents|comment|tcblisting)\*?$/;
const DRAWING = /^(?:tikzpicture|picture|pgfpicture|pspicture|asy|forest|circuitikz|axis)$/;
const FORMULA =
  /^(?:equation|align|alignat|gather|multline|eqnarray|displaymath|math|flalign|dmath|IEEEeqnarray|split)\*?$/;
const TABLE = /^(?:tabular|tabularx|tabulary|longtable|array|tabu|longtabu|xltabular|supertabular)\*?$/;
const LIST =
  /(?:itemize|enumerate|description|list|labeling|desclist|compactitem|compactenum|compactdesc|options)\*?$/i;
const QUOTATION = /^(?:quote|quotation|verse|displayquote)$/;
const NOTE =
  /^(?:theorem|lemma|definition|proof|remark|corollary|proposition|example|note|warning|tip|important|caution|exercise|claim|info|hint)\*?$/;
/** Marks at which a line is parted, so that each stands at the start of one. */
const STRUCTURE =
  /\\(?:begin|end)\s{0,2}\{[^{}]{1,60}\}|\\item(?![A-Za-z])|\\bibitem(?![A-Za-z])|\\(?:part|chapter|(?:sub){0,2}section|(?:sub)?paragraph|frametitle|addchap|addsec)\*?(?=[[{])|(?<!\\)\\[[\]]/g;
/** A title may run over so many lines. */
const MAX_TITLE_LINES = 8;
const MAX_FORMULA_LINES = 100;

export function readLatex(text: string): BlockDocument {
  return new LatexReader().readText(text);
}

class LatexReader extends BlockReader {
  private readonly macros = new Map<string, string>();
  private readonly labels = new Map<string, string>();
  private readonly names: LatexNames = { macros: this.macros, labels: this.labels };
  private shift = 0;
  protected readonly toText = (text: string): string => latexInlineText(text, this.names, this.dropped.add);

  override readText(text: string): BlockDocument {
    const lines = this.structuralLines(numberLines(text));
    const begin = lines.findIndex((line) => BEGIN.exec(line.text)?.[1] === "document");
    const end = lines.findIndex((line) => END.exec(line.text)?.[1] === "document");
    const body = begin < 0 ? lines : lines.slice(begin + 1, end < 0 ? lines.length : end);
    this.findMacros(text);
    const title = /\\title\s{0,3}(?:\[[^\]]{0,200}\])?\{/.exec(text);
    const open = title === null ? -1 : title.index + title[0].length - 1;
    const close = open < 0 ? -1 : closingBrace(text, open);
    this.title =
      close < 0
        ? ""
        : this.toText(text.slice(open + 1, close))
            .replace(/\s+/g, " ")
            .trim();
    this.shift = this.title === "" && !/\\chapter\*?[[{]/.test(text) ? 1 : 0;
    this.findLabels(text);
    if (begin >= 0) {
      const isRead = new Set(body);
      for (const line of lines) if (!isRead.has(line)) this.dropped.add("the preamble", line.text);
    }
    const number = open < 0 ? 1 : text.slice(0, open).split("\n").length;
    const head = this.title === "" ? [] : this.headingBlocks(this.title, 1, number);
    const blocks = [...head, ...this.parse(body, 0)];
    return { ...this.documentOf(blocks), words: () => writeAccents(text) };
  }

  private findMacros(text: string): void {
    const defined =
      /\\(?:(?:re)?newcommand|providecommand)\*?\s{0,2}\{?\s{0,2}\\([A-Za-z]{1,40})\}?\s{0,2}\{|\\def\s{0,2}\\([A-Za-z]{1,40})\{/g;
    for (const match of text.matchAll(defined)) {
      const open = match.index + match[0].length - 1;
      const close = closingBrace(text, open);
      const name = match[1] ?? match[2] ?? "";
      const value = close < 0 ? "" : text.slice(open + 1, close);
      // A macro that speaks of itself stands for nothing.
      if (value !== "" && value.length <= 200 && !value.includes(`\\${name}`)) this.macros.set(name, value);
    }
  }

  private findLabels(text: string): void {
    const labelled =
      /\\(?:part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?(?:\[[^\]]{0,200}\])?\{([^{}]{1,200})\}\s{0,20}\\label\{([^{}]{1,100})\}/g;
    for (const [, title = "", label = ""] of text.matchAll(labelled))
      this.labels.set(
        label.trim(),
        latexInlineText(title, this.names, () => undefined),
      );
  }

  /** Lines without comments, parted so that what makes structure begins a line; code stays as it is. */
  private structuralLines(lines: NumberedLine[]): NumberedLine[] {
    const found: NumberedLine[] = [];
    let verbatim: string | null = null;
    for (const line of lines) {
      if (verbatim !== null) {
        const end = line.text.indexOf(`\\end{${verbatim}}`);
        if (end < 0) {
          found.push(line);
          continue;
        }
        if (line.text.slice(0, end).trim() !== "") found.push({ ...line, text: line.text.slice(0, end) });
        found.push({ ...line, text: line.text.slice(end) });
        verbatim = null;
        continue;
      }
      const at = commentStart(line.text);
      if (at >= 0) this.dropped.add("comments", line.text.slice(at + 1));
      const text = at < 0 ? line.text : line.text.slice(0, at);
      // A line that is only a comment does not end a paragraph.
      if (at >= 0 && isBlank(text)) continue;
      const parts = partLine(text);
      for (const part of parts) found.push({ text: part, number: line.number });
      const [, name = ""] = BEGIN.exec(parts.at(-1)?.trimStart() ?? "") ?? [];
      if (VERBATIM.test(name)) verbatim = name;
    }
    return found;
  }

  protected block(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at] ?? { text: "", number: 0 };
    const text = line.text.trimStart();
    const [, section] = SECTION.exec(text) ?? [];
    if (section !== undefined) return this.section(lines, at, blocks, section);
    const [, name] = BEGIN.exec(text) ?? [];
    if (name !== undefined) return this.environment(lines, at, blocks, depth, name);
    if (END.test(text)) {
      this.dropped.add("markup", text);
      return at + 1;
    }
    if (text.startsWith("\\[")) return this.formula(lines, at, blocks);
    if (/^\\(?:bib)?item(?![A-Za-z])/.test(text)) return this.items(lines, at, blocks, depth, false);
    return this.paragraph(lines, at, blocks);
  }

  private section(lines: NumberedLine[], at: number, blocks: Block[], name: string): number {
    let text = lines[at]?.text.trimStart() ?? "";
    let end = at + 1;
    const open = (SECTION.exec(text)?.[0].length ?? 1) - 1;
    while (closingBrace(text, open) < 0 && end < at + MAX_TITLE_LINES && end < lines.length)
      text += ` ${lines[end++]?.text.trim() ?? ""}`;
    const close = closingBrace(text, open);
    const title = close < 0 ? text.slice(open + 1) : text.slice(open + 1, close);
    const number = lines[at]?.number ?? 0;
    this.dropped.add("markup", text.slice(0, open));
    blocks.push(...this.headingBlocks(title, (LEVELS[name] ?? 2) - this.shift, number));
    const rest = close < 0 ? "" : text.slice(close + 1);
    if (!isBlank(rest)) blocks.push(...this.paragraphBlocks([{ text: rest, number }]));
    return end;
  }

  private environment(
    lines: NumberedLine[],
    at: number,
    blocks: Block[],
    depth: number,
    name: string,
  ): number {
    const end = endOfEnvironment(lines, at, name);
    const line = lines[at] ?? { text: "", number: 0 };
    const [mark = ""] = BEGIN.exec(line.text.trimStart()) ?? [];
    const { given, groups, rest } = environmentArguments(line.text.trimStart().slice(mark.length));
    this.dropped.add("markup", `begin ${name} end ${name}`);
    const inside = [
      ...(isBlank(rest) ? [] : [{ text: rest, number: line.number }]),
      ...lines.slice(at + 1, end),
    ];
    const bare = name.replace(/\*$/, "");
    if (VERBATIM.test(name)) this.verbatim(bare, given, inside, blocks);
    else if (DRAWING.test(bare)) this.dropped.addLines("drawings", inside);
    else if (FORMULA.test(name)) {
      this.dropped.add("markup", given);
      blocks.push(...this.formulaBlocks(inside.map((each) => this.withoutLabel(each))));
    } else if (TABLE.test(name)) {
      this.dropped.add("markup", given);
      this.rows(inside, blocks);
    } else if (LIST.test(bare) || bare === "thebibliography") {
      this.dropped.add("markup", given);
      this.list(inside, blocks, depth, /enum/i.test(bare));
    } else if (QUOTATION.test(bare)) blocks.push(...this.quotationBlocks(this.parse(inside, depth + 1)));
    else if (NOTE.test(name)) {
      const label = bare.charAt(0).toUpperCase() + bare.slice(1);
      const title = this.toText(given.replace(/^\[|\]$/g, "").trim());
      const said = this.parse(inside, depth + 1);
      blocks.push(...this.noteBlocks(title === "" ? label : `${label} (${title})`, [line], said));
    } else {
      // Slides have a title, and what describes a function its name.
      const said = groups.filter((group) => !MEASURE.test(group.trim()));
      for (const group of groups) if (!said.includes(group)) this.dropped.add("markup", group);
      const title = this.toText(said.join(" ")).trim();
      const found = this.parse(inside, depth + 1);
      if (title === "" || name !== "frame") blocks.push(...this.termBlocks(title, [line], found));
      else blocks.push(...this.headingBlocks(title, 3 - this.shift, line.number), ...found);
    }
    return Math.min(lines.length, end + 1);
  }

  private verbatim(name: string, given: string, inside: NumberedLine[], blocks: Block[]): void {
    if (name === "comment") {
      this.dropped.addLines("comments", inside);
      return;
    }
    const caption = /caption\s{0,3}=\s{0,3}(?:\{([^{}]{1,300})\}|([^,\]]{1,300}))/.exec(given);
    const shown = caption?.[1] ?? caption?.[2] ?? "";
    const number = inside[0]?.number ?? 1;
    blocks.push(...this.paragraphBlocks([{ text: shown, number }], "figure"));
    const [, named] = /language\s{0,3}=\s{0,3}(?:\[[^\]]{0,40}\])?\{?([\w+#-]{1,30})/.exec(given) ?? [];
    const [, braced] = name === "minted" ? (/\{([\w+#-]{1,30})\}\s*$/.exec(given) ?? []) : [];
    this.dropped.add("markup", given.replace(shown, ""));
    blocks.push(...this.codeBlocks(inside, (named ?? braced ?? "").toLowerCase()));
  }

  private withoutLabel({ text, number }: NumberedLine): NumberedLine {
    return {
      text: text.replace(/\\label\{[^{}]{0,200}\}/g, (label) => {
        this.dropped.add("markup", label);
        return "";
      }),
      number,
    };
  }

  private formula(lines: NumberedLine[], at: number, blocks: Block[]): number {
    let end = at;
    while (end < lines.length && end < at + MAX_FORMULA_LINES && !(lines[end]?.text ?? "").includes("\\]"))
      end++;
    const isClosed = (lines[end]?.text ?? "").includes("\\]");
    if (!isClosed) return this.paragraph(lines, at, blocks);
    const inside = lines.slice(at, end + 1).map(({ text, number }) => ({
      text: text.replace(/^\s*\\\[/, "").replace(/\\\]\s*$/, ""),
      number,
    }));
    blocks.push(...this.formulaBlocks(inside.map((line) => this.withoutLabel(line))));
    return end + 1;
  }

  private paragraph(lines: NumberedLine[], at: number, blocks: Block[]): number {
    let end = at + 1;
    while (end < lines.length && !isBlank(lines[end]?.text ?? "") && !isStructure(lines[end]?.text ?? ""))
      end++;
    const inside = lines.slice(at, end);
    const kind = /^\s*\\caption\*?[[{]/.test(inside[0]?.text ?? "") ? "figure" : "paragraph";
    blocks.push(...this.paragraphBlocks(inside, kind));
    return end;
  }

  private list(inside: NumberedLine[], blocks: Block[], depth: number, isNumbered: boolean): void {
    let first = 0;
    let open = 0;
    for (; first < inside.length; first++) {
      const text = inside[first]?.text.trimStart() ?? "";
      if (open === 0 && /^\\(?:bib)?item(?![A-Za-z])/.test(text)) break;
      if (BEGIN.test(text)) open++;
      else if (END.test(text)) open--;
    }
    const introduction = introductionIn(blocks);
    blocks.push(...this.parse(inside.slice(0, first), depth + 1));
    if (first < inside.length) this.items(inside, first, blocks, depth, isNumbered, introduction);
  }

  /** Items up to the end of the lines. */
  private items(
    lines: NumberedLine[],
    from: number,
    blocks: Block[],
    depth: number,
    isNumbered: boolean,
    introduction: string | null = introductionIn(blocks),
  ): number {
    let count = 0;
    for (let at = from; at < lines.length;) {
      const end = endOfItem(lines, at);
      const line = lines[at] ?? { text: "", number: 0 };
      const [mark = "", key] =
        /^\s*\\(?:item|bibitem(?:\[[^\]]{0,100}\])?\{([^{}]{0,100})\})\s*/.exec(line.text) ?? [];
      this.dropped.add("markup", mark);
      const { term, rest } = itemTerm(line.text.slice(mark.length));
      count++;
      const said = this.parse([{ text: rest, number: line.number }, ...lines.slice(at + 1, end)], depth + 1);
      if (key === undefined && term !== "")
        blocks.push(...this.termBlocks(this.toText(term).replace(/:$/, ""), [line], said));
      else
        blocks.push(...this.itemBlocks(said, [line], isNumbered ? count : null, introduction, count === 1));
      at = end;
    }
    return lines.length;
  }

  private rows(inside: NumberedLine[], blocks: Block[]): void {
    const { rows, heads } = tableRows(inside, this.dropped.add);
    const texts = rows.map(({ cells, lines }) => ({
      cells: cells.map((cell) => this.toText(cell.trim()).trim()),
      lines,
    }));
    blocks.push(...this.rowBlocks(texts, heads));
  }
}

/** A line in parts, each of which begins with what makes structure. */
function partLine(text: string): string[] {
  const cuts = new Set<number>([0]);
  for (const match of text.matchAll(STRUCTURE)) {
    const isEnd = match[0].startsWith("\\end") || match[0] === "\\]";
    if (match[0] !== "\\]") cuts.add(match.index);
    if (isEnd) cuts.add(match.index + match[0].length);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  const parts = sorted.map((from, index) => text.slice(from, sorted[index + 1]));
  const kept = parts.filter((part) => !isBlank(part));
  return kept.length === 0 ? [text] : kept;
}

/** Where a comment begins; -1 if there is none. */
function commentStart(text: string): number {
  for (let at = text.indexOf("%"); at >= 0; at = text.indexOf("%", at + 1)) {
    const before = text.slice(0, at);
    // eslint-disable-next-line redos/no-vulnerable -- no line is longer than 4000 characters
    const slashes = before.length - before.replace(/\\+$/, "").length;
    const isAddress = /\\(?:url|href|path|nolinkurl)\{[^{}\s]{0,400}$/.test(before.slice(-420));
    const isVerbatim = /\\verb\*?([^\w\s*])(?:(?!\1).){0,200}$/.test(before.slice(-210));
    if (slashes % 2 === 0 && !isAddress && !isVerbatim) return at;
  }
  return -1;
}

function isStructure(text: string): boolean {
  const start = text.trimStart();
  return (
    BEGIN.test(start) ||
    END.test(start) ||
    SECTION.test(start) ||
    /^\\(?:\[|(?:bib)?item(?![A-Za-z]))/.test(start)
  );
}

/** The index of the line that ends an environment, or the end. */
function endOfEnvironment(lines: NumberedLine[], at: number, name: string): number {
  let depth = 0;
  for (let end = at; end < lines.length; end++) {
    const text = lines[end]?.text.trimStart() ?? "";
    if (!text.startsWith("\\")) continue;
    if (BEGIN.exec(text)?.[1] === name && !(VERBATIM.test(name) && end > at)) depth++;
    else if (END.exec(text)?.[1] === name && --depth === 0) return end;
  }
  return lines.length;
}

/** The index after the last line of an item. */
function endOfItem(lines: NumberedLine[], at: number): number {
  let depth = 0;
  for (let end = at + 1; end < lines.length; end++) {
    const text = lines[end]?.text.trimStart() ?? "";
    if (BEGIN.test(text)) depth++;
    else if (END.test(text)) depth--;
    else if (depth <= 0 && /^\\(?:bib)?item(?![A-Za-z])/.test(text)) return end;
  }
  return lines.length;
}

/** The options and arguments behind "\begin{name}", and the text after them. */
function environmentArguments(text: string): { given: string; groups: string[]; rest: string } {
  const groups: string[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    const close = sign === "[" ? text.indexOf("]", at) : sign === "{" ? closingBrace(text, at) : -1;
    if (close < 0) break;
    groups.push(text.slice(at + 1, close));
    at = close + 1;
  }
  return { given: text.slice(0, at), groups, rest: text.slice(at) };
}

/** An argument that says where something goes or how wide it is. */
const MEASURE =
  /^(?:[!lrchtbpHmsLRC|]{0,8}|[\d.,*+\s-]*(?:\\?[a-z]{2,11}(?:width|height|sep|skip)|cm|em|ex|mm|pt|in)?|[a-z]{1,20}\s{0,3}=[^]{0,400})$/i;

/** The term in brackets behind "\item"; they may hold braces with brackets. */
function itemTerm(text: string): { term: string; rest: string } {
  if (!text.startsWith("[")) return { term: "", rest: text };
  let depth = 0;
  for (let at = 0; at < Math.min(text.length, 400); at++) {
    const sign = text.charAt(at);
    if (sign === "\\") at++;
    else if (sign === "{") depth++;
    else if (sign === "}") depth--;
    else if (sign === "]" && depth <= 0) return { term: text.slice(1, at), rest: text.slice(at + 1) };
  }
  return { term: "", rest: text };
}

const TABLE_SIGN =
  /\\\\(?:\*|\[[^\]]{0,20}\])?|\\tabularnewline(?![A-Za-z])|\\(?:hline|toprule|midrule|bottomrule|endhead|endfirsthead|endfoot|endlastfoot)(?![A-Za-z])|\\(?:cline|cmidrule)(?:\([a-z]{1,4}\))?\{[^{}]{0,20}\}|\\[^A-Za-z]|[{}&]/g;

/** The rows of a table, and how many of them are its head: a rule follows it. */
function tableRows(
  lines: NumberedLine[],
  drop: (what: string, text: string) => void,
): { rows: RowText[]; heads: number } {
  const rows: RowText[] = [];
  let row: RowText = { cells: [""], lines: [] };
  // Whether the row has text: a row without an end is not searched again at each of its lines.
  const seen = { text: false };
  let depth = 0;
  let heads = 0;
  const put = (text: string): void => {
    row.cells.push((row.cells.pop() ?? "") + text);
    seen.text ||= !isBlank(text);
  };
  const close = (): void => {
    if (seen.text) rows.push(row);
    row = { cells: [""], lines: [] };
    seen.text = false;
  };
  for (const line of lines) {
    let from = 0;
    for (const match of line.text.matchAll(TABLE_SIGN)) {
      const [sign] = match;
      put(line.text.slice(from, match.index));
      from = match.index + sign.length;
      if (sign === "{" || sign === "}") {
        depth = Math.max(0, depth + (sign === "{" ? 1 : -1));
        put(sign);
      } else if (depth > 0 || (/^\\[^A-Za-z\\]/.test(sign) && sign.length === 2)) put(sign);
      else if (sign === "&") row.cells.push("");
      else if (sign.startsWith("\\\\") || sign === "\\tabularnewline") {
        row.lines.push(line);
        close();
      } else {
        drop("markup", sign);
        const isLine = /^\\(?:hline|midrule|endhead|endfirsthead)/.test(sign);
        if (isLine && rows.length === 1 && heads === 0) heads = 1;
      }
    }
    put(`${line.text.slice(from)} `);
    if (seen.text) row.lines.push(line);
  }
  close();
  return { rows, heads: rows.length > 1 ? heads : 0 };
}

/** The index of the brace that closes one, within a title's length; else -1. */
function closingBrace(text: string, open: number): number {
  const close = pairBraces(text.slice(open, open + 2000), "\\").get(0);
  return close === undefined ? -1 : open + close;
}
