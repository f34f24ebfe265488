/*
 * The engine speaks English: its errors, notices and steps are plain sentences with values in them, as the terminal
 * and the journal have them. The window says them in its own language, from the same bundle as everything else.
 *
 * An entry of the engine is an English template with {0} {1} for its values, and behind it ENGINE, the form that
 * VS Code has for a key with a comment. A text is taken apart by the templates that it fits; the values are put
 * into the German one. Values and sentences are texts themselves: an error behind "Searching the web failed: " is
 * said in German, too. What fits nothing stays English. Of several ways to read a text, the one counts that knows
 * most of its letters.
 *
 * test/unit/package/engine-messages.test.ts finds what the engine can say in its source, and holds that all of it is there.
 */

/** Marks an entry of the engine in the bundle. */
export const ENGINE_MARK = "/engine";

/**
 * A template with fewer letters than this within a text is not enough to know it by: it would read "How to begin" as
 * "{0} to {1}". It counts where all of its values are numbers, or known themselves.
 */
const TELLING = 8;
/** The same for a whole text, which is the engine's. */
const TELLING_ALONE = 5;
/** Longer than any sentence of ours. */
const LONGEST = 2000;
/** Nothing of ours has more sentences and pieces; what has more is somebody's text. */
const MOST_GAPS = 30;
/** Texts whose translation is remembered: a step's label is asked for again and again. */
const REMEMBERED = 300;

/** A number or a price, as the engine writes them. */
const NUMBER = /^(\$?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/;

interface Template {
  /** Its longest piece of text: what does not hold it is not looked at closer. */
  piece: string;
  pattern: RegExp;
  /** Which value each group of the pattern is. */
  values: number[];
  /** How many of its letters are ours. */
  known: number;
  said: string;
}

interface Reading {
  text: string;
  known: number;
}

const UNKNOWN: Reading = { text: "", known: -1 };

/**
 * Opens the engine's texts in one language.
 * @param bundle what VS Code loaded for the window's language; empty for English
 * @param language for numbers within the texts
 * @returns says a text of the engine in that language, as far as it is known
 */
export function openMessageCatalog(
  bundle: Record<string, string>,
  language: string,
): (text: string) => string {
  const templates = Object.entries(bundle)
    .filter(([key]) => key.endsWith(ENGINE_MARK))
    .map(([key, said]) => templateOf(key.slice(0, -ENGINE_MARK.length), said));
  const remembered = new Map<string, string>();
  if (templates.length === 0) return (text) => text;

  return (text) => {
    if (text.length > LONGEST) return text;
    const before = remembered.get(text);
    if (before !== undefined) return before;
    const { text: said } = read(text, new Map(), TELLING_ALONE);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(text, said);
    return said;
  };

  /** The reading of a text that knows most of it: as one template, or as sentences one behind the other. */
  function read(text: string, within: Map<string, Reading>, telling = TELLING): Reading {
    const known = within.get(text);
    if (known !== undefined) return known;
    const plain = { text: localNumber(text, language), known: 0 };
    // Until it is read it counts as unknown, so that nothing is read within itself.
    within.set(text, plain);
    let best: Reading = plain;
    const offer = (reading: Reading): void => {
      if (reading.known > best.known) best = reading;
    };
    for (const template of templates) {
      if (!text.includes(template.piece)) continue;
      const values = template.pattern.exec(text)?.slice(1);
      if (values !== undefined) offer(fill(template, values, within, telling));
    }
    // As sentences, or as a name and what is said of it: "docs/x.md: …", "https://… holds no text".
    // eslint-disable-next-line redos/no-vulnerable -- the text is at most LONGEST characters
    const gaps = [...text.matchAll(/(?<=[.!?…)”:])\s+|\s+(?=\()|(?<=^\S+)\s+/g)];
    for (const { index, 0: gap } of gaps.length <= MOST_GAPS ? gaps : []) {
      const [first, second] = [text.slice(0, index), text.slice(index + gap.length)].map((part) =>
        read(part, within),
      );
      if (first === undefined || second === undefined) continue;
      offer({ text: `${first.text}${gap}${second.text}`, known: first.known + second.known });
    }
    if (/.[.:]$/.test(text)) {
      const { text: said, known } = read(text.slice(0, -1), within);
      offer({ text: said + text.slice(-1), known });
    }
    // A sentence may stand in brackets, without its full stop.
    if (/[\p{L})”]$/u.test(text)) {
      const { text: said, known } = read(`${text}.`, within);
      offer({ text: said.replace(/\.$/, ""), known });
    }
    within.set(text, best);
    return best;
  }

  function fill(template: Template, found: string[], within: Map<string, Reading>, telling: number): Reading {
    const values = template.values.map((value, group) => {
      const whole = found[group] ?? "";
      const text = whole.trim();
      const before = text === "" ? whole : whole.slice(0, whole.length - whole.trimStart().length);
      const after = text === "" ? "" : whole.slice(whole.trimEnd().length);
      const reading = read(text, within);
      const isSure = reading.known > 0 || NUMBER.test(text);
      return { value, said: before + reading.text + after, known: reading.known, isSure };
    });
    if (template.known < telling && !values.every(({ isSure }) => isSure)) return UNKNOWN;
    const known = values.reduce((sum, each) => sum + each.known, template.known);
    return {
      text: format(template.said, (index) => values.find(({ value }) => value === index)?.said ?? ""),
      known,
    };
  }
}

function templateOf(english: string, said: string): Template {
  const values: number[] = [];
  const pieces = english.split(/(\{\d+\})/).map((piece) => {
    const value = /^\{(\d+)\}$/.exec(piece)?.[1];
    if (value === undefined) return piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    values.push(Number(value));
    return "([^]*?)";
  });
  const known = english.replace(/\{\d+\}|\s/g, "").length;
  const [piece = ""] = english.split(/\{\d+\}/).sort((a, b) => b.length - a.length);
  return { piece, pattern: new RegExp(`^${pieces.join("")}$`), values, known, said };
}

function format(template: string, value: (index: number) => string): string {
  return template.replace(/\{(\d+)\}/g, (_, index: string) => value(Number(index)));
}

/** A value that is a number with thousands or a price, as the language writes it. */
function localNumber(text: string, language: string): string {
  const [, dollar, digits, fraction] = NUMBER.exec(text) ?? [];
  // A bare number may be a line, a year, a version or a code: it stays.
  if (digits === undefined || (dollar === "" && !digits.includes(","))) return text;
  const places = fraction?.length ?? 0;
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
    ...(dollar === "$" ? { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol" } : {}),
  }).format(Number(`${digits.replaceAll(",", "")}.${fraction ?? "0"}`));
}
