import { ResearchError } from "../../common/errors.js";
import { msg } from "../../common/messages.js";
import {
  assertStorePath,
  collectContent,
  isStorePath,
  type Expected,
  type FileStore,
  type StoredContent,
  type StoredFile,
} from "../../core/domain/file-store.js";
import type { BucketAccess } from "./bucket-access.js";
import { readS3Text, readXmlValue, sendS3Request } from "./s3-requests.js";
import { abortAfter } from "../../common/abort.js";

/** Larger files are sent in parts of this size, so that no more than one part is in memory. Bytes. */
const PART_BYTES = 16 * 1024 * 1024;
const MAX_LIST_BYTES = 16 * 1024 * 1024;
const MAX_ANSWER_BYTES = 1024 * 1024;
/** The statuses with which S3 refuses a write after a faster one. */
const CONFLICTS = [409, 412];

/**
 * Objects of a bucket, at any server that speaks S3. A file is one object, so a write is whole or not there. Two writers
 * that expect the same version are told apart by conditional requests; a server that ignores conditions still refuses
 * what was there before the write began.
 */
export class S3Store implements FileStore {
  readonly place: string;

  /** @param partBytes see `PART_BYTES`; S3 wants at least 5 MiB */
  constructor(
    private readonly access: BucketAccess,
    private readonly partBytes = PART_BYTES,
  ) {
    this.place = `s3://${access.bucket}${access.prefix === "" ? "" : `/${access.prefix}`}`;
  }

  async *list(
    under: string,
    signal: AbortSignal,
    enters: (folder: string) => boolean = () => true,
  ): AsyncGenerator<StoredFile> {
    if (under !== "") assertStorePath(under);
    const start = this.access.prefix === "" ? "" : `${this.access.prefix}/`;
    const prefix = under === "" ? start : `${start}${under}/`;
    let next: string | null = "";
    while (next !== null) {
      const query = { "list-type": "2", prefix, ...(next === "" ? {} : { "continuation-token": next }) };
      const request = { method: "GET", key: "", query } as const;
      const xml = await readS3Text(this.access, request, "cannot-read", MAX_LIST_BYTES, signal);
      for (const block of xml.split("<Contents>").slice(1)) {
        const file = readListed(block, start);
        if (file !== null && foldersOf(file.path, under).every(enters)) yield file;
      }
      next = readXmlValue(xml, "IsTruncated") === "true" ? readXmlValue(xml, "NextContinuationToken") : null;
    }
  }

  async read(path: string, maxBytes: number, signal: AbortSignal): Promise<StoredContent | null> {
    const key = this.keyOf(path);
    const request = { method: "GET", key, expects: [404] } as const;
    const response = await sendS3Request(this.access, request, "cannot-read", signal);
    if (response.statusCode === 404) {
      response.destroy();
      await this.assertBucket(signal);
      return null;
    }
    const bytes = Number(response.headers["content-length"]);
    if (bytes <= maxBytes)
      return { bytes, version: response.headers.etag ?? "", parts: response as AsyncIterable<Buffer> };
    response.destroy();
    throw new ResearchError("too-large", msg`${path} in ${this.place} is larger than ${maxBytes} bytes.`);
  }

  async write(
    path: string,
    content: { bytes: number; parts: AsyncIterable<Uint8Array> },
    expected: Expected,
    signal: AbortSignal,
  ): Promise<string> {
    const key = this.keyOf(path);
    if (expected !== "any" && (await this.findVersion(key, signal)) !== (expected?.version ?? null))
      this.refuse(path);
    const headers: Record<string, string> =
      expected === "any"
        ? {}
        : expected === null
          ? { "if-none-match": "*" }
          : { "if-match": expected.version };
    const version =
      content.bytes <= this.partBytes
        ? await this.writeWhole(key, await collectContent(content.parts, content.bytes), headers, signal)
        : await this.writeParts(key, content.parts, headers, signal);
    return version ?? this.refuse(path);
  }

  async remove(path: string, signal: AbortSignal): Promise<void> {
    const request = { method: "DELETE", key: this.keyOf(path), expects: [404] } as const;
    (await sendS3Request(this.access, request, "cannot-write", signal)).destroy();
  }

  private keyOf(path: string): string {
    assertStorePath(path);
    return this.access.prefix === "" ? path : `${this.access.prefix}/${path}`;
  }

  /** An object that is missing is no error, a bucket is. @throws ResearchError "cannot-read" */
  private async assertBucket(signal: AbortSignal): Promise<void> {
    const request = { method: "GET", key: "", query: { "list-type": "2", "max-keys": "1" } } as const;
    await readS3Text(this.access, request, "cannot-read", MAX_LIST_BYTES, signal);
  }

