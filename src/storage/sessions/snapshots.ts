import { msg } from "../../common/messages.js";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { formatLocalTime, localDay } from "../../common/local-time.js";
import * as z from "zod";
import { FileRefusedError, readRegularText } from "../../common/read-file.js";
import { ResearchError, isMissingPathError } from "../../common/errors.js";
import type { SnapshotStore } from "../../core/domain/ports.js";
import type { Reading } from "../../core/domain/reading.js";
import { snapshotFileName } from "../../core/report/render-report.js";
import { Ecosystem, formatLocation, type SourceLocation, type Source } from "../../core/domain/schema.js";
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
import { sha256Hex } from "../../common/hash.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";

/*
 * A snapshot is the text that was read, below a header that says where and when. The SHA-256 of the whole file is its
 * name and its proof, so `sha256sum` can check it. Only the day is kept: the same text read twice on a day is one
 * file.
 */

/** The folder of a session's snapshots. @param folder the session's */
export function snapshotFolder(folder: string): string {
  return path.join(folder, "sources");
}

/** The file of a snapshot in a session's folder; null for a hash that is none: journals are untrusted. */
export function snapshotFile(folder: string, sha256: string): string | null {
  return isSha256(sha256) ? path.join(snapshotFolder(folder), snapshotFileName(sha256)) : null;
}

/** The names of the snapshots in a session's folder, each the beginning of its hash, with its extension. */
export async function listSnapshots(folder: string): Promise<string[]> {
  const names = await readdir(snapshotFolder(folder)).catch(() => [] as string[]);
  return names.filter((name) => /^[0-9a-f]{16}\.md$/.test(name));
}

/** Snapshots of one session, in its `sources` folder. */
export class SnapshotFiles implements SnapshotStore {
  /** @param onError called with each error, because a run that continues without the source should not */
  constructor(
    private readonly folder: string,
    private readonly onError: (error: unknown) => void = () => undefined,
  ) {}

