import type { ReportLine } from "../core/report/render-report.js";
import type { Verdict } from "../core/domain/schema.js";
import type { WrittenSentence } from "../storage/sessions/journal-schema.js";
import { sha256Hex } from "../common/hash.js";

/*
 * The sentences of a report as they were checked. The journal keeps only a hash of each, which is enough to detect
 * an edit.
 */

/** Checked sentences by text hash: for each set of citations, the latest check. */
export type CheckedSentences = Map<string, WrittenSentence[]>;

export function sentenceHash(text: string): string {
  return sha256Hex(text);
}

/** Converts a sentence to its journal form. @param citations each by its number, "S.Q" */
export function toWrittenSentence(
  { text, citations }: { text: string; citations: readonly { n: string }[] },
  verdict: Verdict,
): WrittenSentence {
  return { sha256: sentenceHash(text), verdict, cites: citations.map(({ n }) => n) };
}

/** The cited sentences of a rendered report. */
export function toWrittenSentences(lines: ReportLine[]): WrittenSentence[] {
  return lines.flatMap(({ sentence }) =>
    sentence === undefined
      ? []
      : [{ sha256: sentenceHash(sentence.text), verdict: sentence.verdict, cites: sentence.cites }],
  );
}

/** Adds checked sentences; a new check replaces one with the same citations. */
export function addCheckedSentences(written: CheckedSentences, sentences: WrittenSentence[]): void {
  const newChecks: CheckedSentences = new Map();
  for (const each of sentences) {
    const same = newChecks.get(each.sha256);
    if (same === undefined) newChecks.set(each.sha256, [each]);
    else same.push(each);
  }
  for (const [sha256, checks] of newChecks) {
    const isReplaced = (known: WrittenSentence): boolean =>
      checks.some(({ cites }) => cites === undefined || cites.join(" ") === known.cites?.join(" "));
    const kept = (written.get(sha256) ?? []).filter(
      (known) => known.cites !== undefined && !isReplaced(known),
    );
    written.set(sha256, [...kept, ...checks]);
  }
}
