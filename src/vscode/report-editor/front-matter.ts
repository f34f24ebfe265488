/** Lines within which front matter ends. */
const LONGEST = 60;

/** What is needed of a vscode.TextDocument. */
interface Lines {
  readonly lineCount: number;
  lineAt(line: number): { readonly text: string };
}

/** Whether a document begins with front matter as our reports have it. Looks at its first lines alone. */
export function hasReportFrontMatter(document: Lines): boolean {
  const last = Math.min(document.lineCount, LONGEST);
  if (last < 3 || document.lineAt(0).text.trimEnd() !== "---") return false;
  let isOurs = false;
  for (let line = 1; line < last; line++) {
    const { text } = document.lineAt(line);
    if (text.trimEnd() === "---") return isOurs;
    if (/^session\s*:/.test(text)) isOurs = true;
  }
  return false;
}
