import { parseHtmlTree } from "./html-tree.js";

/*
 * References such as "&mdash;" in texts of SGML and XML: what the document itself declares, the names of HTML, and those of
 * ISO that older documents use.
 */

const REFERENCE = /&(?:#(?:\d{1,7}|x[\da-fA-F]{1,6})|[A-Za-z][\w.-]{0,60});/g;
const DECLARATION =
  /<!ENTITY\s+([A-Za-z][\w.-]{0,60})\s+(?:CDATA\s+)?(?:"([^"]{0,500})"|'([^']{0,500})')\s*>/g;
/** A text becomes at most this much longer, so that a few lines cannot make a book. */
const MAX_GROWTH = 100_000;
const ISO: Record<string, string> = {
  lsqb: "[", rsqb: "]", lcub: "{", rcub: "}", lpar: "(", rpar: ")", dollar: "$", num: "#", percnt: "%", ast: "*", plus: "+",
  lowbar: "_", bsol: "\\", verbar: "|", circ: "^", tilde: "~", ero: "&amp;", etago: "&lt;/", nl: " ", hyphen: "-", dash: "-", sol: "/",
  colon: ":", semi: ";", commat: "@", equals: "=", excl: "!", quest: "?", period: ".", comma: ",", grave: "`", lsquor: "‚",
}; // prettier-ignore

/**
 * Replaces named references by their characters; those that XML knows itself stay for its parser.
 * @param isFinal whether no parser follows: then all are replaced
 */
export function replaceReferences(text: string, isFinal: boolean): string {
  if (!text.includes("&")) return text;
  const declared = new Map<string, string>();
  for (const [, name = "", double, single] of text.slice(0, 100_000).matchAll(DECLARATION))
    if (!declared.has(name)) declared.set(name, withoutTags(double ?? single ?? "").replace(/\s+/g, " "));
  const known = new Map<string, string | undefined>();
  let growth = 0;
  return text.replace(REFERENCE, (whole) => {
    const name = whole.slice(1, -1);
    if (!isFinal && /^(?:lt|gt|amp|quot|apos|#.*)$/.test(name)) return whole;
    if (!known.has(whole)) known.set(whole, declared.get(name) ?? characterOf(whole, name, isFinal));
    const shown = known.get(whole) ?? whole;
    growth += Math.max(0, shown.length - whole.length);
    return growth > MAX_GROWTH ? whole : shown;
  });
}

/** What a declaration marks up is text all the same. */
function withoutTags(declared: string): string {
  return declared.replace(/<\/?[A-Za-z][^<>]{0,200}>/g, "");
}

/** The character of a reference; the name where only a file elsewhere says what it stands for. */
function characterOf(whole: string, name: string, isFinal: boolean): string {
  const iso = ISO[name];
  if (iso !== undefined) return isFinal ? iso.replace("&amp;", "&").replace("&lt;", "<") : iso;
  const sign = parseHtmlTree(whole).textContent;
  return sign === whole ? name : sign;
}
