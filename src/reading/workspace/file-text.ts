import { msg } from "../../common/messages.js";
import { closeSync } from "node:fs";
import path from "node:path";
import {
  FileRefusedError,
  openRegularFileSync,
  readBytesAtSync,
  readRegularFile,
} from "../../common/read-file.js";
import { ResearchError } from "../../common/errors.js";
import { extractFileText } from "../documents/extract-file-text.js";
import { secretFileError } from "../documents/remove-secrets.js";
import { resolveWorkspaceFile, isSecretPath, maxFileSize } from "./list-files.js";

/** Reads a file. @returns its real path and bytes. @throws ResearchError if it may not be read or is too large */
export async function readFileBytes(
  root: string,
  file: string,
): Promise<{ file: string; bytes: Uint8Array }> {
  if (isSecretPath(file)) {
    const secret = secretFileError(file);
    // For quotes of it, this is the same as a missing file.
    secret.gone = true;
    throw secret;
  }
  const real = await resolveWorkspaceFile(root, file);
  if (real === null) throw notReadable(file);
  try {
    // Links were resolved, so a link at this point was created in the meantime.
    return {
      file: real,
      bytes: await readRegularFile(real, { maxBytes: maxFileSize(file), followLinks: false }),
    };
  } catch (error) {
    if (!(error instanceof FileRefusedError)) throw error;
    if (error.code === "ENOTREG") throw notReadable(file);
    throw new ResearchError("too-large", msg`${file} is larger than ${maxFileSize(file) / 1024 / 1024} MB.`);
  }
}

function notReadable(file: string): ResearchError {
  const error = new ResearchError("unreadable", msg`${file} is not a readable file in this folder.`);
  error.gone = true;
  return error;
}

/** Reads a listed file synchronously; null if it has no text, or is no longer the regular file that was listed. */
export function readListedFile(root: string, file: string): { title: string; text: string } | null {
  try {
    const limits = { maxBytes: maxFileSize(file), followLinks: false };
    const { descriptor, size } = openRegularFileSync(path.join(root, file), limits);
    try {
      return extractFileText(file, readBytesAtSync(descriptor, Buffer.allocUnsafe(size), size, 0), false);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}
