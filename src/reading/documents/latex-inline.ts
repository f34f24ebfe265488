import { writeLowered, writeRaised } from "../../core/text/raised-text.js";
import { pairBraces, type BracePairs } from "./brace-groups.js";
import type { ReportDropped } from "./markdown-inline.js";

/*
 * What a reader sees of a paragraph of LaTeX: \emph{x} is its text, \texttt{x} stands in backticks, a formula in dollar
 * signs. An unknown command is the text in its braces. Linear in the length of the text.
 */

/** What a document says about its own names. */
export interface LatexNames {
  /** What commands without arguments stand for. */
  macros: ReadonlyMap<string, string>;
  /** The titles of sections by their labels. */
  labels: ReadonlyMap<string, string>;
}

const COMMAND = /\\([A-Za-z]+\*?|[^A-Za-z])/y;
const SPECIAL = /[\\{}~$`'\-&%]/g;
/** Nested deeper than this, braces are text: only hostile texts do so. */
const MAX_NESTING = 40;

const SIGNS: Record<string, string> = {
  ldots: "…", dots: "…", textrightarrow: "→", textleftarrow: "←", textonehalf: "½", texttimes: "×", textdiv: "÷",
  textminus: "−", textpercent: "%", textperthousand: "‰", textdollar: "$", textohm: "Ω", textsection: "§",
  textparagraph: "¶", textcent: "¢", textyen: "¥", textsterling: "£", textbraceleft: "{", textbraceright: "}",
  textquotestraightbase: "‚", textordmasculine: "º", textordfeminine: "ª", nobreakspace: " ", ldotp: ".", textellipsis: "…", LaTeX: "LaTeX", LaTeXe: "LaTeX2e", TeX: "TeX", copyright: "©",
  textcopyright: "©", textregistered: "®", texttrademark: "™", textbackslash: "\\", textasciitilde: "~",
  textasciicircum: "^", textless: "<", textgreater: ">", textbar: "|", textunderscore: "_", textbullet: "•",
  textendash: "–", textemdash: "—", textquotedblleft: "“", textquotedblright: "”", textquoteleft: "‘",
  textquoteright: "’", textquotesingle: "'", textdegree: "°", degree: "°", textmu: "µ", textpm: "±", pm: "±", times: "×",
  S: "§", P: "¶", dag: "†", ddag: "‡", pounds: "£", euro: "€", EUR: "€", texteuro: "€", ss: "ß", aa: "å", AA: "Å", ae: "æ",
  AE: "Æ", oe: "œ", OE: "Œ", o: "ø", O: "Ø", l: "ł", L: "Ł", i: "ı", j: "ȷ", slash: "/", quad: " ", qquad: " ", space: " ",
  enspace: " ", lbrace: "{", rbrace: "}", guillemotleft: "«", guillemotright: "»", glqq: "„", grqq: "“", BibTeX: "BibTeX",
}; // prettier-ignore
/** Marks above or below a letter, as combining characters. */
const ACCENTS: Record<string, string> = {
  '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307", c: "\u0327",
  v: "\u030c", u: "\u0306", H: "\u030b", k: "\u0328", r: "\u030a", d: "\u0323", b: "\u0331",
}; // prettier-ignore
const CODE =
  /^(?:texttt|code|verb\*?|lstinline|mintinline|path|file|filename|command|cmd|pkg|option|nolinkurl|env|lit|kbd|samp)$/;
/** Commands whose first argument says how something looks or where it goes. */
const WITHOUT_FIRST =
  /^(?:textcolor|colorbox|fontsize|selectlanguage|foreignlanguage|begingroup|raisebox|parbox|makebox\*?|setlength|addtolength|resizebox|scalebox|rotatebox|multicolumn|multirow)$/;
const NO_TEXT =
  /^(?:label|index|glsadd|nocite|vspace\*?|hspace\*?|includegraphics\*?|input|include|bibliographystyle|bibliography|pagestyle|thispagestyle|setcounter|addtocounter|stepcounter|refstepcounter|addcontentsline|hypersetup|phantom|vphantom|hphantom|usetikzlibrary|definecolor|color|pagenumbering|thanks|cline|cmidrule|rule|hyphenation|special|write|typeout|graphicspath|markboth|markright|fancyhead|fancyfoot|lstset|setstretch|linespread|newcommand\*?|renewcommand\*?|providecommand\*?|newenvironment\*?|renewenvironment\*?|newtheorem\*?|theoremstyle|DeclareMathOperator\*?|usepackage|RequirePackage|documentclass|let|def|newif|makeatletter|makeatother)$/;

/** Replaces the commands in one paragraph; line breaks stay. */
export function latexInlineText(text: string, names: LatexNames, drop: ReportDropped): string {
  SPECIAL.lastIndex = 0;
  if (!SPECIAL.test(text)) return text;
  return new LatexText(writeAccents(text), names, drop).read();
}

const ACCENTED =
  /\\(?:(["'`^~=.])\s?|([cvuHkrdb])(?=[{ ])\s?)(?:\{\\?([A-Za-z])\s?\}|\\([ij])(?![A-Za-z])\s?|([A-Za-z]))/g;

