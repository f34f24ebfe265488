import type { ReportDropped } from "./markdown-inline.js";
import { writeLowered, writeRaised } from "../../core/text/raised-text.js";

/*
 * What a reader sees of a line of AsciiDoc: macros and cross references become their text, code stands in backticks,
 * marks of emphasis go, raised and lowered text is marked.
 */

const MACRO =
  /\\?(?:(?:(link|xref|image|icon):(?!\/\/|:)([^\s[\]<>"'`,]{0,300})|(mailto|linkgit|kbd|btn|menu|footnote|footnoteref|pass|stem|latexmath|asciimath|anchor|indexterm2?|man|[a-z]{2,20}):(?!\/\/)([^\s[\]:<>"'`,]{0,300}))|((?:https?|ftp|irc):\/\/[^\s[\]<>"]{1,1000}))\[((?:[^\]\\\n]|\\.|\n(?!\n)){0,1000})\]/g;
/** A link whose address begins with an attribute of the site, which the page itself does not say. */
const UNKNOWN_ADDRESS = /\{[\w-]{1,60}\}(\/[^\s[\]<>"]{0,300})?\[([^\]\n]{1,300})\]/g;
const CROSS_REFERENCE = /<<([^<>,\n]{1,200})(?:,\s*([^<>]{1,300}))?>>/g;
const LITERAL =
  /(`\+(?!`)|\+\+\+|\+\+|(?<![\w+])\+(?=\S)|(?<![\w`])``?(?=[^\s`]))([^\n]{1,400}?)(?:\+`|\+\+\+|\+\+|(?<=\S)\+(?![\w+])|``?(?![\w`]))/g;

/**
 * Replaces the marks in one paragraph.
 * @param attributes what "{name}" stands for
 * @param titles those of sections, by the names that cross references use
 */
export function asciidocInlineText(
  text: string,
  attributes: ReadonlyMap<string, string>,
  titles: ReadonlyMap<string, string>,
  drop: ReportDropped,
): string {
  if (!/[`*_#^~+<{[\\(&]/.test(text)) return text;
  const literals: string[] = [];
  const keep = (literal: string): string => `\ue000${literals.push(literal) - 1}\ue001`;
  // Signs with a name are no marks.
  const signOf = (name: string): string | undefined => {
    const sign = ATTRIBUTES[name];
    return sign === undefined ? undefined : keep(sign);
  };
  const named = text.replace(/\\?\{([\w-]{1,60})\}/g, (whole, name: string) =>
    whole.startsWith("\\") ? whole.slice(1) : (attributes.get(name) ?? signOf(name) ?? whole),
  );
  const coded = named.replace(LITERAL, (whole, open: string, inside: string) => {
    const close = whole.slice(open.length + inside.length);
    const isCode = open.startsWith("`") && close.endsWith("`");
    if (isCode) {
      const bare = inside.length > 2 && /^\+.*\+$/.test(inside) ? inside.slice(1, -1) : inside;
      return keep(`\`${bare.replace(/<<[^<>,]*,([^<>]*)>>/g, "$1")}\``);
    }
    return open.startsWith("+") && close.startsWith("+") ? keep(inside) : whole;
  });
  const shown = coded
    .replace(
      MACRO,
      (
        whole: string,
        reference: string | undefined,
        place: string | undefined,
        other: string | undefined,
        otherTarget: string | undefined,
        address: string | undefined,
        label: string,
      ) => {
        if (whole.startsWith("\\")) return whole.slice(1);
        const macro = reference ?? other ?? "";
        const text = macroText(macro, place ?? otherTarget ?? "", address ?? "", label);
        drop("markup", macro);
        drop("addresses of links", whole.slice(macro.length).replace(text, ""));
        return text;
      },
    )
    .replace(UNKNOWN_ADDRESS, (whole, path: string | undefined, label: string) => {
      // "{map}[0]" is none.
      if (path === undefined && !/\p{L}{2}/u.test(label)) return whole;
      drop("addresses of links", whole.replace(label, ""));
      return label.replace(/\^$/, "");
    })
    .replace(CROSS_REFERENCE, (_, id: string, label: string | undefined) => {
      const title = label ?? titles.get(id.replace(/^#/, "").trim());
      if (title !== undefined) drop("addresses of links", id);
      return title ?? id.replace(/^#/, "");
    })
    .replace(/\[\[[\w:.-]{1,100}(?:,[^\]\n]{0,100})?\]\]/g, "")
    .replace(/\(\(\(([^()\n]{1,200})\)\)\)/g, "")
    .replace(/\(\(([^()\n]{1,200})\)\)/g, "$1")
    .replace(/(?<=[\p{L}\p{N}`\ue001_)*])\^([^\s^][^^\n]{0,60})\^/gu, (_, inside: string) =>
      writeRaised(restore(inside), "x"),
    )
    .replace(/(?<=[\p{L}\p{N}`\ue001])~([^\s~][^~\n]{0,60})~/gu, (_, inside: string) =>
      writeLowered(restore(inside)),
    );
  return restore(removeMarks(shown)).replace(/\\(?=[*_#`^~{<])/g, "");

  function restore(part: string): string {
    // A literal may hold those that were kept before it.
    return part.replace(/\ue000(\d+)\ue001/g, (_, at: string) => {
      const literal = literals[Number(at)] ?? "";
      return literal.includes("\ue000") ? restore(literal) : literal;
    });
  }
}

/** Names that every document knows. */
const ATTRIBUTES: Record<string, string> = {
  nbsp: " ", sp: " ", empty: "", plus: "+", asterisk: "*", tilde: "~", caret: "^", backtick: "`", backslash: "\\",
  startsb: "[", endsb: "]", vbar: "|", amp: "&", lt: "<", gt: ">", apos: "'", quot: '"', "two-colons": "::",
  "two-semicolons": ";;", litdd: "--", zwsp: "", ldquo: "“", rdquo: "”", lsquo: "‘", rsquo: "’", deg: "°", cpp: "C++",
}; // prettier-ignore

function macroText(macro: string, target: string, address: string, label: string): string {
  const text = label.replace(/\\\]/g, "]");
  const shown = text
    .replace(/^"([^"]*)".*$/, "$1")
    // Attributes alone are no label.
    .replace(
      /(?:^|,)\s*(?:window|role|opts|options|link|width|height|title|format|id|subs|rel|alt|align|size|set|target)=.*$/,
      "",
    )
    .replace(/\^$/, "");
  if (address !== "") return shown === "" ? address : shown;
  switch (macro) {
    case "linkgit":
    case "man":
      return text === "" ? target : `${target}(${text})`;
    case "link":
    case "xref":
    case "mailto":
      return shown === "" ? target : shown;
    case "kbd":
      return text.split(/\s*\+\s*/).join("+");
    case "menu":
      return [target, ...text.split(/\s*>\s*/)].filter((each) => each !== "").join(" > ");
    case "image":
    case "icon":
      return /^(?:[\w-]+=|\d)/.test(shown) ? "" : (shown.split(",")[0] ?? "");
    case "footnote":
    case "footnoteref":
      return text === "" ? "" : ` (${text})`;
    case "stem":
    case "latexmath":
    case "asciimath":
      return `$${text}$`;
    case "anchor":
      return "";
    case "pass":
    case "btn":
    case "indexterm2":
      return text;
    case "indexterm":
      return "";
    default:
      // A macro that only an extension knows shows its label, or else what it names; "map:key[0]" is none.
      if (shown === "") return target === "" ? `${macro}:[]` : target;
      return /\p{L}{2}/u.test(shown) ? shown : `${macro}:${target}[${label}]`;
  }
}

/** Removes marks of bold, italic and marked text. */
function removeMarks(text: string): string {
  return text
    .replace(
      /(?:\[[\w.#%, -]{1,60}\])?(?:\*\*(?=\S)([^*\n]{1,500}?)(?<=\S)\*\*|__(?=\S)([^_\n]{1,500}?)(?<=\S)__|##(?=\S)([^#\n]{1,500}?)(?<=\S)##)/g,
      (_, bold?: string, italic?: string, marked?: string) => bold ?? italic ?? marked ?? "",
    )
    .replace(
      /(?<![\p{L}\p{N}_*#\\])(?:\[[\w.#%, -]{1,60}\])?([*_#])(?=[^\s*_#])([^\n]{1,500}?)(?<=[^\s\\])\1(?![\p{L}\p{N}_*#])/gu,
      "$2",
    )
    .replace(/(?<![\p{L}\p{N}_*])([*_])(?=[^\s*_])([^\n]{1,500}?)(?<=[^\s\\])\1(?![\p{L}\p{N}_*])/gu, "$2");
}
