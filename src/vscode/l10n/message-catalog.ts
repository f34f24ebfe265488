/*
 * The engine produces English texts: errors, notices and steps are sentences with values in them, as the
 * terminal and the journal show them. The window translates them with the same bundle as its own texts.
 *
 * An entry for the engine is an English template with {0} {1} for its values, followed by ENGINE_MARK, the form
 * in which VS Code writes a key with a comment. A text is matched against the templates, and its values are
 * inserted into the translated template. Values and sentences are translated recursively: an error after
 * "Searching the web failed: " is translated, too. Text that matches nothing stays English. If a text can be
 * read in several ways, the reading that recognizes the most characters is used.
 *
 * test/unit/package/engine-messages.test.ts finds the engine's texts in its source and checks that the bundle
 * has all of them.
 */

/** Marks an engine entry in the bundle. */
export const ENGINE_MARK = "/engine";

/**
 * A template with fewer characters than this is too weak to identify part of a text: it would read "How to
 * begin" as "{0} to {1}". It counts only if all its values are numbers or recognized themselves.
 */
const TELLING = 8;
/** The same limit for a whole text, which is known to be the engine's. */
const TELLING_ALONE = 5;
/** Longer than any text of the engine. */
const LONGEST = 2000;
/** More sentences and parts than any text of the engine has. */
const MOST_GAPS = 30;
/** Number of cached translations: a step's label is requested again and again. */
const REMEMBERED = 300;

/** A number or a price, as the engine writes them. */
const NUMBER = /^(\$?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/;

interface Template {
  /** Its longest literal part, for a quick check before the pattern is tried. */
  piece: string;
  pattern: RegExp;
  /** The value number of each group of the pattern. */
  values: number[];
  /** Number of recognized characters. */
  known: number;
  translation: string;
}

interface Reading {
  text: string;
  known: number;
}

const UNKNOWN: Reading = { text: "", known: -1 };

/**
 * Opens the engine's texts in one language.
 * @param bundle what VS Code loaded for the window's language; empty for English
 * @param language for numbers in the texts
 * @returns a function that translates a text as far as it is recognized
 */
export function openMessageCatalog(
  bundle: Record<string, string>,
  language: string,
): (text: string) => string {
  const templates = Object.entries(bundle)
    .filter(([key]) => key.endsWith(ENGINE_MARK))
    .map(([key, translation]) => createTemplate(key.slice(0, -ENGINE_MARK.length), translation));
  const remembered = new Map<string, string>();
  if (templates.length === 0) return (text) => text;

  return (text) => {
    if (text.length > LONGEST) return text;
    const before = remembered.get(text);
    if (before !== undefined) return before;
    const { text: translated } = read(text, new Map(), TELLING_ALONE);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(text, translated);
    return translated;
  };

  /** The reading that recognizes most of a text: as one template, or as a sequence of sentences. */
  function read(text: string, within: Map<string, Reading>, telling = TELLING): Reading {
    const known = within.get(text);
    if (known !== undefined) return known;
    const plain = { text: localNumber(text, language), known: 0 };
    // Until the text is read it counts as unrecognized, which prevents infinite recursion.
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
    // As sentences, or as a name and a statement about it: "docs/x.md: …", "https://… holds no text".
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
    // A sentence may be in parentheses without its full stop.
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
      text: format(template.translation, (index) => values.find(({ value }) => value === index)?.said ?? ""),
      known,
    };
  }
}

function createTemplate(english: string, translation: string): Template {
  const values: number[] = [];
  const pieces = english.split(/(\{\d+\})/).map((piece) => {
    const value = /^\{(\d+)\}$/.exec(piece)?.[1];
    if (value === undefined) return piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    values.push(Number(value));
    return "([^]*?)";
  });
  const known = english.replace(/\{\d+\}|\s/g, "").length;
  const [piece = ""] = english.split(/\{\d+\}/).sort((a, b) => b.length - a.length);
  return { piece, pattern: new RegExp(`^${pieces.join("")}$`), values, known, translation };
}

function format(template: string, value: (index: number) => string): string {
  return template.replace(/\{(\d+)\}/g, (_, index: string) => value(Number(index)));
}

/** Formats a number with thousands separators, or a price, for the language. */
function localNumber(text: string, language: string): string {
  const [, dollar, digits, fraction] = NUMBER.exec(text) ?? [];
  // A bare number may be a line, a year, a version or a code, so it is not changed.
  if (digits === undefined || (dollar === "" && !digits.includes(","))) return text;
  const places = fraction?.length ?? 0;
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
    ...(dollar === "$" ? { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol" } : {}),
  }).format(Number(`${digits.replaceAll(",", "")}.${fraction ?? "0"}`));
}
