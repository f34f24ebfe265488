import MiniSearch from "minisearch";
import { formatOf } from "../../research/read.js";
import { passages } from "../../research/passages.js";
import { RANKING } from "../../research/rank.js";
import type { Question } from "../../research/schema.js";
import { fold, words } from "../../research/words.js";
import type { WorkspaceFile } from "./files.js";

export interface IndexedHit {
  file: string;
  title: string;
}

export interface WorkspaceIndex {
  /** The files that hold words of the question, best first, at most `limit`. */
  search(question: Pick<Question, "question" | "query">, limit: number): IndexedHit[];
}

interface Entry {
  id: number;
  file: number;
  title: string;
  heading: string;
  text: string;
}

/** A hit far below the best shares only common words with the question; reading it wastes a source. */
const WORTH_READING = 0.3;
/** Hits that are given whatever their score. */
const WORTH_A_LOOK = 4;

/**
 * Indexes files by passage. Works in slices, so that the process stays responsive.
 *
 * @param read a file's title and text, or null where it has none
 * @throws AbortError when cancelled
 */
export async function indexFiles(
  files: WorkspaceFile[],
  read: (file: string) => Promise<{ title: string; text: string } | null>,
  signal: AbortSignal,
): Promise<WorkspaceIndex> {
  const titles: string[] = [];
  const index = new MiniSearch<Entry>({
    fields: ["title", "heading", "text"],
    storeFields: ["file"],
    ...RANKING,
  });
  const texts: string[] = [];
  let since = performance.now();
  for (const [file, { path }] of files.entries()) {
    const found = await read(path);
    titles.push(found?.title ?? path);
    if (found === null) continue;
    const title = found.title === path ? nameWords(path) : `${found.title} ${nameWords(path)}`;
    for (const passage of passages(found.text, formatOf({ kind: "workspace", path }))) {
      index.add({ id: texts.length, file, title, heading: passage.heading, text: passage.text });
      texts.push(passage.text);
      if (performance.now() - since > 20) {
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
        since = performance.now();
      }
    }
  }
  const mentions = mentionsOf(files, titles);
  return {
    search({ question, query }, limit) {
      const found = new Map<number, { scores: number[]; best: number }>();
      const words = query === question ? query : `${query} ${question}`;
      const options = { boost: { title: 0.5, heading: 0.5 }, bm25: { k: 1.5, b: 0.7, d: 0.5 } };
      for (const hit of index.search(words, options)) {
        const file = hit["file"] as number;
        const known = found.get(file);
        if (known === undefined) found.set(file, { scores: [hit.score], best: hit.id as number });
        else known.scores.push(hit.score);
      }
      const scores = new Map<number, number>();
      for (const [
        file,
        {
          scores: [best = 0, second = 0, third = 0],
        },
      ] of found) {
        scores.set(file, (best + 0.1 * second + 0.05 * third) * weightOf(files[file]?.path ?? ""));
      }
      // What the best hits speak of by name is often where the answer goes on.
      const top = [...scores].sort((x, y) => y[1] - x[1]).slice(0, SPEAKING);
      for (const [file, score] of top) {
        const passage = texts[found.get(file)?.best ?? -1] ?? "";
        for (const other of mentions(passage)) {
          if (other === file) continue;
          const share = MENTIONED * score * weightOf(files[other]?.path ?? "");
          scores.set(other, (scores.get(other) ?? 0) + share);
        }
      }
      const ranked = [...scores]
        .map(([file, score]) => ({ file, path: files[file]?.path ?? "", score }))
        .sort((x, y) => y.score - x.score || (x.path < y.path ? -1 : 1));
      const floor = (ranked[0]?.score ?? 0) * WORTH_READING;
      return ranked
        .filter(({ score }, rank) => score >= floor || rank < WORTH_A_LOOK)
        .slice(0, limit)
        .map(({ file, path }) => ({ file: path, title: titles[file] ?? path }));
    },
  };
}

/** How many of the best hits have a say in what else is worth reading. */
const SPEAKING = 4;
/** The share of its own score that a hit gives to a file it names. */
const MENTIONED = 0.35;
/** Words of the longest title that is looked for. */
const LONGEST_TITLE = 8;

/** Finds the files whose title stands in a text: titles of two words and more, and single words that are names. */
function mentionsOf(files: WorkspaceFile[], titles: string[]): (text: string) => Set<number> {
  const named = new Map<string, number>();
  for (const [file, title] of titles.entries()) {
    const bare = title.replace(/\s*\([^)]*\)\s*$/, "");
    const key = namedWords(bare);
    const isName = key.length > 1 || /^\p{Lu}\S{3,}$/u.test(bare);
    if (title === files[file]?.path || !isName || key.length > LONGEST_TITLE) continue;
    if (!named.has(key.join(" "))) named.set(key.join(" "), file);
  }
  return (text) => {
    const found = new Set<number>();
    const all = words(text).map(({ text: word }) => word);
    for (let first = 0; first < all.length; first++) {
      for (let length = 1; length <= LONGEST_TITLE && first + length <= all.length; length++) {
        const file = named.get(namedWords(all.slice(first, first + length).join(" ")).join(" "));
        if (file === undefined || (length === 1 && !/^\p{Lu}/u.test(all[first] ?? ""))) continue;
        found.add(file);
      }
    }
    return found;
  };
}

function namedWords(text: string): string[] {
  return words(text).map(({ text: word }) => fold(word.replace(/['’]s$/, "")));
}

function nameWords(path: string): string {
  return path.replace(/\.\w+$/, "").replace(/[/_.-]+/g, " ");
}

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
    /(?:^|\/)(?:change(?:s|log)|history|news|releases?|release[-_]notes|licen[cs]e|copying|authors|contributors|code_of_conduct)[^/]*$/i.test(
      path,
    )
  )
    weight *= 0.6;
  if (
    /(?:^|\/)(?:generated|gen|third[-_]party|examples?)\/|\.(?:generated|g|pb)\.\w+$|\.d\.[cm]?ts$/i.test(
      path,
    )
  )
    weight *= 0.85;
  return weight;
}
