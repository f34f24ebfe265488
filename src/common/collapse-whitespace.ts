/** Makes a text one line: white space inside becomes single spaces, and white space around it goes. */
export function collapseWhitespace(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
