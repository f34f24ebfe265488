import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import { composeItem } from "../../core/document/compose-item.js";
import { countWords, type Block } from "../../core/document/blocks.js";
import { renderBlocks } from "../../core/document/render-blocks.js";
import type { Coverage } from "../../core/domain/reading.js";
import { writeLowered, writeRaised } from "../../core/text/raised-text.js";
import { cellText, codeOf, headingOf, introductionIn, titleOf } from "./block-document.js";
import { coverageWarnings } from "./coverage-warnings.js";
import { elementsOf, parseHtmlTree, type HtmlElement } from "./html-tree.js";
import { measureCoverage } from "./measure-coverage.js";
import { numberLines } from "./numbered-lines.js";
import { readZipTexts } from "./zip-entries.js";

/*
 * Word documents (OOXML) as blocks: headings and code by their styles, lists by their numbering, tables, notes and
 * formulas. Deleted text of tracked changes is left out, inserted text is read.
 */

interface DocxText {
  title: string;
  text: string;
  coverage: Coverage;
  warnings: string[];
}

const PARTS = {
  body: "word/document.xml",
  styles: "word/styles.xml",
  numbering: "word/numbering.xml",
  footnotes: "word/footnotes.xml",
  endnotes: "word/endnotes.xml",
  facts: "docProps/core.xml",
};
/** Maximum size of a part when it is unpacked, in bytes. */
const MAX_PART_BYTES = 60 * 1024 * 1024;
const MAX_COLUMNS = 100;
const CODE_STYLE = /\b(?:code|source|verbatim|preformatted|listing|console|terminal)\b|html preformatted/i;

/** Whether bytes are a Word document: a zip file with its main part. The names in a zip file are not packed. */
export function isDocx(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x50 &&
    bytes[1] === 0x4b &&
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(PARTS.body)
  );
}

/**
 * Reads a Word document.
 * @throws ResearchError "damaged-file" if it cannot be opened, "empty-page" if it has no text
 */
export async function extractDocxText(bytes: Uint8Array): Promise<DocxText> {
  const parts = await readZipTexts(bytes, Object.values(PARTS), MAX_PART_BYTES).catch((error: unknown) => {
    throw damaged(error);
  });
  const body = parts.get(PARTS.body);
  if (body === undefined) throw damaged(null);
  const root = parseHtmlTree(body, true);
  const reader = new DocxReader(parts);
  const blocks = reader.read(root);
  const { text } = renderBlocks(blocks);
  if (!/[\p{L}\p{N}]/u.test(text))
    throw new ResearchError("empty-page", msg`The Word document contains no text.`);
  const coverage = measureCoverage(writtenText(root, parts), text, reader.dropped());
  const facts = parts.get(PARTS.facts) ?? "";
  const named = /<dc:title>([^<]{1,300})<\/dc:title>/.exec(facts)?.[1] ?? "";
  const title =
    titleOf(blocks) || (/^(?:word document|untitled|document\d*)$/i.test(named) ? "" : plainXml(named));
  return { title, text, coverage, warnings: coverageWarnings(coverage) };
}

function damaged(cause: unknown): ResearchError {
  return new ResearchError("damaged-file", msg`The Word document is damaged and cannot be opened.`, "", {
    cause,
  });
}

/** A kind of paragraph. */
interface Style {
  /** 1 to 6 for a heading; 0 for text. */
  level: number;
  isCode: boolean;
  isQuote: boolean;
}

const PLAIN: Style = { level: 0, isCode: false, isQuote: false };

class DocxReader {
  private readonly styles: ReadonlyMap<string, Style>;
  /** Whether a list is numbered, by its id and level. */
  private readonly isNumbered: ReadonlyMap<string, boolean>;
  private readonly notes: ReadonlyMap<string, HtmlElement>;
  private readonly counts = new Map<string, number>();
  private readonly blocks: Block[] = [];
  private introduction: string | null = null;
  private deleted = 0;

  constructor(parts: ReadonlyMap<string, string>) {
    this.styles = readStyles(parts.get(PARTS.styles) ?? "");
    this.isNumbered = readNumbering(parts.get(PARTS.numbering) ?? "");
    this.notes = new Map([
      ...readNotes("footnote", parts.get(PARTS.footnotes) ?? ""),
      ...readNotes("endnote", parts.get(PARTS.endnotes) ?? ""),
    ]);
  }

  read(root: HtmlElement): Block[] {
    const body = firstNamed(root, "w:body");
    if (body !== null) this.content(body);
    return this.blocks;
  }

  dropped(): Coverage["dropped"] {
    return this.deleted === 0 ? [] : [{ what: "deleted text", words: this.deleted }];
  }

  private content(parent: HtmlElement): void {
    for (const child of childrenOf(parent)) {
      if (child.localName === "w:p") this.paragraph(child);
      else if (child.localName === "w:tbl") this.table(child);
      else this.content(child);
    }
  }

