/** Front matter must end within this number of lines. */
const LONGEST = 60;

/** The part of vscode.TextDocument that is needed here. */
interface Lines {
  readonly lineCount: number;
  lineAt(line: number): { readonly text: string };
}

/** Whether a document starts with the front matter of a report. Reads only the first lines. */
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
