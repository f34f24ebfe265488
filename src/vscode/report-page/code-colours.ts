/*
 * Colours for code: comments, strings, numbers and words that most languages reserve. The language is unknown or the
 * source's own word, so this is the same for all of them.
 */

/** Longer lines, and lines of longer code, stay without colours. In characters. */
const LONGEST_LINE = 300;
const LONGEST_CODE = 20_000;

const TOKEN =
  // Sees one line of bounded length.
  // eslint-disable-next-line redos/no-vulnerable
  /(?<comment>\/\/.*|(?:^|(?<=\s))#.*|\/\*.*?\*\/)|(?<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)|(?<number>\b\d[\w.]*)|(?<word>\b(?:async|await|break|case|catch|class|const|def|do|else|elif|export|extends|false|finally|fn|for|from|func|function|if|import|in|interface|let|match|new|nil|None|null|package|private|pub|public|return|self|static|struct|switch|then|this|throw|true|True|False|try|type|use|var|void|while|with|yield)\b)/g;

/** Appends code to an element, in colours. */
export function appendCode(parent: HTMLElement, code: string): void {
  if (code.length > LONGEST_CODE) {
    parent.append(code);
    return;
  }
  for (const [index, line] of code.split("\n").entries()) {
    if (index > 0) parent.append("\n");
    if (line.length > LONGEST_LINE) parent.append(line);
    else appendLine(parent, line);
  }
}

function appendLine(parent: HTMLElement, line: string): void {
  let at = 0;
  for (const { index, 0: token, groups } of line.matchAll(TOKEN)) {
    const found = Object.entries(groups ?? {}) as [string, string | undefined][];
    const [kind] = found.find(([, value]) => value !== undefined) ?? [];
    const span = document.createElement("span");
    span.className = `code-${kind ?? "word"}`;
    span.textContent = token;
    parent.append(line.slice(at, index), span);
    at = index + token.length;
  }
  parent.append(line.slice(at));
}
