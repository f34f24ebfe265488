/*
 * Makes untrusted text safe for VS Code's own controls. Does not depend on VS Code.
 *
 * Notifications, input box prompts and validation messages, and progress titles render `[text](command:…)` as a
 * link that runs on click, even in Restricted Mode (VS Code's base/common/linkedText.ts). That parser has no
 * escape syntax: a backslash would be shown and change nothing. It requires `](` without a gap, so we insert a
 * space there, which is visible. Labels and the status bar render `$(name)` as an icon; the same fix applies.
 */

/** Longer texts are cut: VS Code's link detection takes quadratic time. */
const LONGEST = 1000;

/** Characters that change the text direction or are invisible, except for joiners. */
const MISLEADING =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g; // eslint-disable-line no-control-regex

/** A text that VS Code shows literally: no links, no icons, no hidden direction changes. */
export function toPlainLabel(text: string, longest = LONGEST): string {
  const cut = text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
  return showMisleadingCharacters(cut).replaceAll("](", "] (").replaceAll("$(", "$ (");
}

/** Writes characters that are invisible or change the text direction as their code points. */
export function showMisleadingCharacters(text: string): string {
  return text.replace(
    MISLEADING,
    (sign) => `[U+${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0") ?? ""}]`,
  );
}
