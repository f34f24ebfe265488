import { bySurface, type Message, msg } from "../common/messages.js";
import { openOffline } from "../models/offline/offline-provider.js";
import { getModelProvider } from "../models/providers.js";
import { ResearchError } from "../common/errors.js";
import type { Estimate } from "../core/domain/estimate.js";
import { estimateResearch, describeEstimate } from "../core/pipeline/estimate.js";
import { applyRevision } from "../core/pipeline/plan.js";
import { planProblemError, isPlanProblem, readPlanDocument } from "../core/pipeline/plan-document.js";
import type { Clock, Ports, Reader } from "../core/domain/ports.js";
import { DEPTHS, Plan, formatLocation } from "../core/domain/schema.js";
import { createSteering, type SteeringState } from "../core/pipeline/steering.js";
import { cacheRoot } from "../storage/cache/cache.js";
import { isFeatureOn } from "../config/features.js";
import { cacheFolder } from "../config/storage-folders.js";
import { readPlanFile, removePlanFile, hasPlanFile } from "../storage/sessions/plan-file.js";
import type { Session } from "../storage/sessions/session.js";
import { createSeal } from "../storage/sessions/session-origin.js";
import { snapshotFolder, SnapshotFiles } from "../storage/sessions/snapshots.js";
import type { JournaledSteps } from "../storage/sessions/journaled-steps.js";
import { openSearches } from "../search/providers.js";
import type { RawDocument } from "../reading/documents/extract-text.js";
import { createHistoryReader } from "../reading/history/history-reader.js";
import { createPackageReader } from "../reading/packages/package-reader.js";
import type { PageReader } from "../reading/web/page-reader.js";
import { createWorkspaceReader } from "../reading/workspace/workspace-reader.js";
import { mayCiteGoogle, searchedScopes } from "./prior-session.js";
import {
  createCachedExtraction,
  createCachedModel,
  createCachedReader,
} from "../storage/cache/cached-ports.js";
import { injectFaults } from "./inject-faults.js";
import { openPages } from "./open-pages.js";
import { modelAccess } from "./model-access.js";
import type { SharedResources } from "./shared-resources.js";
import type { EngineConfig, RunCallbacks } from "./types.js";
import { yieldToEventLoop } from "../common/yield-to-event-loop.js";

/* The method's ports for one session, wired by hand: the one place that knows all the layers. */

/** Long computations yield here, one event-loop turn each, so that parallel runs do not block the process. */
let turns: Promise<void> = Promise.resolve();
export const systemClock: Clock = {
  now: () => new Date(),
  turn: () => (turns = turns.then(yieldToEventLoop)),
};

/** The ports of one run. */
export function createPorts(
  config: EngineConfig,
  session: Session,
  steps: JournaledSteps,
  resources: SharedResources,
  watch: RunCallbacks,
): Ports {
  const { settings } = config;
  const { header, folder } = session;
  const fallbackModel = openOffline();
  const notice = (message: Message): void => watch.listen({ type: "notice", message });
  const provider = getModelProvider(header.engine);
  const access = modelAccess(config);
  const opened = provider.isConfigured(access) ? provider.open(access, { session: header.id, notice }) : null;
  const kept = cacheFolder(settings.sessionStoragePath);
  const { cacheMegabytes, cacheDays } = settings;
  const cache =
    config.cache === false || !isFeatureOn("cache", settings)
      ? null
      : resources.cache(
          kept,
          { megabytes: cacheMegabytes, days: cacheDays },
          cacheRoot(settings.sessionStoragePath, config.workspace),
        );
  void cache?.problem().then((why) => {
    if (why !== null) notice(msg`The cache is not used: ${why}`);
  });
  const workspace = createWorkspaceReader({
    root: config.workspace,
    exclude: [settings.sessionStoragePath, settings.reportOutputPath, kept],
    text:
      cache === null
        ? resources.threads.read
        : createCachedExtraction<RawDocument>(resources.threads.read, cache),
    notice,
  });
  const packages = createPackageReader(config.workspace, (stop) => workspace.files(stop));
  const history = createHistoryReader(config.workspace);
  const pages = isFeatureOn("pageReading", settings)
    ? openPages(
        config,
        resources.pages(settings.allowedPrivateHosts),
        resources.threads.read,
        header.refreshes !== undefined,
      )
    : null;
  /** Pages are read if the feature is on and the session is the user's own. */
  const readPages = async <T>(address: string, read: (reader: PageReader) => Promise<T>): Promise<T> => {
    if (pages === null) throw pageReadingIsOff(address);
    if (!session.isOurs) throw notAgreed(address);
    return read(pages);
  };
  const reader: Reader = {
    read: (place, signal) => {
      if (place.kind === "workspace") return workspace.read(place, signal);
      if (place.kind === "package") return packages.read(place, signal);
      if (place.kind === "commit") return history.read(place, signal);
      return readPages(formatLocation(place), (each) => each.read(place, signal));
    },
  };
  // A refresh reads the page as it is now.
  const isCached = cache !== null && header.refreshes === undefined;
  const cachedReader = isCached ? createCachedReader(reader, cache) : reader;
  const openIndex = () => resources.index(config.workspace, cache, isFeatureOn("workspaceIndex", settings));
  const searches = openSearches(
    {
      settings,
      modelSearch: opened?.search ?? null,
      previousSession: null,
      openWorkspace: () => ({ reader: workspace, index: openIndex() }),
      openPackages: () => packages,
      openHistory: () => history,
      sites: header.sites ?? [],
      keys: config.serviceKeys ?? {},
      openSite: () => ({
        fetch: (address, signal) => readPages(address, (each) => each.fetch(address, signal)),
        reader: cachedReader,
      }),
      asked: { question: header.question, scopes: searchedScopes(header) },
      notice,
    },
    [...searchedScopes(header), "site"],
  );
  const model = opened?.model ?? fallbackModel;
  const { modelsByRole } = provider;
  const { approve } = watch;
  const ports: Ports = {
    model:
      opened === null || modelsByRole === null || cache === null
        ? model
        : createCachedModel(model, modelsByRole, cache, mayCiteGoogle(header)),
    fallbackModel,
    searches,
    reader: cachedReader,
    snapshots: new SnapshotFiles(snapshotFolder(folder), (error) => steps.noteFailure(error)),
    steps,
    clock: systemClock,
    emit: watch.listen,
    // The offline engine verifies by code, not by a model.
    modelVerifies: opened === null || !provider.isRemote || isFeatureOn("modelVerification", settings),
  };
  ports.steering = openSteering(session, watch);
  const clarify = clarifyOnce(session, watch);
  if (clarify !== null) ports.clarify = clarify;
  const review = reviewOnce(session, watch, ports);
  if (review !== null) ports.review = review;
  if (approve !== undefined && isAsked(config, session, ports)) {
    ports.approve = approveOnce(approve, config, session);
  }
  return settings.faults.length === 0 ? ports : injectFaults(ports, settings.faults);
}

