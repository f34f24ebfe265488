/** HTML with a blank in the place of each script and style element that ends. */
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
      // Then no later one ends either.
      unended.add(name);
      continue;
    }
    parts.push(html.slice(at, begin.index), " ");
    at = open.lastIndex = close.lastIndex;
  }
  parts.push(html.slice(at));
  return parts.join("");
}
