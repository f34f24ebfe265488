import { writeLowered, writeRaised } from "../../core/text/raised-text.js";
import { pairBraces, type BracePairs } from "./brace-groups.js";
import type { ReportDropped } from "./markdown-inline.js";

/*
 * What a reader sees of a paragraph of Texinfo: @code{x} stands in backticks, @xref{Node} is the name of its target,
 * @dots{} its sign. An unknown command is the text in its braces. Linear in the length of the text.
 */

const COMMAND = /@([A-Za-z]+|[^\sA-Za-z]|\s)/y;
/** Nested deeper than this, braces are text: only hostile texts do so. */
const MAX_NESTING = 40;

const SIGNS: Record<string, string> = {
  dots: "…", enddots: "…", copyright: "©", registeredsymbol: "®", bullet: "•", minus: "-", TeX: "TeX", LaTeX: "LaTeX",
  tie: " ", equiv: "≡", error: "error→", expansion: "→", point: "⋆", print: "⊣", result: "⇒", euro: "€", pounds: "£",
  textdegree: "°", geq: "≥", leq: "≤", arrow: "→", lbracechar: "{", rbracechar: "}", atchar: "@", backslashchar: "\\",
  comma: ",", hashchar: "#", ampchar: "&", AA: "Å", aa: "å", AE: "Æ", ae: "æ", OE: "Œ", oe: "œ", O: "Ø", o: "ø", ss: "ß",
  L: "Ł", l: "ł", exclamdown: "¡", questiondown: "¿", guillemetleft: "«", guillemetright: "»", quotedblleft: "“",
  quotedblright: "”", quoteleft: "‘", quoteright: "’", ordf: "ª", ordm: "º", today: "",
}; // prettier-ignore
const CODE = /^(?:code|command|option|env|file|samp|kbd|verb|t|tt|url|indicateurl)$/;
/** Marks above or below a letter, as combining characters. */
const ACCENTS: Record<string, string> = {
  '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ",": "\u0327", v: "\u030c",
  u: "\u0306", H: "\u030b", dotaccent: "\u0307", ringaccent: "\u030a", ogonek: "\u0328", ubaraccent: "\u0331",
}; // prettier-ignore
const NO_TEXT = /^(?:anchor|image|w|sortas|seeentry|seealso|hyphenation|inlineraw|iftexthenelse)$/;

/**
 * Replaces the commands in one paragraph; line breaks stay.
 * @param values what @value{name} stands for
 * @param isCode whether the text is code: dashes and quotation marks stay as they are typed
 */
export function texinfoInlineText(
  text: string,
  values: ReadonlyMap<string, string>,
  drop: ReportDropped,
  isCode = false,
): string {
  if (!text.includes("@")) return isCode ? text : writeDashes(text);
  return new TexinfoText(text, values, drop).read(isCode).normalize("NFC");
}

class TexinfoText {
  private readonly pairs: BracePairs;

  constructor(
    private readonly text: string,
    private readonly values: ReadonlyMap<string, string>,
    private readonly drop: ReportDropped,
  ) {
    this.pairs = pairBraces(text, "@");
  }

  read(isCode: boolean): string {
    return this.range(0, this.text.length, 0, isCode);
  }

  /** @param isCode whether dashes and quotation marks stay as they are typed */
  private range(from: number, to: number, depth: number, isCode: boolean): string {
    const pieces: string[] = [];
    for (let at = from; at < to;) {
      COMMAND.lastIndex = at;
      const name = this.text.charAt(at) === "@" ? (COMMAND.exec(this.text)?.[1] ?? "") : "";
      if (name !== "") {
        at = this.command(name, at + 1 + name.length, to, depth, isCode, pieces);
        continue;
      }
      let end = this.text.indexOf("@", at + 1);
      if (end < 0 || end > to) end = to;
      const plain = this.text.slice(at, end);
      pieces.push(isCode ? plain : writeDashes(plain));
      at = end;
    }
    return pieces.join("");
  }

