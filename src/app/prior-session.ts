import { getModelProvider } from "../models/providers.js";
import * as z from "zod";
import type { Steps } from "../core/domain/ports.js";
import { PreviousResearch } from "../core/prompts/plan.js";
import { SessionReport } from "../core/pipeline/refresh.js";
import type { Scope } from "../core/domain/research-request.js";
import type { ResearchInput } from "../core/pipeline/run-state.js";
import { NO_USAGE, Source } from "../core/domain/schema.js";
import { startDay, usesEarlierMethod, type Header } from "../storage/sessions/journal-schema.js";

/** What a session asks, from its first line. @param before the research that it goes on from */
export function toResearchInput(header: Header, before?: PreviousResearch): ResearchInput {
  const { question, depth, maxSources, pages, sites, scope, id, reportEnvironment } = header;
  return {
    question,
    depth,
    maxSources,
    pages,
    scope,
    session: id,
    day: startDay(header),
    ...(reportEnvironment === undefined ? {} : { environment: reportEnvironment }),
    ...(sites === undefined ? {} : { sites }),
    ...(before === undefined ? {} : { before }),
    ...(usesEarlierMethod(header) ? { earlierMethod: true } : {}),
  };
}

/** The scopes that a session searches: in earlier versions, the web was Google, too. */
export function searchedScopes(header: Pick<Header, "schema" | "firstSchema" | "scope">): Scope[] {
  const isGoogled = usesEarlierMethod(header) && header.scope.includes("web");
  return isGoogled ? [...header.scope, "google"] : header.scope;
}

/** Whether a session asks its model's own search, as far as its header says. */
export function usesModelSearch(header: Header): boolean {
  return getModelProvider(header.engine).search !== null && searchedScopes(header).includes("google");
}

/** Whether the evidence of a session may be what Google said: in earlier versions it was not kept apart. */
export function mayCiteGoogle(header: Header): boolean {
  return usesEarlierMethod(header) && usesModelSearch(header);
}

/*
 * What a session takes from an earlier one is a step of its own: from then on it stands alone, and goes on
 * or is gone through again without the earlier one.
 */

/** What a refresh begins with. `edited`: the report was not what its session had written. */
export const RefreshBase = SessionReport.extend({ edited: z.boolean() });
export type RefreshBase = z.infer<typeof RefreshBase>;

export function loadRefreshBase(
  steps: Steps,
  id: string,
  work: () => Promise<RefreshBase>,
): Promise<RefreshBase> {
  return steps.run({
    kind: "read",
    task: { type: "load-report", session: id },
    input: { refreshes: id },
    outcome: RefreshBase,
    work: async () => ({ value: await work(), usage: NO_USAGE, by: "journal" }),
  });
}

/** What a question goes on from: what was asked and answered, and the sources that are at hand. */
export const PreviousSession = z.object({ before: PreviousResearch, sources: z.array(Source) });
export type PreviousSession = z.infer<typeof PreviousSession>;

export function loadPreviousSession(
  steps: Steps,
  id: string,
  work: () => Promise<PreviousSession>,
): Promise<PreviousSession> {
  return steps.run({
    kind: "read",
    task: { type: "load-sources", session: id },
    input: { follows: id },
    outcome: PreviousSession,
    work: async () => ({ value: await work(), usage: NO_USAGE, by: "journal" }),
  });
}
