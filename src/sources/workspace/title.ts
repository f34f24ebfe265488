import { headingText } from "../../research/passages.js";

/** A file's title: its front matter's, its first Markdown heading, else its path. */
export function titleOf(file: string, text: string): string {
  if (!/\.(?:md|markdown|mdx|rst|adoc|html?|xhtml|txt)$/i.test(file)) return file;
  const head = text.slice(0, 8000);
  const named = /^---\n[^]*?^title:[ \t]*(\S.*)$[^]*?^---$/m.exec(head);
  if (named?.index === 0 && named[1] !== undefined) return named[1].trim().replace(/^(["'])(.*)\1$/, "$2");
  const lines = head.replace(/^(`{3,}|~{3,})[^]*?^\1/gm, "").split("\n");
  for (const [n, line] of lines.entries()) {
    const isHeading = /^\s{0,3}(?:#{1,6}|=)\s+\S/.test(line);
    const isUnderlined = /^\w/.test(line) && /^([=~-])\1{3,}\s*$/.test(lines[n + 1] ?? "");
    const title = isHeading || isUnderlined ? headingText(line) : "";
    if (title !== "") return title.length > 120 ? file : title;
  }
  return file;
}
