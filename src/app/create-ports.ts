import path from "node:path";
import { openGemini } from "../models/gemini/gemini-provider.js";
import { openOffline } from "../models/offline/offline-provider.js";
import { MODELS } from "../models/gemini/prices.js";
import { ResearchError } from "../common/errors.js";
import { estimate, estimateLine, type Estimate } from "../core/pipeline/estimate.js";
import { revised } from "../core/pipeline/plan.js";
import { badPlan, isProblem, readPlanDocument } from "../core/pipeline/plan-document.js";
import type { Clock, Ports, Reader, Search } from "../core/domain/ports.js";
import { DEPTHS, Plan, whereIs } from "../core/domain/schema.js";
import { openSteering, type Course } from "../core/pipeline/steering.js";
import { cacheRoot } from "../storage/cache/cache.js";
import { cacheFolder } from "../config/storage-folders.js";
import { readPlanFile, removePlanFile, waitsForPlan } from "../storage/sessions/plan-file.js";
import type { Session } from "../storage/sessions/session.js";
import { sealOf } from "../storage/sessions/session-origin.js";
import { SnapshotFolder } from "../storage/sessions/snapshots.js";
import type { JournaledSteps } from "../storage/sessions/journaled-steps.js";
import { openSearxng } from "../search/searxng/searxng-search.js";
import { topicsOf } from "../reading/workspace/document-topics.js";
import { openWorkspace } from "../reading/workspace/workspace-reader.js";
import { openWorkspaceSearch } from "../search/workspace/workspace-search.js";
import { isGoogled } from "./prior-session.js";
import { cachedModel, cachedReader } from "../storage/cache/cached-ports.js";
import type { Commons } from "./shared-resources.js";
import type { House, Watch } from "./types.js";

/* The method's ports for one session, wired by hand: the one place that knows all the rooms. */

/** Whoever computes for long waits for a turn of the event loop of its own: many at once block nobody. */
let turns: Promise<void> = Promise.resolve();
export const clock: Clock = {
  now: () => new Date(),
  turn: () => (turns = turns.then(() => new Promise((resolve) => setImmediate(resolve)))),
};

/** The ports of one run. */
export function portsOf(
  house: House,
  session: Session,
  steps: JournaledSteps,
  commons: Commons,
  watch: Watch,
): Ports {
  const { settings } = house;
  const { header, folder } = session;
  const spare = openOffline();
  const gemini =
    header.engine === "gemini" && house.key !== null
      ? openGemini({
          key: house.key,
          ...(house.baseUrl === null ? {} : { baseUrl: house.baseUrl }),
          session: header.id,
          ...(house.modelTimeout === undefined ? {} : { timeoutMs: house.modelTimeout }),
          notice: (message) => watch.listen({ type: "notice", message }),
        })
      : null;
  const kept = cacheFolder(settings.sessionStoragePath);
  const { cacheMegabytes, cacheDays } = settings;
  const cache =
    house.cache === false
      ? null
      : commons.cache(
          kept,
          { megabytes: cacheMegabytes, days: cacheDays },
          cacheRoot(settings.sessionStoragePath, house.workspace),
        );
  void cache?.problem().then((why) => {
    if (why !== null) watch.listen({ type: "notice", message: `The cache is not used: ${why}` });
  });
  const workspace = openWorkspace({
    root: house.workspace,
    exclude: [settings.sessionStoragePath, settings.reportOutputPath, kept],
    text: commons.threads.read,
  });
  const pages = commons.pages(settings.allowedPrivateHosts);
  const searches: Search[] = [];
  if (header.scope.includes("workspace")) {
    const index = commons.index(house.workspace, cache);
    const notice = (message: string): void => watch.listen({ type: "notice", message });
    searches.push(openWorkspaceSearch(workspace, index, notice));
  }
  if (header.scope.includes("web")) {
    // Found by a server of the user's own, pages may be read; Google's may not.
    if (settings.searxngUrl !== "") searches.push(openSearxng(settings.searxngUrl));
    if (gemini !== null && house.googleSearch !== false) searches.push(gemini.search);
  }
  const reader: Reader = {
    read: (place, signal) =>
      place.kind === "workspace"
        ? workspace.read(place, signal)
        : session.isOurs
          ? pages.read(place, signal)
          : Promise.reject(notAgreed(whereIs(place))),
  };
  const model = gemini?.model ?? spare;
  const { approve } = watch;
  const ports: Ports = {
    model: gemini === null || cache === null ? model : cachedModel(model, MODELS, cache, isGoogled(header)),
    spare,
    searches,
    // A refresh wants today's page.
    reader: cache === null || header.refreshes !== undefined ? reader : cachedReader(reader, cache),
    snapshots: new SnapshotFolder(path.join(folder, "sources"), (error) => steps.noteFailure(error)),
    steps,
    clock,
    emit: watch.listen,
  };
  ports.course = courseOf(session, watch);
  const clarify = clarifyOnce(session, watch, () => topicsOf(house.workspace, workspace, 4, watch.signal));
  if (clarify !== null) ports.clarify = clarify;
  const review = reviewOnce(session, watch, ports);
  if (review !== null) ports.review = review;
  if (approve !== undefined && isAsked(house, session, ports)) {
    ports.approve = approveOnce(approve, house, session);
  }
  return ports;
}

