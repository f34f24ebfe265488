import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import type { unreadFormat } from "../../core/document/unread-formats.js";

/** The error for a document of a format that is not read: what it is, and what to save it as. */
export function unreadFormatError(
  file: string,
  { name, saveAs }: NonNullable<ReturnType<typeof unreadFormat>>,
): ResearchError {
  return new ResearchError(
    "unreadable",
    msg`${file}: ${name} are not read.`,
    msg`Save the document as ${saveAs}.`,
  );
}
