import { createHash } from "node:crypto";
import { readReport, type ReadSentence } from "../core/report/parse-report.js";
import type { Verdict } from "../core/domain/schema.js";
import type { WrittenSentence } from "../storage/sessions/journal-schema.js";

/*
 * The sentences of a report as they were checked. The journal keeps a hash of each, so that an edit is seen later
 * without the text being there twice.
 */

/** What was checked, by the hash of the sentence: once for each set of citations, as it was checked last. */
export type Written = Map<string, WrittenSentence[]>;

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

/** Adds sentences that were checked; of one with the same citations the last check counts. */
export function addWritten(written: Written, sentences: WrittenSentence[]): void {
  const now: Written = new Map();
  for (const each of sentences) {
    const same = now.get(each.sha256);
    if (same === undefined) now.set(each.sha256, [each]);
    else same.push(each);
  }
  for (const [sha256, fresh] of now) {
    const isAgain = (known: WrittenSentence): boolean =>
      fresh.some(({ cites }) => cites === undefined || cites.join(" ") === known.cites?.join(" "));
    const kept = (written.get(sha256) ?? []).filter((known) => known.cites !== undefined && !isAgain(known));
    written.set(sha256, [...kept, ...fresh]);
  }
}