  /** Writes one command. @returns the index after it */
  private command(
    name: string,
    after: number,
    to: number,
    depth: number,
    isCode: boolean,
    pieces: string[],
  ): number {
    const accent = ACCENTS[name];
    const closing = this.text.charAt(after) === "{" ? (this.pairs.get(after) ?? -1) : -1;
    const hasGroup = closing >= 0 && closing < to && depth < MAX_NESTING;
    if (accent !== undefined) {
      const letter = hasGroup ? this.text.slice(after + 1, closing) : this.text.charAt(after);
      pieces.push(letter === "" ? "" : letter.charAt(0) + accent + letter.slice(1));
      return hasGroup ? closing + 1 : after + 1;
    }
    if (/^[@{}\\&#]$/.test(name)) {
      pieces.push(name);
      return after;
    }
    if (/^[^A-Za-z]$/.test(name)) {
      // "@*" breaks a line, "@:" and "@/" set no space.
      pieces.push(/\s/.test(name) ? name : name === "*" ? " " : /[.!?]/.test(name) ? name : "");
      return after;
    }
    this.drop("markup", name);
    const sign = SIGNS[name];
    if (!hasGroup) {
      pieces.push(sign ?? "");
      // "@noindent" is a word of its own.
      return sign === undefined && this.text.charAt(after) === " " ? after + 1 : after;
    }
    if (sign !== undefined) pieces.push(sign);
    else pieces.push(this.group(name, after + 1, closing, depth, isCode, pieces));
    return closing + 1;
  }

  private group(
    name: string,
    from: number,
    to: number,
    depth: number,
    isCode: boolean,
    before: string[],
  ): string {
    const raw = this.text.slice(from, to);
    const inside = (asCode = isCode): string => this.range(from, to, depth + 1, asCode);
    if (CODE.test(name)) {
      const code = inside(true);
      return isCode || code.includes("`") || code === "" ? code : `\`${code}\``;
    }
    if (name === "value") return this.values.get(raw) ?? raw;
    if (name === "math") return `$${this.range(from, to, depth + 1, true)}$`;
    // A macro of another file that stands for a sign.
    if (raw === "" && !NO_TEXT.test(name) && !CODE.test(name)) return name;
    if (name === "sup") return writeRaised(inside(), before.slice(-4).join(""));
    if (name === "sub") return writeLowered(inside());
    if (name === "U") {
      const code = Number.parseInt(raw, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : raw;
    }
    if (name === "footnote") return ` (${inside().trim()})`;
    if (name === "dotless") return raw;
    if (name === "w") return inside();
    if (NO_TEXT.test(name)) {
      this.drop("markup", raw);
      return "";
    }
    if (/^(?:x|px|info)?ref$|^(?:uref|url|email|link|inforef)$/.test(name))
      return this.reference(name, raw, depth);
    if (/^(?:abbr|acronym)$/.test(name))
      return this.parts(raw)
        .map((part) => this.part(part, depth))
        .filter((part) => part !== "")
        .join(", ");
    if (name.startsWith("inlinefmt")) return this.part(this.parts(raw)[1] ?? "", depth);
    return inside();
  }

  /** "@xref{Node, cross name, title, file, manual}" and "@uref{address, text}". */
  private reference(name: string, raw: string, depth: number): string {
    const parts = this.parts(raw).map((part) => this.part(part, depth));
    const [target = "", label = "", title = "", , manual = ""] = parts;
    if (/^(?:uref|url|email|link)$/.test(name)) {
      const shown = title || label || target;
      if (shown !== target) this.drop("addresses of links", target);
      return shown;
    }
    const shown = title || label || target;
    this.drop("addresses of links", parts.filter((part) => part !== shown && part !== manual).join(" "));
    const named = manual === "" ? shown : `${shown} in ${manual}`;
    return name === "xref" ? `See ${named}` : name === "pxref" ? `see ${named}` : named;
  }

  private parts(raw: string): string[] {
    return raw.split(",").map((part) => part.replace(/\s+/g, " ").trim());
  }

  private part(text: string, depth: number): string {
    return depth < MAX_NESTING && text.includes("@")
      ? new TexinfoText(text, this.values, this.drop).range(0, text.length, depth + 1, false)
      : text;
  }
}

/** Dashes and quotation marks as they are printed. */
function writeDashes(text: string): string {
  if (!/--|``|''/.test(text)) return text;
  return text
    .replace(/(?<!-)---(?!-)/g, "—")
    .replace(/(?<=[\w\s])(?<!-)--(?=[\w\s])(?!-)/g, "–")
    .replaceAll("``", "“")
    .replaceAll("''", "”");
}