  private paragraph(element: HtmlElement): void {
    const facts = firstNamed(element, "w:pPr");
    const style = this.styles.get(valueOf(facts, "w:pStyle") ?? "") ?? PLAIN;
    const outline = Number(valueOf(facts, "w:outlineLvl") ?? "9");
    const level = style.level || (outline < 6 ? outline + 1 : 0);
    const text = this.runs(element);
    const notes = this.notesOf(element);
    if (style.isCode) this.code(text);
    else if (text.trim() !== "") {
      const numbering = facts === null ? null : firstNamed(facts, "w:numPr");
      const list = numbering === null ? "0" : (valueOf(numbering, "w:numId") ?? "0");
      if (level > 0)
        this.blocks.push(...headingOf(text, level, 0).map((block) => ({ ...block, place: null })));
      else if (list !== "0") this.item(text, list, Number(valueOf(numbering, "w:ilvl") ?? "0"));
      else {
        const kind = style.isQuote ? "quotation" : /^\$[^$]+\$$/.test(text.trim()) ? "formula" : "paragraph";
        this.blocks.push({ kind, text: tidy(text), place: null, isApart: true });
      }
    }
    for (const note of notes) this.blocks.push({ kind: "paragraph", text: note, place: null, isApart: true });
  }

  /** Lines of code follow each other in paragraphs of their own. */
  private code(text: string): void {
    const last = this.blocks.at(-1);
    if (last?.kind === "code") last.text += `\n${text.trimEnd()}`;
    else this.blocks.push(...codeOf(numberLines(text), "", 0).map((block) => ({ ...block, place: null })));
  }

  private item(text: string, list: string, depth: number): void {
    const before = this.blocks.at(-1);
    if (before?.kind !== "item") this.introduction = introductionIn(this.blocks);
    const key = `${list} ${depth}`;
    const isNumbered = this.isNumbered.get(key) === true;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    // A deeper list begins anew below each item.
    for (const other of this.counts.keys())
      if (other.startsWith(`${list} `) && Number(other.split(" ")[1]) > depth) this.counts.delete(other);
    const [item] = composeItem(
      [{ kind: "paragraph", text: tidy(text), place: null, isApart: true }],
      isNumbered ? count : null,
      this.introduction,
      null,
    );
    if (item?.kind === "item")
      this.blocks.push({ ...item, depth: Math.min(8, depth), isApart: before?.kind !== "item" });
  }

  private table(element: HtmlElement): void {
    const rows = childrenOf(element).filter(({ localName }) => localName === "w:tr");
    const look = firstNamed(element, "w:tblLook");
    const isFirstHead =
      rows[0] !== undefined &&
      rows.length > 1 &&
      (firstNamed(rows[0], "w:tblHeader") !== null ||
        look?.getAttribute("w:firstRow") === "1" ||
        (Number.parseInt(look?.getAttribute("w:val") ?? "0", 16) & 0x20) !== 0);
    let head: string[] = [];
    let above: string[] = [];
    for (const [at, row] of rows.entries()) {
      const cells: string[] = [];
      for (const cell of childrenOf(row).filter(({ localName }) => localName === "w:tc")) {
        const facts = firstNamed(cell, "w:tcPr");
        const merge = facts === null ? null : firstNamed(facts, "w:vMerge");
        const continues = merge !== null && merge.getAttribute("w:val") !== "restart";
        const text = continues ? (above[cells.length] ?? "") : this.cell(cell);
        const span = Math.min(MAX_COLUMNS, Math.max(1, Number(valueOf(facts, "w:gridSpan") ?? "1") || 1));
        for (let n = 0; n < span && cells.length < MAX_COLUMNS; n++) cells.push(n === 0 ? text : "");
      }
      above = cells;
      if (cells.every((text) => text === "")) continue;
      const isHead = isFirstHead && at === 0;
      if (isHead) head = cells;
      this.blocks.push({
        kind: "row",
        cells,
        head: isHead ? [] : head,
        isHead,
        place: null,
        isApart: at === 0,
      });
    }
  }

  private cell(element: HtmlElement): string {
    const paragraphs = [...elementsOf(element)].filter(({ localName }) => localName === "w:p");
    return cellText(paragraphs.map((each) => this.runs(each)).join(" "));
  }

  /** The text of a paragraph, with raised and struck-out text marked. */
  private runs(parent: HtmlElement): string {
    let text = "";
    for (const child of childrenOf(parent)) {
      const name = child.localName;
      if (name === "w:r") text += this.run(child, text);
      else if (name === "w:del" || name === "w:moveFrom") this.deleted += countWords(child.textContent);
      else if (name === "m:oMath" || name === "m:oMathPara") text += `$${child.textContent.trim()}$`;
      else if (!/^w:(?:pPr|bookmark\w*|proofErr|sectPr|tbl)$/.test(name)) text += this.runs(child);
    }
    return text;
  }

  private run(run: HtmlElement, before: string): string {
    let text = "";
    for (const child of childrenOf(run)) {
      if (child.localName === "w:t") text += child.textContent;
      else if (child.localName === "w:tab") text += "\t";
      else if (/^w:(?:br|cr)$/.test(child.localName)) text += "\n";
      else if (child.localName === "w:noBreakHyphen") text += "-";
      else if (child.localName === "mc:AlternateContent") text += this.textBox(child);
    }
    const facts = firstNamed(run, "w:rPr");
    if (facts === null || text.trim() === "") return text;
    const place = valueOf(facts, "w:vertAlign");
    if (place === "superscript") return writeRaised(text, before);
    if (place === "subscript") return writeLowered(text);
    return isOn(firstNamed(facts, "w:strike")) ? `~~${text.trim()}~~` : text;
  }

