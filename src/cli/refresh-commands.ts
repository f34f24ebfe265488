import path from "node:path";
import * as z from "zod";
import { startFollowUp } from "../app/start-follow-up.js";
import { acceptRefresh, discardRefresh, startRefresh } from "../app/refresh-report.js";
import { ResearchError } from "../common/errors.js";
import {
  askedOf,
  Flags as RunFlags,
  located,
  openHouse,
  openHouseToRun,
  runToEnd,
  withPlan,
} from "./commands.js";
import { EXIT, print, printJson } from "./output.js";

/* Reports brought up to date, and questions that go on from one. Each command returns its exit code. */

const Flags = RunFlags.extend({
  accept: z.boolean().default(false),
  overwrite: z.boolean().default(false),
});

export async function refresh(report: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const house = await openHouseToRun(flags);
  const file = await located(report, path.resolve(house.workspace));
  return runToEnd(house, { ...flags, plan: false }, async (watch) => {
    const result = await startRefresh(house, file, watch);
    // A partial one is looked at before it takes a whole one's place.
    if (!flags.accept || result.status !== "done" || result.refresh === undefined) return result;
    if (result.refresh.draft === null) return result;
    const { report: accepted } = await acceptRefresh(house, result.session, flags.overwrite);
    return { ...result, report: accepted, refresh: { ...result.refresh, draft: null } };
  });
}

export async function accept(id: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  return told(flags.json, await acceptRefresh(await openHouse(flags), id, flags.overwrite));
}

export async function discard(id: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  return told(flags.json, await discardRefresh(await openHouse(flags), id));
}

/** Where the report is that stands now. */
function told(json: boolean, settled: { session: string; report: string }): number {
  if (json) printJson(settled);
  else print(settled.report);
  return EXIT.done;
}

export async function followUp(id: string, question: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  if (question.trim() === "") {
    throw new ResearchError(
      "empty-question",
      "The question is empty.",
      'Ask it in quotes: deep-research follow ID "QUESTION"',
    );
  }
  const house = await openHouseToRun(flags);
  const asked = askedOf(house, flags, question);
  return runToEnd(house, withPlan(house, flags), (watch) => startFollowUp(house, id, asked, watch));
}
