import * as vscode from "vscode";
import { localizeMessage, type Localizer, type Message } from "../../common/messages.js";

/** The window's language. */
export const windowLocalizer: Localizer = { t: vscode.l10n.t, language: vscode.env.language, isWindow: true };

/** An engine's text (of an error, a notice, a finding) in the window's language. Redact it before; the log stays English. */
export function localizeText(message: Message): string {
  return localizeMessage(message, windowLocalizer);
}
