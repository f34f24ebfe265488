import type { Block } from "../../core/document/blocks.js";
import { codeOf, introductionIn, type BlockDocument } from "./block-document.js";
import { BlockReader, type RowText } from "./block-reader.js";
import { mediawikiInlineText } from "./mediawiki-inline.js";
import { isBlank, numberLines, type NumberedLine } from "./numbered-lines.js";

/* The markup of MediaWiki as blocks: headings, lists, terms, tables, code. Notes stand at the end. */

const HEADING = /^(={1,6})([^=].*)$/;
const CODE = /^<(pre|source|syntaxhighlight|poem)\b([^<>]{0,200})>/i;
const CODE_END = /<\/(?:pre|source|syntaxhighlight|poem)>/i;
/** Number of lines in which a comment, a template or a note must end. */
const MAX_SPAN = 1000;

export function readMediawiki(text: string): BlockDocument {
  return new MediawikiReader().readText(text);
}

/** Whether a text of a common ending is in this markup. */
export function isMediawiki(head: string): boolean {
  const isTitled = head.split("\n").some((line) => /^={2,6}[^=]/.test(line) && /[^=]={2,6}\s?$/.test(line));
  return isTitled && /''\w|\[\[\w|^\{\|/m.test(head);
}

class MediawikiReader extends BlockReader {
  protected readonly toText = (text: string): string => mediawikiInlineText(text, this.dropped.add);

  override readText(text: string): BlockDocument {
    const parts = new PartedLines(this.dropped.add);
    for (const line of numberLines(text)) parts.read(line);
    const blocks = this.parse(parts.lines, 0);
    return this.documentOf([...blocks, ...parts.notes.flatMap((note) => this.parse(note, 0))]);
  }

  protected block(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const line = lines[at] ?? { text: "", number: 0 };
    const [, marks = "", words = ""] = HEADING.exec(line.text) ?? [];
    if (marks !== "" && words.trimEnd().endsWith(marks)) {
      blocks.push(
        ...this.headingBlocks(words.trimEnd().slice(0, -marks.length).trim(), marks.length, line.number),
      );
      return at + 1;
    }
    if (CODE.test(line.text)) return this.code(lines, at, blocks);
    if (/^:{0,4}\{\|/.test(line.text)) return this.table(lines, at, blocks);
    if (/^[*#;:]/.test(line.text)) return this.list(lines, at, blocks, depth);
    if (/^-{4,}\s*$|^__[A-Z]+__\s*$|^<\/?(?:references|div|center|br)\b[^<>]{0,200}>\s*$/i.test(line.text)) {
      this.dropped.add("markup", line.text);
      return at + 1;
    }
    if (line.text.startsWith(" ")) {
      let end = at;
      while (lines[end]?.text.startsWith(" ") === true && !isBlank(lines[end]?.text ?? "")) end++;
      blocks.push(...this.codeBlocks(lines.slice(at, end), "", 1));
      return end;
    }
    let end = at + 1;
    while (
      end < lines.length &&
      !isBlank(lines[end]?.text ?? "") &&
      !/^(?:[*#;:=]|\{\|| \S)/.test(lines[end]?.text ?? "") &&
      !CODE.test(lines[end]?.text ?? "")
    )
      end++;
    blocks.push(...this.paragraphBlocks(lines.slice(at, end)));
    return end;
  }

  private code(lines: NumberedLine[], at: number, blocks: Block[]): number {
    const line = lines[at] ?? { text: "", number: 0 };
    const [mark = "", name = "", attributes = ""] = CODE.exec(line.text) ?? [];
    const close = `</${name.toLowerCase()}>`;
    const inside: NumberedLine[] = [];
    let end = at;
    let next: NumberedLine | undefined = { text: line.text.slice(mark.length), number: line.number };
    while (next !== undefined) {
      const closed = next.text.toLowerCase().indexOf(close);
      inside.push(closed < 0 ? next : { text: next.text.slice(0, closed), number: next.number });
      end++;
      if (closed >= 0) break;
      next = lines[end];
    }
    const language = /\blang="?([\w+#-]+)/.exec(attributes)?.[1] ?? "";
    this.dropped.add("markup", `${name} ${name} ${attributes.replace(language, "")}`);
    if (/^poem$/i.test(name)) blocks.push(...this.paragraphBlocks(inside));
    else blocks.push(...codeOf(inside, language, 0));
    return end;
  }

  /** Items and terms; the marks at a line's start say how deep it stands. */
  private list(lines: NumberedLine[], at: number, blocks: Block[], depth: number): number {
    const introduction = introductionIn(blocks);
    const sign = lines[at]?.text.charAt(0) ?? "";
    let end = at;
    let count = 0;
    while (lines[end]?.text.startsWith(sign) === true) {
      const line = lines[end] ?? { text: "", number: 0 };
      let next = end + 1;
      const isInside = (text: string): boolean =>
        sign === ";" ? text.startsWith(":") : text.startsWith(sign) && /^.[*#;:]/.test(text);
      while (isInside(lines[next]?.text ?? "")) next++;
      const own = line.text.slice(1).trim();
      const below = lines
        .slice(end + 1, next)
        .map(({ text, number }) => ({ text: text.slice(1).trim(), number }));
      const parting = sign === ";" ? own.indexOf(" : ") : -1;
      const term = parting < 0 ? own : own.slice(0, parting);
      const said = sign !== ";" ? own : parting < 0 ? "" : own.slice(parting + 3).trim();
      const first = { text: said, number: line.number };
      const apart = { text: "", number: line.number };
      const inside = this.parse(said === "" ? below : [first, apart, ...below], depth + 1);
      if (sign === ";") blocks.push(...this.termBlocks(this.toText(term), [line], inside));
      else if (sign === ":") blocks.push(...inside);
      else {
        const number = sign === "#" ? ++count : null;
        blocks.push(...this.itemBlocks(inside, [line], number, introduction, end === at));
      }
      end = next;
    }
    return end;
  }

  private table(lines: NumberedLine[], at: number, blocks: Block[]): number {
    const rows: { cells: NumberedLine[]; isHead: boolean }[] = [];
    let end = at + 1;
    this.dropped.add("markup", lines[at]?.text ?? "");
    for (; end < lines.length; end++) {
      const { text = "", number = 0 } = lines[end] ?? {};
      const bare = text.trim();
      if (bare.startsWith("|}")) break;
      if (bare.startsWith("|+")) {
        const caption = { text: this.cell(bare.slice(2)), number };
        blocks.push(...this.paragraphBlocks([caption], "figure"));
      } else if (bare.startsWith("|-")) rows.push({ cells: [], isHead: true });
      else if (/^[|!]/.test(bare)) {
        if (rows.length === 0) rows.push({ cells: [], isHead: true });
        const row = rows.at(-1);
        const isHead = bare.startsWith("!");
        for (const cell of bare.slice(1).split(isHead ? /!!|\|\|/ : "||"))
          row?.cells.push({ text: this.cell(cell), number });
        if (row !== undefined) row.isHead &&= isHead;
      } else {
        const cell = rows.at(-1)?.cells.at(-1);
        if (cell !== undefined) cell.text += `\n${bare}`;
      }
    }
    const filled = rows.filter(({ cells }) => cells.length > 0);
    const heads = filled.findIndex(({ isHead }) => !isHead);
    const texts = filled.map(({ cells }): RowText => ({
      cells: cells.map(({ text }) => this.toText(text)),
      lines: cells,
    }));
    blocks.push(...this.rowBlocks(texts, heads < 0 ? Math.min(1, filled.length) : heads));
    return Math.min(end + 1, lines.length);
  }

  /** A cell without the attributes before its bar. */
  private cell(text: string): string {
    const bar = text.indexOf("|");
    const before = text.slice(0, Math.max(0, bar));
    const attributes = before.includes("=") && before.length < 300 && !/[[{]/.test(before) ? bar + 1 : 0;
    this.dropped.add("markup", text.slice(0, attributes));
    return text.slice(attributes).trim();
  }
}

/** Parts a text's lines from comments, from templates that begin a line, and from notes. */
class PartedLines {
  readonly lines: NumberedLine[] = [];
  /** The lines of each note. */
  readonly notes: NumberedLine[][] = [];
  private closing = "";
  private opened = 0;
  private isCode = false;

  constructor(private readonly drop: (what: string, text: string) => void) {}

  read({ text, number }: NumberedLine): void {
    if (this.closing === "" && (this.isCode || CODE.test(text.trimStart()))) {
      this.isCode = !CODE_END.test(text);
      this.lines.push({ text, number });
      return;
    }
    const last = this.closing === "" ? undefined : this.lines.at(-1);
    let rest = text;
    let kept = "";
    while (rest !== "") {
      if (this.closing !== "") rest = this.skip(rest, number);
      else {
        const [mark, shown] = this.nextMark(rest, kept === "");
        kept += shown;
        rest = rest.slice(shown.length + mark.length);
        this.open(mark, number);
      }
    }
    // What follows a part of several lines goes on in the line where that began.
    if (last !== undefined && this.closing === "" && !isBlank(last.text)) last.text += kept;
    else if (last !== undefined && kept !== "") this.lines.push({ text: kept.trimStart(), number });
    else if (kept !== "" || isBlank(text)) this.lines.push({ text: kept, number });
  }

  /** What opens a part within a line, and the text before it. */
  private nextMark(rest: string, isStart: boolean): [string, string] {
    if (isStart && rest.startsWith("{{") && !rest.includes("}}")) return ["{{", ""];
    const found = /<!--|<ref\b[^<>]{0,200}>/i.exec(rest);
    return found === null ? ["", rest] : [found[0], rest.slice(0, found.index)];
  }

  private open(mark: string, number: number): void {
    if (mark === "") return;
    this.drop("markup", mark);
    if (mark.endsWith("/>")) return;
    this.opened = number;
    this.closing = mark === "<!--" ? "-->" : mark === "{{" ? "}}" : "</ref>";
    if (this.closing !== "</ref>") return;
    this.drop("markup", "ref");
    this.notes.push([]);
  }

  /** Takes a line up to the end of what is open; too far from its start, that never ends. @returns what is left */
  private skip(rest: string, number: number): string {
    const { closing } = this;
    if (number - this.opened > MAX_SPAN) {
      this.closing = "";
      return rest;
    }
    const end = rest.indexOf(closing);
    const inside = end < 0 ? rest : rest.slice(0, end);
    if (closing === "</ref>") this.notes.at(-1)?.push({ text: inside, number });
    else this.drop(closing === "-->" ? "comments" : "templates", inside);
    if (end < 0) return "";
    this.closing = "";
    return rest.slice(end + closing.length);
  }
}
