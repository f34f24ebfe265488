/*
 * Names of countries and continents: in English and German for one place, and with the words made from them, such as
 * "European" for "Europe".
 */

const LETTERS = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
/** Africa, Oceania, America, Asia, Europe. */
const CONTINENTS = ["002", "009", "019", "142", "150"];

let known: ReadonlyMap<string, readonly string[]> | null = null;

/** The places of one word, each with its names in English and German, in lower case. */
function listPlaces(): ReadonlyMap<string, readonly string[]> {
  if (known !== null) return known;
  const names = ["en", "de"].map(
    (locale) => new Intl.DisplayNames([locale], { type: "region", fallback: "none" }),
  );
  const codes = [...CONTINENTS, ...LETTERS.flatMap((first) => LETTERS.map((second) => first + second))];
  const places = new Map<string, readonly string[]>();
  for (const code of codes) {
    const own = names.map((each) => each.of(code)?.toLowerCase() ?? "");
    const single = own.filter((name) => /^\p{L}{3,}$/u.test(name));
    for (const name of single) places.set(name, single);
  }
  return (known = places);
}

/** Whether a word is a country or a continent, in English or German, or its German genitive. */
export function isPlaceName(word: string): boolean {
  return placeNames(word).length > 0;
}

/** The names of a country or continent in English and German, in lower case; empty for other words. */
export function placeNames(word: string): readonly string[] {
  const name = word.toLowerCase();
  return listPlaces().get(name) ?? listPlaces().get(name.replace(/s$/, "")) ?? [];
}

/** Words made from places in another way than by an ending. */
const IRREGULAR = new Map(
  (
    "french france|german germany|dutch netherlands|british britain|greek greece|spanish spain|swiss switzerland|polish poland|" +
    "danish denmark|finnish finland|turkish turkey|english england|scottish scotland|irish ireland|welsh wales|norwegian norway|" +
    "thai thailand|icelandic iceland|peruvian peru|israeli israel|iraqi iraq|pakistani pakistan|philippine philippines|" +
    "portuguese portugal|argentine argentina|czech czechia|ukrainian ukraine|afghan afghanistan"
  )
    .split("|")
    .map((pair) => pair.split(" ") as [string, string]),
);

/** The beginning of the place that a word is made from: "europe" of "European"; null for other words. */
function baseOf(word: string): string | null {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  const base = word.replace(/(?:ian|ean|an|ese|ish)s?$/, "");
  return base === word || base.length < 4 ? null : base;
}

/** Letters that a place may have after what its word shares with it: "Italy" and "Italian". */
const MOST_LEFT = 2;

/** Whether one of two names is made from the other as "Canadian" from "Canada". Both are in lower case. */
export function isMadeFrom(one: string, other: string): boolean {
  const isBase = (word: string, place: string): boolean => {
    const base = baseOf(word);
    return base !== null && place.startsWith(base) && place.length - base.length <= MOST_LEFT;
  };
  return isBase(one, other) || isBase(other, one);
}

/** Whether a word is a place or is made from one, as "Canadian" is. */
export function isPlaceWord(word: string): boolean {
  const name = word.toLowerCase();
  return isPlaceName(word) || IRREGULAR.has(name) || (baseOf(name) !== null && [...listPlaces().keys()].some((place) => isMadeFrom(name, place))); // prettier-ignore
}
