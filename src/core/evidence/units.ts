/*
 * Units of measure and currencies, each as a family and a factor to the family's base. Two quantities of one family are
 * equal if their base values are: 1,000 ms and 1 s. Families without an exact ratio stay apart, such as months and days.
 */

export interface Unit {
  family: string;
  factor: number;
  /** The factor where "kilo" is 1,024, as writers often mean; only of units that are written alike for both. */
  binary?: number;
}

const SYMBOLS = new Map<string, Unit>();
const WORDS = new Map<string, Unit>();

/** Symbols are as written, words in lower case and without a plural. */
function define(family: string, factor: number, symbols: string, words = "", binary?: number): void {
  const unit: Unit = binary === undefined ? { family, factor } : { family, factor, binary };
  for (const symbol of symbols.split(" ")) if (symbol !== "") SYMBOLS.set(symbol, unit);
  for (const word of words.split(" ")) if (word !== "") WORDS.set(word, unit);
}

define("time", 1e-9, "ns", "nanosecond nanosekunde");
define("time", 1e-6, "us μs", "microsecond mikrosekunde");
define("time", 1e-3, "ms", "millisecond millisekunde msec");
define("time", 1, "s", "second sekunde sec sek");
define("time", 60, "min", "minute mins");
define("time", 3600, "h", "hour stunde hr std");
define("time", 86_400, "", "day tag");
define("time", 604_800, "", "week woche");
define("months", 1, "", "month monat");
define("months", 12, "", "year jahr yr");
define("months", 120, "", "decade jahrzehnt");
define("months", 1200, "", "century jahrhundert");

const DECIMAL = [
  ["k", "kilo", 1e3],
  ["M", "mega", 1e6],
  ["G", "giga", 1e9],
  ["T", "tera", 1e12],
  ["P", "peta", 1e15],
] as const;
define("bytes", 1, "B", "byte", 1);
define("bits", 1, "", "bit");
for (const [index, [prefix, word, factor]] of DECIMAL.entries()) {
  const upper = prefix.toUpperCase();
  const binary = 1024 ** (index + 1);
  define("bytes", factor, `${prefix}B ${upper}B`, `${word}byte`, binary);
  define("bits", factor, `${prefix}b ${upper}b ${prefix}bit ${upper}bit`, `${word}bit`);
  define("bits/s", factor, `${prefix}bps ${upper}bps`);
  define("bytes", binary, `${upper}iB`, `${word.slice(0, 2)}bibyte`);
  define("energy", factor, `${prefix}Wh`);
  define("power", factor, `${prefix}W`, `${word}watt`);
  define("frequency", factor, `${prefix}Hz`, `${word}hertz`);
  define("joule", factor, `${prefix}J`, `${word}joule`);
}
define("energy", 1, "Wh");
define("power", 1, "W", "watt");
define("power", 1e-3, "mW", "milliwatt");
define("frequency", 1, "Hz", "hertz");
define("joule", 1, "J", "joule");
define("calorie", 1, "cal", "calorie kalorie");
define("calorie", 1e3, "kcal", "kilocalorie kilokalorie");
define("voltage", 1, "V", "volt");
define("voltage", 1e3, "kV", "kilovolt");
define("voltage", 1e-3, "mV", "millivolt");
define("current", 1, "", "ampere amp");
define("current", 1e-3, "mA", "milliampere");

