import { copyFileSync, renameSync } from "node:fs";
import { Database } from "node-sqlite3-wasm";
import * as z from "zod";
import { textFormat, splitPassages, type Passage } from "../../core/text/passages.js";
import { contentTerms, tokenize } from "../../core/text/tokenize.js";
import { readListedFile } from "../../reading/workspace/file-text.js";
import type { WorkspaceFile } from "../../reading/workspace/list-files.js";
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

/*
 * One part of a workspace's index: SQLite's full-text search over the passages of some files. Terms are
 * made by the one splitter that everything else uses, so SQLite takes them as they come. All of it
 * blocks: it runs on a thread of its own.
 */

/** A file to be indexed; with its text, or null for none, where that was made elsewhere. */
export interface FileToIndex extends WorkspaceFile {
  text?: { title: string; text: string } | null;
}

export interface FileComparison {
  /** Which of today's files are not in the shard yet. */
  missing: number[];
  /** Whether anything was taken out of it. */
  changed: boolean;
}

/** A part of a workspace's index, on whatever thread. */
export interface IndexShard {
  /** Takes out what is gone or was changed. */
  compare(today: WorkspaceFile[]): FileComparison;
  /** Indexes files. What has no text is known as such, and not read again until it changes. */
  add(files: FileToIndex[]): void | Promise<void>;
  /** Writes down what was taken out and added. */
  commit(): void;
  /** The best files, best first; with the best passage of those that are asked what they speak of. */
  search(asked: string): RankedPassage[];
  /** The files that each text speaks of by title. */
  mentioned(texts: string[]): IndexedHit[][];
}

/** Best passages that are looked at for their files; beyond them a file shares only common words. */
const PASSAGES = 4000;
/** Files whose passages stay in memory. */
const RECENT = 16;
/** Files that one shard answers with. */
const FILES = 200;

const MAKE = `
  CREATE TABLE about (program TEXT, files TEXT);
  CREATE TABLE kept (id INTEGER PRIMARY KEY, text TEXT);
  CREATE VIRTUAL TABLE passages USING fts5(
    title, heading, text, content = '', contentless_delete = 1, tokenize = 'ascii'
  );
  INSERT INTO passages (passages, rank) VALUES ('hashsize', ${16 * 1024 * 1024});
  INSERT INTO about VALUES ('', '[]');
`;

/** A file as a shard holds it: its passages are rows from `first` on. */
const Indexed = z.object({
  path: z.string(),
  size: z.number(),
  modified: z.number(),
  title: z.string(),
  /** What other texts call it, or null. */
  name: z.string().nullable(),
  first: z.number(),
  passages: z.number(),
});
type Indexed = z.infer<typeof Indexed>;
const About = z.object({ program: z.string(), files: z.string() });
const Hits = z.array(z.object({ id: z.number(), score: z.number() }));

export class SqliteShard implements IndexShard {
  private database: Database;
  /** By their rows. */
  private files: Indexed[] = [];
  private readonly named = new Map<string, Indexed>();
  private readonly recent = new Map<string, Passage[]>();
  /** Files added since the last commit. */
  private added = 0;

