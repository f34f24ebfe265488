import { Parser } from "htmlparser2";

/** The text of an HTML file in Markdown style, with the file's line of each text line. */
export interface HtmlText {
  title: string;
  text: string;
  /** For each line of `text`, the 1-based line of the file where it starts. */
  lines: number[];
}

const SKIPPED = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "svg",
  "head",
  "nav",
  "iframe",
  "select",
  "button",
]);
const BLOCKS = new Set([
  "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
  "figure", "footer", "form", "header", "hr", "li", "main", "ol", "p", "section", "summary", "table", "tr", "ul",
]); // prettier-ignore

/** Extracts the text of an HTML file without a DOM, so that line numbers are known. */
export function extractHtmlFileText(html: string): HtmlText {
  const out: { text: string; line: number }[] = [];
  const lineAt = lineCounter(html);
  // The current line, whether it is blank, and whether it is only a bullet. Tracked separately, since testing the
  // growing text would take quadratic time.
  let current = "";
  let isBlank = true;
  let isBullet = false;
  let currentLine = 0;
  let title = "";
  let inTitle = false;
  let skipping = 0;
  let pre = 0;
  let heading = 0;
  const flush = (): void => {
    const text = pre > 0 ? current.trimEnd() : current.replace(/\s+/g, " ").trim();
    if (text !== "" && !/^(?:#{1,6}|-)$/.test(text)) out.push({ text, line: currentLine });
    current = "";
    isBlank = true;
    isBullet = false;
  };
  const add = (text: string): void => {
    current += text;
    if (text.trim() === "") return;
    isBlank = isBullet = false;
  };
  const blank = (): void => {
    flush();
    if (out.length > 0 && out.at(-1)?.text !== "") out.push({ text: "", line: out.at(-1)?.line ?? 1 });
  };
  const parser = new Parser(
    {
      onopentag(name) {
        if (name === "title") inTitle = true;
        if (SKIPPED.has(name)) skipping++;
        if (skipping > 0) return;
        if (/^h[1-6]$/.test(name)) {
          blank();
          heading = Number(name.charAt(1));
          add(`${"#".repeat(heading)} `);
          currentLine = lineAt(parser.startIndex);
        } else if (name === "pre") {
          blank();
          out.push({ text: "```", line: lineAt(parser.startIndex) });
          pre++;
        } else if (name === "li") {
          flush();
          add("- ");
          isBullet = true;
          currentLine = lineAt(parser.startIndex);
        } else if (name === "br") flush();
        else if (name === "td" || name === "th") add(isBlank ? "| " : " ");
        else if (BLOCKS.has(name)) {
          if (!isBullet) blank();
        }
      },
      onclosetag(name) {
        if (name === "title") inTitle = false;
        if (SKIPPED.has(name)) skipping = Math.max(0, skipping - 1);
        if (skipping > 0) return;
        if (/^h[1-6]$/.test(name)) {
          heading = 0;
          blank();
        } else if (name === "pre") {
          flush();
          pre = Math.max(0, pre - 1);
          out.push({ text: "```", line: lineAt(parser.startIndex) });
          blank();
        } else if (name === "li" || name === "tr") flush();
        else if (name === "td" || name === "th") add(" |");
        else if (BLOCKS.has(name)) blank();
      },
      ontext(data) {
        if (inTitle) title += data;
        if (skipping > 0) return;
        if (pre === 0) {
          if (isBlank) currentLine = lineAt(parser.startIndex);
          add(data);
          return;
        }
        data.split("\n").forEach((piece, index) => {
          if (index > 0) {
            flush();
            currentLine = lineAt(parser.startIndex) + index;
          } else if (current === "") currentLine = lineAt(parser.startIndex);
          add(piece);
        });
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.write(html);
  parser.end();
  flush();
  while (out.at(-1)?.text === "") out.pop();
  return {
    title: title.replace(/\s+/g, " ").trim(),
    text: out.map((line) => line.text).join("\n"),
    lines: out.map((line) => line.line),
  };
}

/** Returns a function that maps an index to its 1-based line. */
function lineCounter(text: string): (index: number) => number {
  const breaks: number[] = [];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) breaks.push(at);
  return (index) => {
    let low = 0;
    let high = breaks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((breaks[middle] ?? Infinity) < index) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