  /** A box beside the text is written in two forms; one is read. */
  private textBox(element: HtmlElement): string {
    const choice = firstNamed(element, "mc:Choice");
    const box = choice === null ? null : firstNamed(choice, "w:txbxContent");
    if (box === null) return "";
    return ` ${childrenOf(box)
      .map((paragraph) => this.runs(paragraph))
      .join(" ")} `;
  }

  private notesOf(element: HtmlElement): string[] {
    return [...elementsOf(element)].flatMap(({ localName, attributes }) => {
      const [, kind = ""] = /^w:(foot|end)noteReference$/.exec(localName) ?? [];
      const note = kind === "" ? undefined : this.notes.get(`${kind}note ${attributes["w:id"] ?? ""}`);
      const text = note === undefined ? "" : tidy(this.runs(note));
      return text === "" ? [] : [text];
    });
  }
}

function readStyles(xml: string): Map<string, Style> {
  const styles = new Map<string, Style>();
  for (const element of elementsOf(parseHtmlTree(xml, true))) {
    if (element.localName !== "w:style") continue;
    const name = valueOf(element, "w:name") ?? "";
    const [, level] = /^heading ([1-6])$/i.exec(name) ?? [];
    const outline = Number(valueOf(element, "w:outlineLvl") ?? "9");
    styles.set(element.getAttribute("w:styleId") ?? "", {
      level:
        level === undefined ? (/^title$/i.test(name) ? 1 : outline < 6 ? outline + 1 : 0) : Number(level),
      isCode: CODE_STYLE.test(name.replace(/(?<=[a-z])(?=[A-Z])/g, " ")),
      isQuote: /\bquote\b/i.test(name),
    });
  }
  return styles;
}

function readNumbering(xml: string): Map<string, boolean> {
  const levels = new Map<string, Map<string, boolean>>();
  const found = new Map<string, boolean>();
  const elements = [...elementsOf(parseHtmlTree(xml, true))];
  for (const element of elements) {
    if (element.localName !== "w:abstractNum") continue;
    const own = new Map<string, boolean>();
    for (const level of childrenOf(element).filter(({ localName }) => localName === "w:lvl"))
      own.set(
        level.getAttribute("w:ilvl") ?? "0",
        !/^(?:bullet|none)$/.test(valueOf(level, "w:numFmt") ?? "bullet"),
      );
    levels.set(element.getAttribute("w:abstractNumId") ?? "", own);
  }
  for (const element of elements) {
    if (element.localName !== "w:num") continue;
    const own = levels.get(valueOf(element, "w:abstractNumId") ?? "") ?? [];
    for (const [level, isNumbered] of own)
      found.set(`${element.getAttribute("w:numId") ?? ""} ${level}`, isNumbered);
  }
  return found;
}

function readNotes(kind: "footnote" | "endnote", xml: string): Map<string, HtmlElement> {
  const found = new Map<string, HtmlElement>();
  for (const element of elementsOf(parseHtmlTree(xml, true)))
    if (element.localName === `w:${kind}` && element.getAttribute("w:type") === null)
      found.set(`${kind} ${element.getAttribute("w:id") ?? ""}`, element);
  return found;
}

/** All text that the document holds, whatever encloses it. */
function writtenText(root: HtmlElement, parts: ReadonlyMap<string, string>): string {
  const texts: string[] = [];
  const add = (element: HtmlElement): void => {
    for (const each of elementsOf(element)) {
      if (/^(?:w:t|m:t|w:delText)$/.test(each.localName)) texts.push(each.textContent);
      else if (/^w:(?:p|tab|br|tc)$/.test(each.localName)) texts.push(" ");
    }
  };
  add(root);
  for (const part of [PARTS.footnotes, PARTS.endnotes]) add(parseHtmlTree(parts.get(part) ?? "", true));
  return texts.join("");
}

function childrenOf(element: HtmlElement): HtmlElement[] {
  return element.childNodes.filter((child) => child.nodeType === 1);
}

function firstNamed(element: HtmlElement, name: string): HtmlElement | null {
  for (const each of elementsOf(element)) if (each !== element && each.localName === name) return each;
  return null;
}

/** The value of the first element with a name inside another one. */
function valueOf(element: HtmlElement | null, name: string): string | null {
  return element === null ? null : (firstNamed(element, name)?.getAttribute("w:val") ?? null);
}

function isOn(element: HtmlElement | null): boolean {
  return element !== null && !/^(?:0|false|off)$/.test(element.getAttribute("w:val") ?? "1");
}

function tidy(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(/[^\S\n]+/g, " ").trim())
    .filter((line) => line !== "")
    .join("\n");
}

function plainXml(text: string): string {
  return parseHtmlTree(text, true).textContent.trim();
}
