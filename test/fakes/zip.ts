import { createHash } from "node:crypto";
import { crc32, deflateRawSync } from "node:zlib";

/** An entry of a zip made by hand; what is given wins over what would be right. */
export interface FakeEntry {
  name: string;
  content: Buffer;
  /** Upper half of the attributes. */
  mode?: number;
  /** Size that the directory announces. */
  bytes?: number;
  /** Name in the local header. */
  local?: string;
  flags?: number;
  method?: number;
  /** The entry uses the bytes of the one with this name. */
  at?: string;
}

/** A zip file with whatever is wrong with it. */
export function aZip(entries: FakeEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets = new Map<string, number>();
  let offset = 0;
  for (const {
    name,
    content,
    mode = 0o100600,
    bytes,
    local = name,
    flags = 0x0800,
    method = 8,
    at,
  } of entries) {
    const packed = method === 8 ? deflateRawSync(content) : content;
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(method, 8);
    header.writeUInt16LE(Buffer.byteLength(local), 26);
    const start = at === undefined ? offset : (offsets.get(at) ?? 0);
    if (at === undefined) {
      parts.push(header, Buffer.from(local), packed);
      offset += 30 + Buffer.byteLength(local) + packed.length;
    }
    offsets.set(name, start);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE((3 << 8) | 20, 4);
    record.writeUInt16LE(flags, 8);
    record.writeUInt16LE(method, 10);
    record.writeUInt32LE(crc32(content), 16);
    record.writeUInt32LE(packed.length, 20);
    record.writeUInt32LE(bytes ?? content.length, 24);
    record.writeUInt16LE(Buffer.byteLength(name), 28);
    record.writeUInt16LE(mode, 40);
    record.writeUInt32LE(start, 42);
    directory.push(record, Buffer.from(name));
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}

/** The manifest that these entries ought to have, as an entry. */
export function aManifest(entries: FakeEntry[], change: Record<string, unknown> = {}): FakeEntry {
  const files = entries.map(({ name, content }) => ({
    path: name,
    bytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
  }));
  const manifest = { schema: 1, made: "2026-11-22T10:15:00Z", by: "a test", files, ...change };
  return { name: "manifest.json", content: Buffer.from(JSON.stringify(manifest)) };
}
