/*
 * Entries: items of lists that begin with the name of what they are about, as an option, a flag, a directive or a term.
 */

/** Only so much of an item is looked at. */
const MAX_LOOK = 400;
const MAX_NAME_WORDS = 10;
const BULLET = /^\s*[-*+•]\s+/;
/** Names in code, or one in quotation marks. */
const CODE = /^`[^`\n]{1,120}`(?:(?:,| or| \/| \|) `[^`\n]{1,120}`){0,8}/;
const QUOTED = /^["“']([^"”'\n]{2,60})["”'](?=\s?[.:–—])/;
/** A name as programs have them, and its type, value or explanation behind it. */
const IDENTIFIER = /^(-{0,2}[\p{L}$_@][\p{L}\p{N}\w$@./=-]{1,80})(?=\s(?:`|\(|\{|<[a-z]|\[|[-–—]\s))/u;

/**
 * The name of the thing that an item of a list explains: "`--force`" of "- `--force`: Overwrites files.", "maxAge" of
 * "- maxAge `number` - How long …".
 * @returns null for text that is no item, and for items that begin with a sentence
 */
export function entryName(item: string): string | null {
  const mark = BULLET.exec(item.slice(0, 40))?.[0];
  if (mark === undefined) return null;
  const text = item.slice(mark.length, mark.length + MAX_LOOK);
  const code = CODE.exec(text)?.[0];
  if (code !== undefined) return code.replaceAll("`", "");
  return termIn(text) ?? QUOTED.exec(text)?.[1] ?? IDENTIFIER.exec(text)?.[1] ?? null;
}

/** The names that a part of a text explains: that of its heading, if it is one, and those of the entries in it. */
export function namesIn(heading: string, text: string): string[] {
  const own = heading.slice(heading.lastIndexOf(" > ") + 1).replace(/^> /, "");
  const entries = text.split("\n").flatMap((line) => entryName(line) ?? []);
  return isNameHeading(own) ? [own, ...entries] : entries;
}

/**
 * Whether a heading is the name of an option, flag, directive or function rather than a phrase: `prefixUrl`,
 * "--exclude=PATTERN", "Restart=".
 * @param heading its text with the marks of its code
 */
export function isNameHeading(heading: string): boolean {
  const text = heading.trim().slice(0, MAX_LOOK);
  if (/^`[^`]+`(?:,? `[^`]+`)*(?:$|\s?[[(<])/.test(text) || /^--?[\p{L}\d]/u.test(text)) return true;
  const [first = "", second] = text.split(/\s+/, 2);
  if (/^[\p{L}\w.:$-]+=/u.test(first)) return true;
  return second === undefined && (/^\p{Ll}/u.test(first) || /\p{Ll}\p{Lu}|[_.(]/u.test(first));
}

/** What stands before the first colon, if that is no sentence. */
function termIn(text: string): string | null {
  const [line = ""] = text.split("\n", 1);
  const at = line.search(/:(?=\s|$)/);
  if (at < 1) return null;
  const name = line.slice(0, at).trim();
  // A flag may name several forms, and their values.
  const isFlag = name.startsWith("-");
  const isSentence = /[.!?;]\s/.test(name) || name.split(/\s+/).length > MAX_NAME_WORDS;
  return !isFlag && isSentence ? null : name;
}
