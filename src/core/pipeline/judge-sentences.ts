import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { msg } from "../../common/messages.js";
import { describeStepTask, type StepTask } from "../domain/step-task.js";
import { isCancelled } from "../../common/errors.js";
import { checkSentenceInTurns, verdictByCode, type SentenceCheck } from "../evidence/check-sentence.js";
import { askModel, askModelOrFallback, noteShortfall, type RunState } from "./run-state.js";
import { formatLocation, type Claim, type Evidence, type Source, type Verdict } from "../domain/schema.js";
import type { QuotedEvidence } from "../prompts/write.js";

/** Times that failing sentences are given back to be rewritten; what fails then is removed. */
const REWRITES = 2;

/** Evidence as writers and checks see it, and whether Google alone vouches for it. */
export type CitableEvidence = QuotedEvidence & { grounded: boolean };

/** A sentence on its way into the report. `cells` where it is a row of a table; a block as in `Claim`. */
export interface DraftSentence extends Pick<Claim, "text" | "evidence" | "asBlock" | "language"> {
  cells?: string[];
}

/** A draft that was checked, with its verdict; null where it had to be removed. */
export type CheckedSentence = (Claim & { cells?: string[] }) | null;

/**
 * Gives each sentence its verdict, by code first (the ids exist, its numbers, dates, versions and names stand in its quotes)
 * and then by the model from the quotes alone. If code sees that a sentence's sense may differ from its quotes',
 * the sentence is at best qualified unless a model says otherwise. What fails is rewritten from its evidence, twice at
 * most, then removed. A check that could not be made is `not-checked`, never a pass or a fail. A block is its quote by
 * construction, so it is supported and no model is asked.
 *
 * @param heading of the section; null for the summary
 * @param allowed the evidence that these sentences were given; they may cite nothing else
 * @param own whether the model wrote them itself; what the fallback model wrote, it checks itself
 * @returns one result for each draft, in order
 */
export async function judgeSentences(
  run: RunState,
  heading: string | null,
  drafts: DraftSentence[],
  allowed: Map<string, CitableEvidence>,
  own: boolean,
): Promise<CheckedSentence[]> {
  const current: (DraftSentence | null)[] = drafts.map((draft) => onlyAllowed(draft, allowed));
  const checked: CheckedSentence[] = drafts.map(() => null);
  for (const [index, draft] of current.entries()) {
    if (draft?.asBlock === true) checked[index] = { ...draft, verdict: "supported", reason: "" };
  }
  let open = current.flatMap((draft, index) => (draft === null || draft.asBlock === true ? [] : [index]));

  for (let attempt = 0; open.length > 0; attempt++) {
    const judged = await judge(
      run,
      { type: "check", heading, again: attempt > 0 },
      current,
      open,
      allowed,
      own,
    );
    const failed: { index: number; why: string }[] = [];
    for (const { index, verdict, reason } of judged) {
      const draft = current[index];
      if (draft === null || draft === undefined) continue;
      if (verdict === "unsupported" || verdict === "contradicted") failed.push({ index, why: reason });
      else checked[index] = { ...draft, verdict, reason };
    }
    // A row of a table has its cells, which a rewritten sentence would not fit: it goes at once.
    const mendable = failed.filter(({ index }) => current[index]?.cells === undefined);
    if (mendable.length === 0 || attempt >= REWRITES) break;

    const { value } = await askModelOrFallback(
      run,
      "rewrite",
      {
        question: run.ask.question,
        sentences: mendable.map(({ index, why }) => ({
          index,
          text: current[index]?.text ?? "",
          why,
          evidence: quotesOf(current[index] ?? null, allowed),
        })),
      },
      { type: "rewrite", sentences: mendable.length, heading },
    );
    open = [];
    for (const { index } of mendable) {
      const again = value.sentences.find((sentence) => sentence.index === index);
      const cited = again?.evidence.length === 0 ? (current[index]?.evidence ?? []) : (again?.evidence ?? []);
      const draft =
        again === undefined || again.text === null || again.text.trim() === ""
          ? null
          : onlyAllowed({ text: again.text, evidence: cited }, allowed);
      current[index] = draft;
      if (draft !== null) open.push(index);
    }
  }
  return checked;
}

/** The draft with the evidence it may cite, if code finds nothing wrong with it; else null. */
export async function passesFactCheck(
  run: RunState,
  draft: DraftSentence,
  allowed: Map<string, CitableEvidence>,
): Promise<DraftSentence | null> {
  const kept = onlyAllowed(draft, allowed);
  if (kept === null || kept.asBlock === true) return kept;
  const quotes = quotesOf(kept, allowed).map(({ quote }) => quote);
  return (await checkOnce(run, kept.text, quotes)).missing.length === 0 ? kept : null;
}

