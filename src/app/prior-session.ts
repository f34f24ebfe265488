import * as z from "zod";
import type { Steps } from "../core/domain/ports.js";
import { Before } from "../core/pipeline/plan.js";
import { Base } from "../core/pipeline/refresh.js";
import type { Ask } from "../core/pipeline/run-state.js";
import { NO_USAGE, Source } from "../core/domain/schema.js";
import type { Header } from "../storage/sessions/journal-schema.js";

/** What a session asks, from its first line. @param before the research that it goes on from */
export function askOf(
  { question, depth, maxSources, pages, scope, id, started }: Header,
  before?: Before,
): Ask {
  return {
    question,
    depth,
    maxSources,
    pages,
    scope: scope.map((each) => (each === "web" ? "the web" : "the workspace")),
    session: id,
    startedAt: new Date(started),
    ...(before === undefined ? {} : { before }),
  };
}

/** Whether a session searches with Google, so far as its first line says. */
export function isGoogled({ engine, scope }: Header): boolean {
  return engine === "gemini" && scope.includes("web");
}

/*
 * What a session takes from an earlier one is a step of its own: from then on it stands alone, and goes on
 * or is gone through again without the earlier one.
 */

/** What a refresh begins with. `edited`: the report was not what its session had written. */
export const Begun = Base.extend({ edited: z.boolean() });
export type Begun = z.infer<typeof Begun>;

export function earlierReport(steps: Steps, id: string, work: () => Promise<Begun>): Promise<Begun> {
  return steps.run({
    kind: "read",
    label: `Going through ${id} again`,
    input: { refreshes: id },
    outcome: Begun,
    work: async () => ({ value: await work(), usage: NO_USAGE, by: "journal" }),
  });
}

/** What a question goes on from: what was asked and answered, and the sources that are at hand. */
export const Earlier = z.object({ before: Before, sources: z.array(Source) });
export type Earlier = z.infer<typeof Earlier>;

export function earlierSession(steps: Steps, id: string, work: () => Promise<Earlier>): Promise<Earlier> {
  return steps.run({
    kind: "read",
    label: `Going on from ${id}`,
    input: { follows: id },
    outcome: Earlier,
    work: async () => ({ value: await work(), usage: NO_USAGE, by: "journal" }),
  });
}
