import { msg } from "../../common/messages.js";
import { toResearchError, ResearchError } from "../../common/errors.js";
import { describeRemovedCharacters, removeInvisibleCharacters } from "../../common/invisible-characters.js";
import { EMPTY_READING } from "../../core/domain/empty-reading.js";
import { decodeByMark, decodePage } from "./decode-page.js";
import { extractDocxText, isDocx } from "./docx.js";
import { epubToHtml, isEpub } from "./epub.js";
import { extractHtmlFileText } from "./html-plain-text.js";
import { isOdt, odtToHtml } from "./odt.js";
import { unreadFormat } from "../../core/document/unread-formats.js";
import { unreadFormatError } from "./unread-format-error.js";
import { readBlocks } from "./document-formats.js";
import type { DocumentText } from "./document-text.js";
import { refuseNoSource, renderDocument } from "./extract-file-text.js";
import { normalizeLineBreaks } from "./decode-file.js";
import { extractArticle } from "./html-article.js";
import { addDocumentStatus } from "./add-document-status.js";
import { coverageWarnings } from "./coverage-warnings.js";
import { findPageProblem, findPageWarnings } from "./unreadable-pages.js";
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

/** A page of fewer words that sends its readers on is no page to read. */
const MIN_PAGE_WORDS = 100;

/**
 * Extracts the text of a page, PDF or Word document as a person would read it. Intended for a thread that can be terminated, because
 * the input is untrusted.
 *
 * @throws ResearchError "unreadable" if it is not text; "empty-page", "no-text-layer",
 *   "password", "damaged-file" if it has no quotable text
 */
export async function extractDocumentText(document: RawDocument): Promise<DocumentText> {
  const kind = documentKind(document);
  const { address, bytes } = document;
  if (kind !== "html" && kind !== "text") {
    const found = await extractPacked(kind, bytes).catch((error: unknown) => {
      const { code, what, remedy } = toResearchError(error, "damaged-file", msg`The file cannot be read`);
      throw new ResearchError(code, msg`${address}: ${what}`, remedy, { cause: error });
    });
    return cleanText({ ...found, title: found.title || fileName(address) });
  }
  const decoded = decodePage(bytes, document.charset);
  if (decoded === null) throw notText(document);
  const source = normalizeLineBreaks(decoded.text);
  if (kind === "html") {
    const { refresh, ...page } = extractArticle(source, address);
    const leadsOn = refresh !== null && refresh !== address && page.coverage.kept < MIN_PAGE_WORDS;
    // The reader of pages follows it; a file, or the last of many, is what it is.
    if (leadsOn) return { ...EMPTY_READING, ...page, lines: null, pages: null, redirect: refresh };
    const problem = findPageProblem({ ...page, html: source });
    if (problem !== null) throw new ResearchError("empty-page", msg`${address} ${problem}.`);
    const warnings = [
      ...decoded.warnings,
      ...page.warnings,
      ...coverageWarnings(page.coverage),
      ...findPageWarnings({ ...page, html: source }),
    ];
    return cleanText({ ...page, title: page.title || address, lines: null, pages: null, warnings });
  }
  if (source.trim() === "") throw new ResearchError("empty-page", msg`${address} contains no text.`);
  refuseNoSource(address, source);
  const blocks = readBlocks(pathOf(address), source, document.type);
  const found =
    blocks === null ? { ...EMPTY_READING, title: "", text: source } : renderDocument(blocks, source, true);
  const warnings = [...decoded.warnings, ...found.warnings];
  return cleanText({ ...found, title: found.title || address, lines: null, warnings }, source);
}

/** The text of a format whose bytes are no text. */
async function extractPacked(kind: PackedKind, bytes: Uint8Array): Promise<DocumentText> {
  if (kind === "pdf") return { ...EMPTY_READING, ...(await extractPdfText(bytes)) };
  if (kind === "docx") return { ...EMPTY_READING, ...(await extractDocxText(bytes)) };
  const found = extractHtmlFileText(await (kind === "odt" ? odtToHtml(bytes) : epubToHtml(bytes)));
  if (!/[\p{L}\p{N}]/u.test(found.text))
    throw new ResearchError("empty-page", msg`The document contains no text.`);
  return { ...EMPTY_READING, ...found, lines: null, warnings: coverageWarnings(found.coverage) };
}

/** Removes invisible characters and secrets, with warnings, and blank lines around the text. */
function cleanText(found: DocumentText, source = ""): DocumentText {
  const { text, removed } = removeInvisibleCharacters(found.text);
  const title = removeInvisibleCharacters(found.title).text;
  const note = describeRemovedCharacters(removed, "the text");
  const warnings = note === null ? found.warnings : [...found.warnings, note];
  // The lines of a PDF are mapped to pages, so they must not change.
  const tidy = found.pages === null ? text.trim() : text;
  return removeDocumentSecrets(addDocumentStatus({ ...found, title, text: tidy, warnings }, source));
}

/** Documents whose bytes are no text. */
type PackedKind = "pdf" | "docx" | "odt" | "epub";

/** The kind of document. Its bytes decide; the type says only what text is. */
function documentKind(document: RawDocument): "html" | "text" | PackedKind {
  const { type, bytes } = document;
  const head = Buffer.from(bytes.subarray(0, 1024)).toString("latin1");
  // Servers send PDFs with various types, so check the content as well.
  if (/^[\s\u00ef\u00bb\u00bf]*%PDF-/.test(head)) return "pdf";
  if (isOdt(bytes)) return "odt";
  if (isEpub(bytes)) return "epub";
  if (isDocx(bytes)) return "docx";
  if (isBinary(bytes)) {
    if (type === "application/pdf") return "pdf";
    throw notText(document);
  }
  if (type === "application/pdf" && !/<(?:!doctype\s+html|html|head|body)\b/i.test(head)) return "pdf";
  if (type === "text/html" || type === "application/xhtml+xml") return "html";
  const isPage =
    /^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^]{0,400}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/i;
  if (isPage.test(head)) return "html";
  return "text";
}

function notText({ address, type }: RawDocument): ResearchError {
  const unread = unreadFormat(pathOf(address));
  if (unread !== null) return unreadFormatError(address, unread);
  return new ResearchError(
    "unreadable",
    type === "" || type.startsWith("text/")
      ? msg`${address} is not text; only web pages, PDFs, documents (.docx, .odt, .epub) and texts are read.`
      : msg`${address} is ${type}; only web pages, PDFs, documents (.docx, .odt, .epub) and texts are read.`,
  );
}

/** Bytes that are no text in any encoding. */
function isBinary(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 8000);
  if (decodeByMark(bytes) !== null) return false;
  if (start.includes(0)) return true;
  let odd = 0;
  for (const byte of start) {
    const isLayout = (byte >= 0x08 && byte <= 0x0f) || byte === 0x1b;
    if ((byte < 0x20 && !isLayout) || byte === 0x7f) odd++;
  }
  return odd > start.length * 0.02;
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
