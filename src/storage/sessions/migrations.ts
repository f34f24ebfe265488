import { msg, type Message } from "../../common/messages.js";
import { existsSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { readRegularFile } from "../../common/read-file.js";
import { JOURNAL_LIMITS, SMALL_JOURNAL_BYTES } from "../file-limits.js";
import { PRIVATE_FILE, writeFileAtomic } from "../../common/files.js";
import { parseJson } from "../../common/parse-json.js";
import { Header, JournalLine, SCHEMA } from "./journal-schema.js";
import { replaceStepLabel } from "./legacy-step-labels.js";

/*
 * Migrates journals of earlier versions when a session is resumed. Each step converts one version to the next and is
 * never changed after its release.
 */

type Json = Record<string, unknown>;

/** By source version. Unknown lines are passed through. */
const STEPS: Record<number, (lines: Json[]) => Json[]> = {
  1: (lines) => {
    const [header, ...rest] = lines;
    if (header === undefined) return lines;
    const read = z.object({ type: z.literal("outcome"), kind: z.literal("read"), value: z.looseObject({}) });
    const newHeader = { ...header, schema: 2 };
    return [
      newHeader,
      { type: "asked", header: newHeader },
      ...rest.map((line) => {
        const outcome = read.loose().safeParse(line);
        if (!outcome.success) return line;
        // Sources had neither pages nor a canonical address in version 1.
        return { ...line, value: { pages: null, canonical: null, ...outcome.data.value } };
      }),
    ];
  },
  // Version 3 added names, answers and steering, and changed nothing else.
  2: (lines) => setSchema(lines, 3),
  // Version 4 has a step's task in place of its label.
  3: (lines) => setSchema(lines, 4).map((line) => Object(replaceStepLabel(line)) as Json),
  // Version 5 added packages and commits as places, and changed nothing else.
  4: (lines) => setSchema(lines, 5),
  // Version 6 keeps Google's answers apart. A session that began before goes on as it began.
  5: (lines) => setSchema(lines, 6),
};

/** The lines with another version in the header and its copy. */
function setSchema(lines: Json[], schema: number): Json[] {
  return lines.map((line, index) => {
    if (index === 0) return { ...line, schema };
    return line["type"] === "asked" ? { ...line, header: { ...Object(line["header"]), schema } } : line;
  });
}

/** Notes the version that a session began with, in the header and its copy. */
function markFirstSchema(lines: Json[], firstSchema: number): Json[] {
  const mark = (header: Json): Json => ({ firstSchema, ...header });
  return lines.map((line, index) => {
    if (index === 0) return mark(line);
    return line["type"] === "asked" ? { ...line, header: mark(Object(line["header"]) as Json) } : line;
  });
}

/** The path of the backup of an older journal. */
export function journalBackupPath(file: string, schema: number): string {
  return path.join(path.dirname(file), `journal.schema-${schema}.jsonl`);
}

/**
 * Migrates a journal to the current version, after making a backup next to it. The caller must hold the session's
 * lock.
 *
 * @param schema the journal's current version
 * @returns messages about lines that were ignored because they are unreadable
 */
export async function migrateJournal(file: string, schema: number): Promise<Message[]> {
  const backup = journalBackupPath(file, schema);
  const bytes = await readRegularFile(file, { ...JOURNAL_LIMITS, maxBytes: SMALL_JOURNAL_BYTES });
  // A backup from an earlier attempt is the original; it is written atomically, so it is complete.
  if (!existsSync(backup)) await writeFileAtomic(backup, bytes, PRIVATE_FILE);
  const damage: Message[] = [];
  const read = bytes
    .toString("utf8")
    .split("\n")
    .flatMap((text, index): Json[] => {
      if (text === "" && index > 0) return [];
      const json = z.record(z.string(), z.unknown()).safeParse(parseJson(text));
      const isHeader =
        index > 0 || Header.safeParse(json.data).success || JournalLine.safeParse(json.data).success;
      if (json.success && isHeader) return [json.data];
      damage.push(
        msg`Line ${index + 1} is unreadable and was ignored; it is kept in ${path.basename(backup)}.`,
      );
      return [];
    });
  let lines = withHeader(read);
  for (let version = schema; version < SCHEMA; version++) lines = STEPS[version]?.(lines) ?? lines;
  const [header, ...rest] = markFirstSchema(lines, schema);
  // Unknown lines are kept: reading the journal reports them.
  const kept = [Header.parse(header), ...rest];
  await writeFileAtomic(file, kept.map((line) => `${JSON.stringify(line)}\n`).join(""), PRIVATE_FILE);
  return damage;
}

/** As when reading a journal: a copy replaces an unreadable first line. */
function withHeader(lines: Json[]): Json[] {
  if (Header.safeParse(lines[0]).success) return lines;
  for (const line of lines) {
    const { data } = JournalLine.safeParse(line);
    if (data?.type === "asked" && data.header.schema <= SCHEMA) return [data.header, ...lines];
  }
  return lines;
}
