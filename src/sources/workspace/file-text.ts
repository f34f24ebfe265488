import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { ResearchError } from "../../research/errors.js";
import { removedNote, withoutInvisible } from "../../research/invisible.js";
import { PLAIN } from "../../research/plain-reading.js";
import { decodeFile } from "../text/decode.js";
import type { DocumentText } from "../text/document.js";
import { htmlFileText } from "../text/html-text.js";
import { fileWithoutSecrets, holdsSecrets } from "../text/secret-text.js";
import { containedFile, isSecret, largest } from "./files.js";
import { titleOf } from "./title.js";

/** A file's bytes, and where it really lies. @throws ResearchError where it may not be read or is too large */
export async function fileBytes(root: string, file: string): Promise<{ file: string; bytes: Uint8Array }> {
  if (isSecret(file)) {
    const secret = holdsSecrets(file);
    // Whoever looks for a quote of it is told no more than of a file that is not there.
    secret.gone = true;
    throw secret;
  }
  const real = await containedFile(root, file);
  if (real === null) {
    const error = new ResearchError("unreadable", `${file} is not a file of this folder that may be read.`);
    error.gone = true;
    throw error;
  }
  const { size } = await stat(real);
  if (size > largest(file)) {
    throw new ResearchError("too-large", `${file} is larger than ${largest(file) / 1024 / 1024} MB.`);
  }
  return { file: real, bytes: await readFile(real) };
}

/**
 * Title, text and, for HTML, its lines; null for what is not text. PDFs are not for here.
 * @throws ResearchError where the file is mainly secrets
 */
export function textOf(file: string, bytes: Uint8Array): DocumentText | null {
  const decoded = decodeFile(bytes);
  if (decoded === null) return null;
  const { text, removed } = withoutInvisible(decoded.text);
  const note = removedNote(removed, "the text");
  const rest = {
    ...PLAIN,
    warnings: note === null ? decoded.warnings : [...decoded.warnings, note],
  };
  if (!/\.x?html?$/i.test(file))
    return fileWithoutSecrets(file, { title: titleOf(file, text), text, ...rest });
  const html = htmlFileText(text);
  const title = html.title || titleOf(file, html.text);
  return fileWithoutSecrets(file, { title, text: html.text, ...rest, lines: html.lines });
}

/** A listed file's title and text; null where it has none, or is no longer the plain file that was listed. Blocks. */
export function listedText(root: string, file: string): { title: string; text: string } | null {
  try {
    // Where the system has no such flag, it is undefined and counts as 0.
    const opened = openSync(path.join(root, file), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const state = fstatSync(opened);
      return state.isFile() && state.size <= largest(file) ? textOf(file, readFileSync(opened)) : null;
    } finally {
      closeSync(opened);
    }
  } catch {
    return null;
  }
}
