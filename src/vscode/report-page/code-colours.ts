/*
 * Colours for code: comments, strings, numbers and words that most languages reserve. The language is unknown or the
 * source's own word, so this is the same for all of them.
 */

/** Longer code stays without colours. */
const LONGEST = 20_000;

const TOKEN =
  /(?<comment>\/\/[^\n]*|(?:^|(?<=\s))#[^\n]*|\/\*[^]*?\*\/)|(?<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`)|(?<number>\b\d[\w.]*)|(?<word>\b(?:async|await|break|case|catch|class|const|def|do|else|elif|export|extends|false|finally|fn|for|from|func|function|if|import|in|interface|let|match|new|nil|None|null|package|private|pub|public|return|self|static|struct|switch|then|this|throw|true|True|False|try|type|use|var|void|while|with|yield)\b)/gm;

/** Appends code to an element, in colours. */
export function appendCode(parent: HTMLElement, code: string): void {
  if (code.length > LONGEST) {
    parent.append(code);
    return;
  }
  let at = 0;
  for (const { index, 0: token, groups } of code.matchAll(TOKEN)) {
    const found = Object.entries(groups ?? {}) as [string, string | undefined][];
    const [kind] = found.find(([, value]) => value !== undefined) ?? [];
    const span = document.createElement("span");
    span.className = `code-${kind ?? "word"}`;
    span.textContent = token;
    parent.append(code.slice(at, index), span);
    at = index + token.length;
  }
  parent.append(code.slice(at));
}
