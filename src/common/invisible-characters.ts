/*
 * Invisible characters that change how a text is read: bidirectional controls, zero-width and tag characters, terminal
 * sequences, NUL. They are removed from input and output and counted. Joiners are kept where a script or an emoji
 * needs them.
 */

/** A text without invisible characters, and how many were removed. */
export interface CleanedText {
  text: string;
  removed: number;
}

/* eslint-disable no-control-regex, no-misleading-character-class -- these very characters are what this is about */
/** Terminal sequences (colours, cursor moves, titles), starting with ESC or with the one-character form of "ESC [". */
const TERMINAL =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g;

const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{13430}-\u{1345f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/gu;

/** Joiners outside the scripts that use them between letters, and outside emoji sequences. */
const JOINERS =
  /(?<![\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Extended_Pictographic}\u{1f3fb}-\u{1f3ff}\ufe0f][\p{M}]?)[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{Extended_Pictographic}])/gu;

/** Variation selectors, except one after a pictograph, keycap digit or Han character. */
const VARIATION_SELECTORS =
  /(?<![\p{Extended_Pictographic}\p{S}\p{N}#*])[\ufe0e\ufe0f]|[\ufe00-\ufe0d]|(?<!\p{Script=Han})[\u{e0100}-\u{e01ef}]/gu;

/** A quick test whether a text may contain any of these, since most texts do not. */
const MAY_CONTAIN_ANY =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff]/;
/* eslint-enable no-control-regex, no-misleading-character-class */

/** True if a text contains anything that would be removed. */
export function hasInvisibleCharacters(text: string): boolean {
  return MAY_CONTAIN_ANY.test(text) && removeInvisibleCharacters(text).text !== text;
}

/** Whether a text contains invisible characters, or digits with variation selectors that look like plain ones. */
export function hasHiddenCharacters(text: string): boolean {
  return hasInvisibleCharacters(text) || /[0-9#*][\ufe0e\ufe0f](?!\u20e3)/.test(text);
}

/** Removes invisible characters. Line breaks and tabs stay; other line separators become spaces. */
export function removeInvisibleCharacters(text: string): CleanedText {
  if (!MAY_CONTAIN_ANY.test(text)) return { text, removed: 0 };
  let removed = 0;
  const countRemoved = (): string => {
    removed++;
    return "";
  };
  const clean = text
    .replace(TERMINAL, countRemoved)
    .replace(INVISIBLE, countRemoved)
    .replace(JOINERS, countRemoved)
    .replace(VARIATION_SELECTORS, countRemoved)
    .replace(/[\u2028\u2029]/g, " ")
    .replace(/\p{Surrogate}/gu, "\ufffd");
  return { text: clean, removed };
}

/** Cleans all strings in a value. @returns it with the number of removed characters */
export function removeInvisibleDeep<T>(value: T): { value: T; removed: number } {
  let removed = 0;
  const clean = (part: unknown): unknown => {
    if (typeof part === "string") {
      const cleaned = removeInvisibleCharacters(part);
      removed += cleaned.removed;
      return cleaned.text;
    }
    if (Array.isArray(part)) return part.map(clean);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, clean(each)]));
  };
  // Only the contents of strings change, so the type stays the same.
  return { value: clean(value) as T, removed };
}

/** The number of removed characters as a sentence; null if none was removed. */
export function describeRemovedCharacters(removed: number, from: string): string | null {
  if (removed === 0) return null;
  return removed === 1
    ? `One invisible character was removed from ${from}.`
    : `${removed} invisible characters were removed from ${from}.`;
}
