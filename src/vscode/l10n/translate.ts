import * as vscode from "vscode";
import { openMessageCatalog } from "./message-catalog.js";

let catalogue: ((text: string) => string) | undefined;

/**
 * A text of the engine in the window's language: an error's line, a notice, a step, a progress line. What is not
 * known stays English. Redact before this, and log what came in: the log stays English.
 */
export function localizeEngineText(text: string): string {
  catalogue ??= openMessageCatalog(vscode.l10n.bundle ?? {}, vscode.env.language);
  return catalogue(text);
}
