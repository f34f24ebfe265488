import { createHash } from "node:crypto";
import path from "node:path";
import * as z from "zod";
import { FileRefusedError, readRegularText } from "../../common/read-file.js";
import { systemErrorCode, ResearchError } from "../../common/errors.js";
import type { SnapshotStore } from "../../core/domain/ports.js";
import type { Reading } from "../../core/domain/reading.js";
import { snapshotFileName } from "../../core/report/render-report.js";
import { formatLocation, type SourceLocation, type Source } from "../../core/domain/schema.js";
import { readArchivedSnapshot } from "../archive/archived-sessions.js";
import { SNAPSHOT_LIMITS } from "../file-limits.js";
import { parseJson } from "../../common/parse-json.js";
import {
  toReadError,
  ensureFolder,
  PRIVATE_FILE,
  PRIVATE_FOLDER,
  writeFileAtomic,
} from "../../common/files.js";

/*
 * A snapshot is what was read, as text, below a few lines that say where and when. Its name and its
 * proof is the SHA-256 of the whole file, so `sha256sum` checks it too. The day alone is kept, not
 * the second: the same text read twice on a day is one file.
 */

/** Snapshots of one session, in its `sources` folder. */
export class SnapshotFiles implements SnapshotStore {
  /** @param onError told of each error; a research may go on without the source, and should not */
  constructor(
    private readonly folder: string,
    private readonly onError: (error: unknown) => void = () => undefined,
  ) {}

  async keep(place: SourceLocation, reading: Reading, readAt: Date): Promise<Source> {
    const text = reading.text.replace(/\r\n?/g, "\n");
    const file = snapshotText(place, { ...reading, text }, readAt);
    const sha256 = hash(file);
    // Below the sessions' folder: the session's own folder, and its sources.
    await ensureFolder(path.dirname(path.dirname(this.folder)), this.folder, PRIVATE_FOLDER);
    await writeFileAtomic(path.join(this.folder, snapshotFileName(sha256)), file, PRIVATE_FILE);
    return {
      place,
      title: reading.title.replace(/\s+/g, " ").trim(),
      readAt: readAt.toISOString(),
      sha256,
      textSha256: hash(text),
      commit: reading.commit,
      lines: reading.lines,
      pages: reading.pages,
      canonical: reading.canonical,
      queries: [],
      warnings: reading.warnings,
    };
  }

  async has(source: Source): Promise<boolean> {
    try {
      await this.text(source);
      return true;
    } catch (error) {
      if (error instanceof ResearchError && error.code === "cannot-read") throw error;
      return false;
    }
  }

  async text({ sha256, title }: Source): Promise<string> {
    // It becomes a part of a path, and may come from a journal.
    if (sha256 === null || !isSha256(sha256)) {
      throw new ResearchError("damaged-session", `“${title}” has no snapshot.`);
    }
    try {
      return await readSnapshot(path.join(this.folder, snapshotFileName(sha256)), sha256);
    } catch (error) {
      this.onError(error);
      throw error;
    }
  }
}

/**
 * The text of a snapshot file whose whole hash is known, also where its session is archived.
 * @throws ResearchError "damaged-session" if it is missing or is not what the hash says; "cannot-read"
 */
export async function readSnapshot(file: string, sha256: string): Promise<string> {
  const found = await findSnapshot(file, sha256);
  if (typeof found === "string") return found;
  const code = systemErrorCode(found.cause);
  // What the system does not give out now may be as it was: it is not taken anew.
  if (found.lost === "missing" && code !== "ENOENT" && code !== "ENOTDIR")
    throw toReadError(file, found.cause);
  const name = path.basename(file);
  throw new ResearchError(
    "damaged-session",
    found.lost === "missing"
      ? `The snapshot ${name} is missing.`
      : `The snapshot ${name} has been changed since it was taken.`,
    "",
    { cause: found.cause },
  );
}

/** As `readSnapshot`; what keeps it from being read is an answer, too. */
export async function findSnapshot(
  file: string,
  sha256: string,
): Promise<string | { lost: "missing" | "changed"; cause?: unknown }> {
  const found = await findWholeSnapshot(file, sha256);
  return "lost" in found ? found : found.text;
}

/** As `findSnapshot`, with what the file says above its text; null where that cannot be read. */
export async function findWholeSnapshot(
  file: string,
  sha256: string,
): Promise<{ head: SnapshotHeader | null; text: string } | { lost: "missing" | "changed"; cause?: unknown }> {
  let content: string;
  try {
    content = await readRegularText(file, SNAPSHOT_LIMITS);
  } catch (cause) {
    if (cause instanceof FileRefusedError) return { lost: "changed", cause };
    const archived = await readArchivedSnapshot(file);
    if (archived === null) return { lost: "missing", cause };
    content = archived;
  }
  // Git may have turned line ends into CRLF on the way; ours are LF.
  const lf = content.replaceAll("\r\n", "\n");
  const found = [content, lf].find((each) => hash(each) === sha256);
  return found === undefined ? { lost: "changed" } : { head: headIn(found), text: textIn(found) };
}

/** What a snapshot file says above its text, as it stands there. */
export interface SnapshotHeader {
  source: string;
  title: string;
  /** YYYY-MM-DD. */
  read: string;
  commit: string | null;
}

const Head = z.object({
  source: z.string(),
  title: z.string(),
  read: z.string(),
  commit: z.string().nullable().default(null),
});

/**
 * A snapshot of which only the file is known: it is sound where its name fits its content.
 * @returns null where it is none of ours, or was changed
 */
export async function openSnapshot(
  file: string,
): Promise<{ sha256: string; head: SnapshotHeader; text: string } | null> {
  const content = await readRegularText(file, SNAPSHOT_LIMITS).catch(() => null);
  if (content === null) return null;
  const found = [content, content.replaceAll("\r\n", "\n")].find(
    (each) => snapshotFileName(hash(each)) === path.basename(file),
  );
  const head = found === undefined ? null : headIn(found);
  return found === undefined || head === null ? null : { sha256: hash(found), head, text: textIn(found) };
}

function headIn(file: string): SnapshotHeader | null {
  const fields = file.slice(4, file.indexOf("\n---\n\n")).split("\n");
  const entries = fields.map((line) => /^(\w+): (".*")$/.exec(line)).filter((each) => each !== null);
  const values = entries.map(([, name = "", value = ""]) => [name, parseJson(value)] as const);
  return Head.safeParse(Object.fromEntries(values)).data ?? null;
}

function textIn(file: string): string {
  return file.slice(file.indexOf("\n---\n\n") + 6);
}

function snapshotText(place: SourceLocation, { title, text, commit }: Reading, readAt: Date): string {
  const fields = [
    ["source", formatLocation(place)],
    ["title", title.replace(/\s+/g, " ").trim()],
    ["read", readAt.toISOString().slice(0, 10)],
    ...(commit === null ? [] : [["commit", commit]]),
  ];
  // JSON strings are YAML's double-quoted scalars, and have no line breaks.
  return `---\n${fields.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join("\n")}\n---\n\n${text}`;
}

/** True for a whole SHA-256 in hex. */
export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

function hash(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
