/*
 * Texts of others in VS Code's own controls. Knows no VS Code.
 *
 * Notifications, the prompt and the complaint of an input box and progress titles read `[text](command:…)` as a link
 * that runs at a click, in Restricted Mode too (VS Code's base/common/linkedText.ts). That parser knows no escape: a
 * backslash would be shown and change nothing. It needs `](` without anything between, so a blank goes there. One
 * sees it, and nothing invisible is added. Labels and the status bar read `$(name)` as an icon: the same blank.
 */

/** Longer texts are cut: VS Code looks for links in time that grows with the square of the length. */
const LONGEST = 1000;

/** Characters that turn the order of what follows, or that nobody sees, apart from joiners of letters. */
const MISLEADING =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g; // eslint-disable-line no-control-regex

/** A text as VS Code shows it to the letter: no link, no icon, no hidden turn of the reading order. */
export function toPlainLabel(text: string, longest = LONGEST): string {
  const cut = text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
  return cut
    .replace(
      MISLEADING,
      (sign) => `[U+${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0") ?? ""}]`,
    )
    .replaceAll("](", "] (")
    .replaceAll("$(", "$ (");
}
