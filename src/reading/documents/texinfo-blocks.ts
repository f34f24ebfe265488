import type { Block } from "../../core/document/blocks.js";
import { introductionIn, type BlockDocument } from "./block-document.js";
import { BlockReader } from "./block-reader.js";
import { isBlank, numberLines, trimBlankLines, type NumberedLine } from "./numbered-lines.js";
import { texinfoInlineText } from "./texinfo-inline.js";

/*
 * Texinfo as blocks. Its commands begin a line; what is no known command is prose, and what an unknown one encloses is
 * read as if it were not there.
 */

const COMMAND = /^[ \t]*@([A-Za-z]+)(?:[ \t]+(.*)|[ \t]*|(?=\{).*)$/;
const LEVELS: Record<string, number> = {
  top: 1, part: 1, chapter: 1, unnumbered: 1, appendix: 1, majorheading: 1, chapheading: 1, centerchap: 1, section: 2,
  unnumberedsec: 2, appendixsec: 2, appendixsection: 2, heading: 2, subsection: 3, unnumberedsubsec: 3,
  appendixsubsec: 3, subheading: 3, subsubsection: 4, unnumberedsubsubsec: 4, appendixsubsubsec: 4, subsubheading: 4,
}; // prettier-ignore
/** Lines that a reader does not see. */
const NO_TEXT =
  /^(?:node|setfilename|settitle|documentencoding|documentlanguage|set|clear|[cfkpvt]index|vskip|page|need|sp|contents|shortcontents|summarycontents|printindex|syncodeindex|synindex|defindex|defcodeindex|dircategory|finalout|bye|noindent|indent|exampleindent|paragraphindent|firstparagraphindent|headings|everyheading|everyfooting|evenheading|oddheading|setchapternewpage|smallbook|afourpaper|afourlatex|include|anchor|author|kbdinputstyle|frenchspacing|codequoteundirected|codequotebacktick|allowcodebreaks|fonttextsize|pagesizes|urefbreakstyle|xrefautomaticsectiontitle|deftypefnnewline|lowersections|raisesections|insertcopying|alias|definfoenclose|clickstyle|listoffloats|shorttitlepage|exdent|refill|microtype|txiinternalvalue)$/;
const IGNORED: Record<string, string> = {
  menu: "lists of contents", detailmenu: "lists of contents", direntry: "lists of contents", ignore: "comments",
  tex: "text for one output format", iftex: "text for one output format", html: "text for one output format",
  xml: "text for one output format", docbook: "text for one output format", latex: "text for one output format",
  iflatex: "text for one output format", macro: "macros", rmacro: "macros", titlepage: "the title page",
}; // prettier-ignore
const CODE = /^(?:small)?(?:example|lisp|verbatim|display|format)$/;
/** Commands that enclose blocks. */
const ENCLOSING =
  /^(?:itemize|enumerate|multitable|[fv]?table|quotation|smallquotation|indentedblock|smallindentedblock|float|cartouche|group|copying|documentdescription|flushleft|flushright|raggedright|if\w+|def(?:\w+)|abstract)$/;

export function readTexinfo(text: string): BlockDocument {
  return new TexinfoReader().readText(text);
}

class TexinfoReader extends BlockReader {
  private readonly values = new Map<string, string>();
  protected readonly toText = (text: string): string =>
    texinfoInlineText(text, this.values, this.dropped.add);

  override readText(text: string): BlockDocument {
    const lines = numberLines(text);
    for (const line of lines) {
      const [, name, value = ""] = /^@set\s+([\w-]+)(?:\s+(.*))?$/.exec(line.text) ?? [];
      if (name !== undefined) this.values.set(name, value);
    }
    // A file begins with a line for TeX, which may not be Texinfo.
    const [first] = lines;
    const isTex = first !== undefined && /^\\input\s+texinfo/.test(first.text);
    if (isTex) this.dropped.add("markup", first.text);
    const body = isTex ? lines.slice(1) : lines;
    const title = lines.map((line) => /^@(?:settitle|title)\s+(.*)$/.exec(line.text)?.[1]).find(Boolean);
    this.title = title === undefined ? "" : this.toText(title.replace(/\s@c(?:omment)?\s.*$/, "")).trim();
    return this.documentOf(this.parse(body, 0));
  }

  protected block(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at] ?? { text: "", number: 0 };
    const [, name = "", argument = ""] = COMMAND.exec(line.text) ?? [];
    const level = LEVELS[name];
    if (/^(?:c|comment)$/.test(name)) {
      this.dropped.add("comments", line.text);
      return at + 1;
    }
    if (level !== undefined) {
      this.dropped.add("markup", name);
      blocks.push(...this.headingBlocks(argument, level, line.number));
      return at + 1;
    }
    if (NO_TEXT.test(name)) {
      this.dropped.add(name.endsWith("index") ? "entries of an index" : "markup", line.text);
      return at + 1;
    }
    if (name === "end" || isOutside(name)) return this.stray(lines, at, blocks, name, argument);
    const ignored = IGNORED[name];
    const isCode = CODE.test(name);
    if (ignored === undefined && !isCode && !ENCLOSING.test(name)) return this.paragraph(lines, at, blocks);
    const end = endOfCommand(lines, at, name);
    const inside = lines.slice(at + 1, end);
    this.dropped.add("markup", `${name} end ${name}`);
    if (ignored !== undefined) {
      this.dropped.add(ignored, argument);
      this.dropped.addLines(ignored, inside);
    } else if (isCode)
      blocks.push(...this.codeBlocks(name.endsWith("verbatim") ? inside : this.plainLines(inside)));
    else this.enclosing(name, argument, line, inside, blocks, depth);
    return Math.min(lines.length, end + 1);
  }

  /** A command that ends or belongs to what is not open. */
  private stray(lines: NumberedLine[], at: number, blocks: Block[], name: string, argument: string): number {
    const { text, number } = lines[at] ?? { text: "", number: 0 };
    if (name === "end") this.dropped.add("markup", text);
    else {
      this.dropped.add("markup", name);
      const kind = name === "caption" || name === "shortcaption" ? "figure" : "paragraph";
      const said = kind === "figure" ? text.replace(/^\s*@\w+/, "") : argument;
      blocks.push(...this.paragraphBlocks([{ text: said.replace(/^\{(.*)\}$/, "$1"), number }], kind));
    }
    return at + 1;
  }

  private enclosing(
    name: string,
    argument: string,
    line: NumberedLine,
    inside: NumberedLine[],
    blocks: Block[],
    depth: number,
  ): void {
    if (/^(?:itemize|enumerate)$/.test(name)) {
      this.dropped.add("markup", argument);
      this.list(inside, blocks, name === "enumerate", depth);
    } else if (name.endsWith("table")) {
      this.dropped.add("markup", argument);
      if (name === "multitable") this.rows(inside, blocks);
      else this.terms(inside, blocks, argument, depth);
    } else if (/^(?:small)?quotation$/.test(name)) {
      const found = this.parse(inside, depth + 1);
      const label = this.toText(argument);
      blocks.push(...(label === "" ? this.quotationBlocks(found) : this.noteBlocks(label, [line], found)));
    } else if (name.startsWith("def")) this.definition(name, argument, line, inside, blocks, depth);
    else {
      this.dropped.add("markup", argument);
      blocks.push(...this.parse(inside, depth + 1));
    }
  }

  private paragraph(lines: NumberedLine[], at: number, blocks: Block[]): number {
    let end = at + 1;
    while (end < lines.length && !isBlank(lines[end]?.text ?? "") && !beginsBlock(lines[end]?.text ?? ""))
      end++;
    blocks.push(...this.paragraphBlocks(lines.slice(at, end)));
    return end;
  }

  private list(inside: NumberedLine[], blocks: Block[], isNumbered: boolean, depth: number): void {
    const introduction = introductionIn(blocks);
    const { before, items } = splitItems(inside);
    blocks.push(...this.parse(before, depth + 1));
    for (const [index, { line, argument, body }] of items.entries()) {
      this.dropped.add("markup", "item");
      const said = this.parse([{ text: argument, number: line.number }, ...body], depth + 1);
      blocks.push(...this.itemBlocks(said, [line], isNumbered ? index + 1 : null, introduction, index === 0));
    }
  }

  /** @param style the command that marks the terms, such as "@option" */
  private terms(inside: NumberedLine[], blocks: Block[], style: string, depth: number): void {
    const { before, items } = splitItems(inside);
    blocks.push(...this.parse(before, depth + 1));
    const isAsIs = !/^@(?:code|command|option|env|file|samp|kbd|t)\b/.test(style.trim());
    let open: { term: string; line: NumberedLine }[] = [];
    for (const [index, { line, argument, body }] of items.entries()) {
      this.dropped.add("markup", "item");
      const term = this.toText(argument).replaceAll("`", isAsIs ? "`" : "");
      open.push({ term, line });
      const isShared = index < items.length - 1 && body.every(({ text }) => isBlank(text) || isIndex(text));
      if (isShared) {
        this.dropped.addLines("entries of an index", body);
        continue;
      }
      const names = open.map((each) => each.term).filter((each) => each !== "");
      const named = open.map((each) => each.line);
      open = [];
      blocks.push(...this.termBlocks(names.join(", "), named, this.parse(trimBlankLines(body), depth + 1)));
    }
  }

  private rows(inside: NumberedLine[], blocks: Block[]): void {
    const { items } = splitItems(inside);
    const rows = items.map(({ line, argument, body }) => {
      this.dropped.add("markup", "item");
      const whole = [argument, ...body.filter(({ text }) => !isIndex(text)).map(({ text }) => text)].join(
        " ",
      );
      const cells = whole.split(/@tab(?![A-Za-z])/);
      this.dropped.add("markup", "tab ".repeat(cells.length - 1));
      return { cells: cells.map((cell) => this.toText(cell.trim())), lines: [line, ...body.slice(-1)] };
    });
    const heads = items.findIndex(({ name }) => name !== "headitem");
    blocks.push(...this.rowBlocks(rows, Math.max(0, heads)));
  }

  /** "@deffn {Scheme Procedure} name args" and its kin, with further names by "@deffnx". */
  private definition(
    name: string,
    argument: string,
    line: NumberedLine,
    inside: NumberedLine[],
    blocks: Block[],
    depth: number,
  ): void {
    const names = [line];
    let at = 0;
    while (COMMAND.exec(inside[at]?.text ?? "")?.[1] === `${name}x`) names.push(inside[at++] ?? line);
    const terms = names.map(({ text }, index) => {
      if (index > 0) this.dropped.add("markup", `${name}x`);
      return this.toText(definitionName(name, index === 0 ? argument : text.replace(/^\s*@\w+\s*/, "")));
    });
    blocks.push(
      ...this.termBlocks(terms.join(", "), names, this.parse(trimBlankLines(inside.slice(at)), depth + 1)),
    );
  }

  /** Lines of an example, whose commands are still commands. */
  private plainLines(lines: NumberedLine[]): NumberedLine[] {
    return lines.flatMap(({ text, number }) => {
      const [, name = ""] = COMMAND.exec(text) ?? [];
      if (/^(?:c|comment|group|end|noindent|exdent)$/.test(name) || isIndex(text)) {
        this.dropped.add(name.startsWith("c") ? "comments" : "markup", text);
        return name === "exdent" ? [{ text: text.replace(/^\s*@exdent\s*/, ""), number }] : [];
      }
      return [{ text: texinfoInlineText(text, this.values, this.dropped.add, true), number }];
    });
  }
}

