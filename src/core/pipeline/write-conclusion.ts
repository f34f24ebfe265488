import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { type EvidencePool } from "./gather.js";
import type { OutlineDraft } from "../prompts/outline.js";
import { describeGaps } from "../report/gap-remarks.js";
import { findUnmentionedGaps } from "./open-points.js";
import { askModelOrFallback, type RunState } from "./run-state.js";
import { OFFLINE_PROVIDER, type Claim, type Plan, type Report } from "../domain/schema.js";
import {
  toCitableEvidence,
  passesFactCheck,
  judgeSentences,
  type CheckedSentence,
} from "./judge-sentences.js";
import { type DraftedSection, toQuotedEvidence, noteRemoved } from "./write-section.js";
import { gapsOf } from "./write-outline.js";

/** What stands around the sections. */
export type ReportConclusion = Pick<Report, "summary" | "disagreements" | "limits">;

/** Summary, disagreements and limits come last, from what the sections say. */
export async function writeConclusion(
  run: RunState,
  plan: Plan,
  outline: OutlineDraft,
  drafts: DraftedSection[],
  { evidence, sources }: EvidencePool,
): Promise<ReportConclusion> {
  const soundIn = async ({ heading, sentences, rows, given }: DraftedSection) => {
    const kept = await Promise.all(
      [...sentences, ...rows].map((draft) => passesFactCheck(run, draft, given)),
    );
    return {
      heading,
      sentences: kept.flatMap((draft) =>
        draft === null
          ? []
          : [
              {
                text: draft.text,
                evidence: draft.evidence,
                ...(draft.asBlock === true ? { asBlock: draft.asBlock } : {}),
              },
            ],
      ),
    };
  };
  const written = (await Promise.all(drafts.map(soundIn))).filter(({ sentences }) => sentences.length > 0);
  if (written.length === 0) return { summary: [], disagreements: [], limits: [] };
  // What the sections left out of what they were given may be what disagrees.
  const used = new Set(outline.sections.flatMap((section) => section.evidence));
  const given = toCitableEvidence(
    evidence.filter(({ id }) => used.has(id)),
    sources,
  );
  const { value, own } = await askModelOrFallback(
    run,
    "conclude",
    {
      question: run.question,
      kind: plan.kind,
      cover: plan.cover,
      sections: written,
      evidence: toQuotedEvidence(given),
      gaps: gapsOf(outline),
    },
    { type: "summarize" },
  );
  const cited = value.limits.filter((limit) => limit.evidence.some((id) => given.has(id)));
  const parts = [value.summary, value.disagreements, cited];
  const checked = await judgeSentences(run, null, parts.flat(), given, own);
  noteRemoved(run, checked);
  const [summary = [], disagreements = [], limits = []] = splitByPart(checked, parts);
  const remarks = value.limits.filter((limit) => !cited.includes(limit)).map(({ text }) => toRemark(text));
  // The offline engine's gaps may be names to search for, and its conclusion says what is open.
  const unsaid =
    own && run.ports.model.engine !== OFFLINE_PROVIDER
      ? findUnmentionedGaps(
          gapsOf(outline),
          value.limits.map(({ text }) => text),
        )
      : [];
  return {
    summary,
    disagreements,
    limits: [...limits, ...remarks, ...describeGaps(unsaid).map(toRemark)],
  };
}

function splitByPart(checked: CheckedSentence[], parts: unknown[][]): Claim[][] {
  let next = 0;
  return parts.map(({ length }) => checked.slice(next, (next += length)).filter((claim) => claim !== null));
}

/** A sentence about the research itself: it cites nothing and claims nothing about the world. */
export function toRemark(text: string): Claim {
  return { text: collapseWhitespace(text), evidence: [], verdict: "not-checked", reason: "" };
}
