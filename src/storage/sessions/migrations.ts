import { existsSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { readRegularFile } from "../../common/read-file.js";
import { JOURNAL_LIMITS, SMALL_JOURNAL_BYTES } from "../file-limits.js";
import { PRIVATE_FILE, writeFileAtomic } from "../../common/files.js";
import { parseJson } from "../../common/parse-json.js";
import { Header, JournalLine, SCHEMA } from "./journal-schema.js";

/*
 * Sessions of earlier versions, brought to today's form when they are gone on with. Each step takes
 * the lines of one version to the next; none is ever changed once it was released.
 */

type Json = Record<string, unknown>;

/** By the version that it takes lines from. A line that is not known is passed on as it is. */
const STEPS: Record<number, (lines: Json[]) => Json[]> = {
  1: (lines) => {
    const [header, ...rest] = lines;
    if (header === undefined) return lines;
    const read = z.object({ type: z.literal("outcome"), kind: z.literal("read"), value: z.looseObject({}) });
    const now = { ...header, schema: 2 };
    return [
      now,
      { type: "asked", header: now },
      ...rest.map((line) => {
        const outcome = read.loose().safeParse(line);
        if (!outcome.success) return line;
        // Sources had neither pages nor an address of their own then.
        return { ...line, value: { pages: null, canonical: null, ...outcome.data.value } };
      }),
    ];
  },
  // Names, answers and steering came; nothing that was there before changed.
  2: (lines) =>
    lines.map((line, index) => {
      if (index === 0) return { ...line, schema: 3 };
      return line["type"] === "asked" ? { ...line, header: { ...Object(line["header"]), schema: 3 } } : line;
    }),
};

/** Where the journal of an older version is kept. */
export function journalBackupPath(file: string, schema: number): string {
  return path.join(path.dirname(file), `journal.schema-${schema}.jsonl`);
}

/**
 * Brings a journal of an older version to today's, after a copy of it was kept beside it. Whoever
 * calls it has the session's lock.
 *
 * @param schema the version that the journal has now
 * @returns what was left out because it could not be read, for people
 */
export async function migrateJournal(file: string, schema: number): Promise<string[]> {
  const backup = journalBackupPath(file, schema);
  const bytes = await readRegularFile(file, { ...JOURNAL_LIMITS, maxBytes: SMALL_JOURNAL_BYTES });
  // A copy from an earlier try is the older one, hence the true one; it never has its name before it is whole.
  if (!existsSync(backup)) await writeFileAtomic(backup, bytes, PRIVATE_FILE);
  const damage: string[] = [];
  const read = bytes
    .toString("utf8")
    .split("\n")
    .flatMap((text, index): Json[] => {
      if (text === "" && index > 0) return [];
      const json = z.record(z.string(), z.unknown()).safeParse(parseJson(text));
      const isHeader =
        index > 0 || Header.safeParse(json.data).success || JournalLine.safeParse(json.data).success;
      if (json.success && isHeader) return [json.data];
      damage.push(`Line ${index + 1} is unreadable and was ignored; it is kept in ${path.basename(backup)}.`);
      return [];
    });
  let lines = withHeader(read);
  for (let version = schema; version < SCHEMA; version++) lines = STEPS[version]?.(lines) ?? lines;
  const [header, ...rest] = lines;
  // A line that fits nothing stays: whoever reads the journal names it.
  const kept = [Header.parse(header), ...rest];
  await writeFileAtomic(file, kept.map((line) => `${JSON.stringify(line)}\n`).join(""), PRIVATE_FILE);
  return damage;
}

/** As for a reader: where the first line cannot be read, its copy counts. */
function withHeader(lines: Json[]): Json[] {
  if (Header.safeParse(lines[0]).success) return lines;
  for (const line of lines) {
    const { data } = JournalLine.safeParse(line);
    if (data?.type === "asked" && data.header.schema <= SCHEMA) return [data.header, ...lines];
  }
  return lines;
}
