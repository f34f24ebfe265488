import { plainHeadingText } from "../../core/text/passages.js";

/** The title of a file: from its front matter, its first heading, or else its path. */
export function documentTitle(file: string, text: string): string {
  if (!/\.(?:md|markdown|mdx|rst|adoc|html?|xhtml|txt)$/i.test(file)) return file;
  const head = text.slice(0, 8000);
  const named = frontMatterTitle(head);
  if (named !== null) return named.trim().replace(/^(["'])(.*)\1$/, "$2");
  const lines = withoutFences(head.split("\n"));
  for (const [n, line] of lines.entries()) {
    const isHeading = /^\s{0,3}(?:#{1,6}|=)\s+\S/.test(line);
    const isUnderlined = /^\w/.test(line) && /^([=~-])\1{3,}\s*$/.test(lines[n + 1] ?? "");
    const title = isHeading || isUnderlined ? plainHeadingText(line) : "";
    if (title !== "") return title.length > 120 ? file : title;
  }
  return file;
}

function frontMatterTitle(head: string): string | null {
  if (!head.startsWith("---\n")) return null;
  const inside = head.slice(4);
  const named = /^title:[ \t]*(\S.*)$/m.exec(inside);
  if (named === null || !/^---$/m.test(inside.slice(named.index + named[0].length))) return null;
  return named[1] ?? null;
}

/** Removes closed fenced blocks; text after a closing fence is kept. */
function withoutFences(lines: string[]): string[] {
  const kept: string[] = [];
  for (let first = 0; first < lines.length; first++) {
    const line = lines[first] ?? "";
    const mark = marksAt(line);
    let last = first;
    let most = 2;
    for (let at = first + 1; at < lines.length && most < mark.length; at++) {
      const count = Math.min(marksAt(lines[at] ?? "", mark.charAt(0)).length, mark.length);
      if (count <= most) continue;
      last = at;
      most = count;
    }
    kept.push(last === first ? line : (lines[last] ?? "").slice(most));
    first = last;
  }
  return kept;
}

function marksAt(line: string, sign = "`~"): string {
  const [marks = ""] = /^(?:`{3,}|~{3,})/.exec(line) ?? [];
  return sign.includes(marks.charAt(0)) ? marks : "";
}
