import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { writeLowered, writeRaised } from "../../core/text/raised-text.js";
import { parseHtmlTree } from "./html-tree.js";

/*
 * What a reader sees of a line of Markdown: links become their text, marks of emphasis and tags go, code keeps its
 * backticks, raised and lowered digits are marked. Line breaks stay where they are. Linear in the length of the text.
 */

const SPECIAL = /[\\`*_[\]<&$!]|~~/;
/** A tag, an address in angle brackets, or a comment. */
const TAG = /<(\/?)([A-Za-z][\w.:-]{0,60})((?:\s[^<>]{0,2000})?)\/?>/y;
const ADDRESS = /<((?:[a-z][a-z\d+.-]{1,31}:|[\w.+-]{1,64}@)[^\s<>]{1,2000})>/iy;
const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]\w{1,31});/giy;
const RUN = /([*_])\1*/y;
/** Attributes of Pandoc, kramdown and Attribute Lists. */
const ATTRIBUTES = /\{(?:[:.#=]|[\w-]{1,40}=| [.#:\w-])[^{}]{0,2000}\}/y;
const ROLE = /\{[a-z][\w:+-]{0,40}\}$/i;
const MAX_TARGET = 2000;
const MAX_PARENTHESES = 32;
const MAX_FORMULA = 500;

/** Elements of HTML that stand in a line. */
const INLINE_TAGS = new Set([
  "a", "abbr", "b", "big", "br", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "mark", "nobr",
  "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr", "p", "div", "center",
  "details", "summary", "picture", "source", "br/", "hr", "ul", "ol", "li", "table", "tr", "td", "th", "tbody", "thead",
  "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "video", "button", "svg", "path", "iframe", "section",
]); // prettier-ignore

/** The labels that a document defines addresses for, in lower case. */
export type LinkLabels = ReadonlySet<string>;

/** Is told what is left out of a text, and why. */
export type ReportDropped = (what: string, text: string) => void;

export function markdownInlineText(given: string, labels: LinkLabels, drop: ReportDropped): string {
  const text = writePowers(/\{[{%]/.test(given) ? shortcodeText(given, drop) : given);
  return SPECIAL.test(text) ? new InlineReader(text, labels, drop).read() : text;
}

/** Raised and lowered digits of Pandoc: "10^6^" and "H~2~O". */
function writePowers(text: string): string {
  if (!/\^[-+\w.]{1,12}\^|~\d{1,3}~/.test(text)) return text;
  return text
    .replace(/`[^`\n]*`|(?<=[\p{L}\p{N})])\^([-+]?[\w.]{1,12})\^/gu, (whole, raised?: string) =>
      raised === undefined ? whole : writeRaised(raised, "x"),
    )
    .replace(/`[^`\n]*`|(?<=[\p{L})])~(\d{1,3})~(?!~)/gu, (whole, lowered?: string) =>
      lowered === undefined ? whole : writeLowered(lowered),
    );
}

/**
 * What shortcodes of Hugo and Quarto, and tags of Liquid, show within a text: the one text that they are given. Others stay
 * as they are, since only the site knows what they become.
 */
function shortcodeText(text: string, drop: ReportDropped): string {
  return text.replace(
    /`[^`\n]*`|\{\{([<%])[ \t]*([\w-]{1,60})((?:\s(?:[^{}\n"]|"[^"\n]*"){0,500})?)[>%]\}\}|\{%-?[ \t]*(?:end)?raw[ \t]*-?%\}/g,
    (whole, sign?: string, name = "", given = "") => {
      if (whole.startsWith("`")) return whole;
      if (sign === undefined) {
        drop("markup", whole);
        return "";
      }
      const named = /\b(?:text|title|label|term)="([^"]*)"/.exec(String(given))?.[1];
      const alone = /^\s+"([^"]*)"\s*\/?$/.exec(String(given))?.[1];
      const shown = named ?? (/^(?:rel)?ref$/.test(String(name)) ? undefined : alone);
      if (shown === undefined) return whole;
      drop("markup", `${String(name)} ${String(given).replace(shown, "")}`);
      return shown;
    },
  );
}

