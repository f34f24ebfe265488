import { normalizeUnicode } from "./unicode-normalization.js";

/*
 * Digits that are shown raised, lowered, circled or as a fraction. Unicode's compatibility forms flatten them, and
 * "10⁶" would be 106. Here they stay apart from plain digits. Fullwidth, mathematical and other scripts' digits have
 * the value that one sees: as figures they count as such, in a quote they are other letters.
 */

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";

/** A cluster in its compatibility form, unless that would make plain digits of what is not shown as such. */
export function toCompatibilityForm(cluster: string): string {
  const form = normalizeUnicode(cluster, "NFKC");
  return form !== cluster && /\d/.test(form) ? normalizeUnicode(cluster, "NFC") : form;
}

/** Raised digits as "^6", lowered ones as "_2", circled ones and fractions apart from the digits beside them. */
export function spellNumberForms(text: string): string {
  if (!/\p{No}/u.test(text)) return text;
  return text
    .replace(/([⁺⁻]?)([⁰¹²³⁴-⁹]+)/g, (_, sign: string, run: string) => {
      return `^${sign === "⁻" ? "-" : ""}${plain(run, RAISED)}`;
    })
    .replace(/[₀-₉]+/g, (run) => `_${plain(run, LOWERED)}`)
    .replace(/\p{No}/gu, (one) => ` ${one.normalize("NFKC")} `);
}

function plain(run: string, digits: string): string {
  return Array.from(run, (one) => String(digits.indexOf(one))).join("");
}
