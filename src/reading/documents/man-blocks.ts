import { composeItem } from "../../core/document/compose-item.js";
import { composeTerm } from "../../core/document/compose-term.js";
import type { Block } from "../../core/document/blocks.js";
import {
  codeOf,
  DroppedWords,
  headingOf,
  introductionIn,
  paragraphOf,
  placeOf,
  type BlockDocument,
} from "./block-document.js";
import { numberLines, type NumberedLine } from "./numbered-lines.js";

/*
 * Manual pages as blocks, in both of their languages: "man" (.SH, .TP, .IP) and "mdoc" (.Sh, .It, .Fl). A request that
 * is not known is its arguments.
 */

/** Whether a text is a manual page: it names its title or a section. */
export function isManPage(text: string): boolean {
  return /^[.'](?:TH|Dd|Dt|SH|Sh)\b/m.test(text);
}

export function readManPage(text: string): BlockDocument {
  return new ManReader().read(withStrings(joinedLines(numberLines(text))));
}

const REQUEST = /^[.'][ \t]*([A-Za-z%][\w-]{0,30})(?![\w-])[ \t]*(.*)$/;
/** Requests that set type or space, and show nothing. */
const LAYOUT =
  /^(?:ad|na|hy|nh|ie|el|if|ds|de|rm|rr|nr|ne|in|ti|ta|ft|ps|vs|ll|fi|so|tr|ch|wh|di|da|PD|HP|DT|UC|AT|Dd|Os|Bk|Ek|Bf|Ef|Sm|ns|rs|mk|rt|ev|lf|ss|cs|bd|ec|eo|cc|c2|hc|hw|po|pl|bp|ig|als|do|fam|so|tm|ex|nop|it|am|ce|ul|cu)$/;
const FONTS = /^(?:B|I|R|BI|BR|IB|IR|RB|RI|SM|SB)$/;
const BREAKS = /^(?:PP|P|LP|Pp|sp|br|Lp)$/;

class ManReader {
  private readonly dropped = new DroppedWords();
  private readonly blocks: Block[] = [];
  private open: NumberedLine[] = [];
  private title = "";
  private level = 1;
  /** The term that what follows explains, and its blocks. */
  private term: {
    names: NumberedLine[];
    inside: Block[];
    depth: number;
    isBullet: boolean;
    introduction: string | null;
  } | null = null;
  private depth = 0;
  private code: NumberedLine[] | null = null;
  private table: NumberedLine[] | null = null;
  private name = "";
  private indents = 0;
  private termIndents = 0;
  /** The lines of the macros that the page defines. */
  private readonly macros = new Map<string, string[]>();
  /** Whether words follow each other without a space (".Sm off"), and whether a line of such words is open. */
  private isDense = false;
  private isDenseLine = false;
  /** The function whose arguments follow, each on a line of its own. */
  private call: { name: string; arguments: string[] } | null = null;
  /** Whether the last line of text is bold as a whole. */
  private isBold = false;

  read(lines: NumberedLine[]): BlockDocument {
    let macro: string[] | null = null;
    for (let at = 0; at < lines.length; at++) {
      const line = lines[at] ?? { text: "", number: 0 };
      if (macro !== null) {
        if (/^[.']\s*\.\s*$/.test(line.text)) macro = null;
        else macro.push(line.text);
        this.dropped.add("macros", line.text);
        continue;
      }
      const [, request, rest = ""] = REQUEST.exec(line.text) ?? [];
      if (request !== undefined && /^(?:dei?1?|ig|ami?1?)$/.test(request)) {
        macro = [];
        if (request !== "ig") this.macros.set(rest.trim().split(/\s/)[0] ?? "", macro);
      }
      const body = request === undefined ? undefined : this.macros.get(request);
      if (body !== undefined && !isKnownRequest(request ?? "")) {
        for (const text of expandMacro(body, rest)) this.plainLine({ text, number: line.number });
      } else if (/^[.']?[ \t]*\\["#]/.test(line.text) || line.text.startsWith("'\\\""))
        this.dropped.add("comments", line.text);
      else if (request === undefined) this.textLine(line);
      else if (/^(?:TP|TQ)$/.test(request)) at += this.tagged(request, lines[at + 1]);
      else this.request(request, { text: rest, number: line.number });
    }
    this.closeTerm();
    return {
      title: this.title,
      blocks: this.blocks,
      dropped: () => this.dropped.list(),
      words: () => plainWords(lines),
    };
  }

  /** A line of a macro that the page defines itself. */
  private plainLine(line: NumberedLine): void {
    const [, request, rest = ""] = REQUEST.exec(line.text) ?? [];
    if (request === undefined) this.textLine(line);
    else this.request(request, { text: rest, number: line.number });
  }

  private get target(): Block[] {
    return this.term === null ? this.blocks : this.term.inside;
  }

  private textLine(line: NumberedLine): void {
    this.isBold = /^\\fB.*\\f[PR]$/.test(line.text.trim());
    if (this.table !== null) this.table.push(line);
    else if (this.code !== null) this.code.push({ text: plainRoff(line.text), number: line.number });
    else if (line.text.trim() === "" || /^\.\s*$/.test(line.text)) this.flush();
    else if (/^[ \t]+\S/.test(line.text)) {
      // A line that begins with a space is set as it is.
      this.open.push({ text: plainRoff(line.text), number: line.number });
      this.flush();
    } else this.open.push({ text: plainRoff(line.text), number: line.number });
  }

  private flush(): void {
    this.target.push(...paragraphOf(reflowed(this.open), (each) => each));
    this.open = [];
  }

  private closeTerm(): void {
    this.flush();
    const { term } = this;
    this.term = null;
    if (term === null) return;
    const place = placeOf(term.names);
    if (term.isBullet) {
      this.blocks.push(...composeItem(term.inside, null, term.introduction, place));
      return;
    }
    const names = term.names.map(({ text }) => text.trim()).filter((text) => text !== "");
    this.blocks.push(
      ...composeTerm(names.join(", "), place, term.depth, Math.min(6, this.level + 1), term.inside),
    );
  }

  /** A term in the next line. @returns the number of lines that were read beside the request */
  private tagged(request: string, next: NumberedLine | undefined): number {
    const line = next ?? { text: "", number: 0 };
    const name = { text: requestText(line.text), number: line.number };
    const isMore =
      request === "TQ" && this.term !== null && this.term.inside.length === 0 && this.open.length === 0;
    if (isMore) this.term?.names.push(name);
    else this.beginTerm(name);
    return next === undefined ? 0 : 1;
  }

  private beginTerm(name: NumberedLine): void {
    this.closeTerm();
    const isBullet = /^(?:[•·*o-]|\d+[.)])$/.test(name.text.trim());
    this.term = {
      names: [name],
      inside: [],
      depth: this.depth,
      isBullet,
      introduction: introductionIn(this.blocks),
    };
  }

  private request(request: string, { text, number }: NumberedLine): void {
    if (this.table !== null && request !== "TE") return;
    if (request === "TH" || request === "Dt") {
      const [name = "", section = ""] = splitArguments(text);
      this.title = plainRoff(section === "" ? name : `${name.toLowerCase()}(${section})`);
      this.blocks.push(...headingOf(this.title, 1, number));
      this.dropped.add("the page's head", text);
    } else if (/^(?:SH|SS|Sh|Ss)$/.test(request)) this.section(request, { text, number });
    else if (request === "IP") this.indented(text, number);
    else if (request === "It") this.item(text, number);
    else if (request === "El") this.closeTerm();
    else if (request === "INDENT") this.indentRst();
    else if (request === "UNINDENT") this.unindentRst();
    else if (request === "RS") this.depth++;
    else if (request === "RE") this.endRelative();
    else if (/^(?:nf|EX|Bd|DS|Vb)$/.test(request)) this.beginCode(request, text);
    else if (/^(?:fi|EE|Ed|DE|Ve)$/.test(request)) this.endCode();
    else if (request === "TS") {
      this.flush();
      this.table = [];
    } else if (request === "TE") this.endTable();
    else if (BREAKS.test(request)) this.breakParagraph(request);
    else if (request === "Sm") {
      this.isDense = text.trim() === "off";
      this.dropped.add("layout", text);
      this.isDenseLine = false;
    } else if (request === "Fo") this.call = { name: this.mdocText(text), arguments: [] };
    else if (request === "Fa" && this.call !== null) this.call.arguments.push(...splitArguments(text));
    else if (request === "Fc") this.endCall(text, number);
    else if (request === "Re") this.endReference();
    else if (request === "Bl" || LAYOUT.test(request)) this.dropped.add("layout", text);
    else if (/^(?:UR|MT)$/.test(request)) this.open.push({ text, number });
    else if (/^(?:UE|ME)$/.test(request)) this.attach(text, number);
    else this.inline(request, text, number);
  }

  private section(request: string, { text, number }: NumberedLine): void {
    this.closeTerm();
    this.depth = 0;
    this.level = /^S[Hh]$/.test(request) ? 2 : 3;
    this.blocks.push(...headingOf(splitArguments(text).map(plainRoff).join(" "), this.level, number));
  }

  private indented(text: string, number: number): void {
    const [name = ""] = splitArguments(text);
    if (plainRoff(name).trim() === "") this.flush();
    else this.beginTerm({ text: plainRoff(name), number });
  }

  private item(text: string, number: number): void {
    const name = this.mdocText(text);
    const isMore =
      this.term !== null && this.term.inside.length === 0 && this.open.length === 0 && name !== "";
    if (isMore && this.term !== null && !this.term.isBullet) this.term.names.push({ text: name, number });
    else this.beginTerm({ text: name === "" ? "•" : name, number });
  }

  /** What docutils writes: a line in bold above an indented part is a term. */
  private indentRst(): void {
    this.indents++;
    const [line] = this.open;
    if (this.open.length !== 1 || line === undefined || !this.isBold) return;
    this.open = [];
    this.beginTerm(line);
    this.termIndents = this.indents;
  }

  private unindentRst(): void {
    this.flush();
    this.indents--;
    if (this.term !== null && this.indents < this.termIndents) this.closeTerm();
  }

  private endRelative(): void {
    this.depth = Math.max(0, this.depth - 1);
    this.flush();
  }

  private breakParagraph(request: string): void {
    if (this.code !== null) return;
    this.flush();
    if (/^(?:PP|P|LP)$/.test(request) && this.depth === 0) this.closeTerm();
  }

  private beginCode(request: string, text: string): void {
    if (request === "Bd" && !/-(?:literal|unfilled)/.test(text)) this.flush();
    else {
      this.flush();
      this.code = [];
    }
  }

  private endCode(): void {
    if (this.code !== null) this.target.push(...codeOf(this.code, ""));
    this.code = null;
    this.flush();
  }

  private endTable(): void {
    const lines = this.table ?? [];
    this.table = null;
    const from = lines.findIndex(({ text }) => /\.\s*$/.test(text));
    const separator =
      /tab ?\((.)\)/.exec(
        lines
          .slice(0, from + 1)
          .map(({ text }) => text)
          .join(" "),
      )?.[1] ?? "\t";
    this.dropped.addLines("layout", lines.slice(0, from + 1));
    let head: string[] = [];
    for (const { text, number } of lines.slice(from + 1)) {
      if (/^[_=\s]*$/.test(text) || /^\.|^T[{}]/.test(text)) continue;
      const cells = text.split(separator).map((cell) => plainRoff(cell).replace(/^T\{$/, "").trim());
      const isHead =
        head.length === 0 &&
        lines.length > from + 2 &&
        /^_|^=/.test(lines[lines.findIndex((line) => line.number === number) + 1]?.text ?? "");
      if (isHead) head = cells;
      this.target.push({
        kind: "row",
        cells,
        head: isHead ? [] : head,
        isHead,
        place: { first: number, last: number },
        isApart: false,
      });
    }
  }

  /** What a request of fonts or of mdoc shows within the text. */
  private inline(request: string, text: string, number: number): void {
    const shown = FONTS.test(request)
      ? fontText(request, text)
      : request === "SY" || request === "OP"
        ? optionText(request, text)
        : this.mdocText(`${request} ${text}`);
    const line = { text: request.startsWith("%") ? `${shown},` : shown, number };
    const open = this.code ?? this.open;
    const last = open.at(-1);
    if (this.isDenseLine && last !== undefined) last.text += line.text;
    else open.push(line);
    this.isDenseLine = this.isDense;
  }

  /** The end of a function's arguments. */
  private endCall(text: string, number: number): void {
    const { call } = this;
    this.call = null;
    if (call === null) return;
    const shown = `${call.name}(${call.arguments.map(plainRoff).join(", ")})${this.mdocText(text)}`;
    (this.code ?? this.open).push({ text: shown, number });
  }

  /** The parts of a reference stand between commas; a full stop ends it. */
  private endReference(): void {
    const last = this.open.at(-1);
    if (last !== undefined) last.text = last.text.replace(/,$/, ".");
  }

  private attach(text: string, number: number): void {
    const last = this.open.at(-1);
    if (last === undefined) this.open.push({ text: plainRoff(text), number });
    else last.text += plainRoff(text);
  }

  /** The text of a line of mdoc: its macros are words among the others. */
  private mdocText(text: string): string {
    const out: string[] = [];
    let isTight = false;
    const closing: string[] = [];
    const put = (word: string): void => {
      if (word === "") return;
      const last = out.at(-1);
      const isJoined = isTight || this.isDense || /^(?:[.,:;)\]>?!]+|[”’])$/.test(word);
      if (last !== undefined && isJoined) out[out.length - 1] = last + word;
      else out.push(word);
      isTight = false;
    };
    const words = splitArguments(text);
    let isFlag = false;
    let callAt = -1;
    for (const [at, word] of words.entries()) {
      const next = words[at + 1];
      const isMacro = MDOC.test(word);
      if (isFlag && !isMacro && word !== "|" && !/^[.,:;()[\]?!]+$/.test(word)) {
        put(`-${plainRoff(word)}`);
        continue;
      }
      isFlag &&= !isMacro;
      if (callAt >= 0 && (isMacro || /^[.,:;)\]?!]+$/.test(word))) callAt = -1;
      if (callAt >= 0) {
        const isLast = next === undefined || MDOC.test(next) || /^[.,:;)\]?!]+$/.test(next);
        const open = at === callAt ? "(" : "";
        const close = isLast ? ")" : at === callAt ? "" : ",";
        if (at > callAt + 1) isTight = false;
        put(`${plainRoff(word)}${open}${close}`);
        isTight = at === callAt;
      } else if (word === "Fn") callAt = at + 1;
      else if (word === "Fl" || word === "Cm" || word === "Ic") {
        isFlag = word === "Fl" && next !== undefined && !MDOC.test(next);
        if (word === "Fl" && !isFlag) put("-");
      } else if (word === "Ns" || word === "Pf" || word === "Ap") {
        if (word === "Ap") put("'");
        isTight = true;
      } else if (word === "Nm") {
        const named = next !== undefined && !MDOC.test(next) && !/^[.,;:]/.test(next);
        if (named) this.name ||= next;
        else put(this.name);
      } else if (word === "Ar" && (next === undefined || MDOC.test(next))) put("file ...");
      else if (word === "Xr") continue;
      else if (ENCLOSURES[word] !== undefined) {
        const [open, close] = ENCLOSURES[word] ?? ["", ""];
        put(open);
        isTight = open !== "";
        // "Oc" closes where it stands, "Op" at the end of its line.
        if (open === "") put(close);
        else if (close !== "") closing.push(close);
      } else if (MDOC.test(word)) {
        put(MDOC_TEXTS[word] ?? "");
      } else if (words[at - 2] === "Xr" && /^\d/.test(word)) {
        isTight = true;
        put(`(${word})`);
      } else put(plainRoff(word));
    }
    const tail = closing.reverse().join("");
    // Punctuation at the end stands behind what closes.
    const last = out.at(-1) ?? "";
    const sign = /[.,;:]+$/.exec(last)?.[0] ?? "";
    if (tail !== "" && out.length > 0)
      out[out.length - 1] = last.slice(0, last.length - sign.length) + tail + sign;
    return out.join(" ");
  }
}

