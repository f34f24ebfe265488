import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import { describeRemovedCharacters, removeInvisibleCharacters } from "../../common/invisible-characters.js";
import { EMPTY_READING } from "../../core/domain/empty-reading.js";
import { renderBlocks } from "../../core/document/render-blocks.js";
import { addDocumentStatus } from "./add-document-status.js";
import type { BlockDocument } from "./block-document.js";
import { coverageWarnings } from "./coverage-warnings.js";
import { decodeFile } from "./decode-file.js";
import { readBlocks } from "./document-formats.js";
import type { DocumentText } from "./document-text.js";
import { extractHtmlFileText } from "./html-plain-text.js";
import { measureCoverage } from "./measure-coverage.js";
import { removeFileSecrets } from "./remove-secrets.js";

/**
 * Extracts the text of a file other than a PDF, with the file's line of each of its lines; null if it is not text.
 * @param isMeasured whether its completeness is measured, which the index does without
 * @throws ResearchError if the file contains mainly secrets, or is a report of this program
 */
export function extractFileText(file: string, bytes: Uint8Array, isMeasured = true): DocumentText | null {
  const decoded = decodeFile(bytes);
  if (decoded === null) return null;
  const { text: source, removed } = removeInvisibleCharacters(decoded.text);
  refuseNoSource(file, source);
  const note = describeRemovedCharacters(removed, "the text");
  // The lines of a settings file in a document lose their form when they are read, so secrets go first.
  const known = removeFileSecrets(file, { ...EMPTY_READING, title: "", text: source });
  const found = readText(file, known.text, isMeasured);
  const warnings = [
    ...decoded.warnings,
    ...(note === null ? [] : [note]),
    ...known.warnings,
    ...found.warnings,
  ];
  const whole = { ...found, title: found.title || file, warnings };
  return removeFileSecrets(file, isMeasured ? addDocumentStatus(whole, known.text) : whole);
}

/**
 * A file's text with the marks of its format, as earlier versions quoted it; null if it is not text.
 * @throws ResearchError if the file contains mainly secrets
 */
export function extractMarkedText(file: string, bytes: Uint8Array): string | null {
  const decoded = decodeFile(bytes);
  if (decoded === null) return null;
  const { text } = removeInvisibleCharacters(decoded.text);
  return removeFileSecrets(file, { ...EMPTY_READING, title: file, text }).text;
}

function readText(file: string, source: string, isMeasured: boolean): DocumentText {
  if (/\.x?html?$/i.test(file)) return { ...EMPTY_READING, ...extractHtmlFileText(source) };
  const document = readBlocks(file, source);
  if (document === null) return { ...EMPTY_READING, title: file, text: source };
  return renderDocument(document, source, isMeasured);
}

/** The text of a document of blocks. */
export function renderDocument(document: BlockDocument, source: string, isMeasured: boolean): DocumentText {
  const { text, lines } = renderBlocks(document.blocks);
  const found = { ...EMPTY_READING, title: document.title, text, lines: fillGaps(lines) };
  if (!isMeasured) return found;
  const coverage = measureCoverage(document.words?.() ?? source, text, document.dropped());
  return { ...found, coverage, warnings: coverageWarnings(coverage) };
}

/** Lines of unknown origin get the line before. */
function fillGaps(lines: number[]): number[] {
  let last = 1;
  return lines.map((line) => (last = line === 0 ? last : line));
}

/**
 * @throws ResearchError if a text is no source: a report that this program wrote, which is no evidence for another one,
 *   or what Git keeps in the place of a large file
 */
export function refuseNoSource(name: string, text: string): void {
  if (
    /^version https:\/\/git-lfs\.github\.com\/spec\/|^(?:\.\.\/){0,20}\.git\/annex\/objects\//.test(text) &&
    text.length < 1024
  )
    throw new ResearchError(
      "unreadable",
      msg`${name} is only the pointer to a large file.`,
      msg`To get the file itself: git lfs pull`,
    );
  const [head] = /^\ufeff?---\n[^]{0,2000}?\n---(?:\n|$)/.exec(text) ?? [];
  if (head === undefined || !/^session: *"?\d{8}-\d{6}-/m.test(head) || !/^engine: /m.test(head)) return;
  throw new ResearchError("unreadable", msg`${name} is a report of Deep Research, which is no source.`);
}
