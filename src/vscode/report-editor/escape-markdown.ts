import { collapseWhitespace } from "../../common/collapse-whitespace.js";
/**
 * Escapes untrusted text for a Markdown string: all characters that are special in Markdown, HTML or VS Code's
 * icon syntax. Line breaks become spaces.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[!-/:-@[-`{-~]/g, "\\$&");
}

/** Puts untrusted text in a code fence that the text cannot close. */
export function fenceText(text: string): string {
  const runs = Array.from(text.matchAll(/`+/g), ([{ length }]) => length);
  const fence = "`".repeat(Math.max(2, ...runs) + 1);
  return `\n${fence}plaintext\n${text}\n${fence}\n`;
}

export function escapeToOneLine(text: string): string {
  return collapseWhitespace(text);
}

/** An http(s) address for a link in a Markdown string; null for other addresses. */
export function toSafeWebUrl(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, href } = new URL(address);
  if (protocol !== "https:" && protocol !== "http:") return null;
  return href.replace(
    /[\s()<>\\"'`[\]{}|^]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
