import type { Readable } from "node:stream";
import { fromBufferPromise, type ZipFile } from "yauzl";

/** Maximum number of entries of a document that is a zip file. */
const MAX_ENTRIES = 10_000;

/** The names of the files in a zip file. @throws Error if it is no zip file, or a damaged one */
export async function listZipNames(bytes: Uint8Array): Promise<string[]> {
  const zip: ZipFile = await fromBufferPromise(Buffer.from(bytes));
  const names: string[] = [];
  for await (const { fileName } of zip.eachEntry()) {
    if (names.length === MAX_ENTRIES) break;
    if (!fileName.endsWith("/")) names.push(fileName);
  }
  return names;
}

/**
 * Unpacks the named entries of a zip file. What they declare is checked while they are unpacked, so a small file cannot
 * become a huge one.
 * @param most maximum size of an entry, in bytes
 * @param total maximum size of all of them together, in bytes; what would exceed it is left out
 * @returns the texts by name, without entries that are missing or too large
 * @throws Error if it is no zip file, or a damaged one
 */
export async function readZipTexts(
  bytes: Uint8Array,
  names: readonly string[],
  most: number,
  total = Infinity,
): Promise<Map<string, string>> {
  const zip: ZipFile = await fromBufferPromise(Buffer.from(bytes));
  const wanted = new Set(names);
  const texts = new Map<string, string>();
  let count = 0;
  let left = total;
  for await (const entry of zip.eachEntry()) {
    if (++count > MAX_ENTRIES) break;
    const { fileName: name, uncompressedSize: size } = entry;
    if (!wanted.has(name) || texts.has(name) || size > Math.min(most, left) || entry.isEncrypted()) continue;
    left -= size;
    const chunks: Buffer[] = [];
    const stream: Readable = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    texts.set(name, Buffer.concat(chunks).toString("utf8"));
  }
  return texts;
}
