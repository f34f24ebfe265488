import { normalizeUnicode } from "./unicode-normalization.js";

/*
 * Tokenizer for search and comparison: lower case, light stemming, compound identifiers split.
 */

/** Scripts without spaces between words, which need the dictionary of Intl.Segmenter. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const WORD = /[\p{L}\p{N}_$](?:[\p{L}\p{N}\p{M}_$]|['’.\-+#](?=[\p{L}\p{N}_$]))*(?:\+\+|#)?/gu;

/** Made when it is first needed: making it takes as long as thousands of words. */
let segmenter: Intl.Segmenter | undefined;

/**
 * Words without a topic of their own, mainly in English questions. They are never searched for.
 */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    "a about according after all also although am an and another any are aren't as at be because been before being both but by " +
    "can can't cannot could did didn't do does doesn't doing don't done down during each either else ever every few for " +
    "from further get gets got had has have having he her here hers him his how however i if in into is isn't it its " +
    "it's itself just kind let like made make makes many may me might mine more most much must my neither no nor not now of " +
    "off on once one only onto or other our out over own per please same shall she should since so some still such tell than that " +
    "the their them then there these they this those through thus to too under until up upon us use used uses using very via was " +
    "i'd i'll i'm i've you'd you'll you're you've we'd we'll we're we've they'd they'll they're they've that's there's " +
    "let's who's wasn't weren't hasn't haven't hadn't shouldn't wouldn't couldn't " +
    "way we were what whats what's when where whether which while who whom whose why will with within without won't would yet you your"
  ).split(" "),
);

/** A word with its position, [start, end) in UTF-16 units. */
export interface Word {
  text: string;
  start: number;
  end: number;
}

/** The words of a text as written, in order, without punctuation. */
export function splitWords(text: string): Word[] {
  const found: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    const word = match[0];
    if (!UNSPACED.test(word)) {
      found.push({ text: word, start: match.index, end: match.index + word.length });
      continue;
    }
    segmenter ??= new Intl.Segmenter(undefined, { granularity: "word" });
    for (let at = 0; at < word.length;) {
      const slice = sliceAt(word, at);
      for (const { segment, index, isWordLike } of segmenter.segment(slice)) {
        if (isWordLike !== true) continue;
        const start = match.index + at + index;
        found.push({ text: segment, start, end: start + segment.length });
      }
      at += slice.length;
    }
  }
  return found;
}

/** Number of characters to segment at once: every segment holds a copy of the whole input. */
const SLICE = 2000;

function sliceAt(text: string, at: number): string {
  // Do not split a surrogate pair.
  const isHalved = /[\ud800-\udbff]/.test(text.charAt(at + SLICE - 1));
  return text.slice(at, at + SLICE + (isHalved ? 1 : 0));
}

/** The words of a text without positions, which is much faster. */
function listWords(text: string): string[] {
  return UNSPACED.test(text) ? splitWords(text).map((word) => word.text) : (text.match(WORD) ?? []);
}

/**
 * The terms of a text for indexing or comparison: each word folded and stemmed, and for identifiers (`maxRetries`,
 * `max_retries`, `--max-retries`) also their parts.
 */
export function tokenize(text: string): string[] {
  const terms: string[] = [];
  for (const word of listWords(text)) terms.push(...termsOfWord(word));
  return terms;
}

/** Like `tokenize`, without stop words unless there is nothing else. */
export function contentTerms(text: string): string[] {
  const terms: string[] = [];
  for (const word of listWords(text)) {
    if (!STOP_WORDS.has(word.toLowerCase().replaceAll("’", "'"))) terms.push(...termsOfWord(word));
  }
  return terms.length > 0 ? terms : tokenize(text);
}

/** The terms of one word: the word itself and, for a compound, its parts. */
export function termsOfWord(word: string): readonly string[] {
  const known = termsByWord.get(word);
  if (known !== undefined) return known;
  const terms = makeTerms(word);
  if (termsByWord.size >= REMEMBERED) termsByWord.clear();
  termsByWord.set(word, terms);
  return terms;
}

/** Cache, since texts repeat the same few thousand words. */
const termsByWord = new Map<string, readonly string[]>();
const REMEMBERED = 50_000;

function makeTerms(word: string): string[] {
  const parts = partsOf(word);
  const whole = foldCase(parts.length === 1 ? (parts[0] ?? word) : word);
  if (parts.length < 2) return [stem(whole)];
  return [...new Set([whole, ...parts.map((part) => stem(foldCase(part)))])];
}

function partsOf(word: string): string[] {
  const bare = word.replace(/['’]s$/i, "");
  return (
    bare
      // The plural of an acronym, as in "URLs" and "listIDs", is one part.
      .split(/[-_.$'’]+|(?<=\p{Ll}|\p{N})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}(?!s(?!\p{Ll}))\p{Ll})/u)
      .filter((part) => part !== "")
  );
}

const ASCII = /^[!-~]*$/;

/** Lower case, without accents, in one Unicode form. */
export function foldCase(word: string): string {
  if (ASCII.test(word)) return word.toLowerCase();
  const bare = normalizeUnicode(word, "NFKD").replace(/(\p{Script=Latin})\p{M}+/gu, "$1");
  return normalizeUnicode(bare, "NFC").toLowerCase().replaceAll("ß", "ss");
}

/**
 * The first step of English stemming (plurals, -ed, -ing, final y and e): enough for "configured" to match "configure",
 * without merging different words. Words of other scripts stay unchanged.
 */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let base = word;
  if (base.endsWith("sses")) base = base.slice(0, -2);
  else if (/(?:ies|ied)$/.test(base)) base = `${base.slice(0, -3)}y`;
  else if (/(?:xes|ches|shes)$/.test(base)) base = base.slice(0, -2);
  else if (/[^aius]s$/.test(base)) base = base.slice(0, -1);
  if (base.length > 5 && /(?:ing|ed)$/.test(base)) {
    const cut = base.replace(/(?:ing|ed)$/, "");
    if (/[aeiouy]/.test(cut) && cut.length > 2) base = /([bdfgmnprt])\1$/.test(cut) ? cut.slice(0, -1) : cut;
  }
  if (base.length > 6 && base.endsWith("ly")) base = base.slice(0, -2);
  if (base.length > 4 && base.endsWith("e")) base = base.slice(0, -1);
  return base.length > 3 && base.endsWith("y") ? `${base.slice(0, -1)}i` : base;
}
