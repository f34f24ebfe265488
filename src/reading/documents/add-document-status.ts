import { findDocumentStatus } from "../../core/document/document-status.js";
import type { DocumentText } from "./document-text.js";

/** Notes what a document calls itself, with a warning: a superseded one is read, and not taken for the valid one. */
export function addDocumentStatus(found: DocumentText, source = ""): DocumentText {
  const status = findDocumentStatus(found.title, found.text, source);
  if (status === null) return found;
  const warning = `The document calls itself ${status.kind}: “${status.said}”`;
  return { ...found, status, warnings: [...found.warnings, warning] };
}