/** The changes of this and of earlier runs; each is in the journal before it takes effect. */
function courseOf({ journal, steered }: Session, { steer }: Watch): Course {
  const { steering, course } = openSteering(steered, (change) =>
    journal.append({ type: "steered", at: clock.now().toISOString(), ...change }),
  );
  steer?.(steering);
  return course;
}

/** What was asked back once is not asked again; null where nobody can be asked and nobody was. */
function clarifyOnce(
  { header, journal, clarified }: Session,
  { clarify }: Watch,
  topics: () => Promise<string[]>,
): NonNullable<Ports["clarify"]> | null {
  if (clarified !== null) return () => Promise.resolve(clarified);
  if (clarify === undefined) return null;
  return async (unclear) => {
    // A question that names nothing is most likely about something in the folder.
    const offered = await Promise.all(
      unclear.map(async (each) =>
        each.options.length === 0 && header.scope.includes("workspace")
          ? { ...each, options: await topics() }
          : each,
      ),
    );
    const answers = await clarify(offered);
    await journal.append({ type: "clarified", at: clock.now().toISOString(), answers });
    return answers;
  };
}

/**
 * A plan that was looked at once is not shown again when the session goes on. One that waits as a document
 * runs as it stands there, whoever resumes the session. Null where the plan runs as it is.
 */
function reviewOnce(
  { header, folder, journal, plan: kept }: Session,
  { review }: Watch,
  ports: Ports,
): NonNullable<Ports["review"]> | null {
  const known = Plan.safeParse(kept);
  if (known.success) {
    return async () => {
      await removePlanFile(folder);
      return known.data;
    };
  }
  const keep = async (plan: Plan): Promise<Plan> => {
    await journal.append({ type: "plan", at: clock.now().toISOString(), plan });
    await removePlanFile(folder);
    return plan;
  };
  if (review !== undefined) {
    const { id, depth, maxSources } = header;
    const cost = (questions: number): Estimate =>
      estimate({
        depth,
        questions: questions + 1,
        maxSources,
        paidSearches: paidOf(ports),
        model: ports.model,
      });
    return async (plan) => keep(await review(plan, { session: id, folder, depth, estimate: cost }));
  }
  if (!waitsForPlan(folder)) return null;
  return async (plan) => {
    const read = readPlanDocument(await readPlanFile(folder), header.depth);
    if (isProblem(read)) throw badPlan(read);
    return keep(revised(plan, read));
  };
}

function paidOf({ searches }: Pick<Ports, "searches">): number {
  return searches.filter(({ paid }) => paid).length;
}

/** Whether a research of this size may cost so much that the user has to be asked. */
function isAsked({ settings }: House, { header, approved }: Session, { model, searches }: Ports): boolean {
  if (model.rates === null || approved || settings.askAboveUsd === 0) return false;
  const { depth, maxSources } = header;
  const questions = DEPTHS[depth].questions + 1;
  return (
    estimate({ depth, questions, maxSources, paidSearches: paidOf({ searches }), model }).usd[1] >
    settings.askAboveUsd
  );
}

/** Asks where the estimate reaches beyond the setting; what was agreed to once is not asked again. */
function approveOnce(
  approve: (estimate: Estimate) => Promise<boolean>,
  { settings }: House,
  { header, journal }: Session,
) {
  return async (cost: Estimate): Promise<void> => {
    if (cost.usd[1] <= settings.askAboveUsd) return;
    if (!(await approve(cost))) {
      throw new ResearchError(
        "not-approved",
        `This research was not begun: it may take ${estimateLine(cost)}.`,
        `To run it: deep-research resume ${header.id} --yes`,
      );
    }
    const at = clock.now().toISOString();
    const mark = await sealOf("approved", header, at);
    await journal.append({ type: "approved", at, ...(mark === null ? {} : { mark }) });
  };
}

/** What nobody was asked about, since the session names no page and no web, is not read from there. */
function notAgreed(where: string): ResearchError {
  return new ResearchError(
    "refused-address",
    `${where} is not read: the session was not begun on this machine, and names no page.`,
  );
}
