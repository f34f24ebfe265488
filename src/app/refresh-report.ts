import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { Changes } from "../core/report/report-diff.js";
import { ResearchError } from "../common/errors.js";
import {
  draftOf,
  readChanges,
  readLying,
  removeDraft,
  type Lying,
} from "../storage/reports/refresh-draft.js";
import { writeWhole } from "../common/files.js";
import type { Ended } from "../storage/sessions/journal-schema.js";
import { isSessionId } from "../storage/archive/allowed-paths.js";
import { readSession, reopenSession, requireOwnFolder, sessionFolder } from "../storage/sessions/session.js";
import { askBeforeTakingOver } from "./session-consent.js";
import { beginSession, bringBack, requireStorage } from "./run-session.js";
import type { House, Watch } from "./types.js";
import { clock } from "./create-ports.js";
import type { Refreshes } from "./run-refresh.js";
import { reportPlace } from "../storage/reports/report-path.js";
import { relative, type RunResult } from "./run-result.js";

/* A saved report brought up to date: as a draft first, which the user accepts or discards. */

/**
 * Refreshes a report as a new session. What comes of it waits in the session's folder.
 * @param file the report, absolute
 * @throws ResearchError where no session could begin: no report of ours, its session is gone, no key
 */
export async function startRefresh(house: House, file: string, watch: Watch): Promise<RunResult> {
  const lying = await reportAt(file);
  if (lying.session !== null) await reportPlace(house, file);
  const id = lying.session;
  if (id === null) {
    throw new ResearchError(
      "bad-report",
      `${path.basename(file)} is not a Deep Research report.`,
      "Name a report, such as data/reports/NAME.md.",
    );
  }
  await bringBack(house, id, watch).catch((error: unknown) => {
    if (error instanceof ResearchError && error.code === "no-session") return;
    throw error;
  });
  const { header } = await readSession(house.settings.sessionStoragePath, id).catch((error: unknown) => {
    if (!(error instanceof ResearchError) || error.code !== "no-session") throw error;
    throw new ResearchError(
      "no-session",
      `The session of ${path.basename(file)} is gone (${id}): without it the report can be verified, not refreshed.`,
      "Restore it from a backup, or ask the question anew.",
      { cause: error },
    );
  });
  const { question, engine, depth, maxSources, pages, scope } = header;
  if (engine === "gemini" && house.key === null) {
    throw new ResearchError(
      "no-key",
      "The report was made with Gemini, and there is no key now.",
      "Set GEMINI_API_KEY (in VS Code: Deep Research: Set API Key) and refresh it.",
    );
  }
  await askBeforeTakingOver(
    house.settings.sessionStoragePath,
    id,
    watch,
    "deep-research refresh REPORT --yes",
  );
  const refreshes = { session: id, report: relative(house.workspace, file), sha256: lying.sha256 };
  const { environment } = house.settings;
  return beginSession(
    house,
    { question, engine, depth, maxSources, pages, scope, environment, refreshes },
    watch,
  );
}

async function reportAt(file: string): Promise<Lying> {
  const lying = await readLying(file);
  if (lying !== null) return lying;
  throw new ResearchError(
    "bad-report",
    `${file} cannot be read.`,
    "Name a report, such as data/reports/NAME.md.",
  );
}

/** A refreshed report that waits. */
export interface Waiting {
  session: string;
  question: string;
  /** The report that it would replace, and the draft; absolute. */
  report: string;
  draft: string;
  changes: Changes | null;
}

/** The draft of a session. @throws ResearchError "no-session"; "bad-report" where none waits */
export async function waitingIn(house: House, id: string): Promise<Waiting> {
  const { refreshes, question } = await refreshing(house, id);
  const sessions = house.settings.sessionStoragePath;
  await requireOwnFolder(sessions, id);
  const folder = sessionFolder(sessions, id);
  const draft = draftOf(folder);
  if ((await readLying(draft)) === null) throw nothingWaits(id);
  const report = await reportPlace(house, refreshes.report);
  return { session: id, question, report, draft, changes: await readChanges(folder) };
}