/** The words of a definition: its category in braces is no part of the name, and named last. */
function definitionName(name: string, argument: string): string {
  const text = argument.trim();
  const hasCategory = /^def(?:fn|vr|tp|op|cv|typefn|typevr|typeop|typecv)$/.test(name);
  const [whole = "", braced, plain] = (hasCategory ? /^(?:\{([^{}]*)\}|(\S+))\s+/.exec(text) : null) ?? [];
  const category = braced ?? plain ?? "";
  const rest = text.slice(whole.length).replace(/\{([^{}@]*)\}/g, "$1");
  return category === "" ? rest : `${rest} (${category})`;
}

interface Item {
  name: string;
  argument: string;
  line: NumberedLine;
  body: NumberedLine[];
}

/** The items of a list or table, without those of lists in it. */
function splitItems(lines: NumberedLine[]): { before: NumberedLine[]; items: Item[] } {
  const before: NumberedLine[] = [];
  const items: Item[] = [];
  let depth = 0;
  for (const line of lines) {
    const [, name = "", argument = ""] = COMMAND.exec(line.text) ?? [];
    const isItem = /^(?:itemx?|headitem)$/.test(name);
    if (isItem && depth === 0) {
      items.push({ name, argument, line, body: [] });
      continue;
    }
    if (ENCLOSING.test(name) || CODE.test(name)) depth++;
    else if (name === "end" && depth > 0) depth--;
    (items.at(-1)?.body ?? before).push(line);
  }
  return { before, items };
}

/** The index of the line that ends a command, or the end. */
function endOfCommand(lines: NumberedLine[], at: number, name: string): number {
  let depth = 0;
  for (let end = at; end < lines.length; end++) {
    const [, found = "", argument = ""] = COMMAND.exec(lines[end]?.text ?? "") ?? [];
    if (found === name) depth++;
    else if (found === "end" && argument.trim().split(/\s/)[0] === name && --depth === 0) return end;
  }
  return lines.length;
}

function isIndex(text: string): boolean {
  return /^\s*@[cfkpvt]index\b/.test(text);
}

/** Commands that belong to what encloses them. */
function isOutside(name: string): boolean {
  return /^(?:itemx?|headitem|tab|caption|shortcaption|title|subtitle|center|def\w+x)$/.test(name);
}

function beginsBlock(text: string): boolean {
  const [, name = ""] = COMMAND.exec(text) ?? [];
  if (name === "") return false;
  return (
    name === "end" ||
    /^(?:c|comment)$/.test(name) ||
    LEVELS[name] !== undefined ||
    NO_TEXT.test(name) ||
    IGNORED[name] !== undefined ||
    CODE.test(name) ||
    ENCLOSING.test(name) ||
    isOutside(name)
  );
}
