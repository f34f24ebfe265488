import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { readReport, type ReadSentence } from "../research/read-report.js";
import type { Verdict } from "../research/schema.js";
import { journalLines } from "./journal.js";
import { Line, parsed, SCHEMA, schemaOf, type WrittenSentence } from "./journal-lines.js";

/*
 * The sentences of a report as they were checked. The journal keeps a hash of each, so that an edit is seen later
 * without the text being there twice.
 */

/** What was checked, by the hash of the sentence; the same words may stand in a report twice. */
export type Written = Map<string, WrittenSentence[]>;

/** A journal larger than this is not looked through while somebody types. */
const LARGEST = 256 * 1024 ** 2;

export function sentenceHash(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** A sentence of a report, as the journal keeps it. */
export function writtenSentence({ text, citations }: ReadSentence, verdict: Verdict): WrittenSentence {
  return { sha256: sentenceHash(text), verdict, cites: citations.map(({ n }) => n) };
}

/** The sentences of a report of ours that has just been written. */
export function writtenIn(markdown: string): WrittenSentence[] {
  return readReport(markdown).sentences.map((each) =>
    writtenSentence(each, each.mark?.verdict ?? "supported"),
  );
}

/**
 * What a session's journal says was checked; of a sentence that was checked again, the last time counts.
 * @returns null where the journal is not there, is another session's, or does not say it
 */
export async function readWritten(journal: string, session: string): Promise<Written | null> {
  const { size } = (await stat(journal).catch(() => null)) ?? { size: 0 };
  if (size === 0 || size > LARGEST) return null;
  const written: Written = new Map();
  let says = false;
  let number = 0;
  try {
    for await (const { text, whole } of journalLines(journal)) {
      number++;
      if (number === 1 && (idOf(text) !== session || schemaOf(parsed(text)) > SCHEMA)) return null;
      if (!whole || !text.startsWith('{"type":"written"')) continue;
      const line = Line.safeParse(parsed(text));
      if (!line.success || line.data.type !== "written") continue;
      says = true;
      const fresh: Written = new Map();
      for (const each of line.data.sentences)
        fresh.set(each.sha256, [...(fresh.get(each.sha256) ?? []), each]);
      for (const [sha256, sentences] of fresh) written.set(sha256, sentences);
    }
  } catch {
    return null;
  }
  return says ? written : null;
}

function idOf(line: string): string | null {
  const header = parsed(line);
  return typeof header === "object" && header !== null && "id" in header ? String(header.id) : null;
}