  async keep(place: SourceLocation, reading: Reading, readAt: Date): Promise<Source> {
    const text = reading.text.replace(/\r\n?/g, "\n");
    const file = renderSnapshot(place, { ...reading, text }, readAt);
    const sha256 = sha256Hex(file);
    // Creates the session's folder and its `sources` folder below the sessions folder.
    await ensureFolder(path.dirname(path.dirname(this.folder)), this.folder, PRIVATE_FOLDER);
    await writeFileAtomic(path.join(this.folder, snapshotFileName(sha256)), file, PRIVATE_FILE);
    return {
      place,
      title: collapseWhitespace(reading.title),
      readAt: formatLocalTime(readAt),
      sha256,
      textSha256: sha256Hex(text),
      commit: reading.commit,
      // A commit has no file: its lines are those of its snapshot, which the report links to.
      lines: place.kind === "commit" ? snapshotLines(file, text) : reading.lines,
      pages: reading.pages,
      canonical: reading.canonical,
      queries: [],
      warnings: [...(reading.attribution === undefined ? [] : [reading.attribution]), ...reading.warnings],
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
    // The hash becomes part of a path and may come from an untrusted journal.
    if (sha256 === null || !isSha256(sha256)) {
      throw new ResearchError("damaged-session", msg`“${title}” has no snapshot.`);
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
 * Reads the text of a snapshot with a known full hash, also from an archived session.
 * @throws ResearchError "damaged-session" if it is missing or does not match the hash; "cannot-read"
 */
export async function readSnapshot(file: string, sha256: string): Promise<string> {
  const found = await findSnapshot(file, sha256);
  if (typeof found === "string") return found;
  // A file that is unreadable at the moment may be intact, so it must not be fetched again.
  if (found.lost === "missing" && !isMissingPathError(found.cause)) throw toReadError(file, found.cause);
  const name = path.basename(file);
  throw new ResearchError(
    "damaged-session",
    found.lost === "missing"
      ? msg`The snapshot ${name} is missing.`
      : msg`The snapshot ${name} has been changed since it was taken, by hand or by a formatter.`,
    "",
    { cause: found.cause },
  );
}

/** Like `readSnapshot`, but returns why it cannot be read instead of throwing. */
async function findSnapshot(
  file: string,
  sha256: string,
): Promise<string | { lost: "missing" | "changed"; cause?: unknown }> {
  const found = await findWholeSnapshot(file, sha256);
  return "lost" in found ? found : found.text;
}

/** Like `findSnapshot`, with the file's header; null if that is unreadable. */
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
  // Git may have converted line ends to CRLF; ours are LF.
  const lf = content.replaceAll("\r\n", "\n");
  const found = [content, lf].find((each) => sha256Hex(each) === sha256);
  return found === undefined
    ? { lost: "changed" }
    : { head: parseHeader(found), text: textAfterHeader(found) };
}

/** The header of a snapshot file. */
export interface SnapshotHeader {
  source: string;
  title: string;
  /** YYYY-MM-DD. */
  read: string;
  commit: string | null;
  place: SourceLocation;
}

const Head = z
  .object({
    source: z.string(),
    title: z.string(),
    read: z.string(),
    commit: z.string().nullable().default(null),
    ecosystem: Ecosystem.optional(),
    file: z.string().nullable().default(null),
    kind: z.literal("commit").optional(),
  })
  .transform(({ ecosystem, file, kind, ...head }) => ({
    ...head,
    place: placeOf(head.source, ecosystem, file, kind),
  }));

/** The place that a header names. Earlier headers have pages and workspace files alone. */
function placeOf(
  source: string,
  ecosystem: Ecosystem | undefined,
  file: string | null,
  kind: "commit" | undefined,
): SourceLocation {
  if (kind === "commit") return { kind, commit: source.replace(/^commit /, "") };
  const blank = source.indexOf(" ");
  const at = source.lastIndexOf("@", blank);
  if (ecosystem !== undefined && at > 0) {
    const [name, version, path] = [source.slice(0, at), source.slice(at + 1, blank), source.slice(blank + 1)];
    return { kind: "package", ecosystem, name, version, path, file };
  }
  return /^https?:/i.test(source) ? { kind: "page", url: source } : { kind: "workspace", path: source };
}

/** The line of the snapshot for each line of its text, 1-based. */
function snapshotLines(file: string, text: string): number[] {
  const before = file.slice(0, file.length - text.length).split("\n").length;
  return text.split("\n").map((_, index) => before + index);
}

/**
 * Opens a snapshot without a known hash: it is intact if its name matches its content.
 * @returns null if it is not a snapshot, or was changed
 */
export async function openSnapshot(
  file: string,
): Promise<{ sha256: string; head: SnapshotHeader; text: string } | null> {
  const content = await readRegularText(file, SNAPSHOT_LIMITS).catch(() => null);
  if (content === null) return null;
  const found = [content, content.replaceAll("\r\n", "\n")].find(
    (each) => snapshotFileName(sha256Hex(each)) === path.basename(file),
  );
  const head = found === undefined ? null : parseHeader(found);
  return found === undefined || head === null
    ? null
    : { sha256: sha256Hex(found), head, text: textAfterHeader(found) };
}

function parseHeader(file: string): SnapshotHeader | null {
  const fields = file.slice(4, file.indexOf("\n---\n\n")).split("\n");
  const entries = fields.map((line) => /^(\w+): (".*")$/.exec(line)).filter((each) => each !== null);
  const values = entries.map(([, name = "", value = ""]) => [name, parseJson(value)] as const);
  return Head.safeParse(Object.fromEntries(values)).data ?? null;
}

function textAfterHeader(file: string): string {
  return file.slice(file.indexOf("\n---\n\n") + 6);
}

function renderSnapshot(
  place: SourceLocation,
  { title, text, commit, integrity, attribution }: Reading,
  readAt: Date,
): string {
  const fields = [
    ["source", formatLocation(place)],
    ["title", collapseWhitespace(title)],
    ["read", localDay(readAt)],
    ...(commit === null ? [] : [["commit", commit]]),
    ...(place.kind === "commit" ? [["kind", "commit"]] : []),
    ...(place.kind === "package" ? [["ecosystem", place.ecosystem]] : []),
    ...(place.kind === "package" && place.file !== null ? [["file", place.file]] : []),
    ...(integrity === undefined ? [] : [["integrity", integrity]]),
    ...(attribution === undefined ? [] : [["attribution", attribution]]),
  ];
  // JSON strings are YAML's double-quoted scalars, and have no line breaks.
  return `---\n${fields.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join("\n")}\n---\n\n${text}`;
}

/** True for a whole SHA-256 in hex. */
export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
