import { normalizeUnicode } from "./unicode-normalization.js";

/*
 * Superscript, subscript and circled digits and fractions. Unicode's compatibility forms flatten them, so that "10⁶"
 * would become 106; here they stay distinct from plain digits. Fullwidth, mathematical and other scripts' digits have
 * their visible value as figures, but are different characters in a quote.
 */

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** The compatibility form of a cluster, unless that would create plain digits. */
export function toCompatibilityForm(cluster: string): string {
  const form = normalizeUnicode(cluster, "NFKC");
  return form !== cluster && /\d/.test(form) ? normalizeUnicode(cluster, "NFC") : form;
}

/** Writes superscripts as "^6" and subscripts as "_2", and separates circled digits and fractions by spaces. */
export function spellNumberForms(text: string): string {
  if (!/\p{No}/u.test(text)) return text;
  return text
    .replace(/([⁺⁻]?)([⁰¹²³⁴-⁹]+)/g, (_, sign: string, run: string) => {
      return `^${sign === "⁻" ? "-" : ""}${toPlainDigits(run, SUPERSCRIPTS)}`;
    })
    .replace(/[₀-₉]+/g, (run) => `_${toPlainDigits(run, SUBSCRIPTS)}`)
    .replace(/\p{No}/gu, (one) => ` ${one.normalize("NFKC")} `);
}

function toPlainDigits(run: string, digits: string): string {
  return Array.from(run, (one) => String(digits.indexOf(one))).join("");
}
