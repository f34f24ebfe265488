import { bySurface, msg } from "../../common/messages.js";
import { createHash, randomBytes } from "node:crypto";
import { link, rename, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { version } from "../../../package.json";
import { systemErrorCode, ResearchError } from "../../common/errors.js";
import { FileRefusedError, openRegularFile, readBytesAt } from "../../common/read-file.js";
import { toWriteError, syncFolder, pathExists } from "../../common/files.js";
import { JOURNAL_LIMITS, SMALL_JOURNAL_BYTES, SNAPSHOT_LIMITS } from "../file-limits.js";
import { parseBackupPath, MANIFEST_PATH, normalizeName } from "./allowed-paths.js";
import { ZipWriter } from "./zip-writer.js";
import { invalidBackup, ZipReader, type ZipEntry } from "./zip-reader.js";
import { yieldToEventLoop } from "../../common/yield-to-event-loop.js";

/*
 * The format of backups and archived sessions: a zip of files with a manifest that contains the size and hash of each.
 */

/** The manifest version that this code writes. */
const PACK_SCHEMA = 1;

const File = z.object({
  path: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type PackedFile = z.infer<typeof File>;

/** Files are validated one by one, since a long list would block the event loop. */
const Manifest = z.object({
  schema: z.number(),
  made: z.string(),
  by: z.string(),
  files: z.array(z.unknown()),
});

/** Maximum unpacked size, and maximum ratio to the zip's size beyond the first megabytes. */
const TOTAL_BYTES = 4 * 1024 ** 3 - 1;
const RATIO = 250;
const RATIO_FROM_BYTES = 64 * 1024 ** 2;
/** Maximum manifest size: per file of the zip, plus a base. */
const MANIFEST_BYTES_A_FILE = 1024;
const MANIFEST_BYTES = 64 * 1024;
const SLICE_BYTES = 64 * 1024;
/** The largest file that is read at once to be rewritten. */
export const REWRITTEN_BYTES = SMALL_JOURNAL_BYTES;

/** A file to pack, and its path in the zip. */
export interface FileToPack {
  file: string;
  path: string;
  /** Removes what must not be packed from the text; null, like no function, leaves it as it is. */
  rewrite?: (text: string) => string | null;
}

export interface PackResult {
  /** Size of the zip. */
  bytes: number;
  files: PackedFile[];
  /** Files that disappeared between being found and being read. */
  gone: string[];
}

export interface PackOptions {
  signal: AbortSignal;
  now: Date;
  /** Called after each file with how many are packed. */
  onFile?: (files: number) => void;
}

/**
 * Packs files into a zip, verifies it, and then gives it its name. A failure or cancel leaves no file, and an existing
 * file is never overwritten. A growing journal is packed up to its last complete line.
 * @throws ResearchError "cannot-write"; the signal's reason
 */
export async function packFiles(
  target: string,
  files: AsyncIterable<FileToPack>,
  options: PackOptions,
): Promise<PackResult> {
  await assertNotExisting(target);
  const temporary = `${target}.part-${randomBytes(6).toString("hex")}`;
  try {
    const zip = new ZipWriter(temporary, options.now);
    let packed: PackResult;
    try {
      packed = await fill(zip, files, options);
    } catch (error) {
      await zip.abandon();
      throw error;
    }
    const reader = await ZipReader.open(temporary);
    try {
      await checkPack(reader, options.signal);
    } finally {
      await reader.close();
    }
    await publishFile(temporary, target);
    return packed;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function fill(
  zip: ZipWriter,
  files: AsyncIterable<FileToPack>,
  options: PackOptions,
): Promise<PackResult> {
  const { signal, now, onFile } = options;
  const packed: PackedFile[] = [];
  const gone: string[] = [];
  let total = 0;
  for await (const { file, path: name, rewrite } of files) {
    signal.throwIfAborted();
    const handle = await openFileToPack(file);
    if (handle === null) {
      gone.push(file);
      continue;
    }
    try {
      const length = await stableLength(handle, name);
      if ((total += length) > TOTAL_BYTES) {
        throw new ResearchError(
          "cannot-write",
          msg`The backup would exceed its limit of 4 GB.`,
          bySurface(
            msg`Archive old sessions first: deep-research archive --older-than 90`,
            msg`Archive old sessions first.`,
          ),
        );
      }
      const hash = createHash("sha256");
      const rewritten =
        rewrite === undefined || length > REWRITTEN_BYTES
          ? null
          : rewrite((await readBytesAt(handle, length, 0)).toString("utf8"));
      if (rewritten === null) {
        await zip.add(name, readSlices(handle, file, length, hash, signal), name.endsWith(".zip"));
        packed.push({ path: name, bytes: length, sha256: hash.digest("hex") });
      } else {
        const bytes = Buffer.from(rewritten);
        await zip.add(name, toAsync(bytes));
        packed.push({ path: name, bytes: bytes.length, sha256: hash.update(bytes).digest("hex") });
      }
    } finally {
      await handle.close();
    }
    onFile?.(packed.length);
  }
  await zip.add(MANIFEST_PATH, manifestText(packed, now, signal));
  return { bytes: await zip.finish(), files: packed, gone };
}

async function* toAsync(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

/** The number of bytes to pack: for a journal, its complete lines. */
export async function stableLength(handle: FileHandle, name: string): Promise<number> {
  return name.endsWith(".jsonl") ? completeLinesLength(handle) : (await handle.stat()).size;
}

/** Opens a regular file; null if it no longer exists, is a link, or is too large for its kind. */
export async function openFileToPack(file: string): Promise<FileHandle | null> {
  try {
    const maxBytes = file.endsWith(".jsonl")
      ? JOURNAL_LIMITS.maxBytes
      : file.endsWith(".zip")
        ? TOTAL_BYTES
        : SNAPSHOT_LIMITS.maxBytes;
    return (await openRegularFile(file, { maxBytes, followLinks: false })).handle;
  } catch (error) {
    if (error instanceof FileRefusedError || systemErrorCode(error) === "ENOENT") return null;
    throw new ResearchError("cannot-write", msg`${file} cannot be read.`, msg`Check its permissions.`, {
      cause: error,
    });
  }
}

async function completeLinesLength(handle: FileHandle): Promise<number> {
  let end = (await handle.stat()).size;
  const buffer = Buffer.alloc(SLICE_BYTES);
  while (end > 0) {
    const start = Math.max(0, end - SLICE_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, end - start, start);
    const newline = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (newline !== -1) return start + newline + 1;
    end = start;
  }
  return 0;
}

/** The first `length` bytes of a file in slices, which are also hashed. */
async function* readSlices(
  handle: FileHandle,
  file: string,
  length: number,
  hash: ReturnType<typeof createHash>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let start = 0; start < length; start += SLICE_BYTES) {
    signal.throwIfAborted();
    const bytes = Math.min(SLICE_BYTES, length - start);
    const slice = await readBytesAt(handle, bytes, start);
    if (slice.length < bytes) {
      throw new ResearchError(
        "cannot-write",
        msg`${file} was truncated while it was being read.`,
        msg`Try again.`,
      );
    }
    hash.update(slice);
    yield slice;
  }
}

async function* manifestText(files: PackedFile[], now: Date, signal: AbortSignal): AsyncGenerator<Buffer> {
  const head = { schema: PACK_SCHEMA, made: now.toISOString(), by: `Deep Research ${version}` };
  yield Buffer.from(`${JSON.stringify(head).slice(0, -1)},"files":[`);
  for (let at = 0; at < files.length; at += 500) {
    signal.throwIfAborted();
    const lines = files.slice(at, at + 500).map((file) => `\n${JSON.stringify(file)}`);
    yield Buffer.from(`${at === 0 ? "" : ","}${lines.join(",")}`);
    await yieldToEventLoop();
  }
  yield Buffer.from("\n]}\n");
}

/** @throws ResearchError "cannot-write" if something is at this path */
export async function assertNotExisting(file: string): Promise<void> {
  if (await pathExists(file)) throw alreadyExistsError(file);
}

function alreadyExistsError(file: string): ResearchError {
  return new ResearchError(
    "cannot-write",
    msg`${file} already exists and is not overwritten.`,
    msg`Choose another name.`,
  );
}

async function publishFile(temporary: string, target: string): Promise<void> {
  try {
    // A hard link fails if the file exists, while a rename would overwrite it.
    await link(temporary, target);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "EEXIST") throw alreadyExistsError(target);
    // Some file systems have no hard links.
    await assertNotExisting(target);
    await rename(temporary, target).catch((failure: unknown) => {
      throw toWriteError(target, failure, msg`try again`);
    });
  }
  await syncFolder(path.dirname(target));
}

/** A file of a verified pack, with its zip entry. */
export interface CheckedPackFile extends PackedFile {
  entry: ZipEntry;
}

/**
 * Verifies a whole pack: every name is safe and known, and the files are exactly those of the manifest, with the same
 * sizes and hashes. Writes nothing.
 * @returns its files, in the manifest's order
 * @throws ResearchError "bad-backup" or "newer-session"
 */
export async function checkPack(zip: ZipReader, signal: AbortSignal): Promise<CheckedPackFile[]> {
  const entries = new Map<string, ZipEntry>();
  const folders = new Map<string, string>();
  const normalizedNames = new Set<string>();
  for (const entry of zip.entries) {
    const { name, isFile } = entry;
    if (name !== MANIFEST_PATH && parseBackupPath(name) === null) {
      throw invalidBackup(msg`“${name}” is not a valid path in a backup`);
    }
    if (!isFile) throw invalidBackup(msg`${name} is a link or a folder`);
    if (normalizedNames.has(normalizeName(name))) throw invalidBackup(msg`${name} is listed twice`);
    normalizedNames.add(normalizeName(name));
    if (entries.set(name, entry).size % 1000 === 0) await yieldToEventLoop();
    for (let at = name.lastIndexOf("/"); at > 0; at = name.lastIndexOf("/", at - 1)) {
      const folder = name.slice(0, at);
      const key = normalizeName(folder);
      if ((folders.get(key) ?? folder) !== folder)
        throw invalidBackup(msg`${folder} is listed in two spellings`);
      folders.set(key, folder);
    }
  }
  for (const key of folders.keys())
    if (normalizedNames.has(key)) throw invalidBackup(msg`${key} is both a file and a folder`);
  const files = await readManifest(zip, entries.get(MANIFEST_PATH), signal);
  entries.delete(MANIFEST_PATH);
  const checked = files.map((file): CheckedPackFile => {
    const entry = entries.get(file.path);
    if (entry === undefined) throw invalidBackup(msg`${file.path} is missing`);
    if (entry.bytes !== file.bytes)
      throw invalidBackup(msg`the size of ${file.path} does not match the manifest`);
    entries.delete(file.path);
    return { ...file, entry };
  });
  const [extra] = entries.keys();
  if (extra !== undefined) throw invalidBackup(msg`${extra} is not in its manifest`);
  const total = checked.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > TOTAL_BYTES || total > RATIO_FROM_BYTES + RATIO * zip.size) {
    throw invalidBackup(msg`it would unpack to far more than a backup can hold`);
  }
  for (const file of checked) {
    const content = readPackedFile(zip, file, signal);
    while ((await content.next()).done !== true) signal.throwIfAborted();
  }
  return checked;
}

async function readManifest(
  zip: ZipReader,
  entry: ZipEntry | undefined,
  signal: AbortSignal,
): Promise<PackedFile[]> {
  if (entry === undefined) throw invalidBackup(msg`it has no manifest`);
  const most = MANIFEST_BYTES + MANIFEST_BYTES_A_FILE * zip.entries.length;
  const text = (await zip.whole(entry, most, signal)).toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalidBackup(msg`its manifest cannot be read`, error);
  }
  const versioned = z.object({ schema: z.number() }).safeParse(json);
  if (versioned.success && versioned.data.schema > PACK_SCHEMA) {
    throw new ResearchError(
      "newer-session",
      msg`This backup was made by a newer version of Deep Research (schema ${versioned.data.schema}; this version supports ${PACK_SCHEMA}).`,
      msg`Nothing was written; update Deep Research to restore it.`,
    );
  }
  const manifest = Manifest.safeParse(json);
  if (!manifest.success) throw invalidBackup(msg`its manifest cannot be read`);
  const files: PackedFile[] = [];
  for (const each of manifest.data.files) {
    const file = File.safeParse(each);
    if (!file.success) throw invalidBackup(msg`its manifest cannot be read`);
    if (files.push(file.data) % 1000 === 0) await yieldToEventLoop();
  }
  return files;
}

/** Reads a packed file and checks its hash. @throws ResearchError "bad-backup" at its end */
export async function* readPackedFile(
  zip: ZipReader,
  { path: name, sha256, entry }: CheckedPackFile,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of zip.read(entry, signal)) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== sha256) throw invalidBackup(msg`${name} was changed`);
}
