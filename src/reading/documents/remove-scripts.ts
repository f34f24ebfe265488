/** Replaces each closed script and style element by a space. */
export function removeScripts(html: string): string {
  const parts: string[] = [];
  const open = /<(script|style)\b/gi;
  const unended = new Set<string>();
  let at = 0;
  for (let begin = open.exec(html); begin !== null; begin = open.exec(html)) {
    const name = (begin[1] ?? "").toLowerCase();
    if (unended.has(name)) continue;
    const close = name === "script" ? /<\/script\s*>/gi : /<\/style\s*>/gi;
    close.lastIndex = open.lastIndex;
    const end = close.exec(html);
    if (end === null) {
      // If this one is not closed, later ones are not either.
      unended.add(name);
      continue;
    }
    parts.push(html.slice(at, begin.index), " ");
    at = open.lastIndex = close.lastIndex;
  }
  parts.push(html.slice(at));
  return parts.join("");
}