/** Whether a request has a meaning of its own, whatever a page makes of it. */
function isKnownRequest(request: string): boolean {
  return (
    LAYOUT.test(request) ||
    FONTS.test(request) ||
    BREAKS.test(request) ||
    MDOC.test(request) ||
    /^(?:TH|Dt|SH|SS|Sh|Ss|IP|It|El|TP|TQ|INDENT|UNINDENT|RS|RE|nf|EX|Bd|DS|Vb|fi|EE|Ed|DE|Ve|TS|TE|Bl|UR|MT|UE|ME|SY|OP)$/.test(
      request,
    )
  );
}

/** The lines that a macro stands for; where they compute, its arguments. */
function expandMacro(body: string[], given: string): string[] {
  const words = splitArguments(given);
  const lines = body.filter((line) => !/^[.']?\s*\\["#]/.test(line) && line.trim() !== "");
  const isPlain =
    lines.length <= 8 && lines.every((line) => !/^[.']\s*(?:if|ie|el|while|de|shift|nr)/.test(line));
  if (!isPlain || !lines.some((line) => line.includes("\\\\$"))) return [words.join(" ")];
  return lines.map((line) =>
    line.replace(/\\\\\$(\d|[*@])/g, (_, name: string) =>
      /\d/.test(name) ? (words[Number(name) - 1] ?? "") : words.join(" "),
    ),
  );
}

/** Macros of mdoc that may stand within a line. */
const MDOC =
  /^(?:Ad|An|Ar|Bx|Cd|Cm|Dl|D1|Dv|Em|Er|Ev|Fa|Fd|Fl|Fn|Ft|Fx|Ic|Li|Lk|Ms|Mt|Nd|Nm|No|Ns|Nx|Op|Ox|Pa|Pf|Sx|Sy|Tn|Ux|Va|Vt|Xr|Ap|At|Bsx|Dx|Lb|St|Rs|Re|Rv|Ex|Xo|Xc|Eo|Ec|Oo|Oc|Ao|Ac|Bo|Bc|Do|Dc|Po|Pc|Qo|Qc|So|Sc|Fo|Fc|Ta|%[A-Z])$/;
const MDOC_TEXTS: Record<string, string> = {
  Nd: "–", Ux: "UNIX", Bx: "BSD", Bsx: "BSD/OS", Fx: "FreeBSD", Nx: "NetBSD", Ox: "OpenBSD", Dx: "DragonFly", At: "AT&T UNIX",
}; // prettier-ignore
const MDOC_WORDS =
  /(?<!\S)(?:Ad|An|Ar|Cm|Dq|Dv|Em|Er|Ev|Fa|Fl|Fn|Ft|Ic|Li|Nm|Ns|Op|Pa|Pf|Pq|Ql|Qq|Sq|Sx|Sy|Va|Vt|Xr|Oo|Oc|Aq|Ap|No|No|Xo|Xc)(?!\S)/g;
const ENCLOSURES: Record<string, [string, string] | undefined> = {
  Op: ["[", "]"], Aq: ["<", ">"], Bq: ["[", "]"], Brq: ["{", "}"], Dq: ["“", "”"], Pq: ["(", ")"], Qq: ['"', '"'],
  Sq: ["'", "'"], Ql: ["'", "'"], Oo: ["[", ""], Oc: ["", "]"], Ao: ["<", ""], Ac: ["", ">"], Bo: ["[", ""], Bc: ["", "]"],
  Do: ["“", ""], Dc: ["", "”"], Po: ["(", ""], Pc: ["", ")"], Qo: ['"', ""], Qc: ["", '"'], So: ["‘", ""], Sc: ["", "’"],
}; // prettier-ignore

/** The text of a page without its requests and escapes, as words to count. */
function plainWords(lines: NumberedLine[]): string {
  return lines
    .map(({ text }) =>
      plainRoff(
        text
          .replace(/^[.']\s*(?:RS|TP|TQ|HP|PD|in|ti|sp)(?![\w-]).*$/, "")
          // The width of an indented paragraph is no text.
          .replace(/^([.']\s*IP\s.*\S)\s+[\d.]+[a-z]?\s*$/, "$1")
          .replace(/^[.']\s*[\w%-]+/, ""),
      ).replace(MDOC_WORDS, " "),
    )
    .join("\n");
}

/** A line of text has at least this length before another one follows, so that it looks like a wrapped one. */
const MIN_WIDTH = 60;

/** Requests part a sentence into short lines: they are put together. */
function reflowed(lines: NumberedLine[]): NumberedLine[] {
  const found: NumberedLine[] = [];
  for (const { text, number } of lines) {
    const last = found.at(-1);
    if (text.trim() === "") continue;
    if (last !== undefined && last.text.length < MIN_WIDTH) last.text += ` ${text.trim()}`;
    else found.push({ text: text.trim(), number });
  }
  return found;
}

/** Lines that a backslash at their end continues become one. */
function joinedLines(lines: NumberedLine[]): NumberedLine[] {
  const joined: NumberedLine[] = [];
  let isOpen = false;
  for (const { text, number } of lines) {
    const last = joined.at(-1);
    const continues = /(?:^|[^\\])\\(?:c\s*)?$/.test(text) && !/^[.']\\"/.test(text);
    const part = continues ? text.replace(/\\(?:c\s*)?$/, "") : text;
    if (isOpen && last !== undefined) last.text += part;
    else joined.push({ text: part, number });
    isOpen = continues;
  }
  return joined;
}

/** Lines with what the page's own strings stand for. The first definition counts: others are for other devices. */
function withStrings(lines: NumberedLine[]): NumberedLine[] {
  const strings = new Map<string, string>();
  for (const { text } of lines) {
    const [, name = "", value = ""] = /^[.']\s*ds1?\s+(\S{1,40})\s+"?(.*)$/.exec(text) ?? [];
    if (name !== "" && STRINGS[name] === undefined && !strings.has(name) && !/\\[*$nw]/.test(value))
      strings.set(name, value.replace(/\s*\\".*$/, ""));
  }
  if (strings.size === 0) return lines;
  return lines.map(({ text, number }) => ({
    text: text.includes("\\*")
      ? text.replace(
          /\\\*(?:\[([^\]]{1,40})\]|\((..)|([^[(]))/g,
          (whole, ...names: (string | undefined)[]) => {
            const name = names.slice(0, 3).find((each) => each !== undefined) ?? "";
            return strings.get(name) ?? whole;
          },
        )
      : text,
    number,
  }));
}

/** The text of a line that may be a request of fonts. */
function requestText(line: string): string {
  const [, request = "", rest = ""] = /^[.']\s*(\w+)\s*(.*)$/.exec(line) ?? [];
  if (request === "") return plainRoff(line);
  return FONTS.test(request) ? fontText(request, rest) : plainRoff(splitArguments(rest).join(" "));
}

/** Fonts of two letters alternate and set no space between their arguments. */
function fontText(request: string, text: string): string {
  return splitArguments(text)
    .map(plainRoff)
    .join(request.length === 2 && !request.startsWith("S") ? "" : " ");
}

function optionText(request: string, text: string): string {
  const words = splitArguments(text).map(plainRoff).join(" ");
  return request === "OP" ? `[${words}]` : words;
}

/** The arguments of a request; a quoted one may hold spaces. */
function splitArguments(text: string): string[] {
  const found: string[] = [];
  const bare = text.replace(/\\".*$/, "");
  for (const [, quoted, plain] of bare.matchAll(/"((?:[^"]|"")*)"?|((?:\\.|[^\s"\\])(?:\\.|[^\s\\])*)/g))
    found.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
  return found;
}

const SIGNS: Record<string, string> = {
  em: "—", en: "–", hy: "-", lq: "“", rq: "”", oq: "‘", cq: "’", dq: '"', aq: "'", bu: "•", co: "©", rg: "®", tm: "™",
  mu: "×", "+-": "±", de: "°", ">=": "≥", "<=": "≤", "!=": "≠", "->": "→", "<-": "←", ti: "~", ha: "^", rs: "\\", lB: "[",
  rB: "]", bv: "|", ga: "`", at: "@", sh: "#", Do: "$", sq: "□", ss: "ß", ":a": "ä", ":o": "ö", ":u": "ü", "'e": "é",
  "`e": "è", la: "⟨", ra: "⟩", mi: "−", pl: "+", eq: "=", lh: "☜", rh: "☞", fm: "′", sd: "″", "12": "½", "14": "¼", Fo: "«", Fc: "»",
}; // prettier-ignore

/** A line without the escapes of roff. */
function plainRoff(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\(?:f(?:\[[^\]]*\]|\(..|.)|s[-+]?\d{1,2}|\*(?:\[([^\]]*)\]|\((..)|(.))|\[([^\]]*)\]|\((..)|[mMnkgY](?:\[[^\]]*\]|\(..|.)|[hvwlLoDbXZ]'[^']*'|"[^\n]*|(.))/g,
    (
      _whole,
      long: string | undefined,
      two: string | undefined,
      one: string | undefined,
      named: string | undefined,
      sign: string | undefined,
      single: string | undefined,
    ) => {
      const string = long ?? two ?? one;
      if (string !== undefined) return STRINGS[string] ?? "";
      const name = named ?? sign;
      if (name !== undefined) {
        const code = /^u([\dA-Fa-f]{4,6})$/.exec(name)?.[1];
        return (
          SIGNS[name] ??
          (code === undefined || parseInt(code, 16) > 0x10ffff
            ? ""
            : String.fromCodePoint(parseInt(code, 16)))
        );
      }
      if (single === "e" || single === "\\") return "\\";
      if (single === "-" || single === "." || single === "'" || single === "`") return single;
      if (single === " " || single === "~" || single === "0" || single === "t") return " ";
      return /[&|^%:/,)dupczrea{}]/.test(single ?? "") ? "" : (single ?? "");
    },
  );
}

const STRINGS: Record<string, string> = {
  lq: "“",
  rq: "”",
  Tm: "™",
  R: "®",
  "C`": "`",
  "C'": "'",
  "--": "—",
  L: "“",
  U: "”",
};
