import { existsSync } from "node:fs";
import { isFeatureOn } from "../config/features.js";
import { getModelProvider } from "../models/providers.js";
import { openOffline } from "../models/offline/offline-provider.js";
import { checkSentence, verdictByCode } from "../core/evidence/check-sentence.js";
import { removeInvisibleCharacters } from "../common/invisible-characters.js";
import { OFFLINE_PROVIDER, type ProviderId, type Verdict } from "../core/domain/schema.js";
import { TASKS } from "../core/prompts/tasks.js";
import { diffReportLines } from "../storage/reports/report-line-hashes.js";
import { Budget } from "../storage/sessions/budget.js";
import { readJournal } from "../storage/sessions/journal.js";
import type { WrittenSentence } from "../storage/sessions/journal-schema.js";
import { journalPath, reopenSession, resolveSessionFolder } from "../storage/sessions/session.js";
import { JournaledSteps } from "../storage/sessions/journaled-steps.js";
import { isSessionId } from "../storage/archive/allowed-paths.js";
import { budgetLimits, requireStorage } from "./run-session.js";
import { modelAccess } from "./model-access.js";
import type { EngineConfig, RunCallbacks } from "./types.js";
import { systemClock } from "./create-ports.js";
import { collapseWhitespace } from "../common/collapse-whitespace.js";

/* One sentence of a report that is there, checked again: by code, then by the session's engine. */

export type { WrittenSentence } from "../storage/sessions/journal-schema.js";
export { toWrittenSentence } from "../verification/checked-sentences.js";

export interface RecheckRequest {
  /** The session that the report names. */
  session: string;
  text: string;
  /** The quotes that it cites, with their sources' titles; those of Google's are left out. */
  quotes: { n: string; quote: string; source: string }[];
  /** Whether it cites something that only Google vouches for, too. */
  grounded: boolean;
  /** Whether it is a block, whose text is to be its one quote. */
  isBlock: boolean;
}

export interface RecheckResult {
  verdict: Verdict;
  reason: string;
  /** Who judged: "code" alone, or the provider with this id. */
  by: ProviderId;
  /** Whether the session's journal says it now. */
  kept: boolean;
}

/**
 * Checks a sentence against its quotes. A paid answer stands in the session's journal and is not asked for twice,
 * and so does the new state of the sentence. For a session that this machine did not begin, the model is asked only if
 * the user agrees.
 * @param written the sentence as the journal is to keep it, with its verdict
 * @throws ResearchError where the model fails, or another run has the session
 */
export async function recheckSentence(
  config: EngineConfig,
  sentence: RecheckRequest,
  written: (verdict: Verdict) => WrittenSentence,
  watch: Pick<RunCallbacks, "signal" | "listen" | "confirmForeign">,
): Promise<RecheckResult> {
  const { sessionStoragePath } = config.settings;
  const known =
    isSessionId(sentence.session) &&
    existsSync(journalPath(resolveSessionFolder(sessionStoragePath, sentence.session)));
  if (!known) return recheckOffline(sentence, watch.signal);

  await requireStorage(config);
  const { ended } = await readJournal(
    journalPath(resolveSessionFolder(sessionStoragePath, sentence.session)),
  );
  const session = await reopenSession(sessionStoragePath, sentence.session, systemClock.now(), {
    resumes: false,
  });
  const { header, journal, lock, spent } = session;
  const signal = AbortSignal.any([watch.signal, lock.lost]);
  const budget = new Budget(budgetLimits(config), spent);
  const steps = new JournaledSteps({ ...session, budget, clock: systemClock, emit: watch.listen, signal });
  try {
    const judged = byCode(sentence) ?? (await byEngine());
    const at = systemClock.now().toISOString();
    await journal.append({ type: "written", at, sentences: [written(judged.verdict)] });
    return { ...judged, kept: true };
  } finally {
    await steps.settled();
    budget.close();
    // A list finds it in the last line, without reading all of them; a check that failed ends no session, either.
    if (ended !== null) await journal.append(ended).catch(() => undefined);
    await journal.close().finally(() => lock.release());
  }

  async function byEngine(): Promise<Omit<RecheckResult, "kept">> {
    const provider = getModelProvider(header.engine);
    const access = modelAccess(config);
    const isAsked = provider.isRemote && provider.isConfigured(access);
    if (!isAsked || !isFeatureOn("modelVerification", config.settings)) return byOffline(sentence, signal);
    const { id: of, question, engine } = header;
    const foreign = { session: of, question, engine, scope: [], pages: [] };
    if (!session.isOurs && (await watch.confirmForeign?.(foreign)) !== true)
      return byOffline(sentence, signal);
    const { model } = provider.open(access, {
      session: header.id,
      notice: (message) => watch.listen({ type: "notice", message }),
    });
    const input = inputOf(sentence);
    const { verdicts } = await steps.run({
      kind: "model",
      task: { type: "recheck" },
      input: { engine: model.engine, task: "verify", input },
      outcome: TASKS.verify.output,
      work: () => model.answer("verify", input, signal),
    });
    return { ...judgedIn(verdicts, sentence), by: provider.id };
  }
}