define("length", 1e-9, "nm", "nanometre nanometer");
define("length", 1e-6, "μm", "micrometre micrometer mikrometer");
define("length", 1e-3, "mm", "millimetre millimeter");
define("length", 1e-2, "cm", "centimetre centimeter zentimeter");
define("length", 1, "m", "metre meter");
define("length", 1e3, "km", "kilometre kilometer");
define("imperial length", 1, "", "inch inche zoll");
define("imperial length", 12, "ft", "foot feet fuß");
define("imperial length", 36, "yd", "yard");
define("imperial length", 63_360, "mi", "mile meile");
define("area", 1e-6, "mm^2", "square_millimetre square_millimeter quadratmillimeter");
define("area", 1e-4, "cm^2", "square_centimetre square_centimeter quadratzentimeter");
define("area", 1, "m^2 square_m", "square_metre square_meter quadratmeter qm");
define("area", 1e4, "ha", "hectare hektar");
define("area", 1e6, "km^2 square_km", "square_kilometre square_kilometer quadratkilometer qkm");
define("square miles", 1, "", "square_mile quadratmeile");
define("acres", 1, "", "acre");
define("square feet", 1, "square_ft", "square_foot square_feet");
define("volume", 1e-3, "ml mL", "millilitre milliliter");
define("volume", 1e-2, "cl", "centilitre centiliter");
define("volume", 1, "l L", "litre liter");
define("volume", 100, "hl", "hectolitre hectoliter hektoliter");
define("volume", 1000, "m^3", "kubikmeter cubic_metre cubic_meter");
define("gallons", 1, "gal", "gallon gallone");
define("barrels", 1, "", "barrel");
define("mass", 1e-6, "μg mcg", "microgram mikrogramm");
define("mass", 1e-3, "mg", "milligram milligramm");
define("mass", 1, "g", "gram gramm gramme");
define("mass", 1e3, "kg", "kilogram kilogramm kilo");
define("mass", 1e6, "t", "tonne");
define("tons", 1, "", "ton");
define("ounces", 1, "oz", "ounce unze");
define("pressure", 1, "Pa", "pascal");
define("pressure", 100, "hPa mbar", "hectopascal hektopascal millibar");
define("pressure", 1e3, "kPa", "kilopascal");
define("pressure", 1e5, "bar");
define("psi", 1, "psi");
define("mmHg", 1, "mmHg");
define("celsius", 1, "°C", "degrees_celsius degree_celsius grad_celsius celsius");
define("fahrenheit", 1, "°F", "degrees_fahrenheit degree_fahrenheit grad_fahrenheit fahrenheit");
define("miles per hour", 1, "mph");
define("length/time 3600", 1e3, "kmh");

define("percent", 1, "%", "percent prozent pct");
define("percentage points", 1, "", "percentage_point prozentpunkt");
define("percentage points", 0.01, "bp bps", "basis_point basispunkt");

define("dollar", 1, "$ US$ USD", "dollar us_dollar");
define("canadian dollar", 1, "C$ CAD");
define("australian dollar", 1, "A$ AUD");
define("euro", 1, "€ EUR", "euro");
/** Pounds may be money or mass: a text has one of them. */
define("pound", 1, "£ GBP lb lbs", "pound pfund");
define("yen", 1, "¥ JPY", "yen");
define("franc", 1, "CHF", "franc franken");
define("yuan", 1, "CNY RMB", "yuan renminbi");
define("rupee", 1, "₹ INR", "rupee rupie");
define("rouble", 1, "₽ RUB", "rouble ruble rubel");
define("krona", 1, "SEK", "krona kronor krone kroner krone");
define("cent", 1, "¢", "cent");

const PHRASES: [RegExp, string][] = [
  [/\bper cent\b/gi, "percent"],
  [/\b(percentage|basis)[ -](?=points?\b)/gi, "$1_"],
  [/\b(?:square|sq\.?) (?=\p{L})/giu, "square_"],
  [/\bcubic (?=met(?:re|er)s?\b)/gi, "cubic_"],
  [/\b(degrees?|grad) (?=celsius|fahrenheit)/gi, "$1_"],
  [/° (?=[CF]\b)/g, "°"],
  [/\bU\.?S\.? (?=dollars?\b)/g, "us_"],
  [/(\d)[ -]?(?:times|mal)(?![\p{L}])/gu, "$1 ×"],
];

/** Writes units of several words as one: "per cent", "square kilometres", "degrees Celsius". */
export function joinUnitWords(text: string): string {
  return PHRASES.reduce((joined, [phrase, word]) => joined.replace(phrase, word), text);
}

/** The unit with a name or symbol; null if there is none. Case counts for symbols: Mb is not MB. */
export function findUnit(name: string): Unit | null {
  const symbol = SYMBOLS.get(name);
  if (symbol !== undefined) return symbol;
  if (name.length < 3) return null;
  const word = name.toLowerCase();
  for (const ending of ENDINGS) {
    const unit = word.endsWith(ending) ? WORDS.get(word.slice(0, word.length - ending.length)) : undefined;
    if (unit !== undefined) return unit;
  }
  return word.endsWith("ies") ? (WORDS.get(`${word.slice(0, -3)}y`) ?? null) : null;
}

/** Of plurals and cases. */
const ENDINGS = ["", "s", "es", "n", "e", "en"];
