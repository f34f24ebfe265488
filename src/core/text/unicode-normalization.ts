/** Marks in one run from which on they are taken in pieces. Writing has a handful; Unicode's limit for streams is 30. */
const RUN = 64;

const LONG_RUN = new RegExp(`\\p{M}{${RUN + 1}}`, "u");
const PIECE = new RegExp(`\\P{M}*\\p{M}{0,${RUN}}`, "gu");

/**
 * A text in a Unicode form, as `String.normalize` gives it, in linear time. `normalize` sorts combining marks by
 * insertion: 300,000 of them take a minute. Long runs of marks, which no writing has, are therefore not sorted as one.
 */
export function normalizeUnicode(text: string, form: "NFC" | "NFD" | "NFKC" | "NFKD"): string {
  if (text.length <= RUN || !LONG_RUN.test(text)) return text.normalize(form);
  return text.replace(PIECE, (part) => part.normalize(form));
}