  private async findVersion(key: string, signal: AbortSignal): Promise<string | null> {
    const request = { method: "HEAD", key, expects: [404] } as const;
    const response = await sendS3Request(this.access, request, "cannot-write", signal);
    response.destroy();
    return response.statusCode === 404 ? null : (response.headers.etag ?? "");
  }

  /** @returns the version; null at a conflict */
  private async writeWhole(
    key: string,
    body: Uint8Array,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<string | null> {
    const request = { method: "PUT", key, headers, body, expects: CONFLICTS } as const;
    const response = await sendS3Request(this.access, request, "cannot-write", signal);
    response.destroy();
    return CONFLICTS.includes(response.statusCode ?? 0) ? null : (response.headers.etag ?? "");
  }

  /** @returns the version; null at a conflict */
  private async writeParts(
    key: string,
    parts: AsyncIterable<Uint8Array>,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<string | null> {
    const begin = { method: "POST", key, query: { uploads: "" }, body: new Uint8Array() } as const;
    const begun = await readS3Text(this.access, begin, "cannot-write", MAX_ANSWER_BYTES, signal);
    const uploadId = readXmlValue(begun, "UploadId") ?? "";
    try {
      const tags: string[] = [];
      for await (const body of inPartsOf(this.partBytes, parts)) {
        const query = { partNumber: String(tags.length + 1), uploadId };
        const response = await sendS3Request(
          this.access,
          { method: "PUT", key, query, body },
          "cannot-write",
          signal,
        );
        response.destroy();
        tags.push(response.headers.etag ?? "");
      }
      return await this.completeParts(key, uploadId, tags, headers, signal);
    } catch (error) {
      await this.abandonParts(key, uploadId);
      throw error;
    }
  }

  private async completeParts(
    key: string,
    uploadId: string,
    tags: string[],
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<string | null> {
    const list = tags.map((tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${tag}</ETag></Part>`);
    const body = Buffer.from(`<CompleteMultipartUpload>${list.join("")}</CompleteMultipartUpload>`);
    const request = { method: "POST", key, query: { uploadId }, headers, body, expects: CONFLICTS } as const;
    const answer = await readS3Text(this.access, request, "cannot-write", MAX_ANSWER_BYTES, signal);
    const version = readXmlValue(answer, "ETag");
    if (version !== null) return version;
    // S3 may answer 200 first and fail then.
    const code = readXmlValue(answer, "Code") ?? "";
    await this.abandonParts(key, uploadId);
    if (code === "PreconditionFailed" || code === "ConditionalRequestConflict") return null;
    throw new ResearchError(
      "cannot-write",
      msg`${this.place} did not take the file (${code}).`,
      msg`Try again later.`,
    );
  }

  /** Parts that nobody completes would be paid for. They are removed even after a cancel. */
  private async abandonParts(key: string, uploadId: string): Promise<void> {
    const request = { method: "DELETE", key, query: { uploadId }, expects: [404] } as const;
    await sendS3Request(this.access, request, "cannot-write", abortAfter(10_000)).then(
      (response) => response.destroy(),
      () => undefined,
    );
  }

  private refuse(path: string): never {
    throw new ResearchError(
      "conflict",
      msg`${path} in ${this.place} was changed in the meantime.`,
      msg`Try again.`,
    );
  }
}

/** A listed object as a file; null for one that is no file of the store, such as a folder's mark. */
function readListed(block: string, start: string): StoredFile | null {
  const key = readXmlValue(block, "Key") ?? "";
  const path = key.startsWith(start) ? key.slice(start.length) : "";
  if (!isStorePath(path)) return null;
  return { path, bytes: Number(readXmlValue(block, "Size")), version: readXmlValue(block, "ETag") ?? "" };
}

/** The folders between a listed folder and a file, outermost first. */
function foldersOf(path: string, under: string): string[] {
  const names = path.split("/");
  return names
    .slice(0, -1)
    .map((_, at) => names.slice(0, at + 1).join("/"))
    .filter((folder) => folder.length > under.length);
}

/** Cuts content into parts of one size; the last one may be shorter. */
async function* inPartsOf(size: number, parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const part of parts) {
    waiting.push(part);
    length += part.length;
    while (length >= size) {
      const whole = Buffer.concat(waiting, length);
      yield whole.subarray(0, size);
      waiting = length > size ? [whole.subarray(size)] : [];
      length -= size;
    }
  }
  if (length > 0) yield Buffer.concat(waiting, length);
}
