import { createHash } from "node:crypto";
import { parseReport, type ParsedSentence } from "../core/report/parse-report.js";
import type { Verdict } from "../core/domain/schema.js";
import type { WrittenSentence } from "../storage/sessions/journal-schema.js";

/*
 * The sentences of a report as they were checked. The journal keeps a hash of each, so that an edit is seen later
 * without the text being there twice.
 */

/** What was checked, by the hash of the sentence: once for each set of citations, as it was checked last. */
export type CheckedSentences = Map<string, WrittenSentence[]>;

export function sentenceHash(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** A sentence of a report, as the journal keeps it. */
export function toWrittenSentence({ text, citations }: ParsedSentence, verdict: Verdict): WrittenSentence {
  return { sha256: sentenceHash(text), verdict, cites: citations.map(({ n }) => n) };
}

/** The sentences of a report of ours that has just been written. */
export function sentencesOfReport(markdown: string): WrittenSentence[] {
  return parseReport(markdown).sentences.map((each) =>
    toWrittenSentence(each, each.mark?.verdict ?? "supported"),
  );
}

/** Adds sentences that were checked; of one with the same citations the last check counts. */
export function addCheckedSentences(written: CheckedSentences, sentences: WrittenSentence[]): void {
  const now: CheckedSentences = new Map();
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