export function normalizeLabel(label: string): string {
  return collapseWhitespace(label).toLowerCase();
}

class InlineReader {
  private readonly pieces: string[] = [];
  private at = 0;
  /** Places of pieces that open a link or image. */
  private readonly brackets: { piece: number; from: number; isImage: boolean }[] = [];
  private readonly runs: Record<string, { piece: number; left: number }[]> = { "*": [], _: [] };
  private readonly raised: { name: string; piece: number }[] = [];
  /** For each length of a run of backticks, where such runs begin; the last one first. */
  private fences: Map<number, number[]> | null = null;
  /** Whether no comment ends any more. */
  private hasNoComment = false;

  constructor(
    private readonly text: string,
    private readonly labels: LinkLabels,
    private readonly drop: ReportDropped,
  ) {}

  read(): string {
    const plain = /[^\\`*_[\]<&$!]+/y;
    while (this.at < this.text.length) {
      plain.lastIndex = this.at;
      const run = plain.exec(this.text)?.[0];
      if (run !== undefined) {
        this.pieces.push(run);
        this.at += run.length;
      } else this.readMark(this.text.charAt(this.at));
    }
    return this.pieces.join("");
  }

  private put(piece: string, length: number): void {
    this.pieces.push(piece);
    this.at += length;
  }

  private readMark(mark: string): void {
    if (mark === "\\") this.escape();
    else if (mark === "`") this.code();
    else if (mark === "*" || mark === "_") this.emphasis(mark);
    else if (mark === "[" || (mark === "!" && this.text.charAt(this.at + 1) === "[")) this.open(mark === "!");
    else if (mark === "]") this.close();
    else if (mark === "<") this.tag();
    else if (mark === "&") this.entity();
    else if (mark === "$") this.formula();
    else this.put(mark, 1);
  }

  private escape(): void {
    const next = this.text.charAt(this.at + 1);
    if (/[!-/:-@[-`{-~]/.test(next)) this.put(next, 2);
    else this.put(next === "\n" ? "" : "\\", 1);
  }

  private code(): void {
    const run = /`+/y;
    run.lastIndex = this.at;
    const fence = run.exec(this.text)?.[0] ?? "`";
    const end = this.endOfCode(fence);
    if (end < 0) {
      this.put(fence, fence.length);
      return;
    }
    const inside = this.text.slice(this.at + fence.length, end);
    const before = this.pieces.at(-1) ?? "";
    const role = ROLE.exec(before.slice(-50))?.[0];
    if (role === undefined) {
      this.pieces.push(fence, inside, fence);
      this.at = end + fence.length;
      const next = this.text.slice(this.at, this.at + 2);
      if (/^\{[.=:#]/.test(next)) this.skipAttributes();
      return;
    } else {
      // A role of MyST: what it names is shown.
      this.pieces[this.pieces.length - 1] = before.slice(0, -role.length);
      this.drop("markup", role);
      this.pieces.push(
        /^\{(?:code|literal|file|kbd|command|samp)\}$/.test(role) ? `\`${inside}\`` : roleText(role, inside),
      );
    }
    this.at = end + fence.length;
  }

  /** Where the fence closes; -1 if it does not. */
  private endOfCode(fence: string): number {
    const from = this.at + fence.length;
    this.fences ??= findFences(this.text);
    const places = this.fences.get(fence.length) ?? [];
    while ((places.at(-1) ?? Infinity) < from) places.pop();
    return places.at(-1) ?? -1;
  }

  private emphasis(mark: string): void {
    RUN.lastIndex = this.at;
    const run = RUN.exec(this.text)?.[0] ?? mark;
    const before = this.text.charAt(this.at - 1);
    const after = this.text.charAt(this.at + run.length);
    const [isLeft, isRight] = flanks(before, after);
    const isWord = (one: string): boolean => /[\p{L}\p{N}]/u.test(one);
    const opens = isLeft && (mark === "*" || !isRight || !isWord(before));
    const closes = isRight && (mark === "*" || !isLeft || !isWord(after));
    const open = this.runs[mark] ?? [];
    let left = run.length;
    while (closes && left > 0) {
      const last = open.at(-1);
      if (last === undefined) break;
      const both = Math.min(last.left, left);
      last.left -= both;
      left -= both;
      this.pieces[last.piece] = mark.repeat(last.left);
      if (last.left === 0) open.pop();
    }
    this.put(mark.repeat(left), run.length);
    if (opens && left > 0) open.push({ piece: this.pieces.length - 1, left });
  }

  private open(isImage: boolean): void {
    const note = /\[\^[^\s[\]]{1,80}\]/y;
    note.lastIndex = this.at;
    if (isImage) note.lastIndex++;
    const mark = note.exec(this.text)?.[0];
    if (mark !== undefined) {
      // A mark of exclamation before a note begins no image.
      if (isImage) this.put("!", 1);
      this.at += mark.length;
      this.drop("marks of notes", mark);
      return;
    }
    const sign = isImage ? "![" : "[";
    this.put(sign, sign.length);
    this.brackets.push({ piece: this.pieces.length - 1, from: this.at, isImage });
  }

  private close(): void {
    const open = this.brackets.pop();
    this.at++;
    if (open === undefined) {
      this.pieces.push("]");
      return;
    }
    const label = this.text.slice(open.from, Math.min(this.at - 1, open.from + 1000));
    const length = this.targetLength(label);
    if (length === null) {
      ATTRIBUTES.lastIndex = this.at;
      const before = this.pieces[open.piece - 1] ?? "";
      if (!open.isImage && before.endsWith("^") && /\s/.test(label)) {
        // A note within the text.
        this.pieces[open.piece - 1] = before.slice(0, -1).trimEnd();
        this.pieces[open.piece] = " (";
        this.pieces.push(")");
      } else if (!open.isImage && /^\{[.#]/.test(this.text.slice(this.at)) && ATTRIBUTES.test(this.text)) {
        this.pieces[open.piece] = "";
        this.skipAttributes();
      } else this.pieces.push("]");
      return;
    }
    this.pieces[open.piece] = "";
    // The line breaks of an address stay, so that lines stay what they are.
    const target = this.text.slice(this.at, this.at + length);
    if (target.includes("\n")) this.pieces.push("\n");
    if (target !== "") this.drop("addresses of links", target);
    this.at += length;
    const attributes = this.skipAttributes();
    // An image without a label may have its text among its attributes.
    const alternative =
      open.isImage && label === "" ? /\bfig-alt="([^"]*)"/.exec(attributes)?.[1] : undefined;
    if (alternative !== undefined) this.pieces.push(alternative);
  }

  /** Skips attributes such as {.class width=25} behind a link, an image or code. @returns them */
  private skipAttributes(): string {
    ATTRIBUTES.lastIndex = this.at;
    const found = ATTRIBUTES.exec(this.text)?.[0] ?? "";
    if (found !== "") this.drop("markup", found);
    this.at += found.length;
    return found;
  }

  /** The length of what follows the label of a link; null if it is none. */
  private targetLength(label: string): number | null {
    const next = this.text.charAt(this.at);
    if (next === "(") {
      const length = parenthesesLength(this.text, this.at);
      if (length !== null) return length;
    }
    if (next === "[") {
      const end = this.text.indexOf("]", this.at);
      if (end >= 0 && end - this.at <= 1000) {
        const named = this.text.slice(this.at + 1, end);
        if (this.labels.has(normalizeLabel(named === "" ? label : named))) return end + 1 - this.at;
      }
    }
    return this.labels.has(normalizeLabel(label)) ? 0 : null;
  }

  private tag(): void {
    if (this.text.startsWith("<!--", this.at) && this.comment()) return;
    ADDRESS.lastIndex = TAG.lastIndex = this.at;
    const address = ADDRESS.exec(this.text);
    if (address !== null) {
      this.put(address[1]?.replace(/^mailto:/i, "") ?? "", address[0].length);
      return;
    }
    const [whole, slash = "", named = "", attributes = ""] = TAG.exec(this.text) ?? [];
    if (whole === undefined) {
      this.put("<", 1);
      return;
    }
    const name = named.toLowerCase();
    // "list<Struct>" is no component; the end of one stands right behind its text.
    const isComponent = /^[A-Z]/.test(named) && (slash !== "" || !/\w$/.test(this.pieces.at(-1) ?? ""));
    if (
      !INLINE_TAGS.has(name) &&
      !(isComponent && (attributes !== "" || whole.endsWith("/>") || this.isClosed(named, slash)))
    ) {
      this.put(whole, whole.length);
      return;
    }
    this.at += whole.length;
    const alternative = name === "img" ? alternativeIn(attributes) : "";
    this.drop("markup", named + (alternative === "" ? attributes : attributes.replace(alternative, "")));
    const breaks = "\n".repeat(whole.split("\n").length - 1);
    if (name === "sup" || name === "sub") this.shift(name, slash !== "");
    else if (name === "del" || name === "s" || name === "strike") this.pieces.push("~~");
    else if (name === "br") this.pieces.push(this.text.charAt(this.at) === "\n" ? "" : " ");
    else if (name === "img") this.pieces.push(alternative);
    else if (name === "code" || name === "kbd" || name === "samp" || name === "tt")
      this.protect(name, slash !== "");
    else if (/^(?:p|div|li|td|th|tr|h\d|summary|hr)$/.test(name)) this.pieces.push(" ");
    this.pieces.push(breaks);
  }

  private comment(): boolean {
    const end = this.hasNoComment ? -1 : this.text.indexOf("-->", this.at + 4);
    this.hasNoComment = end < 0;
    if (end < 0) return false;
    const comment = this.text.slice(this.at, end + 3);
    this.drop("comments", comment);
    this.put("\n".repeat(comment.split("\n").length - 1), comment.length);
    return true;
  }

  /** Whether a component's other tag is near. */
  private isClosed(name: string, slash: string): boolean {
    return slash !== "" || this.text.slice(this.at, this.at + 1000).includes(`</${name}>`);
  }

  /** Code in tags keeps the signs that Markdown and HTML would take for their own. */
  private protect(name: string, isEnd: boolean): void {
    if (!isEnd) this.raised.push({ name, piece: this.pieces.length });
    else {
      const open = this.raised.at(-1);
      if (open?.name !== name) return;
      this.raised.pop();
      const inside = this.take(open.piece);
      this.pieces.push(/[<>*_~|[\]\\]/.test(inside) && !inside.includes("`") ? `\`${inside}\`` : inside);
    }
  }

  private shift(name: string, isEnd: boolean): void {
    if (!isEnd) {
      this.raised.push({ name, piece: this.pieces.length });
      return;
    }
    const open = this.raised.at(-1);
    if (open?.name !== name) return;
    this.raised.pop();
    const inside = this.take(open.piece);
    this.pieces.push(name === "sub" ? writeLowered(inside) : writeRaised(inside, this.tail()));
  }

  /** Takes away the pieces from one on, and what refers to them. */
  private take(from: number): string {
    for (const open of [this.brackets, ...Object.values(this.runs)])
      while ((open.at(-1)?.piece ?? -1) >= from) open.pop();
    return this.pieces.splice(from).join("");
  }

  /** The end of the text so far. */
  private tail(): string {
    let tail = "";
    for (let at = this.pieces.length - 1; at >= 0 && tail.length < 80 && this.pieces.length - at < 40; at--)
      tail = (this.pieces[at] ?? "") + tail;
    return tail;
  }

  private entity(): void {
    ENTITY.lastIndex = this.at;
    const found = ENTITY.exec(this.text)?.[0];
    if (found === undefined) this.put("&", 1);
    else this.put(decodeEntities(found), found.length);
  }

  /** A formula in a line stays as it is. */
  private formula(): void {
    const isDouble = this.text.charAt(this.at + 1) === "$";
    const sign = isDouble ? "$$" : "$";
    const from = this.at + sign.length;
    const inside = this.text.slice(from, from + MAX_FORMULA);
    const end = inside.indexOf(sign);
    const formula = end > 0 ? inside.slice(0, end) : "";
    const isFormula =
      formula !== "" && !/^\s|\s$|\n\s*\n/.test(formula) && !/^\d/.test(inside.slice(end + sign.length));
    if (isFormula && (isDouble || /[\\^_={}]|^\p{L}$/u.test(formula)))
      this.put(sign + formula + sign, formula.length + 2 * sign.length);
    else this.put(sign, sign.length);
  }
}

function alternativeIn(attributes: string): string {
  return /\balt\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(attributes)?.slice(1).find(Boolean) ?? "";
}

function findFences(text: string): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (const { 0: run, index } of [...text.matchAll(/`+/g)].reverse()) {
    const known = places.get(run.length);
    if (known === undefined) places.set(run.length, [index]);
    else known.push(index);
  }
  return places;
}

/** Roles of names in programs. */
const NAMES = /^(?:any|attr|class|const|data|decorator|exc|func|meth|method|mod|obj|paramref|property|type)$/;

/** The text that a role of Sphinx shows. */
export function roleText(role: string, inside: string): string {
  const name = /[a-z]+(?=\}?:?$)/i.exec(role)?.[0] ?? "";
  if (name === "sup" || name === "superscript") return writeRaised(inside, "x");
  if (name === "sub" || name === "subscript") return writeLowered(inside);
  if (name === "math") return `$${inside}$`;

  const titled = /^([^]*\S)\s*<[^<>]*>$/.exec(inside.slice(0, 500))?.[1];
  if (titled !== undefined) return titled;
  if (inside.startsWith("~")) return inside.slice(1).split(".").at(-1) ?? "";
  // A dot asks for any name that ends so: ".Session" is Session.
  return inside.replace(NAMES.test(name) ? /^!?\.?/ : /^!/, "");
}

/** Whether a run of marks is left-flanking, and right-flanking. */
function flanks(before: string, after: string): [boolean, boolean] {
  const isSpace = (one: string): boolean => one === "" || /\s/.test(one);
  const isSign = (one: string): boolean => /[\p{P}\p{S}]/u.test(one);
  const isLeft = !isSpace(after) && (!isSign(after) || isSpace(before) || isSign(before));
  const isRight = !isSpace(before) && (!isSign(before) || isSpace(after) || isSign(after));
  return [isLeft, isRight];
}

/** The length of "(address "title")" from its bracket; null if it does not close. */
function parenthesesLength(text: string, from: number): number | null {
  let depth = 0;
  let quote = "";
  for (let at = from; at < Math.min(text.length, from + MAX_TARGET); at++) {
    const character = text.charAt(at);
    if (character === "\\") at++;
    else if (quote !== "") quote = character === quote ? "" : quote;
    else if ((character === '"' || character === "'") && /\s/.test(text.charAt(at - 1))) quote = character;
    else if (character === "(" && ++depth > MAX_PARENTHESES) return null;
    else if (character === ")" && --depth === 0) return at + 1 - from;
  }
  return null;
}

/** The character of a reference such as "&amp;". */
function decodeEntities(reference: string): string {
  return parseHtmlTree(reference).textContent;
}
