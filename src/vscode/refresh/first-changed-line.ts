/* Where two versions of a report begin to differ. Does not depend on VS Code. */

/**
 * The first line (0-based, in the new version) of the report's text that differs. Front matter does not count: it always
 * differs, and nobody looks for the change there. If nothing else differs, the first line below it.
 */
export function findFirstChangedLine(before: string, after: string): number {
  const [old, now] = [before, after].map((text) => text.split(/\r?\n/));
  if (old === undefined || now === undefined) return 0;
  const [oldBody, body] = [bodyLine(old), bodyLine(now)];
  for (let line = body; line < now.length; line++) {
    if (now[line] !== old[oldBody + line - body]) return line;
  }
  return body;
}

/** The index of the first line below the front matter. */
function bodyLine(lines: string[]): number {
  if (lines[0] !== "---") return 0;
  const end = lines.indexOf("---", 1);
  return end < 0 ? 0 : end + 1;
}
