import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { trimEndMatching } from "../../core/text/linear-search.js";
import { writeLowered, writeRaised } from "../../core/text/raised-text.js";
import { findElement, namesOf, type HtmlElement, type HtmlNode } from "./html-tree.js";

/*
 * Formulas of a page as text, each once: the TeX that MathML, KaTeX, MathJax or an image's alternative text holds, else
 * the MathML written on one line.
 */

/** The formula of an element; null if it is none, "" if it repeats or previews another. */
export function formulaOf(element: HtmlElement): string | null {
  const { localName } = element;
  if (localName === "math") return mathText(element);
  if (localName === "script") {
    const type = element.getAttribute("type") ?? "";
    if (/^math\/tex/i.test(type)) return asTex(element.textContent);
    return /^math\/mml/i.test(type) ? element.textContent.replace(/<[^<>]*>/g, "") : null;
  }
  if (localName === "img") return imageFormula(element);
  if (localName === "mjx-container") {
    const math = findElement(element, (each) => each.localName === "math");
    return math === null
      ? (element.getAttribute("aria-label") ?? element.getAttribute("data-tex"))
      : mathText(math);
  }
  const names = element.getAttribute("class") ?? "";
  if (/(?:^|\s)katex(?:\s|$)/.test(names)) {
    const math = findElement(element, (each) => each.localName === "math");
    return math === null ? null : mathText(math);
  }
  if (
    /(?:^|\s)(?:MathJax_Preview|MJX_Assistive_MathML|MathJax(?:_Display|_SVG(?:_Display)?|_CHTML)?)(?:\s|$)/.test(
      names,
    )
  ) {
    const math = element.getAttribute("data-mathml");
    // Its script, which follows, has the source.
    return math === null || hasScriptAfter(element) ? "" : math.replace(/<[^<>]*>/g, "");
  }
  if (/(?:^|\s)mwe-math-element(?:\s|$)/.test(names)) {
    const math = findElement(element, (each) => each.localName === "math");
    const image = findElement(element, (each) => each.localName === "img");
    if (math !== null) return mathText(math);
    return image === null ? null : asTex(image.getAttribute("alt") ?? "");
  }
  return null;
}

function hasScriptAfter(element: HtmlElement): boolean {
  const all = element.parent?.childNodes ?? [];
  return all.some((each) => each.nodeType === 1 && /^math\//i.test(each.getAttribute("type") ?? ""));
}

const FORMULA_IMAGE =
  /(?:^|[\s_-])(?:math|tex|latex|formula|equation|mwe-math-fallback-image-inline|mwe-math-fallback-image-display)(?:$|[\s_-])/i;
const FORMULA_SOURCE = /latex|\/math\/|codecogs|mathtex|mimetex|\/render\/(?:svg|png)\/|chart\.apis\.google/i;

function imageFormula(image: HtmlElement): string | null {
  const alt = image.getAttribute("alt")?.trim() ?? "";
  const isFormula =
    FORMULA_IMAGE.test(namesOf(image)) || FORMULA_SOURCE.test(image.getAttribute("src") ?? "");
  if (!isFormula || alt === "" || !/[\p{L}\p{N}]/u.test(alt)) return null;
  return asTex(alt);
}

/** TeX between dollar signs, without the wrapper that MediaWiki adds. */
function asTex(source: string): string {
  const tex = collapseWhitespace(source);
  const bare = /^\{\\(?:displaystyle|textstyle) ?(.*)\}$/.exec(tex)?.[1] ?? tex;
  const open = bare.replace(/^\\[([]|\\[)\]]$/g, "").replace(/^\$+/, "");
  const inside = trimEndMatching(open, /\$/).trim();
  return inside === "" ? "" : `$${inside}$`;
}

function mathText(math: HtmlElement): string {
  const annotation = findElement(
    math,
    (each) => each.localName === "annotation" && /tex/i.test(each.getAttribute("encoding") ?? ""),
  );
  const tex = annotation?.textContent.trim() ?? math.getAttribute("alttext") ?? "";
  return tex === "" ? collapseWhitespace(linearMath(math)) : asTex(tex);
}

/** Presentation MathML on one line. */
function linearMath(node: HtmlNode): string {
  if (node.nodeType === 3) return collapseWhitespace(node.nodeValue);
  const parts = node.childNodes
    .filter((child) => child.nodeType === 1 || child.nodeValue.trim() !== "")
    .map(linearMath);
  const [first = "", second = "", third = ""] = parts;
  switch (node.localName) {
    case "annotation":
    case "annotation-xml":
      return "";
    case "mo": {
      const sign = parts.join("");
      return /^[=<>≤≥≠≈∈→+−×·∪∩]$/u.test(sign) ? ` ${sign} ` : /^[\u2061-\u2064]$/.test(sign) ? "" : sign;
    }
    case "msup":
      return first + writeRaised(second, "x");
    case "msub":
      return first + writeLowered(second);
    case "msubsup":
    case "munderover":
      return first + writeLowered(second) + writeRaised(third, "x");
    case "munder":
      return first + writeLowered(second);
    case "mover":
      return first + writeRaised(second, "x");
    case "mfrac":
      return `${grouped(first)}/${grouped(second)}`;
    case "msqrt":
      return `√(${parts.join("")})`;
    case "mroot":
      return `root_${second}(${first})`;
    case "mtr":
      return `${parts.join(", ")}; `;
    case "mfenced":
      return `(${parts.join(", ")})`;
    default:
      return parts.join("");
  }
}

function grouped(text: string): string {
  return /^[\p{L}\p{N}]+$/u.test(text) ? text : `(${text.trim()})`;
}
