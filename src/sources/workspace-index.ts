import MiniSearch from "minisearch";
import { formatOf } from "../research/gather.js";
import { passages } from "../research/passages.js";
import { RANKING } from "../research/rank.js";
import type { Question } from "../research/schema.js";
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
  let id = 0;
  let since = performance.now();
  for (const [file, { path }] of files.entries()) {
    const found = await read(path);
    titles.push(found?.title ?? path);
    if (found === null) continue;
    const title = found.title === path ? nameWords(path) : `${found.title} ${nameWords(path)}`;
    for (const passage of passages(found.text, formatOf({ kind: "workspace", path }))) {
      index.add({ id: id++, file, title, heading: passage.heading, text: passage.text });
      if (performance.now() - since > 20) {
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
        since = performance.now();
      }
    }
  }
  return {
    search({ question, query }, limit) {
      const scores = new Map<number, number[]>();
      const words = query === question ? query : `${query} ${question}`;
      for (const hit of index.search(words, {
        boost: { title: 0.5, heading: 0.5 },
        bm25: { k: 1.5, b: 0.7, d: 0.5 },
      })) {
        const file = hit["file"] as number;
        const known = scores.get(file);
        if (known === undefined) scores.set(file, [hit.score]);
        else known.push(hit.score);
      }
      const ranked = [...scores]
        .map(([file, [best = 0, second = 0, third = 0]]) => {
          const path = files[file]?.path ?? "";
          return { file, path, score: (best + 0.1 * second + 0.05 * third) * weightOf(path) };
        })
        .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
      const floor = (ranked[0]?.score ?? 0) * WORTH_READING;
      return ranked
        .filter(({ score }) => score >= floor)
        .slice(0, limit)
        .map(({ file, path }) => ({ file: path, title: titles[file] ?? path }));
    },
  };
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
    weight *= 0.7;
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