/** The changes of this and of earlier runs; each is in the journal before it takes effect. */
function openSteering({ journal, steered }: Session, { steer }: RunCallbacks): SteeringState {
  const { controls, state } = createSteering(steered, (change) =>
    journal.append({ type: "steered", at: systemClock.now().toISOString(), ...change }),
  );
  steer?.(controls);
  return state;
}

/** What was asked back once is not asked again; null where nobody can be asked and nobody was. */
function clarifyOnce(
  { journal, clarified }: Session,
  { clarify }: RunCallbacks,
): NonNullable<Ports["clarify"]> | null {
  if (clarified !== null) return () => Promise.resolve(clarified);
  if (clarify === undefined) return null;
  return async (unclear) => {
    const answers = await clarify(unclear);
    await journal.append({ type: "clarified", at: systemClock.now().toISOString(), answers });
    return answers;
  };
}

/**
 * A plan that was looked at once is not shown again when the session goes on. One that waits as a document
 * runs as it stands there, whoever resumes the session. Null where the plan runs as it is.
 */
function reviewOnce(
  { header, folder, journal, plan: kept }: Session,
  { review }: RunCallbacks,
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
    await journal.append({ type: "plan", at: systemClock.now().toISOString(), plan });
    await removePlanFile(folder);
    return plan;
  };
  if (review !== undefined) {
    const { id, depth, maxSources } = header;
    const cost = (questions: number): Estimate =>
      estimateResearch({
        depth,
        questions: questions + 1,
        maxSources,
        searches: ports.searches,
        model: ports.model,
      });
    return async (plan) => keep(await review(plan, { session: id, folder, depth, estimate: cost }));
  }
  if (!hasPlanFile(folder)) return null;
  return async (plan) => {
    const read = readPlanDocument(await readPlanFile(folder), header.depth);
    if (isPlanProblem(read)) throw planProblemError(read);
    return keep(applyRevision(plan, read));
  };
}

/** Whether a research of this size may cost so much that the user has to be asked. */
function isAsked(
  { settings }: EngineConfig,
  { header, approved }: Session,
  { model, searches }: Ports,
): boolean {
  if (model.rates === null || approved || settings.askAboveUsd === 0) return false;
  const { depth, maxSources } = header;
  const questions = DEPTHS[depth].questions + 1;
  return estimateResearch({ depth, questions, maxSources, searches, model }).usd[1] > settings.askAboveUsd;
}

/** Asks where the estimate reaches beyond the setting; what was agreed to once is not asked again. */
function approveOnce(
  approve: (estimate: Estimate) => Promise<boolean>,
  { settings }: EngineConfig,
  { header, journal }: Session,
) {
  return async (cost: Estimate): Promise<void> => {
    if (cost.usd[1] <= settings.askAboveUsd) return;
    if (!(await approve(cost))) {
      throw new ResearchError(
        "not-approved",
        msg`The run was not started: it may take ${describeEstimate(cost)}.`,
        bySurface(
          msg`To run it: deep-research resume ${header.id} --yes`,
          msg`To run it, resume the session.`,
        ),
      );
    }
    const at = systemClock.now().toISOString();
    const mark = await createSeal("approved", header, at);
    await journal.append({ type: "approved", at, ...(mark === null ? {} : { mark }) });
  };
}

function pageReadingIsOff(where: string): ResearchError {
  return new ResearchError("refused-address", msg`${where} is not read: reading web pages is turned off.`);
}

/** The error for a page of a foreign session that names neither pages nor the web, so the user was not asked. */
function notAgreed(where: string): ResearchError {
  return new ResearchError(
    "refused-address",
    msg`${where} is not read: the session was not started on this machine and names no pages.`,
  );
}
