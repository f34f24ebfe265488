/** How texts are said: VS Code's `l10n` in the user's language, here in English. */
export interface Localizer {
  /** @param text with {0}, {1} … for the values */
  t(text: string, ...values: (string | number)[]): string;
}

/** What the terminal and the journal speak. */
export const ENGLISH_LOCALIZER: Localizer = {
  t: (text, ...values) =>
    text.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place)),
};
