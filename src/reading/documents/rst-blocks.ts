import type { Block } from "../../core/document/blocks.js";
import { headingOf, introductionIn, type BlockDocument } from "./block-document.js";
import { BlockReader, type RowText } from "./block-reader.js";
import { parseCsv } from "./csv-blocks.js";
import {
  endOfIndented,
  indentOf,
  isBlank,
  numberLines,
  trimBlankLines,
  withoutIndent,
  type NumberedLine,
} from "./numbered-lines.js";
import { rstInlineText, type RstNames } from "./rst-inline.js";
import { readGridTable, readSimpleTable } from "./rst-tables.js";

/*
 * reStructuredText as blocks: sections, lists, terms, fields, literal blocks, tables and the directives of docutils and
 * Sphinx. An unknown directive is its argument and what stands below it.
 */

const ADORNMENT = /^([!-/:-@[-`{-~])\1{1,}\s*$/;
const BULLET = /^([-*+•])(\s+|$)/;
const NUMBERED = /^(?:\(?(\d{1,4}|#|[a-zA-Z]|[ivxlcIVXLC]{2,6})[.)])(\s+)\S/;
const FIELD = /^:(?![:\s])((?:[^:\\\n]|\\.|:(?!\s|$)){1,120}):(?:\s+|$)/;
const OPTION =
  /^(?:-{1,2}|\/)[\w?][\w-]*(?:[ =][<\w][\w<>=-]*)?(?:, -{1,2}[\w][\w-]*(?:[ =][<\w][\w<>=-]*)?)*(?: {2,}\S.*)?$/;
const DIRECTIVE = /^\.\.[ \t]+(?:\|([^|]+)\|[ \t]+)?([A-Za-z][\w:+.-]*?)::(?:[ \t]+(.*)|$)/;
const ADMONITIONS =
  /^(?:note|tip|hint|important|warning|caution|danger|attention|error|seealso|todo|admonition|versionadded|versionchanged|versionremoved|deprecated|deprecated-removed)$/;
const DESCRIPTIONS =
  /^(?:option|cmdoption|envvar|confval|setting|config|directive|role|function|class|method|classmethod|staticmethod|attribute|property|data|exception|decorator|decoratormethod|module|describe|object|program-option|macro|type|member|var|enum|enumerator|struct|union|namespace|rst:\w+|[a-z]+:(?!module|currentmodule|namespace)[a-z]+)$/;
const NO_TEXT =
  /^(?:toctree|contents|index|highlight|default-role|currentmodule|module|program|sectionauthor|codeauthor|moduleauthor|meta|include|literalinclude|raw|tabularcolumns|role|default-domain|automodule|autoclass|autofunction|automethod|autoattribute|autosummary|automodsumm|image|py:module|py:currentmodule|js:module|cpp:namespace|c:namespace|title|header|footer|sectnum|class|only-toc)$/;
const CODE =
  /^(?:code|code-block|sourcecode|parsed-literal|prompt|ipython|jupyter-execute|doctest|testcode|testoutput|productionlist|graphviz|digraph|mermaid|uml|plot)$/;

export function readRst(text: string): BlockDocument {
  return new RstReader().readText(text);
}

class RstReader extends BlockReader {
  private readonly substitutions = new Map<string, string>();
  private readonly labels = new Map<string, string>();
  private readonly names: RstNames = { substitutions: this.substitutions, labels: this.labels };
  /** Kinds of section titles in the order of their levels. */
  private readonly styles: string[] = [];
  protected readonly toText = (text: string): string => rstInlineText(text, this.names, this.dropped.add);

  override readText(text: string): BlockDocument {
    const lines = numberLines(text);
    for (const line of lines) {
      const [, name, value = ""] =
        /^\.\.[ \t]+\|([^|]+)\|[ \t]+(?:replace|unicode)::[ \t]*(.*)/.exec(line.text) ?? [];
      if (name !== undefined)
        this.substitutions.set(name, value.startsWith("U+") || value.startsWith("0x") ? "" : value);
    }
    this.findLabels(lines);
    return this.documentOf(this.parse(lines, 0));
  }

  /** A label stands above the title that it names, alone or with others. */
  private findLabels(lines: NumberedLine[]): void {
    let open: string[] = [];
    for (const [at, { text }] of lines.entries()) {
      const [, label] = /^\.\. _`?([^`:]{1,100}(?::[^`:\s][^`:]{0,100})?)`?:\s*$/.exec(text) ?? [];
      if (label !== undefined) open.push(label.toLowerCase().replace(/\s+/g, " "));
      if (label !== undefined || isBlank(text) || open.length === 0) continue;
      const isOverlined = ADORNMENT.test(text);
      const title = isOverlined ? (lines[at + 1]?.text ?? "") : text;
      const below = lines[at + (isOverlined ? 2 : 1)]?.text ?? "";
      if (ADORNMENT.test(below) && !isBlank(title))
        for (const each of open)
          this.labels.set(
            each,
            rstInlineText(title.trim(), this.names, () => undefined),
          );
      open = [];
    }
  }

  protected block(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const { text = "" } = lines[at] ?? {};
    const indent = indentOf(text);
    if (indent > 0) {
      const end = endOfIndented(lines, at, indent);
      const quoted = this.parse(withoutIndent(lines.slice(at, end), indent), depth + 1);
      blocks.push(...this.quotationBlocks(quoted));
      return end;
    }
    if (/^\.\.(?:\s|$)/.test(text)) return this.explicit(lines, at, blocks, depth);
    if (/^\w/.test(text) && !NUMBERED.test(text)) return this.titleOrParagraph(lines, at, blocks, depth);
    if (/^__(?:\s|$)/.test(text)) return at + 1;
    if (/^\+[-=+]{2,}\+\s*$/.test(text)) return this.table(lines, at, blocks, readGridTable);
    if (/^={2,}(?:\s+={2,})+\s*$/.test(text)) return this.table(lines, at, blocks, readSimpleTable);
    if (ADORNMENT.test(text)) return this.overlined(lines, at, blocks, depth);
    if (BULLET.test(text)) return this.list(lines, at, blocks, depth, BULLET);
    if (NUMBERED.test(text)) return this.list(lines, at, blocks, depth, NUMBERED);
    if (FIELD.test(text)) return this.field(lines, at, blocks, depth);
    if (/^>>>(?:\s|$)/.test(text)) return this.doctest(lines, at, blocks);
    if (/^\|(?:\s|$)/.test(text)) return this.lineBlock(lines, at, blocks);
    if (OPTION.test(text)) return this.option(lines, at, blocks, depth);
    return this.titleOrParagraph(lines, at, blocks, depth);
  }

  private titleOrParagraph(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at];
    const { text: below = "" } = lines[at + 1] ?? {};
    const width = textWidth(line?.text ?? "");
    if (line !== undefined && ADORNMENT.test(below) && below.trim().length >= Math.min(width, 4)) {
      this.heading(line, below.charAt(0), blocks);
      return at + 2;
    }
    return this.paragraph(lines, at, blocks, depth);
  }

  private overlined(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const title = lines[at + 1];
    const sign = (lines[at]?.text ?? "").charAt(0);
    const { text: below = "" } = lines[at + 2] ?? {};
    if (title !== undefined && !isBlank(title.text) && ADORNMENT.test(below) && below.startsWith(sign)) {
      this.heading(title, sign + sign, blocks);
      return at + 3;
    }
    const { text = "" } = lines[at] ?? {};
    const isRule = text.trim().length >= 4 && isBlank(title?.text ?? "");
    return isRule ? at + 1 : this.titleOrParagraph(lines, at, blocks, depth);
  }

  private heading({ text, number }: NumberedLine, style: string, blocks: Block[]): void {
    if (!this.styles.includes(style)) this.styles.push(style);
    blocks.push(...this.headingBlocks(text.trim(), this.styles.indexOf(style) + 1, number));
  }

  private paragraph(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    let end = at + 1;
    while (end < lines.length && !isBlank(lines[end]?.text ?? "") && indentOf(lines[end]?.text ?? "") === 0) {
      if (/^\.\. [\w|[_]/.test(lines[end]?.text ?? "")) break;
      end++;
    }
    // A line with indented text right below it is a term.
    const { text: next = "" } = lines[end] ?? {};
    if (end < lines.length && !isBlank(next) && indentOf(next) > 0) {
      const isTerm = end === at + 1 && !/::\s*$/.test(lines[at]?.text ?? "");
      if (isTerm) return this.term(lines, at, blocks, depth);
    }
    const inside = lines.slice(at, end);
    const last = inside.at(-1);
    if (last === undefined || !/::\s*$/.test(last.text)) {
      blocks.push(...this.paragraphBlocks(inside));
      return end;
    }
    const bare = last.text.trimEnd();
    inside[inside.length - 1] = {
      text: /^::$|\s::$/.test(bare) ? bare.slice(0, -2) : bare.slice(0, -1),
      number: last.number,
    };
    blocks.push(...this.paragraphBlocks(inside));
    return this.literal(lines, end, blocks);
  }

  /** The indented or quoted lines after "::". */
  private literal(lines: NumberedLine[], from: number, blocks: Block[]): number {
    let at = from;
    while (at < lines.length && isBlank(lines[at]?.text ?? "")) at++;
    const indent = indentOf(lines[at]?.text ?? "");
    if (indent > 0) {
      const end = endOfIndented(lines, at, 1);
      blocks.push(...this.codeBlocks(lines.slice(at, end), ""));
      return end;
    }
    const sign = /^[!-/:-@[-`{-~]/.exec(lines[at]?.text ?? "")?.[0];
    if (sign === undefined || /^\.\.\s/.test(lines[at]?.text ?? "")) return from;
    let end = at;
    while (lines[end]?.text.startsWith(sign) === true) end++;
    blocks.push(...this.codeBlocks(lines.slice(at, end), ""));
    return end;
  }

  private term(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at];
    const end = endOfIndented(lines, at + 1, 1);
    const inside = this.parse(withoutIndent(lines.slice(at + 1, end)), depth + 1);
    const term = this.toText(line?.text.trim() ?? "");
    blocks.push(...this.termBlocks(term, lines.slice(at, at + 1), inside));
    return end;
  }

  private list(lines: NumberedLine[], at: number, blocks: Block[], depth: number, mark: RegExp): number {
    const introduction = introductionIn(blocks);
    let end = at;
    let count = 0;
    while (end < lines.length) {
      let next = end;
      while (next < lines.length && isBlank(lines[next]?.text ?? "")) next++;
      const line = lines[next];
      const found = mark.exec(line?.text ?? "");
      if (line === undefined || found === null) break;
      const width = mark === BULLET ? found[0].length : found[0].length - 1;
      const last = endOfIndented(lines, next + 1, Math.min(width, 2));
      const inside = [
        { text: line.text.slice(width), number: line.number },
        ...withoutIndent(lines.slice(next + 1, Math.max(last, next + 1))),
      ];
      count++;
      const own = Number(found[1]);
      const number = mark === BULLET ? null : Number.isSafeInteger(own) ? own : count;
      blocks.push(
        ...this.itemBlocks(this.parse(inside, depth + 1), inside, number, introduction, count === 1),
      );
      end = Math.max(last, next + 1);
      if (
        end === next + 1 &&
        !isBlank(lines[end]?.text ?? "") &&
        mark.exec(lines[end]?.text ?? "") === null
      ) {
        // A line that is not indented as it should continues the item.
        break;
      }
    }
    return end;
  }

  private field(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at];
    const [mark = "", name = ""] = FIELD.exec(line?.text ?? "") ?? [];
    const end = Math.max(at + 1, endOfIndented(lines, at + 1, 1));
    const inside = [
      { text: (line?.text ?? "").slice(mark.length), number: line?.number ?? 0 },
      ...withoutIndent(lines.slice(at + 1, end)),
    ];
    const text = this.parse(inside, depth + 1);
    if (depth === 0 && blocks.length === 0 && /^(?:orphan|nosearch|tocdepth|nocomments)$/.test(name))
      return end;
    blocks.push(...this.termBlocks(this.toText(fieldName(name)), inside.slice(0, 1), text));
    return end;
  }

  private option(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at];
    const [name = "", ...said] = (line?.text ?? "").split(/ {2,}/);
    const end = Math.max(at + 1, endOfIndented(lines, at + 1, 1));
    if (said.length === 0 && end === at + 1) return this.titleOrParagraph(lines, at, blocks, depth);
    const inside = [
      { text: said.join(" "), number: line?.number ?? 0 },
      ...withoutIndent(lines.slice(at + 1, end)),
    ];
    blocks.push(...this.termBlocks(name.trim(), inside.slice(0, 1), this.parse(inside, depth + 1)));
    return end;
  }

  private doctest(lines: NumberedLine[], at: number, blocks: Block[]): number {
    let end = at;
    while (end < lines.length && !isBlank(lines[end]?.text ?? "")) end++;
    blocks.push(...this.codeBlocks(lines.slice(at, end), "pycon"));
    return end;
  }

  private lineBlock(lines: NumberedLine[], at: number, blocks: Block[]): number {
    let end = at;
    while (/^(?:\|(?:\s|$)|\s+\S)/.test(lines[end]?.text ?? "")) end++;
    const inside = lines
      .slice(at, end)
      .map(({ text, number }) => ({ text: text.replace(/^\|\s?/, ""), number }));
    blocks.push(...this.paragraphBlocks(inside));
    return end;
  }

  private table(
    lines: NumberedLine[],
    at: number,
    blocks: Block[],
    read: (lines: NumberedLine[]) => { cells: NumberedLine[][][]; heads: number } | null,
  ): number {
    let end = at;
    const isSimple = read === readSimpleTable;
    let borders = 0;
    for (; end < lines.length; end++) {
      const { text = "" } = lines[end] ?? {};
      if (!isSimple && isBlank(text)) break;
      if (isSimple && /^=[=\s]*=\s*$/.test(text)) {
        borders++;
        // The last border is followed by a blank line; a head's border is not.
        if (borders > 1 && isBlank(lines[end + 1]?.text ?? "")) {
          end++;
          break;
        }
      }
    }
    const found = read(lines.slice(at, end));
    if (found === null) {
      blocks.push(...this.codeBlocks(lines.slice(at, end), ""));
      return Math.max(end, at + 1);
    }
    blocks.push(...this.rows(found.cells, found.heads));
    return end;
  }

  /** @param cells for each row and column, its lines */
  private rows(cells: NumberedLine[][][], heads: number): Block[] {
    const rows = cells.map((row): RowText => ({
      cells: row.map((cell) => this.cell(cell)),
      lines: row.flat().sort((a, b) => a.number - b.number),
    }));
    return this.rowBlocks(rows, heads);
  }

  private cell(lines: NumberedLine[]): string {
    const text = trimBlankLines(lines).map((line) =>
      line.text
        .trim()
        .replace(/^[-*+]\s+(?=\S)/, "- ")
        .replace(/^- /, "; "),
    );
    return this.toText(text.join("\n").replace(/^; /, "")).replace(/^; /, "");
  }

  private explicit(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at];
    if (line === undefined) return at + 1;
    const end = Math.max(at + 1, endOfIndented(lines, at + 1, 1));
    const inside = lines.slice(at + 1, end);
    const directive = DIRECTIVE.exec(line.text);
    if (directive !== null) {
      const [, substituted, name = "", argument = ""] = directive;
      this.dropped.add("markup", name);
      if (substituted !== undefined) this.dropped.add("markup", substituted);
      else this.directive(name, { text: argument, number: line.number }, inside, blocks, depth);
      return end;
    }
    const note = /^\.\.[ \t]+\[(?:#[\w-]*|\*|\w[\w.-]*)\][ \t]*/.exec(line.text)?.[0];
    if (note !== undefined) {
      this.dropped.add("markup", note);
      const first = { text: line.text.slice(note.length), number: line.number };
      blocks.push(...this.parse([first, ...withoutIndent(inside)], depth + 1));
      return end;
    }
    if (/^\.\.[ \t]+_/.test(line.text) || /^\.\.[ \t]+__:/.test(line.text)) {
      this.dropped.add("addresses of links", line.text);
      this.dropped.addLines("addresses of links", inside);
      return end;
    }
    // A comment without text ends at the next blank line.
    const isEmpty = /^\.\.\s*$/.test(line.text) && isBlank(lines[at + 1]?.text ?? "");
    if (isEmpty) return at + 1;
    this.dropped.addLines("comments", lines.slice(at, end));
    return end;
  }

  private directive(
    name: string,
    argument: NumberedLine,
    inside: NumberedLine[],
    blocks: Block[],
    depth: number,
  ): void {
    const { head, options, body } = this.parts(
      argument,
      inside,
      DESCRIPTIONS.test(name) || ADMONITIONS.test(name),
    );
    const title = head
      .map(({ text }) => text.trim())
      .filter((text) => text !== "")
      .join(" ");
    const bare = name.split(":").at(-1) ?? name;
    if (CODE.test(name)) {
      const caption = options.get("caption");
      if (caption !== undefined) blocks.push(...this.paragraphBlocks([caption], "figure"));
      const isText = /^(?:parsed-literal|productionlist|testoutput)$/.test(name);
      // "parsed-literal" has no argument; what stands there is its first line.
      blocks.push(
        ...this.codeBlocks(isText && title !== "" ? [argument, ...body] : body, isText ? "" : title),
      );
    } else if (ADMONITIONS.test(name)) {
      blocks.push(...this.admonition(name, head, body, depth));
    } else if (NO_TEXT.test(name)) {
      const alternative = options.get("alt");
      if (alternative !== undefined) blocks.push(...this.paragraphBlocks([alternative], "figure"));
      const what = /^(?:include|literalinclude|auto\w+)$/.test(name)
        ? "included files"
        : name === "toctree"
          ? "lists of contents"
          : "markup";
      this.dropped.add(what, title);
      this.dropped.addLines(what, body);
    } else if (name === "figure") {
      this.dropped.add("markup", title);
      const alternative = options.get("alt");
      if (alternative !== undefined) blocks.push(...this.paragraphBlocks([alternative], "figure"));
      blocks.push(...this.parse(body, depth + 1));
    } else if (name === "math") {
      blocks.push(...this.formulaBlocks([{ text: title, number: argument.number }, ...body]));
    } else if (name === "list-table" || name === "csv-table" || name === "table") {
      if (title !== "") blocks.push(...this.paragraphBlocks(head));
      if (name === "table") blocks.push(...this.parse(body, depth + 1));
      else blocks.push(...this.tableOf(name, options, body));
    } else if (DESCRIPTIONS.test(name) || DESCRIPTIONS.test(bare)) {
      const term = head
        .map(({ text }) => text.trim().replace(/\\(?=\W)/g, ""))
        .filter((text) => text !== "")
        .join(", ");
      blocks.push(...this.termBlocks(term, head, this.parse(body, depth + 1)));
    } else if (name === "rubric")
      blocks.push(...headingOf(this.toText(title), this.level + 1, argument.number));
    else if (
      name === "only" ||
      name === "ifconfig" ||
      name === "container" ||
      name === "highlights" ||
      name === "glossary"
    ) {
      this.dropped.add("markup", name === "glossary" ? "" : title);
      blocks.push(...this.parse(body, depth + 1));
    } else blocks.push(...this.paragraphBlocks(head), ...this.parse(body, depth + 1));
  }

  /** The lines of the argument, the options, and what stands below them. */
  private parts(
    argument: NumberedLine,
    inside: NumberedLine[],
    isLong: boolean,
  ): { head: NumberedLine[]; options: Map<string, NumberedLine>; body: NumberedLine[] } {
    const lines = withoutIndent(inside);
    const head = [argument];
    const options = new Map<string, NumberedLine>();
    let at = 0;
    const isOption = (text: string): boolean => /^:[\w-]+:(?:\s|$)/.test(text);
    while (isLong && !isBlank(lines[at]?.text ?? "") && !isOption(lines[at]?.text ?? ""))
      head.push(lines[at++] ?? argument);
    while (isOption(lines[at]?.text ?? "")) {
      const { text, number } = lines[at] ?? argument;
      const [, name = "", value = ""] = /^:([\w-]+):\s*(.*)$/.exec(text) ?? [];
      const more: string[] = [];
      while (/^\s+\S/.test(lines[at + 1]?.text ?? "")) more.push(lines[++at]?.text.trim() ?? "");
      options.set(name, { text: [value, ...more].join(" "), number });
      this.dropped.add("markup", /^(?:alt|caption)$/.test(name) ? name : [text, ...more].join(" "));
      at++;
    }
    return { head, options, body: trimBlankLines(lines.slice(at)) };
  }

  private admonition(name: string, head: NumberedLine[], body: NumberedLine[], depth: number): Block[] {
    const [first, ...more] = head;
    if (name === "admonition")
      return this.noteBlocks(this.toText(first?.text ?? ""), head, this.parse([...more, ...body], depth + 1));
    const version = /^(?:version(?:added|changed|removed)|deprecated(?:-removed)?)$/.test(name);
    if (version) {
      const [, number = "", rest = ""] = /^(\S*)\s*(.*)$/.exec(first?.text ?? "") ?? [];
      const label = `${VERSION_LABELS[name] ?? "Changed in version"} ${number}`.trim();
      const said = [{ text: rest, number: first?.number ?? 0 }, ...more, ...spaced(body)];
      return this.noteBlocks(label, head, this.parse(said, depth + 1));
    }
    const label = name === "seealso" ? "See also" : name.charAt(0).toUpperCase() + name.slice(1);
    return this.noteBlocks(label, head, this.parse([...head, ...spaced(body)], depth + 1));
  }

  private tableOf(name: string, options: Map<string, NumberedLine>, body: NumberedLine[]): Block[] {
    const heads = Number(options.get("header-rows")?.text ?? (options.has("header") ? 1 : 0));
    if (name === "csv-table") {
      const given = options.get("header");
      const lines = given === undefined ? body : [given, ...body];
      const rows = parseCsv(lines, /^(?:tab|\\t)$/.test(options.get("delim")?.text ?? "") ? "\t" : ",");
      return this.rows(
        rows.map(({ cells, place }) => cells.map((text) => [{ text, number: place.first }])),
        heads,
      );
    }
    return this.rows(listRows(body), heads);
  }
}

const VERSION_LABELS: Record<string, string> = {
  versionadded: "New in version",
  versionchanged: "Changed in version",
  versionremoved: "Removed in version",
  deprecated: "Deprecated since version",
  "deprecated-removed": "Deprecated since version",
};

/** A list of lists: rows of cells. */
function listRows(lines: NumberedLine[]): NumberedLine[][][] {
  const rows: NumberedLine[][][] = [];
  for (const { text, number } of withoutIndent(lines)) {
    const [, cell] = /^\* {0,8}-(?: (.*))?$/.exec(text) ?? [];
    const [, other] = /^ {1,8}-(?: (.*))?$/.exec(text) ?? [];
    if (/^\* {0,8}-/.test(text)) rows.push([[{ text: cell ?? "", number }]]);
    else if (/^ {1,4}-(?: |$)/.test(text)) rows.at(-1)?.push([{ text: other ?? "", number }]);
    else rows.at(-1)?.at(-1)?.push({ text, number });
  }
  return rows;
}

/** Lines after a blank one, so that they begin a paragraph. */
function spaced(lines: NumberedLine[]): NumberedLine[] {
  const first = lines[0];
  return first === undefined ? [] : [{ text: "", number: first.number }, ...lines];
}

function fieldName(name: string): string {
  return name.replace(/\\(.)/g, "$1");
}

function textWidth(text: string): number {
  return text.trimEnd().length;
}