/** What code finds in a sentence: found once for each, and one after the other, with other work between. */
function checkOnce(run: RunState, text: string, quotes: string[]): Promise<SentenceCheck> {
  const key = JSON.stringify([text, quotes]);
  const known = run.checks.get(key);
  if (known !== undefined) return known;
  const check = (): Promise<SentenceCheck> =>
    checkSentenceInTurns(text, quotes, () => run.ports.clock.turn());
  const found = run.lastCheck.then(check, check);
  run.lastCheck = found;
  run.checks.set(key, found);
  return found;
}

/** The draft with the evidence it may cite; null where nothing is left that could show it. */
function onlyAllowed(draft: DraftSentence, allowed: Map<string, unknown>): DraftSentence | null {
  const evidence = [...new Set(draft.evidence)].filter((id) => allowed.has(id));
  const text = draft.asBlock === true ? draft.text : collapseWhitespace(draft.text);
  return evidence.length === 0 || text === "" ? null : { ...draft, text, evidence };
}

function quotesOf(draft: DraftSentence | null, allowed: Map<string, QuotedEvidence>): QuotedEvidence[] {
  return (draft?.evidence ?? []).flatMap((id) => {
    const found = allowed.get(id);
    return found === undefined
      ? []
      : [{ id: found.id, quote: found.quote, claim: found.claim, source: found.source }];
  });
}

interface Judged {
  index: number;
  verdict: Verdict;
  reason: string;
}

/**
 * One batch of verdicts: all open sentences of a section in one call, those of one source together,
 * since a sentence that cites two sources must be held against both.
 */
async function judge(
  run: RunState,
  task: StepTask,
  drafts: (DraftSentence | null)[],
  open: number[],
  allowed: Map<string, CitableEvidence>,
  own: boolean,
): Promise<Judged[]> {
  const byCode: Judged[] = [];
  const forModel: { index: number; text: string; evidence: QuotedEvidence[] }[] = [];
  const doubts = new Map<number, Judged>();
  for (const index of open) {
    const draft = drafts[index];
    if (draft === null || draft === undefined) continue;
    const evidence = quotesOf(draft, allowed);
    const quotes = evidence.map(({ quote }) => quote);
    const found = verdictByCode(await checkOnce(run, draft.text, quotes));
    if (found?.verdict === "unsupported") {
      byCode.push({ index, ...found });
      continue;
    }
    if (found !== null) doubts.set(index, { index, ...found });
    forModel.push({ index, text: draft.text, evidence });
  }
  forModel.sort(
    (a, b) =>
      (a.evidence[0]?.source ?? "").localeCompare(b.evidence[0]?.source ?? "", "en") || a.index - b.index,
  );
  const answers = forModel.length === 0 ? [] : await ask();
  const whyUnchecked =
    run.ports.modelVerifies === false ? "verification by a model is turned off" : "the check gave no answer";
  return [
    ...byCode,
    ...forModel.map(({ index }): Judged => {
      const answer = answers.find((each) => each.index === index);
      const grounded = drafts[index]?.evidence.every((id) => allowed.get(id)?.grounded) ?? false;
      if (answer === undefined) {
        const doubt = grounded ? undefined : doubts.get(index);
        return doubt ?? { index, verdict: "not-checked", reason: whyUnchecked };
      }
      const { verdict, reason } = answer;
      if (grounded && (verdict === "supported" || verdict === "qualified")) {
        return { index, verdict: "not-checked", reason: "found by Google, not read word for word" };
      }
      return { index, verdict, reason: verdict === "supported" ? "" : collapseWhitespace(reason) };
    }),
  ];

  async function ask(): Promise<{ index: number; verdict: Verdict; reason: string }[]> {
    if (!own)
      return (await run.ports.fallbackModel.answer("verify", { claims: forModel }, run.signal)).value
        .verdicts;
    if (run.modelEnded || run.ports.modelVerifies === false) return [];
    try {
      return (await askModel(run, "verify", { claims: forModel }, task)).verdicts;
    } catch (error) {
      if (isCancelled(error)) throw error;
      noteShortfall(run, msg`${describeStepTask(task)} failed; its sentences are marked as not checked.`);
      return [];
    }
  }
}

/** The evidence as writers and checks see it, by id. */
export function toCitableEvidence(evidence: Evidence[], sources: Source[]): Map<string, CitableEvidence> {
  const titles = sources.map(({ title }) => title);
  return new Map(
    evidence.map((each) => {
      const source = sources[each.source];
      // Sources of one title, as the pages of two versions have, are told apart by where they are.
      const isAlone = titles.filter((title) => title === source?.title).length < 2;
      const where = source === undefined ? "" : formatLocation(source.place);
      const name = isAlone ? (source?.title ?? "") : `${source?.title ?? ""} (${where})`;
      return [
        each.id,
        {
          id: each.id,
          quote: each.quote,
          claim: each.claim,
          source: name,
          grounded: each.check === "grounded",
        },
      ];
    }),
  );
}
