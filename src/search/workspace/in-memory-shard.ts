import MiniSearch from "minisearch";
import { textFormat, splitPassages } from "../../core/text/passages.js";
import { RANKING } from "../../core/text/rank-passages.js";
import type { WorkspaceFile } from "../../reading/workspace/list-files.js";
import { readListedFile } from "../../reading/workspace/file-text.js";
import {
  FIELD_WEIGHTS,
  scoreFile,
  titleToIndex,
  mentionName,
  findMentionedNames,
  MENTIONING_HITS,
  type RankedPassage,
  type IndexedHit,
} from "./rank-files.js";
import type { FileComparison, FileToIndex, IndexShard } from "./index-shard.js";
import { createYieldTimer } from "../../common/yield-to-event-loop.js";

/*
 * A part of a workspace's index without SQLite, for where there is no WebAssembly or no thread can be started: in
 * memory, made anew by each process, and slower. It finds by the same terms and weights.
 */

interface Indexed {
  file: FileToIndex;
  title: string;
  name: string | null;
  /** Ids of its passages. */
  ids: number[];
}

/** Milliseconds of work at a stretch: it runs beside everything else. */
const STRETCH = 20;

export class InMemoryShard implements IndexShard {
  private readonly index = new MiniSearch<{ id: number; title: string; heading: string; text: string }>({
    fields: ["title", "heading", "text"],
    ...RANKING,
  });
  private readonly files = new Map<string, Indexed>();
  private readonly passageOf = new Map<number, { path: string; place: number }>();
  private last = 0;

  constructor(private readonly root: string) {}

  compare(today: WorkspaceFile[]): FileComparison {
    const now = new Map(today.map((file) => [file.path, file]));
    let changed = false;
    for (const [path, { file, ids }] of this.files) {
      const { size, modified } = now.get(path) ?? {};
      if (size === file.size && modified === file.modified) continue;
      this.index.discardAll(ids);
      for (const id of ids) this.passageOf.delete(id);
      this.files.delete(path);
      changed = true;
    }
    return { missing: today.flatMap(({ path }, at) => (this.files.has(path) ? [] : [at])), changed };
  }

  async add(files: FileToIndex[]): Promise<void> {
    const yieldIfDue = createYieldTimer(STRETCH);
    for (const file of files) {
      const text = file.text === undefined ? readListedFile(this.root, file.path) : file.text;
      const title = text?.title ?? file.path;
      const indexed: Indexed = { file, title, name: mentionName(file.path, title), ids: [] };
      const found = splitPassages(text?.text ?? "", textFormat({ kind: "workspace", path: file.path }));
      for (const [place, { heading, text: body }] of found.entries()) {
        const id = this.last++;
        this.index.add({ id, title: titleToIndex(file.path, title), heading, text: body });
        this.passageOf.set(id, { path: file.path, place });
        indexed.ids.push(id);
      }
      this.files.set(file.path, indexed);
      await yieldIfDue();
    }
  }

  commit(): void {
    // What is in memory is there already.
  }

  search(asked: string): RankedPassage[] {
    const best = new Map<string, { place: number; scores: number[] }>();
    for (const { id, score } of this.index.search(asked, { boost: FIELD_WEIGHTS })) {
      const passage = this.passageOf.get(id as number);
      if (passage === undefined) continue;
      const known = best.get(passage.path);
      if (known === undefined) best.set(passage.path, { place: passage.place, scores: [score] });
      else known.scores.push(score);
    }
    return [...best]
      .map(([file, { place, scores }]) => ({ file, place, score: scoreFile(file, scores) }))
      .sort((a, b) => b.score - a.score || (a.file < b.file ? -1 : 1))
      .map(({ file, place, score }, rank) => ({
        file,
        title: this.files.get(file)?.title ?? file,
        score,
        passage: rank < MENTIONING_HITS ? this.passage(file, place) : null,
      }));
  }

  mentioned(texts: string[]): IndexedHit[][] {
    const named = new Map<string, IndexedHit>();
    for (const [file, { name, title }] of [...this.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (name !== null && !named.has(name)) named.set(name, { file, title });
    }
    return texts.map((text) =>
      [...findMentionedNames(text, (name) => named.has(name))].flatMap((name) => named.get(name) ?? []),
    );
  }

  private passage(file: string, place: number): string {
    const given = this.files.get(file)?.file.text;
    const text = given === undefined ? readListedFile(this.root, file) : given;
    return splitPassages(text?.text ?? "", textFormat({ kind: "workspace", path: file }))[place]?.text ?? "";
  }
}