  /**
   * Opens a shard, or makes one.
   * @param root the workspace's folder
   * @param file a name that nobody else uses; null: memory
   * @param isShared whether the file has other names, too: it is copied before the first change
   * @param program what makes the index: what another one made is not used
   * @throws an Error where the file is damaged or another program's
   */
  constructor(
    private readonly root: string,
    private readonly file: string | null,
    private isShared: boolean,
    private readonly program: string,
  ) {
    this.database = opened(file);
    try {
      if (this.database.get("SELECT 1 FROM sqlite_schema") === null) {
        this.database.exec(MAKE);
        return;
      }
      const about = About.parse(this.database.get("SELECT program, files FROM about"));
      if (about.program !== program) throw new Error("Another program made this index.");
      this.files = z.array(Indexed).parse(JSON.parse(about.files));
      this.nameAll();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  compare(today: WorkspaceFile[]): FileComparison {
    const now = new Map(today.map((file) => [file.path, file]));
    this.recent.clear();
    const standing = new Set<string>();
    const gone: Indexed[] = [];
    for (const file of this.files) {
      const { size, modified } = now.get(file.path) ?? {};
      if (size === file.size && modified === file.modified) standing.add(file.path);
      else gone.push(file);
    }
    if (gone.length > 0) {
      this.begin();
      for (const { first, passages: count } of gone) {
        const rows = [first, first + count - 1];
        this.database.run("DELETE FROM passages WHERE rowid BETWEEN ? AND ?", rows);
        this.database.run("DELETE FROM kept WHERE id BETWEEN ? AND ?", rows);
      }
      this.files = this.files.filter(({ path: file }) => standing.has(file));
      this.nameAll();
    }
    const missing = today.flatMap(({ path: file }, at) => (standing.has(file) ? [] : [at]));
    return { missing, changed: gone.length > 0 };
  }

  add(files: FileToIndex[]): void {
    this.begin();
    const put = this.database.prepare(
      "INSERT INTO passages (rowid, title, heading, text) VALUES (?, ?, ?, ?)",
    );
    try {
      for (const { path: file, size, modified, text: given } of files) {
        const text = given === undefined ? readListedFile(this.root, file) : given;
        const found =
          text === null ? [] : splitPassages(text.text, textFormat({ kind: "workspace", path: file }));
        const title = text?.title ?? file;
        const titleTerms = terms(titleToIndex(file, title));
        const last = this.files.at(-1);
        const first = last === undefined ? 0 : last.first + last.passages;
        for (const [place, { heading, text: body }] of found.entries()) {
          put.run([first + place, titleTerms, terms(heading), terms(body)]);
          // What took long to read is not read again for a passage.
          if (given !== undefined) this.database.run("INSERT INTO kept VALUES (?, ?)", [first + place, body]);
        }
        const name = mentionName(file, title);
        this.files.push({ path: file, size, modified, title, name, first, passages: found.length });
        this.added++;
      }
    } finally {
      put.finalize();
    }
  }

  commit(): void {
    if (!this.database.inTransaction) return;
    this.nameAll();
    // Much that is new lies in many pieces; put together it is found in half the time.
    if (this.added > this.files.length / 2)
      this.database.exec("INSERT INTO passages (passages) VALUES ('optimize')");
    this.added = 0;
    this.database.run("UPDATE about SET program = ?, files = ?", [this.program, JSON.stringify(this.files)]);
    this.database.exec("COMMIT");
  }

  search(asked: string): RankedPassage[] {
    const match = contentTerms(asked)
      .map((term) => `"${term.replaceAll('"', '""')}"`)
      .join(" OR ");
    if (match === "") return [];
    const { title, heading, text } = FIELD_WEIGHTS;
    const hits = this.database.all(
      `SELECT rowid AS id, -bm25(passages, ${title}, ${heading}, ${text}) AS score FROM passages
       WHERE passages MATCH ? ORDER BY score DESC, rowid LIMIT ${PASSAGES}`,
      [match],
    );
    const best = new Map<Indexed, { row: number; scores: number[] }>();
    for (const { id, score } of Hits.parse(hits)) {
      const file = this.fileAt(id);
      const known = best.get(file);
      if (known === undefined) best.set(file, { row: id, scores: [score] });
      else known.scores.push(score);
    }
    return [...best]
      .map(([file, { row, scores }]) => ({ file, row, score: scoreFile(file.path, scores) }))
      .sort((a, b) => b.score - a.score || (a.file.path < b.file.path ? -1 : 1))
      .slice(0, FILES)
      .map(({ file, row, score }, rank) => {
        const passage = rank < MENTIONING_HITS ? this.passage(file, row) : null;
        return { file: file.path, title: file.title, score, passage };
      });
  }

  mentioned(texts: string[]): IndexedHit[][] {
    return texts.map((text) =>
      [...findMentionedNames(text, (name) => this.named.has(name))].flatMap((name) => {
        const file = this.named.get(name);
        return file === undefined ? [] : [{ file: file.path, title: file.title }];
      }),
    );
  }

  close(): void {
    this.database.close();
  }

  private begin(): void {
    if (this.isShared && this.file !== null) {
      this.database.close();
      copyFileSync(this.file, `${this.file}.copy`);
      renameSync(`${this.file}.copy`, this.file);
      this.database = opened(this.file);
      this.isShared = false;
    }
    if (!this.database.inTransaction) this.database.exec("BEGIN");
  }

  /** One title may be many files': it speaks of the first by path, whichever was indexed first. */
  private nameAll(): void {
    this.named.clear();
    for (const file of this.files) {
      const known = file.name === null ? undefined : this.named.get(file.name);
      if (file.name !== null && (known === undefined || file.path < known.path))
        this.named.set(file.name, file);
    }
  }

  /** The file whose passage is in a row. */
  private fileAt(row: number): Indexed {
    let [low, high] = [0, this.files.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.files[middle]?.first ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const found = this.files[low];
    if (found === undefined) throw new Error("The index holds a passage of no file.");
    return found;
  }

  private passage({ path: file, first }: Indexed, row: number): string {
    const kept = this.database.get("SELECT text FROM kept WHERE id = ?", row)?.["text"];
    if (typeof kept === "string") return kept;
    return this.passagesOf(file)[row - first]?.text ?? "";
  }

  /** The passages of a file; those of the last few files are kept, since the questions of a run find much the same. */
  private passagesOf(file: string): Passage[] {
    const known = this.recent.get(file);
    if (known !== undefined) return known;
    const found = splitPassages(
      readListedFile(this.root, file)?.text ?? "",
      textFormat({ kind: "workspace", path: file }),
    );
    const [oldest] = this.recent.keys();
    if (oldest !== undefined && this.recent.size >= RECENT) this.recent.delete(oldest);
    this.recent.set(file, found);
    return found;
  }
}

function opened(file: string | null): Database {
  const database = new Database(file ?? ":memory:");
  // A file that its process did not close is thrown away, so it needs no journal.
  database.exec(
    "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000",
  );
  return database;
}

function terms(text: string): string {
  return tokenize(text).join(" ");
}
