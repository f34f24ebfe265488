import { findCodeLanguage } from "../evidence/code-language.js";
import type { SectionDraft } from "../prompts/write.js";
import type { EvidencePool } from "./gather.js";
import type { RunState } from "./run-state.js";
import type { CitableEvidence, DraftSentence } from "./judge-sentences.js";

type WrittenEntry = SectionDraft["paragraphs"][number]["sentences"][number];

/**
 * The paragraphs of a section as drafts. A block gets the quote of its evidence in place of the text, so that it is
 * exact, and stands in a paragraph of its own.
 * @param given the evidence that the section was given; a block of other or of grounded evidence becomes a sentence, if
 *   it has a text
 */
export async function toDraftParagraphs(
  run: RunState,
  paragraphs: SectionDraft["paragraphs"],
  given: Map<string, CitableEvidence>,
  pool: EvidencePool,
): Promise<DraftSentence[][]> {
  const drafts: DraftSentence[][] = [];
  for (const { sentences } of paragraphs) {
    let open: DraftSentence[] | null = null;
    for (const entry of sentences) {
      const quoted = quotableEvidence(entry, given);
      if (quoted !== null) {
        drafts.push([await toBlock(run, quoted, pool)]);
        open = null;
        continue;
      }
      const text = entry.asBlock === true ? textInstead(entry, given) : entry.text;
      if (text === null) continue;
      if (open === null) drafts.push((open = []));
      open.push({ text, evidence: entry.evidence });
    }
  }
  return drafts;
}

/** The one evidence that a block shows; null where it can show none. */
function quotableEvidence(entry: WrittenEntry, given: Map<string, CitableEvidence>): CitableEvidence | null {
  const found = entry.asBlock === true ? onlyEvidence(entry, given) : null;
  return found === null || found.grounded ? null : found;
}

/** What a sentence says in place of a block: the model's text, or what Google vouches for; null where there is neither. */
function textInstead(entry: WrittenEntry, given: Map<string, CitableEvidence>): string | null {
  return entry.text.trim() === "" ? (onlyEvidence(entry, given)?.quote ?? null) : entry.text;
}

function onlyEvidence(
  { evidence }: WrittenEntry,
  given: Map<string, CitableEvidence>,
): CitableEvidence | null {
  const [id = "", ...others] = new Set(evidence);
  return others.length === 0 ? (given.get(id) ?? null) : null;
}

async function toBlock(
  run: RunState,
  { id, quote }: CitableEvidence,
  { evidence, sources }: EvidencePool,
): Promise<DraftSentence> {
  const { snapshots } = run.ports;
  const at = evidence.find((each) => each.id === id);
  const source = at === undefined ? undefined : sources[at.source];
  const isKept = source !== undefined && (await snapshots.has(source));
  const language =
    at === undefined || !isKept ? null : findCodeLanguage(await snapshots.text(source), at, source.place);
  return { text: quote, evidence: [id], asBlock: true, ...(language === null ? {} : { language }) };
}
