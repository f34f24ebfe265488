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

/** What came as bytes, before it is text. */
export interface RawDocument {
  bytes: Uint8Array;
  /** Media type, lower case, without parameters; empty where nobody said. */
  type: string;
  /** Encoding as the sender says, or null. */
  charset: string | null;
  /** Where it came from: the page's URL, or the file's path. */
  address: string;
}

export type DocumentText = Omit<Reading, "commit">;

/**
 * The text of a page or a PDF as a person would read it. Made to run on a thread that can be ended:
 * what it is given is hostile until proven otherwise.
 *
 * @throws ResearchError "unreadable" for what is no text; "empty-page", "consent-page", "paywall",
 *   "no-text-layer", "password", "damaged-file" for what holds none that could be quoted
 */
export async function extractDocumentText(document: RawDocument): Promise<DocumentText> {
  const kind = kindOf(document);
  const { address, bytes } = document;
  if (kind === "pdf") {
    const { title, text, pages, warnings } = await extractPdfText(bytes).catch((error: unknown) => {
      const { code, message, remedy } = toResearchError(error, "damaged-file", "The PDF cannot be read");
      throw new ResearchError(code, `${address}: ${message}`, remedy, { cause: error });
    });
    return cleaned({ ...EMPTY_READING, title: title || nameOf(address), text, pages, warnings });
  }
  const decoded = decodePage(bytes, document.charset);
  const source = normalizeLineBreaks(decoded.text);
  if (kind === "html") {
    const page = extractArticle(source, address);
    const problem = findPageProblem({ ...page, html: source });
    if (problem !== null) throw new ResearchError(problem.code, `${address} ${problem.message}.`);
    const cut = findPaywallWarning({ ...page, html: source });
    const warnings = [...decoded.warnings, ...page.warnings, ...(cut === null ? [] : [cut])];
    return cleaned({ ...page, title: page.title || address, lines: null, pages: null, warnings });
  }
  if (source.trim() === "") throw new ResearchError("empty-page", `${address} contains no text.`);
  const heading = kind === "markdown" ? /^#{1,6} .+$/m.exec(source)?.[0] : undefined;
  const title = heading === undefined ? address : plainHeadingText(heading);
  return cleaned({ ...EMPTY_READING, title, text: source, warnings: decoded.warnings });
}

/** Without invisible characters and secrets, which are counted, and for pages without runs of blank lines. */
function cleaned(found: DocumentText): DocumentText {
  const { text, removed } = removeInvisibleCharacters(found.text);
  const title = removeInvisibleCharacters(found.title).text;
  const note = describeRemovedCharacters(removed, "the text");
  const warnings = note === null ? found.warnings : [...found.warnings, note];
  // A PDF's lines are counted by page: they stay as they are.
  const tidy = found.pages === null ? text.replace(/\n{3,}/g, "\n\n").trim() : text;
  return removeDocumentSecrets({ ...found, title, text: tidy, warnings });
}

/** What a document is, by its type, or by its look where it has none. */
function kindOf({ address, type, bytes }: RawDocument): "html" | "markdown" | "text" | "pdf" {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString("latin1");
  // Servers call a PDF many things; what begins like one is one.
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
  throw new ResearchError(
    "unreadable",
    `${address} is ${type || "not text"}; only web pages, PDFs, plain text and Markdown are read.`,
  );
}

function pathOf(address: string): string {
  return URL.canParse(address) ? new URL(address).pathname : address;
}

function nameOf(address: string): string {
  const name = pathOf(address).split("/").at(-1) ?? "";
  return name === ""
    ? address
    : decodeURIComponent(/%(?![0-9a-f]{2})/i.test(name) ? encodeURIComponent(name) : name);
}
