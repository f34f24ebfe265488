/*
 * Some files draw an accent and its letter one after the other: "´e" or "c¸". A reader sees one letter.
 */

const MARKS: Record<string, string> = {
  "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¨": "\u0308", "ˇ": "\u030c", "˘": "\u0306", "˚": "\u030a", "˙": "\u0307", "˝": "\u030b", "¯": "\u0304",
}; // prettier-ignore

/** Letters without a dot, which take an accent in its place. */
const DOTLESS: Record<string, string> = { ı: "i", ȷ: "j" };

/** Puts accents that stand alone on their letters, where there is such a letter. */
export function composeAccents(text: string): string {
  return text
    .replace(/([´ˆ˜¨ˇ˘˚˙˝¯])(\p{L})/gu, (whole, accent: string, letter: string) => {
      const one = ((DOTLESS[letter] ?? letter) + (MARKS[accent] ?? "")).normalize("NFC");
      return one.length === 1 ? one : whole;
    })
    .replace(/(\p{L})¸/gu, (whole, letter: string) => {
      const one = `${letter}\u0327`.normalize("NFC");
      return one.length === 1 ? one : whole;
    })
    .replace(/(?<=\p{L})`([aeiou])/gu, (_, letter: string) => `${letter}\u0300`.normalize("NFC"));
}
