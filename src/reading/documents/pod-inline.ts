import type { ReportDropped } from "./markdown-inline.js";

/*
 * What a reader sees of a paragraph of POD: C<code> stands in backticks, L<text|target> is its text, E<gt> its
 * character. Linear in the length of the text.
 */

const OPENING = /([A-Z])(<{2,}(?=\s)|<)/y;
const NAMED: Record<string, string> = {
  lt: "<", gt: ">", verbar: "|", sol: "/", quot: '"', amp: "&", lchevron: "«", rchevron: "»", eacute: "é",
  egrave: "è", auml: "ä", ouml: "ö", uuml: "ü", Auml: "Ä", Ouml: "Ö", Uuml: "Ü", szlig: "ß", copy: "©", reg: "®",
  nbsp: " ", mdash: "—", ndash: "–", aring: "å", ccedil: "ç", ntilde: "ñ", oslash: "ø",
}; // prettier-ignore

/** A code that is open: its letter, how it is closed, and its text by now. */
interface OpenCode {
  letter: string;
  closing: string;
  pieces: string[];
}

/** Replaces the codes in one paragraph; line breaks stay. */
export function podInlineText(text: string, drop: ReportDropped): string {
  if (!/[A-Z]</.test(text)) return text;
  const open: OpenCode[] = [{ letter: "", closing: "", pieces: [] }];
  for (let at = 0; at < text.length;) {
    const last = open.at(-1) ?? { letter: "", closing: "", pieces: [] };
    OPENING.lastIndex = at;
    const [whole, letter = "", signs = ""] = OPENING.exec(text) ?? [];
    // Behind a letter, only the letters that the format knows begin a code.
    const isName = /\w/.test(text.charAt(at - 1)) && !/[BCEFILSXZ]/.test(letter);
    if (whole !== undefined && !isName) {
      open.push({ letter, closing: ">".repeat(signs.length), pieces: [] });
      at += whole.length;
    } else if (last.closing !== "" && isClosed(text, at, last)) {
      open.pop();
      open.at(-1)?.pieces.push(codeText(last, drop));
      at += last.closing.length;
    } else {
      last.pieces.push(text.charAt(at));
      at++;
    }
  }
  // What is never closed is text.
  return open
    .map(({ letter, closing, pieces }) => `${letter}${"<".repeat(closing.length)}${pieces.join("")}`)
    .join("");
}

/** A code of several signs ends with as many, after white space; what follows may close the code around it. */
function isClosed(text: string, at: number, { closing }: OpenCode): boolean {
  return text.startsWith(closing, at) && (closing.length === 1 || /\s/.test(text.charAt(at - 1)));
}

function codeText({ letter, closing, pieces }: OpenCode, drop: ReportDropped): string {
  const raw = pieces.join("");
  const inside = closing.length > 1 ? raw.trim() : raw;
  drop("markup", letter);
  switch (letter) {
    case "C":
      return inside.includes("`") || inside === "" ? inside : `\`${inside}\``;
    case "E":
      return characterOf(inside, drop);
    case "L":
      return linkText(inside, drop);
    case "X":
      drop("entries of an index", inside);
      return "";
    case "Z":
      return "";
    default:
      return inside;
  }
}

function characterOf(name: string, drop: ReportDropped): string {
  const number = /^(?:0x([\da-f]{1,6})|(\d{1,7}))$/i.exec(name);
  const code =
    number === null ? -1 : Number.parseInt(number[1] ?? number[2] ?? "", number[1] === undefined ? 10 : 16);
  const sign = NAMED[name] ?? (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null);
  if (sign === null) return name;
  drop("markup", name);
  return sign;
}

/** L<text|target>, L<page/"section">, L<page> or an address. */
function linkText(inside: string, drop: ReportDropped): string {
  const bar = inside.indexOf("|");
  if (bar > 0) {
    drop("addresses of links", inside.slice(bar + 1));
    return inside.slice(0, bar);
  }
  if (/^[a-z][a-z\d+.-]{1,20}:\S/i.test(inside)) return inside;
  const slash = inside.indexOf("/");
  if (slash < 0) return inside.replace(/^"([^"]*)"$/, "$1");
  const section = inside.slice(slash + 1).replace(/^"([^"]*)"$/, "$1");
  const page = inside.slice(0, slash);
  return page === "" ? section : `${section} in ${page}`;
}
