/*
 * Number words of English and German, written in figures: "twenty-five", "fünfundzwanzig", "5 million", "half an hour".
 */

const ENGLISH_UNITS = [
  "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
  "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]; // prettier-ignore
const ENGLISH_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ENGLISH_ORDINALS = [
  "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
  "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
]; // prettier-ignore
/** "eins" is left out, as "one" is: it is hardly ever a number. */
const GERMAN_UNITS = [
  "null", "", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf", "dreizehn",
  "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
]; // prettier-ignore
const GERMAN_TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"];
const GERMAN_ORDINALS = [
  "dritte", "vierte", "fünfte", "sechste", "siebte", "achte", "neunte", "zehnte", "elfte", "zwölfte", "dreizehnte",
  "vierzehnte", "fünfzehnte", "sechzehnte", "siebzehnte", "achtzehnte", "neunzehnte",
]; // prettier-ignore

const values = new Map<string, number>();
const add = (words: string[], toValue: (index: number) => number): void => {
  words.forEach((word, index) => word !== "" && word !== "null" && values.set(word, toValue(index)));
};
add(ENGLISH_UNITS, (index) => index);
add(GERMAN_UNITS, (index) => index);
add(ENGLISH_TENS, (index) => (index + 2) * 10);
add(GERMAN_TENS, (index) => (index + 2) * 10);
add(ENGLISH_ORDINALS, (index) => index + 3);
add(
  ENGLISH_TENS.map((word) => word.replace(/y$/, "ieth")),
  (index) => (index + 2) * 10,
);
for (const ending of ["", "r", "n", "s", "m"]) {
  add(
    GERMAN_ORDINALS.map((word) => word + ending),
    (index) => index + 3,
  );
  add(
    GERMAN_TENS.map((word) => `${word}ste${ending}`),
    (index) => (index + 2) * 10,
  );
}
GERMAN_TENS.forEach((tens, index) => {
  [...GERMAN_UNITS.slice(0, 10).entries()].forEach(([unit, word]) => {
    if (unit > 0) values.set(`${unit === 1 ? "ein" : word}und${tens}`, (index + 2) * 10 + unit);
  });
});
GERMAN_UNITS.forEach((word, index) => index > 1 && values.set(`${word}mal`, index));
for (const [word, value] of [["twice", 2], ["thrice", 3], ["doppelt", 2]] as const)
  values.set(word, value); // prettier-ignore

/** Words that multiply the preceding number: "5 million" is "5,000,000" and not "5 billion". */
export const SCALE_VALUES: ReadonlyMap<string, number> = new Map([
  ["dozen", 12], ["hundred", 100], ["thousand", 1e3], ["million", 1e6], ["billion", 1e9], ["trillion", 1e12],
  ["bn", 1e9], ["mn", 1e6], ["tn", 1e12], ["dutzend", 12], ["hundert", 100], ["tausend", 1e3], ["tsd", 1e3],
  ["millionen", 1e6], ["mio", 1e6], ["milliarde", 1e9], ["milliarden", 1e9], ["mrd", 1e9], ["billionen", 1e12],
]); // prettier-ignore

const DENOMINATORS = new Map([
  ["third", 3], ["quarter", 4], ["fifth", 5], ["sixth", 6], ["eighth", 8], ["tenth", 10], ["drittel", 3],
  ["viertel", 4], ["fünftel", 5], ["zehntel", 10],
]); // prettier-ignore

// \b knows no umlauts.
/** "Zero-filled" counts nothing. */
const WORD = /(?<![\p{L}\p{N}_])(?!zero-\p{L})\p{L}{3,20}(?![\p{L}\p{N}_])/giu;
const COMPOUND = new RegExp(
  `\\b(${ENGLISH_TENS.join("|")})[- ](${[...ENGLISH_UNITS.slice(1, 10), "first", "second", ...ENGLISH_ORDINALS.slice(0, 7)].join("|")})\\b`,
  "gi",
);
/** They count as numbers behind tens only: "the second" is more often a place than a number. */
const LOW_ORDINALS = new Map([["first", 1], ["second", 2]]); // prettier-ignore
const FRACTION = new RegExp(
  `(?<![\\d.,])(\\d{1,3})[ -](${[...DENOMINATORS.keys()].join("|")})s?(?![\\p{L}])`,
  "giu",
);
const DOUBLED =
  /\bhalf (?:a|an) (?=\p{L})|\bhalbe[nrs]? (?=stunde|minute|sekunde|jahr|\p{L}{0,5}byte|\p{L}{0,5}meter|liter|kilo|tonne|million|milliarde|prozent)/giu;
const THREE_QUARTERS =
  /\b(?:three|3)[ -]quarters of (?:a|an) (?=\p{L})|(?<!\p{L})(?:eine[rnm]? )?dreiviertel(?=stunde|minute|jahr)/giu;
const QUARTERS = /\b(?:a )?quarter of (?:a|an) (?=\p{L})|\bviertel(?=stunde)/giu;
/** "the second quarter" is no unit of time. */
const SECOND = /\b(the|its|his|her|their) second(?= \p{Ll})|\bzweite[nrsm]?\b/giu;

const PARTS = "third|quarter|fifth|sixth|eighth|tenth";
const PARTS_GERMAN = "drittel|viertel|fünftel|zehntel";
/** "A third of the rows", "a quarter less", and not "a third party". */
const ONE_PART = new RegExp(
  `(?<!\\p{L})(?:an?|one)[ -](${PARTS})(?= of (?!an? )| (?:more|less|fewer|higher|lower|larger|smaller|faster|slower)(?!\\p{L}))|` +
    `(?<!\\p{L})ein(?:em|es)? (${PARTS_GERMAN})(?!\\p{L})`,
  "giu",
);
/** "The first half of the year" is no share. */
const HALF =
  /(?<!(?:first|second|latter|other|top|bottom|upper|lower|\d) )(?<![\p{L}\d-])(?:(?:one|a)[ -])?half(?= (?:of|the|its|their|all)(?!\p{L}))|(?<=\bby )half(?![\p{L}-]| an? )/giu;
const HALF_GERMAN =
  /(?<!(?:erste|ersten|zweite|zweiten|andere|anderen|obere|oberen|untere|unteren|linke|rechte) )(?<!\p{L})Hälfte(?!\p{L})/giu;
/** "Jeder Vierte", and not "jede vierte Woche". */
const EACH_NTH =
  /(?<!\p{L})jede[rsmn]? (zweite|dritte|vierte|fünfte|sechste|siebte|achte|neunte|zehnte|zwanzigste)[rsmn]?(?!\p{L}| (?:tag|woche|monat|jahr|stunde|minute|mal)\p{L}{0,2}(?!\p{L}))/giu;
const NTH = new Map([["zweite", 2], ["dritte", 3], ["vierte", 4], ["fünfte", 5], ["sechste", 6], ["siebte", 7], ["achte", 8], ["neunte", 9], ["zehnte", 10], ["zwanzigste", 20]]); // prettier-ignore
const ONE_IN = /(?<![\p{L}\d-])one(?= (?:in|out of|of every) (?:every )?(?:\d|(?:two|three|four|five|six|seven|eight|nine|ten|twenty|hundred)(?!\p{L})))/giu; // prettier-ignore

/** Writes shares of words as fractions: "a third of" as "1/3 of", "die Hälfte" as "die 1/2", "one in four" as "1 in four". */
export function writeShareWords(text: string): string {
  return text
    .replace(ONE_PART, (_, part?: string, german?: string) => {
      return `1/${DENOMINATORS.get((part ?? german ?? "").toLowerCase()) ?? 1}`;
    })
    .replace(HALF, "1/2")
    .replace(HALF_GERMAN, "1/2")
    .replace(EACH_NTH, (_, nth: string) => `1/${NTH.get(nth.toLowerCase()) ?? 1}`)
    .replace(ONE_IN, "1");
}

const PERIODS =
  "second|minute|hour|day|week|month|year|decade|century|sekunde|stunde|tag|woche|monat|jahr|jahrzehnt|jahrhundert";
/** "Within a week" and "a week later" are one week; "once a week" and "$15 an hour" are not. */
const ONE_PERIOD = new RegExp(
  "(?<=(?<!\\p{L})(?:after|within|for|in|than|least|most|about|is|last|lasts|takes|beträgt|dauert|nach|innerhalb|binnen|seit|für|als|etwa|rund|mindestens|höchstens) )" +
    `(?:an?|one|eine?[nmrs]?) (?=(?:${PERIODS})(?:e?[sn])?(?!\\p{L}| ago| earlier| before))|` +
    `(?<!\\p{L})(?:an?|one|eine?[nmrs]?) (?=(?:${PERIODS})(?:e?[sn])? (?:after|later|lang|nach|später)(?!\\p{L}))`,
  "giu",
);

/** Writes "one" in figures where it counts a period: "within a week" as "within 1 week". */
export function writeSinglePeriods(text: string): string {
  return text.replace(ONE_PERIOD, "1 ");
}

const COUNTED = "two|three|four|five|six|seven|eight|nine|ten";
/** "Two and a half hours", "a year and a half". */
/* A word that goes on from a dot or a slash is part of an address. */
const AND_A_HALF = new RegExp(`(?<![\\p{L}\\d./:_-])(\\d{1,3}|one|${COUNTED}) and a half(?!\\p{L})`, "giu");
const PERIOD_AND_A_HALF = new RegExp(
  `(?<![\\p{L}./:_])(?:an?|one) (second|minute|hour|day|week|month|year|decade|century) and a half(?!\\p{L})`,
  "giu",
);
/** "Dreieinhalb", "anderthalb". */
const AND_A_HALF_GERMAN =
  /(?<![\p{L}./:_])(?:(ander)thalb|(ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn)einhalb)(?:e[nmrs]?)?(?!\p{L})/giu;
/** "Threefold", "tripled", "dreimal", "verdreifacht". Two is left out: "double" is more often no number. */
const FOLD = new RegExp(
  `(?<![\\p{L}\\d./:_-])(?:(${COUNTED}|\\d{1,3})[- ]?fold|(tripl|trebl|quadrupl)(?:es?|ed|ing)|` +
    "(zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn)(?:fach(?:e[nmrs]?)?|mal)|ver(drei|vier|fünf|sechs|sieben|acht|neun|zehn)fach(?:t|te|en|ten))(?!\\p{L})",
  "giu",
);
const MULTIPLES = new Map([["tripl", 3], ["trebl", 3], ["quadrupl", 4]]); // prettier-ignore
/** "A thousand", "every hundred", "eine Million". */
const SINGLE_SCALE =
  /(?<![\p{L}\p{N}./:_])(?:an?|one|every|each|per|eine?|je|pro)[ -](?=(?:dozen|hundred|thousand|million|billion|dutzend|hundert|tausend|milliarde)(?!\p{L}))/giu;
/** "The last hundred". */
const PLACED_SCALE =
  /(?<![\p{L}\p{N}./:_])(first|last|next|past|previous|ersten?|letzten?|nächsten?) (?=(?:dozen|hundred|thousand|million|billion|dutzend|hundert|tausend|milliarde)(?!\p{L}))/giu;
const HALF_SCALE =
  /(?<![\p{L}\p{N}./:_])(?:half an?|eine halbe) (?=(?:dozen|hundred|thousand|million|billion|milliarde)(?!\p{L}))/giu;
/** "Half-hourly", "im Halbstundentakt", "halbstündlich". */
const HALF_HOURS =
  /(?<!\p{L})(?:half[- ]hour(?:ly|s)?(?!\p{L})|halbstündlich\p{L}{0,2}(?!\p{L})|halbstunden(?=\p{L}))/giu;
/** "6.40 Uhr". */
const CLOCK = /(?<![\d.,:])(\d{1,2})\.(\d{2})(?= Uhr(?!\p{L}))/gu;
/** "2 p.m." and "2:30 pm". */
const AFTERNOON = /(?<![\d:.])(\d{1,2})(?::(\d{2}))? ?(a|p)\.? ?m(?:\.|(?![\p{L}\d]))/giu;

/** Writes the number words of a text that stand for more than one word each. */
export function writeCompoundNumbers(text: string): string {
  return text
    .replace(AND_A_HALF, (_, count: string) => `${valueOf(count) || Number(count)}.5`)
    .replace(PERIOD_AND_A_HALF, "1.5 $1")
    .replace(
      AND_A_HALF_GERMAN,
      (_, one?: string, count?: string) => `${one === undefined ? valueOf(count ?? "") || 1 : 1}.5`,
    )
    .replace(FOLD, (_, ...groups: (string | undefined)[]) => {
      const [count = "", multiple = "", german = "", verb = ""] = groups.slice(0, 4);
      return `${MULTIPLES.get(multiple.toLowerCase()) ?? (valueOf(count + german + verb) || Number(count))} ×`;
    })
    .replace(HALF_SCALE, "0.5 ")
    .replace(CLOCK, "$1:$2")
    .replace(SINGLE_SCALE, "1 ")
    .replace(PLACED_SCALE, "$1 1 ")
    .replace(HALF_HOURS, (word) => (/^half/i.test(word) ? "0.5 hours " : "0.5 Stunden "))
    .replace(
      AFTERNOON,
      (_, hour: string, minutes: string | undefined, half: string) =>
        `${(Number(hour) % 12) + (half.toLowerCase() === "p" ? 12 : 0)}:${minutes ?? "00"}`,
    );
}

/** Writes the number words of a text in figures. The rest of the text stays as it is. */
export function writeNumberWords(text: string): string {
  return writeSinglePeriods(
    writeShareWords(writeCompoundNumbers(text).replace(THREE_QUARTERS, "0.75 ").replace(QUARTERS, "0.25 ")),
  )
    .replace(SECOND, (_, article: string | undefined) => `${article ?? ""} 2`)
    .replace(DOUBLED, "0.5 ")
    .replace(/\bQ([1-4])\b/g, " $1 quarter ")
    .replace(/\bfirst(?=[ -]quarter\b)/gi, "1")
    .replace(COMPOUND, (_, tens: string, unit: string) =>
      String(valueOf(tens) + (LOW_ORDINALS.get(unit.toLowerCase()) ?? valueOf(unit))),
    )
    .replace(WORD, (word) => {
      const value = values.get(word.toLowerCase());
      return value === undefined ? word : String(value);
    })
    .replace(FRACTION, (whole, count: string, part: string) => {
      const denominator = DENOMINATORS.get(part.toLowerCase());
      // "3 quarters of 2023" are no share, but count as one only if written so in both texts.
      return denominator === undefined || /^(?:0|1)$/.test(count) ? whole : `${count}/${denominator}`;
    });
}

function valueOf(word: string): number {
  return values.get(word.toLowerCase()) ?? 0;
}
