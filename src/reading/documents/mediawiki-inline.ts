import { writeLowered, writeRaised } from "../../core/text/raised-text.js";
import type { ReportDropped } from "./markdown-inline.js";
import { replaceReferences } from "./named-characters.js";

/* What a reader sees of a line of MediaWiki: links become their text, code stands in backticks, marks of emphasis go. */

const TAGS =
  /<\/?(?:span|small|big|div|center|font|u|ins|p|b|i|em|strong|cite|q|blockquote|references|noinclude|includeonly|onlyinclude|gallery|abbr|dfn|nowiki|br|hr|wbr|sup|sub|section)\b[^<>]{0,500}>/gi;
/** Elements that change how their text is written. */
const ELEMENTS = /<(code|tt|kbd|samp|var|math|nowiki|sup|sub|s|del|strike)(?:\s[^<>]{0,100})?>/gi;
const MAX_ELEMENT = 2000;

export function mediawikiInlineText(text: string, drop: ReportDropped): string {
  if (!/['[{<&]/.test(text)) return text;
  const kept: string[] = [];
  const keep = (part: string): string => `\ue000${kept.push(part) - 1}\ue001`;
  const shown = writeElements(text, drop, keep)
    .replace(TAGS, (tag) => {
      drop("markup", tag);
      return /^<(?:br|hr)/i.test(tag) ? " " : "";
    })
    .replace(/\{\{([^{}|]{1,100})((?:\|[^{}]{0,500})?)\}\}/g, (whole, name: string, given: string) => {
      const words = templateWords(given);
      drop("templates", words === "" ? whole : name);
      return words;
    })
    .replace(/\[\[([^\][|]{1,300})((?:\|[^\][]{0,1000})?)\]\]/g, (whole, target: string, given: string) =>
      linkText(whole, target, given, drop),
    )
    .replace(
      /\[((?:https?|ftp|irc|mailto):[^\s\][]{1,1000})( [^\][\n]{1,500})?\]/g,
      (_, ...parts: string[]) => {
        const [address = "", label = ""] = parts.slice(0, 2);
        if (label.trim() !== "") drop("addresses of links", address);
        return label.trim() || address;
      },
    );
  return replaceReferences(withoutQuotes(shown), true).replace(
    /\ue000(\d+)\ue001/g,
    (_, at: string) => kept[Number(at)] ?? "",
  );
}

function writeElements(text: string, drop: ReportDropped, keep: (part: string) => string): string {
  const pieces: string[] = [];
  let from = 0;
  ELEMENTS.lastIndex = 0;
  for (let found = ELEMENTS.exec(text); found !== null; found = ELEMENTS.exec(text)) {
    const name = (found[1] ?? "").toLowerCase();
    const start = found.index + found[0].length;
    const length = text
      .slice(start, start + MAX_ELEMENT)
      .toLowerCase()
      .indexOf(`</${name}>`);
    if (length < 0) continue;
    const inside = text.slice(start, start + length);
    pieces.push(text.slice(from, found.index), elementText(name, inside, keep));
    drop("markup", `${found[0]} ${name}`);
    from = ELEMENTS.lastIndex = start + length + name.length + 3;
  }
  return [...pieces, text.slice(from)].join("");
}

function elementText(name: string, inside: string, keep: (part: string) => string): string {
  switch (name) {
    case "nowiki":
      return keep(replaceReferences(inside, true));
    case "math":
      return keep(`$${inside.trim()}$`);
    case "sup":
      return writeRaised(withoutQuotes(inside), "x");
    case "sub":
      return writeLowered(withoutQuotes(inside));
    case "s":
    case "del":
    case "strike":
      return `~~${inside}~~`;
    default: {
      const code = replaceReferences(withoutQuotes(inside).replace(/<\/?nowiki>/gi, ""), true);
      return keep(code.includes("`") || code.trim() === "" ? code : `\`${code}\``);
    }
  }
}

/** Two to five quotes are marks of emphasis. */
function withoutQuotes(text: string): string {
  return text.replace(/'{2,5}/g, (run) => (run.length === 4 ? "'" : ""));
}

/** What a template is given without names: "{{convert|9|km}}" is "9 km". */
function templateWords(given: string): string {
  return given
    .split("|")
    .map((each) => each.trim())
    .filter((each) => each !== "" && !each.includes("="))
    .join(" ");
}

function linkText(whole: string, target: string, given: string, drop: ReportDropped): string {
  const parts = given.split("|").slice(1);
  if (/^\s*(?:file|image|media)\s*:/i.test(target)) {
    const caption = parts.at(-1)?.trim() ?? "";
    const isLayout =
      /^(?:thumb|frame|frameless|border|left|right|center|none|\d{0,4}x?\d{1,4}px)$|^(?:upright|alt=|link=|class=|lang=)/i.test(
        caption,
      );
    drop("addresses of links", isLayout ? whole : whole.replace(caption, ""));
    return isLayout ? "" : caption;
  }
  if (/^\s*category\s*:/i.test(target)) {
    drop("markup", whole);
    return "";
  }
  if (parts.length > 0) drop("addresses of links", target);
  return parts.join("|") || target.replace(/^:/, "");
}