/** Letters with the accents that are typed before them. */
export function writeAccents(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    ACCENTED,
    (whole: string, sign?: string, name?: string, braced?: string, dotless?: string, plain?: string) => {
      const accent = ACCENTS[sign ?? name ?? ""];
      const letter = braced ?? dotless ?? plain ?? "";
      return accent === undefined ? whole : (letter + accent).normalize("NFC");
    },
  );
}

class LatexText {
  private readonly pairs: BracePairs;
  private expansions = 0;

  constructor(
    private readonly text: string,
    private readonly names: LatexNames,
    private readonly drop: ReportDropped,
  ) {
    this.pairs = pairBraces(text, "\\");
  }

  read(depth = 0): string {
    return this.range(0, this.text.length, depth, false);
  }

  private range(from: number, to: number, depth: number, isCode: boolean): string {
    const pieces: string[] = [];
    for (let at = from; at < to;) {
      SPECIAL.lastIndex = at;
      const next = SPECIAL.exec(this.text)?.index ?? to;
      if (next > at) pieces.push(this.text.slice(at, Math.min(next, to)));
      at = Math.min(next, to);
      if (at < to) at = this.special(at, to, depth, isCode, pieces);
    }
    return pieces.join("");
  }

  /** Writes what begins with a sign that LaTeX gives a meaning. @returns the index after it */
  private special(at: number, to: number, depth: number, isCode: boolean, pieces: string[]): number {
    const sign = this.text.charAt(at);
    switch (sign) {
      case "\\":
        return this.command(at, to, depth, isCode, pieces);
      case "{": {
        const closing = this.pairs.get(at) ?? -1;
        if (closing < 0 || closing >= to || depth >= MAX_NESTING) return at + 1;
        pieces.push(this.range(at + 1, closing, depth + 1, isCode));
        return closing + 1;
      }
      case "}":
        return at + 1;
      case "~":
        pieces.push(isCode ? "~" : " ");
        return at + 1;
      case "$":
        return this.formula(at, to, pieces);
      case "&":
      case "%":
        pieces.push(sign);
        return at + 1;
      default: {
        let end = at;
        while (end < to && this.text.charAt(end) === sign) end++;
        pieces.push(isCode ? this.text.slice(at, end) : printedRun(sign, end - at));
        return end;
      }
    }
  }

  private formula(at: number, to: number, pieces: string[]): number {
    const marks = this.text.startsWith("$$", at) ? "$$" : "$";
    let end = this.find(marks, at + marks.length, MAX_FORMULA);
    while (end > 0 && this.text.charAt(end - 1) === "\\") end = this.find(marks, end + 1, MAX_FORMULA);
    if (end < 0 || end >= to || end - at > MAX_FORMULA) {
      pieces.push(marks);
      return at + marks.length;
    }
    pieces.push(formulaText(this.text.slice(at + marks.length, end)));
    return end + marks.length;
  }

