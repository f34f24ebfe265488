import { toResearchError, ResearchError } from "../../common/errors.js";
import { describeRemovedCharacters, removeInvisibleCharacters } from "../../common/invisible-characters.js";
import { plainHeadingText } from "../../core/text/passages.js";
import { EMPTY_READING } from "../../core/domain/empty-reading.js";
import type { Reading } from "../../core/domain/reading.js";
import { decodePage } from "./decode-page.js";
import { normalizeLineBreaks } from "./decode-file.js";
import { extractArticle } from "./html-article.js";
import { findPageProblem, findPaywallWarning } from "./unreadable-pages.js";
import { extractPdfText } from "./pdf.js";
import { removeDocumentSecrets } from "./remove-secrets.js";

/** A document as bytes, before text extraction. */
export interface RawDocument {
  bytes: Uint8Array;
  /** Media type, lower case, without parameters; empty if unknown. */
  type: string;
  /** Declared encoding, or null. */
  charset: string | null;
  /** The page's URL or the file's path. */
  address: string;
}

export type DocumentText = Omit<Reading, "commit">;

/**
 * Extracts the text of a page or PDF as a person would read it. Intended for a thread that can be terminated, because
 * the input is untrusted.
 *
 * @throws ResearchError "unreadable" if it is not text; "empty-page", "consent-page", "paywall", "no-text-layer",
 *   "password", "damaged-file" if it has no quotable text
 */
export async function extractDocumentText(document: RawDocument): Promise<DocumentText> {
  const kind = documentKind(document);
  const { address, bytes } = document;
  if (kind === "pdf") {
    const { title, text, pages, warnings } = await extractPdfText(bytes).catch((error: unknown) => {
      const { code, message, remedy } = toResearchError(error, "damaged-file", "The PDF cannot be read");
      throw new ResearchError(code, `${address}: ${message}`, remedy, { cause: error });
    });
    return cleanText({ ...EMPTY_READING, title: title || fileName(address), text, pages, warnings });
  }
  const decoded = decodePage(bytes, document.charset);
  if (decoded === null) throw notReadable(address, "not text");
  const source = normalizeLineBreaks(decoded.text);
  if (kind === "html") {
    const page = extractArticle(source, address);
    const problem = findPageProblem({ ...page, html: source });
    if (problem !== null) throw new ResearchError(problem.code, `${address} ${problem.message}.`);
    const paywallWarning = findPaywallWarning({ ...page, html: source });
    const warnings = [
      ...decoded.warnings,
      ...page.warnings,
      ...(paywallWarning === null ? [] : [paywallWarning]),
    ];
    return cleanText({ ...page, title: page.title || address, lines: null, pages: null, warnings });
  }
  if (source.trim() === "") throw new ResearchError("empty-page", `${address} contains no text.`);
  const heading = kind === "markdown" ? /^#{1,6} .+$/m.exec(source)?.[0] : undefined;
  const title = heading === undefined ? address : plainHeadingText(heading);
  return cleanText({ ...EMPTY_READING, title, text: source, warnings: decoded.warnings });
}

/** Removes invisible characters and secrets, with warnings, and runs of blank lines in pages. */
function cleanText(found: DocumentText): DocumentText {
  const { text, removed } = removeInvisibleCharacters(found.text);
  const title = removeInvisibleCharacters(found.title).text;
  const note = describeRemovedCharacters(removed, "the text");
  const warnings = note === null ? found.warnings : [...found.warnings, note];
  // The lines of a PDF are mapped to pages, so they must not change.
  const tidy = found.pages === null ? text.replace(/\n{3,}/g, "\n\n").trim() : text;
  return removeDocumentSecrets({ ...found, title, text: tidy, warnings });
}

/** The kind of document, by its type or else by its content. */
function documentKind({ address, type, bytes }: RawDocument): "html" | "markdown" | "text" | "pdf" {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString("latin1");
  // Servers send PDFs with various types, so check the content as well.
  if (type === "application/pdf" || /^[\s\u00ef\u00bb\u00bf]*%PDF-/.test(head)) return "pdf";
  if (type === "text/html" || type === "application/xhtml+xml") return "html";
  if (/^text\/(?:x-)?markdown$/.test(type)) return "markdown";
  if (/^text\/|^application\/(?:json|xml|[\w.-]+\+(?:json|xml))$/.test(type)) {
    return /\.(?:md|markdown)$/i.test(pathOf(address)) ? "markdown" : "text";
  }
  if (type === "" || type === "application/octet-stream") {
    if (/<(?:!doctype\s+html|html|head|body)\b/i.test(head)) return "html";
    if (!head.includes("\u0000")) return "text";
  }
  throw notReadable(address, type || "not text");
}

function notReadable(address: string, what: string): ResearchError {
  return new ResearchError(
    "unreadable",
    `${address} is ${what}; only web pages, PDFs, plain text and Markdown are read.`,
  );
}

function pathOf(address: string): string {
  return URL.canParse(address) ? new URL(address).pathname : address;
}

function fileName(address: string): string {
  const name = pathOf(address).split("/").at(-1) ?? "";
  return name === ""
    ? address
    : decodeURIComponent(/%(?![0-9a-f]{2})/i.test(name) ? encodeURIComponent(name) : name);
}
