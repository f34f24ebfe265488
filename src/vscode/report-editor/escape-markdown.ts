/**
 * A text of somebody else's for a Markdown string: as it is, and doing nothing. Every sign that Markdown, HTML or VS
 * Code's icons could see something in is escaped, and line breaks become blanks.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[!-/:-@[-`{-~]/g, "\\$&");
}

/** A text of somebody else's in a fence that nothing in it can end. */
export function fenceText(text: string): string {
  const runs = Array.from(text.matchAll(/`+/g), ([{ length }]) => length);
  const fence = "`".repeat(Math.max(2, ...runs) + 1);
  return `\n${fence}plaintext\n${text}\n${fence}\n`;
}

/** A text in one line, for a list. */
export function escapeToOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** An http(s) address for a link in a Markdown string; null for any other. */
export function toSafeWebUrl(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, href } = new URL(address);
  if (protocol !== "https:" && protocol !== "http:") return null;
  return href.replace(
    /[\s()<>\\"'`[\]{}|^]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
