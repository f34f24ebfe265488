/** Localizes texts: VS Code's `l10n` in the user's language, otherwise English. */
export interface Localizer {
  /** @param text with {0}, {1} … for the values */
  t(text: string, ...values: (string | number)[]): string;
}

/** Used for the terminal and the journal. */
export const ENGLISH_LOCALIZER: Localizer = {
  t: (text, ...values) =>
    text.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place)),
};
