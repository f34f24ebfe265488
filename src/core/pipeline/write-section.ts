import { toDraftParagraphs } from "./draft-paragraphs.js";
import { type EvidencePool } from "./gather.js";
import type { OutlineDraft } from "../prompts/outline.js";
import { countVerdicts } from "../report/render-report.js";
import { askModelOrFallback, type RunState } from "./run-state.js";
import { type Plan, type Section, type Verdict } from "../domain/schema.js";
import {
  toCitableEvidence,
  judgeSentences,
  type CheckedSentence,
  type DraftSentence,
  type CitableEvidence,
} from "./judge-sentences.js";
import type { QuotedEvidence } from "../prompts/write.js";

/** A section as it was written, before any of it was checked. */
export interface DraftedSection {
  heading: string;
  /** Sentences of each paragraph. */
  lengths: number[];
  sentences: DraftSentence[];
  columns: string[];
  rows: (DraftSentence & { cells: string[] })[];
  given: Map<string, CitableEvidence>;
  /** Whether the model wrote it itself. */
  own: boolean;
}

/** Writes one section from its own evidence. */
export async function draftSection(
  run: RunState,
  plan: Plan,
  outline: OutlineDraft,
  { heading, evidence: ids }: OutlineDraft["sections"][number],
  pool: EvidencePool,
): Promise<DraftedSection> {
  const given = toCitableEvidence(
    pool.evidence.filter(({ id }) => ids.includes(id)),
    pool.sources,
  );
  const { value, own } = await askModelOrFallback(
    run,
    "write",
    {
      question: run.question,
      kind: plan.kind,
      heading,
      others: outline.sections.map((section) => section.heading).filter((other) => other !== heading),
      evidence: toQuotedEvidence(given),
    },
    { type: "write", heading },
  );
  const paragraphs = await toDraftParagraphs(run, value.paragraphs, given, pool);
  run.ports.emit({ type: "section", heading, state: "written", verdicts: countDraftVerdicts([]) });
  return {
    heading,
    lengths: paragraphs.map(({ length }) => length),
    sentences: paragraphs.flat(),
    columns: value.table?.columns ?? [],
    rows: (value.table?.rows ?? []).map(({ cells, evidence: cited }) => ({
      text: cells.join(" | "),
      evidence: cited,
      cells,
    })),
    given,
    own,
  };
}

/** Verifies a section as soon as it is written. */
export async function checkSection(run: RunState, draft: DraftedSection): Promise<Section> {
  const { heading, lengths, sentences, columns, rows, given, own } = draft;
  const checked = await judgeSentences(run, heading, [...sentences, ...rows], given, own);
  noteRemoved(run, checked);
  let next = 0;
  const paragraphs = lengths
    .map((length) => checked.slice(next, (next += length)).filter((claim) => claim !== null))
    .filter((paragraph) => paragraph.length > 0);
  const tableRows = checked
    .slice(sentences.length)
    .flatMap((row) => (row?.cells === undefined ? [] : [{ ...row, cells: row.cells }]));
  const shown = [...paragraphs, ...tableRows.map((row) => [row])];
  run.ports.emit({
    type: "section",
    heading,
    state: "verified",
    verdicts: countDraftVerdicts(checked),
    paragraphs: shown.map((claims) => claims.map(({ text, verdict }) => ({ text, verdict }))),
  });
  return { heading, paragraphs, table: tableRows.length > 0 ? { columns, rows: tableRows } : null };
}

export function toQuotedEvidence(given: Map<string, CitableEvidence>): QuotedEvidence[] {
  return [...given.values()].map(({ id, quote, claim, source }) => ({ id, quote, claim, source }));
}

export function noteRemoved(run: RunState, checked: CheckedSentence[]): void {
  run.removed += checked.filter((claim) => claim === null).length;
}

function countDraftVerdicts(checked: CheckedSentence[]): Record<Verdict, number> {
  return countVerdicts(checked.flatMap((claim) => (claim === null ? [] : [claim.verdict])));
}
