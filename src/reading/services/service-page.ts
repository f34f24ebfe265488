import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { removeInvisibleCharacters } from "../../common/invisible-characters.js";
import type { Reading } from "../../core/domain/reading.js";
import type { DocumentText } from "../documents/document-text.js";
import type { RawDocument } from "../documents/extract-text.js";

/** What pages of a service are read with. */
export interface ServicePageTools {
  /** Extracts the text of a document, possibly on a worker thread. */
  text: (document: RawDocument, signal: AbortSignal) => Promise<DocumentText>;
  /** How a service's owner reaches the user; empty: not at all. */
  contact: string;
  /** A token of GitHub; null: none. */
  githubToken: string | null;
}

/** Reads pages of a service by its API. */
export interface ServicePages {
  /** What reads the page at an address; null where the API has no such page. */
  find(url: URL): ((tools: ServicePageTools, signal: AbortSignal) => Promise<Reading>) | null;
}

/** Makes a document of a text that an API gave. */
export function toDocument(text: string, type: string, address: string): RawDocument {
  return { bytes: Buffer.from(text, "utf8"), type, charset: "utf-8", address };
}

/** A name as a line may hold it. */
export function cleanName(name: string | null | undefined): string {
  return cleanLine(name ?? "").slice(0, 60) || "an unknown author";
}

/** Longer titles are cut, in characters. */
const LONGEST_TITLE = 300;

/** A title as a line, without what nobody sees. */
export function cleanTitle(title: string): string {
  return cleanLine(title).slice(0, LONGEST_TITLE);
}

function cleanLine(text: string): string {
  return collapseWhitespace(removeInvisibleCharacters(text).text);
}

/** Escapes what HTML would take for markup. */
export function escapeMarkup(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** Makes small headings of all headings of a contribution, so that none passes for one that names another author. */
export function lowerHtmlHeadings(html: string): string {
  return html.replace(/<(\/?)h[1-6]\b/gi, "<$1h5");
}

/** The same for Markdown. A fence that is left open ends with its contribution. */
export function lowerMarkdownHeadings(markdown: string): string {
  let fence = "";
  const lines = markdown.split(/\r\n|\r|\n/).flatMap((line): string[] => {
    const [, mark = ""] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    const isFence = mark !== "" && (fence === "" || (mark.startsWith(fence) && line.trim() === mark));
    if (isFence) fence = fence === "" ? mark : "";
    if (isFence || fence !== "") return [line];
    const [, marks = "", rest = ""] = /^ {0,3}(#{1,6})([ \t].*)?$/.exec(line) ?? [];
    if (marks !== "") return [`#####${rest}`];
    // A line of these below a text makes a heading of it.
    return /^ {0,3}(?:=+|-+)[ \t]*$/.test(line) ? ["", line] : [line];
  });
  return [...lines, ...(fence === "" ? [] : [fence])].join("\n");
}