/** All that wait, newest first. */
export async function allWaiting(house: House): Promise<Waiting[]> {
  const sessions = house.settings.sessionStoragePath;
  const names = await readdir(sessions).catch(() => [] as string[]);
  // The journals of the others, which may be thousands, are not read for this.
  const hasDraft = (id: string): boolean => existsSync(draftOf(sessionFolder(sessions, id)));
  const ids = names
    .filter((name) => isSessionId(name) && hasDraft(name))
    .sort()
    .reverse();
  const found = await Promise.all(ids.map((id) => waitingIn(house, id).catch(() => null)));
  return found.filter((each) => each !== null);
}

/**
 * Puts the draft of a session in the place of the report that it refreshes.
 * @param overwrite also where the report was edited or removed since the refresh began
 * @returns the report, relative to the workspace
 * @throws ResearchError "no-session"; "bad-report" where no draft waits; "conflict"; "session-running"
 */
export async function acceptRefresh(
  house: House,
  id: string,
  overwrite: boolean,
): Promise<{ session: string; report: string }> {
  const { refreshes, ended } = await refreshing(house, id);
  const file = await reportPlace(house, refreshes.report);
  await requireStorage(house);
  const draft = await readLying(draftOf(sessionFolder(house.settings.sessionStoragePath, id)));
  const lying = await readLying(file);
  const isAccepted = lying?.session === id;
  if (draft === null && isAccepted) return { session: id, report: refreshes.report };
  if (draft === null) throw nothingWaits(id);
  if (draft.session !== id) {
    throw new ResearchError(
      "bad-report",
      `The draft of “${id}” is damaged.`,
      "Resume the session to get it back.",
    );
  }
  if (lying !== null && !isAccepted && lying.session !== refreshes.session) {
    throw new ResearchError(
      "conflict",
      `${refreshes.report} is another report by now.`,
      "Move it away first.",
    );
  }
  if (!overwrite && !isAccepted && lying?.sha256 !== refreshes.sha256) {
    throw new ResearchError(
      "conflict",
      lying === null
        ? `${refreshes.report} is not there any more.`
        : `${refreshes.report} was edited since the refresh began.`,
      `To put the new report there all the same: deep-research accept ${id} --overwrite`,
    );
  }
  await settle(house, id, refreshes.report, ended, async () => {
    if (!isAccepted) await writeWhole(await reportPlace(house, refreshes.report), draft.text);
  });
  return { session: id, report: refreshes.report };
}

/**
 * Removes the draft of a session; the session stays, and resuming it brings the draft back.
 * @throws ResearchError as `acceptRefresh`
 */
export async function discardRefresh(house: House, id: string): Promise<{ session: string; report: string }> {
  const { refreshes, ended } = await refreshing(house, id);
  const { report } = refreshes;
  await requireStorage(house);
  // Wherever its report is said to lie: a draft that cannot be accepted can be removed.
  if ((await readLying(draftOf(sessionFolder(house.settings.sessionStoragePath, id)))) === null) {
    throw nothingWaits(id);
  }
  await settle(house, id, null, ended, () => Promise.resolve());
  return { session: id, report };
}

/** Does what was decided while nobody else has the session, and notes where its report is now. */
async function settle(
  house: House,
  id: string,
  report: string | null,
  ended: Ended | null,
  decide: () => Promise<void>,
): Promise<void> {
  const session = await reopenSession(house.settings.sessionStoragePath, id, clock.now(), {
    resumes: false,
  });
  try {
    await decide();
    const at = clock.now().toISOString();
    const last = ended ?? { type: "ended", status: "done", error: null };
    await session.journal.append({ ...last, at, report });
    await removeDraft(session.folder);
  } finally {
    await session.journal.close().finally(() => session.lock.release());
  }
}

async function refreshing(
  house: House,
  id: string,
): Promise<{ refreshes: Refreshes; question: string; ended: Ended | null }> {
  const { header, ended } = await readSession(house.settings.sessionStoragePath, id);
  if (header.refreshes === undefined) {
    throw new ResearchError("no-session", `The session “${id}” refreshes no report.`);
  }
  return { refreshes: header.refreshes, question: header.question, ended };
}

function nothingWaits(id: string): ResearchError {
  return new ResearchError(
    "bad-report",
    `No refreshed report waits in “${id}”: nothing had changed, or it was accepted or discarded.`,
  );
}
