import { findAcronyms } from "../../core/text/acronyms.js";
import { asksForChanges } from "../../core/text/question-scope.js";
import { foldCase, splitWords } from "../../core/text/tokenize.js";
import { removeTrailingDelimited } from "../../core/text/linear-search.js";

/*
 * From passages that hold words of a question to files that are worth reading.
 */

export interface IndexedHit {
  file: string;
  title: string;
}

/** What a shard of the index found in a file. */
export interface RankedPassage extends IndexedHit {
  score: number;
  /** The text of its best passage, for the best files of a shard; null for the others. */
  passage: string | null;
}

/** How much each field of a passage says: BM25's weights. */
export const FIELD_WEIGHTS = { title: 0.3, heading: 1, text: 1 } as const;

/** A hit far below the best shares only common words with the question; reading it wastes a source. */
const WORTH_READING = 0.3;
/** Hits that are given whatever their score. */
const WORTH_A_LOOK = 4;
/** How many of the best hits have a say in what else is worth reading. */
export const MENTIONING_HITS = 4;
/** The share of its own score that a hit gives to a file it names. */
const MENTIONED = 0.35;
/** Words of the longest title that is looked for. */
const LONGEST_TITLE = 8;

/** What is searched for: the query's words and, where they are others, the question's, and the initials of its phrases. */
export function searchTerms({ question, query }: { question: string; query: string }): string {
  const asked = query === question ? query : `${query} ${question}`;
  // The notes on a release do not call themselves new, nor the latest.
  const notes = asksForChanges(question) ? ["changelog changes release notes"] : [];
  return [asked, ...notes, ...findAcronyms(question)].join(" ");
}

/** A file's title as it is indexed: with the words of its name. */
export function titleToIndex(path: string, title: string): string {
  const name = path.replace(/\.\w+$/, "").replace(/[/_.-]+/g, " ");
  return title === path ? name : `${title} ${name}`;
}

/** A file's score by those of its best passages, best first. */
export function scoreFile(path: string, [best = 0, second = 0, third = 0]: number[]): number {
  return (best + 0.1 * second + 0.05 * third) * weightOf(path);
}

/**
 * The files worth reading, best first.
 * @param mentioned the files that each of some texts speaks of by title
 */
export async function rankFiles(
  found: RankedPassage[],
  mentioned: (texts: string[]) => Promise<IndexedHit[][]>,
  limit: number,
): Promise<IndexedHit[]> {
  const byScore = (x: RankedPassage, y: RankedPassage): number =>
    y.score - x.score || (x.file < y.file ? -1 : 1);
  const ranked = new Map(found.map((each) => [each.file, { ...each }]));
  // What the best hits speak of by name is often where the answer goes on.
  const top = found.toSorted(byScore).slice(0, MENTIONING_HITS);
  const named = await mentioned(top.map(({ passage }) => passage ?? ""));
  for (const [rank, { file, score }] of top.entries()) {
    for (const other of named[rank] ?? []) {
      if (other.file === file) continue;
      const known = ranked.get(other.file) ?? { ...other, score: 0, passage: null };
      known.score += MENTIONED * score * weightOf(other.file);
      ranked.set(other.file, known);
    }
  }
  const all = [...ranked.values()].sort(byScore);
  const floor = (all[0]?.score ?? 0) * WORTH_READING;
  return all
    .filter(({ score }, rank) => score >= floor || rank < WORTH_A_LOOK)
    .slice(0, limit)
    .map(({ file, title }) => ({ file, title }));
}

/** What a file is known by in other texts: a title of two words and more, or a single word that is a name. */
export function mentionName(path: string, title: string): string | null {
  if (title === path) return null;
  const bare = removeTrailingDelimited(title, "(", ")");
  const name = nameWords(bare);
  const isName = name.length > 1 || /^\p{Lu}\S{3,}$/u.test(bare);
  return isName && name.length <= LONGEST_TITLE ? name.join(" ") : null;
}

/** The names, as `nameOf` makes them, that stand in a text. */
export function findMentionedNames(text: string, isName: (name: string) => boolean): Set<string> {
  const found = new Set<string>();
  const all = splitWords(text).map(({ text: word }) => ({ word, folded: foldedWord(word) }));
  for (const [first, { word }] of all.entries()) {
    let name = "";
    for (const [at, { folded }] of all.slice(first, first + LONGEST_TITLE).entries()) {
      name = at === 0 ? folded : `${name} ${folded}`;
      if (isName(name) && (at > 0 || /^\p{Lu}/u.test(word))) found.add(name);
    }
  }
  return found;
}

function nameWords(text: string): string[] {
  return splitWords(text).map(({ text: word }) => foldedWord(word));
}

function foldedWord(word: string): string {
  return foldCase(word.replace(/['’]s$/, ""));
}

/** A folder or an ending of a name that says that a document is a translation: "docs/zh-cn/…", "README.ja.md". */
const TRANSLATION =
  /(?:^|\/)(?:i18n|l10n|locales?|translations?|(?:de|fr|es|it|pt|ru|zh|ja|jp|ko|kr|pl|tr|vi|uk|cs|nl|sv|fi|da|nb|hu|ro|el|he|ar|fa|hi|th)(?:[-_][a-z]{2,4})?)\/|[._-](?:de|fr|es|it|pt|ru|zh|ja|jp|ko|kr|pl|tr|vi|uk|cs|nl|sv|fi|da|nb|hu|ro|el|he|ar|fa|hi|th)(?:[-_][a-z]{2,4})?\.\w{2,8}$/i;

/** Documents answer questions more often than code does, and code more often than its tests. */
function weightOf(path: string): number {
  const isDocument = /\.(?:md|markdown|mdx|rst|adoc|txt|html?|xhtml)$/i.test(path);
  let weight = isDocument || !/\.\w+$/.test(path) ? 1 : 0.8;
  if (/\.(?:json|ya?ml|toml|ini|cfg|xml|lock)$/i.test(path)) weight *= 0.8;
  if (
    /(?:^|\/)(?:tests?|__tests__|specs?|fixtures?|testdata|mocks?|__mocks__|snapshots?)\/|[._-](?:test|spec)s?\.\w+$/i.test(
      path,
    )
  )
    weight *= 0.5;
  if (
    /(?:^|\/)(?:change(?:s|log)|history|news|releases?|release[-_]?notes|relnotes|blog|licen[cs]e|copying|authors|contributors|code_of_conduct)(?:[^/]*$|\/)/i.test(
      path,
    )
  )
    weight *= 0.6;
  // A question in its language has words that only the translation holds.
  if (isDocument && TRANSLATION.test(path)) weight *= 0.6;
  if (
    /(?:^|\/)(?:generated|gen|third[-_]party|examples?)\/|\.(?:generated|g|pb)\.\w+$|\.d\.[cm]?ts$/i.test(
      path,
    )
  )
    weight *= 0.85;
  return weight;
}