  private command(at: number, to: number, depth: number, isCode: boolean, pieces: string[]): number {
    COMMAND.lastIndex = at;
    const [, name] = COMMAND.exec(this.text) ?? [];
    // A backslash at the very end.
    if (name === undefined) return at + 1;
    const after = at + 1 + name.length;
    if (!/[A-Za-z]/.test(name)) return this.signCommand(name, at, after, to, pieces);
    this.drop("markup", name);
    if (/^(?:verb\*?|lstinline|mintinline)$/.test(name)) return this.verbatim(after, to, pieces);
    const group = this.arguments(after, to, depth);
    const macro = this.names.macros.get(name);
    if (macro !== undefined && depth < MAX_MACROS && this.expansions++ < MAX_EXPANSIONS) {
      pieces.push(new LatexText(macro, this.names, () => undefined).read(depth + 8));
      return group.groups.length > 0 && this.isEmpty(group.groups[0])
        ? (group.ends[0] ?? after)
        : this.afterName(after);
    }
    const sign = SIGNS[name];
    if (sign !== undefined) {
      pieces.push(sign);
      return this.isEmpty(group.groups[0]) ? (group.ends[0] ?? after) : this.afterName(after);
    }
    if (group.groups.length === 0) {
      this.drop("markup", this.text.slice(after, group.end));
      if (group.end === after && name === "par") pieces.push(" ");
      return group.end > after ? group.end : this.afterName(after);
    }
    this.drop("markup", group.options);
    pieces.push(this.argumentText(name, group, depth, isCode, pieces));
    return group.end;
  }

  /** The index of a sign within so many characters, so that a search for what never comes takes no time; else -1. */
  private find(sign: string, from: number, most: number): number {
    const at = this.text.slice(from, from + most).indexOf(sign);
    return at < 0 ? -1 : from + at;
  }

  private isEmpty(group?: [number, number]): boolean {
    return group !== undefined && group[0] === group[1];
  }

  /** TeX takes the spaces after a command's name. */
  private afterName(after: number): number {
    return this.text.charAt(after) === " " ? after + 1 : after;
  }

