/*
 * Abbreviations of English and German that stand for one word or name in any text: Corp., Mt., U.S.
 */

const PAIRS =
  "aluminum aluminium|corp corporation|inc incorporated|ltd limited|co company|cos companies|bros brothers|mt mount|st saint|st street|dr doctor|prof professor|" +
  "univ university|dept department|govt government|gov governor|gen general|sen senator|rep representative|pres president|" +
  "lt lieutenant|capt captain|col colonel|sgt sergeant|jr junior|sr senior|intl international|natl national|assn association|" +
  "assoc association|inst institute|approx approximately|max maximum|min minimum|avg average|fig figure|vol volume|ch chapter|" +
  "sec section|ed edition|no number|ave avenue|blvd boulevard|rd road|mfg manufacturing|mgmt management|admin administrator|" +
  "config configuration|docs documentation|repo repository|app application|db database|info information|" +
  "api interface|api schnittstelle|url address|url adresse|http status|cpu processor|cpu prozessor|ram memory|ram arbeitsspeicher|" +
  "id identifier|id kennung|tv television|tv fernsehen|ceo chief|gui oberfläche|pc computer|" +
  "jan january|feb february|mar march|apr april|jun june|jul july|aug august|sep september|sept september|oct october|" +
  "nov november|dec december|mon monday|tue tuesday|wed wednesday|thu thursday|fri friday|sat saturday|sun sunday|" +
  "ges gesellschaft|str straße|nr nummer|abs absatz|art artikel|dt deutsch|jh jahrhundert";

const LONG_FORMS = new Map<string, string[]>();
const SHORT_FORMS = new Map<string, string[]>();
for (const pair of PAIRS.split("|")) {
  const [short = "", long = ""] = pair.split(" ");
  LONG_FORMS.set(short, [...(LONG_FORMS.get(short) ?? []), long]);
  SHORT_FORMS.set(long, [...(SHORT_FORMS.get(long) ?? []), short]);
}

/** Names of places that are abbreviated by two letters; other pairs of letters are too ambiguous. */
const PLACES = new Map([
  ["us", ["united", "states"]],
  ["usa", ["united", "states", "america"]],
  ["uk", ["united", "kingdom"]],
  ["eu", ["european", "union"]],
  ["un", ["united", "nations"]],
  ["brd", ["bundesrepublik", "deutschland"]],
]);

/** The words that an abbreviated place stands for, in lower case; empty for other words. Case counts: "us" is no place. */
export function placeWords(word: string): string[] {
  return /^\p{Lu}\.?\p{Lu}/u.test(word) ? (PLACES.get(word.replaceAll(".", "").toLowerCase()) ?? []) : [];
}

/** The other forms of a word in lower case: the long ones of an abbreviation, or the abbreviations of a word. */
export function otherForms(word: string): string[] {
  const bare = word.replaceAll(".", "");
  return [...(LONG_FORMS.get(bare) ?? []), ...(SHORT_FORMS.get(bare) ?? [])];
}