/**
 * Records an edit made by Deep Research in the journal, so that verification does not report it as a manual edit. The
 * sentences are those that the edit is about, as the report has them now.
 * @param edit the report's text before and after, and the line (1-based) of a sentence that was checked again, which
 *   counts with its block even if it did not change; null if there is none
 * @returns false where the report's session is not there: then nobody can tell anyway
 * @throws ResearchError where another run has the session
 */
export async function recordReportEdit(
  config: EngineConfig,
  id: string,
  sentences: WrittenSentence[],
  { before, after, line }: { before: string; after: string; line: number | null },
): Promise<boolean> {
  const changes = diffReportLines(before, after, line);
  const { sessionStoragePath } = config.settings;
  if (!isSessionId(id) || !existsSync(journalPath(resolveSessionFolder(sessionStoragePath, id))))
    return false;
  const { ended } = await readJournal(journalPath(resolveSessionFolder(sessionStoragePath, id)));
  const { journal, lock } = await reopenSession(sessionStoragePath, id, systemClock.now(), {
    resumes: false,
  });
  try {
    const at = systemClock.now().toISOString();
    await journal.append({ type: "written", at, sentences, changes });
    // A list finds it in the last line, without reading all of them.
    if (ended !== null) await journal.append(ended);
    return true;
  } finally {
    await journal.close().finally(() => lock.release());
  }
}

/** What code alone can say: nothing was read word for word, a fact is not in the quotes, or whether a block is its quote. */
function byCode({ text, quotes, grounded, isBlock }: RecheckRequest): Omit<RecheckResult, "kept"> | null {
  if (quotes.length === 0) {
    return { verdict: "not-checked", reason: "found by Google, not read word for word", by: "code" };
  }
  if (isBlock) {
    const isVerbatim = !grounded && quotes.every(({ quote }) => quote === text);
    return isVerbatim
      ? { verdict: "supported", reason: "", by: "code" }
      : { verdict: "unsupported", reason: "it is not its quote word for word", by: "code" };
  }
  const found = grounded ? null : checkQuoted(text, quotes);
  // A sense that may differ is for a model to judge.
  return found?.verdict === "unsupported" ? { ...found, by: "code" } : null;
}

function checkQuoted(text: string, quotes: RecheckRequest["quotes"]): ReturnType<typeof verdictByCode> {
  const texts = quotes.map(({ quote }) => quote);
  return verdictByCode(checkSentence(text, texts));
}

/** The same with nothing kept and no engine but the offline one: for a workspace that is not trusted. */
export async function recheckOffline(sentence: RecheckRequest, signal: AbortSignal): Promise<RecheckResult> {
  return { ...(byCode(sentence) ?? (await byOffline(sentence, signal))), kept: false };
}

async function byOffline(
  sentence: RecheckRequest,
  signal: AbortSignal,
): Promise<Omit<RecheckResult, "kept">> {
  const { value } = await openOffline().answer("verify", inputOf(sentence), signal);
  return { ...judgedIn(value.verdicts, sentence), by: OFFLINE_PROVIDER };
}

function inputOf({ text, quotes }: RecheckRequest) {
  return {
    claims: [
      {
        index: 0,
        text,
        evidence: quotes.map(({ n, quote, source }) => ({ id: n, quote, claim: "", source })),
      },
    ],
  };
}

function judgedIn(
  verdicts: { index: number; verdict: Verdict; reason: string }[],
  { text, quotes, grounded }: RecheckRequest,
): { verdict: Verdict; reason: string } {
  const found = verdicts.find(({ index }) => index === 0);
  if (found === undefined) {
    const doubt = grounded ? null : checkQuoted(text, quotes);
    return doubt ?? { verdict: "not-checked", reason: "the check gave no answer" };
  }
  const reason =
    found.verdict === "supported" ? "" : collapseWhitespace(removeInvisibleCharacters(found.reason).text);
  return { verdict: found.verdict, reason };
}