  private signCommand(name: string, at: number, after: number, to: number, pieces: string[]): number {
    if (name === "(" || name === "[") {
      const end = this.find(name === "(" ? "\\)" : "\\]", after, MAX_FORMULA);
      if (end >= 0 && end < to) {
        pieces.push(formulaText(this.text.slice(after, end)));
        return end + 2;
      }
    }
    if (name === "\\") {
      const [space = ""] = /^\*?(?:\[[^\]]{0,20}\])?/.exec(this.text.slice(after, after + 24)) ?? [];
      pieces.push(/\s/.test(this.text.charAt(after + space.length)) ? "" : " ");
      return after + space.length;
    }
    if (/[,;:> ]/.test(name)) pieces.push(" ");
    else if (name === "\n") pieces.push("\n");
    else if (/[#$%&_{}]/.test(name)) pieces.push(name);
    else if (!/[-/!@)\]]/.test(name)) pieces.push(this.text.slice(at + 1, after));
    return after;
  }

  /** "\verb|x|", and "\lstinline" with options or braces. */
  private verbatim(after: number, to: number, pieces: string[]): number {
    let at = after;
    if (this.text.charAt(at) === "[") at = Math.max(at, this.find("]", at, MAX_OPTION) + 1);
    const sign = this.text.charAt(at);
    const group = this.pairs.get(at);
    const closing = sign === "{" && group !== undefined ? group : this.find(sign, at + 1, MAX_FORMULA);
    if (sign === "" || closing < 0 || closing >= to || closing - at > MAX_FORMULA) return at;
    const code = this.text.slice(at + 1, closing);
    // "\mintinline{python}{x}" names the language first.
    if (sign === "{" && this.text.charAt(closing + 1) === "{") {
      this.drop("markup", code);
      return this.verbatim(closing + 1, to, pieces);
    }
    pieces.push(code === "" || code.includes("`") ? code : `\`${code}\``);
    return closing + 1;
  }

  /** The groups after a command's name. */
  private arguments(after: number, to: number, depth: number): Arguments {
    const found: Arguments = { groups: [], ends: [], options: "", end: after };
    if (depth >= MAX_NESTING) return found;
    for (let at = after; at < to && found.groups.length < MAX_GROUPS;) {
      const sign = this.text.charAt(at);
      if (sign === "[") {
        const closing = this.find("]", at, MAX_OPTION);
        if (closing < 0 || closing >= to || found.groups.length > 0) break;
        found.options += ` ${this.text.slice(at + 1, closing)}`;
        found.end = at = closing + 1;
      } else if (sign === "{") {
        const closing = this.pairs.get(at) ?? -1;
        if (closing < 0 || closing >= to) break;
        found.groups.push([at + 1, closing]);
        found.end = at = closing + 1;
        found.ends.push(at);
      } else break;
    }
    return found;
  }

  private argumentText(
    name: string,
    { groups, options }: Arguments,
    depth: number,
    isCode: boolean,
    before: string[],
  ): string {
    const raw = (index: number): string => {
      const [from, to] = groups[index] ?? [0, 0];
      return this.text.slice(from, to);
    };
    const inside = (index: number, asCode = isCode): string => {
      const [from, to] = groups[index] ?? [0, 0];
      return this.range(from, to, depth + 1, asCode);
    };
    const all = (from: number): string =>
      groups
        .map((_, index) => (index < from ? "" : inside(index)))
        .filter((text) => text !== "")
        .join(" ");
    if (CODE.test(name)) {
      const code = inside(0, true);
      const marked = isCode || code === "" || code.includes("`") ? code : `\`${code}\``;
      return groups.length > 1 ? `${marked} ${all(1)}` : marked;
    }
    if (name === "href") {
      this.drop("addresses of links", raw(0));
      return inside(1);
    }
    if (name === "url") return raw(0);
    if (/^(?:name|auto|page|eq|v|c|C)?ref\*?$|^hyperref$/.test(name))
      return this.reference(name, raw(0), options, inside);
    if (/^(?:cite|citep|citet|parencite|textcite|autocite|footcite|citeauthor|citeyear)\*?$/.test(name))
      return `[${raw(0).trim()}${options.trim() === "" ? "" : `,${options}`}]`;
    if (/^(?:footnote|footnotetext)$/.test(name)) return ` (${inside(0).trim()})`;
    if (name === "textsuperscript") return writeRaised(inside(0), before.slice(-4).join(""));
    if (name === "textsubscript") return writeLowered(inside(0));
    if (name === "enquote") return `“${inside(0)}”`;
    if (/^(?:ensuremath|ce|SI|qty|num)$/.test(name))
      return groups.length === 1 ? formulaText(raw(0)) : all(0);
    if (/^(?:st|sout)$/.test(name)) return `~~${inside(0)}~~`;
    if (NO_TEXT.test(name) || /^(?:s?index[a-z]*|pagecolor|nopagecolor|pdfbookmark)$/.test(name)) {
      for (const index of groups.keys()) this.drop("markup", raw(index));
      return "";
    }
    const skipped = name.startsWith("multi") ? 2 : WITHOUT_FIRST.test(name) ? 1 : 0;
    for (let index = 0; index < Math.min(skipped, groups.length - 1); index++)
      this.drop("markup", raw(index));
    return all(Math.min(skipped, groups.length - 1));
  }

  /** The title of what a label names; else the label, in words. */
  private reference(name: string, label: string, options: string, inside: (index: number) => string): string {
    if (name === "hyperref") return inside(0);
    this.drop("addresses of links", options);
    return label
      .split(",")
      .map((each) => {
        const title = this.names.labels.get(each.trim());
        if (title === undefined)
          return each
            .trim()
            .replace(/^[a-z]+:/i, "")
            .replace(/[-_:]+/g, " ");
        this.drop("addresses of links", each);
        return `“${title}”`;
      })
      .join(", ");
  }
}

interface Arguments {
  groups: [number, number][];
  /** The index after each group. */
  ends: number[];
  options: string;
  end: number;
}

const MAX_GROUPS = 6;
const MAX_OPTION = 300;
const MAX_FORMULA = 3000;
/** Commands stand for others at most this deep, and this often in a paragraph. */
const MAX_MACROS = 24;
const MAX_EXPANSIONS = 200;

function formulaText(inside: string): string {
  return `$${inside.replace(/[^\S\n]+/g, " ").trim()}$`;
}

/** Quotation marks and dashes as they are printed. */
function printedRun(sign: string, length: number): string {
  if (sign === "-") return length === 2 ? "–" : length === 3 ? "—" : "-".repeat(length);
  if (length === 1) return sign === "`" ? "‘" : "'";
  return length === 2 ? (sign === "`" ? "“" : "”") : sign.repeat(length);
}
