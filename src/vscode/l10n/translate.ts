import * as vscode from "vscode";
import { openMessageCatalog } from "./message-catalog.js";

let catalogue: ((text: string) => string) | undefined;

/**
 * Translates an engine text (an error line, a notice, a step or a progress line) into the window's language.
 * Unrecognized text stays English. Redact before calling this, and log the original: the log stays English.
 */
export function localizeEngineText(text: string): string {
  catalogue ??= openMessageCatalog(vscode.l10n.bundle ?? {}, vscode.env.language);
  return catalogue(text);
}
