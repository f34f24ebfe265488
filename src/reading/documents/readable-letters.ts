/** Of fewer words nothing can be told. */
const MIN_WORDS = 100;
/** Share of the words that are letters in a usual order of large and small; of formulas and code more than half are. */
const MIN_SHARE = 0.35;
const SAMPLE = 200_000;

/**
 * Whether the letters of a text can be those that its reader sees. Fonts that do not say which letters they draw make
 * words such as "Qc W a]S" of them. Scripts without large letters are not judged.
 */
export function areLettersReadable(text: string): boolean {
  let words = 0;
  let usual = 0;
  for (const token of text.slice(0, SAMPLE).split(/\s+/)) {
    if (!/[^\d.,:;%$€()+#|/-]/.test(token) || /\p{Lo}/u.test(token)) continue;
    words++;
    const parts = token.match(/[\p{L}\p{M}]+|[^\p{L}\p{M}\p{N}'’.,;:()[\]"“”‘-]+/gu) ?? [];
    const isUsual = parts.every((part) => /^(?:\p{Lu}?[\p{Ll}\p{M}]+|\p{Lu}+)$/u.test(part));
    if (isUsual && parts.some((part) => part.length > 1)) usual++;
  }
  return words < MIN_WORDS || usual >= words * MIN_SHARE;
}
