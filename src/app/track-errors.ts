import { existsSync } from "node:fs";
import { trustedRoot } from "../common/real-folder.js";
import { toResearchError, type ErrorCode } from "../common/errors.js";
import { isFeatureOn } from "../config/features.js";
import { inspectSettings, type SettingsLayer } from "../config/load-settings.js";
import { statisticsFolder } from "../config/storage-folders.js";
import type { ResearchEvent } from "../core/domain/events.js";
import type { StepTask } from "../core/domain/step-task.js";
import { addErrorRecords, type SeenError } from "../storage/statistics/error-records.js";
import type { EngineConfig } from "./types.js";

/* Error tracking: which errors there were, and where, counted on this machine. No text of an error is kept. */

export interface ErrorTracker {
  /** Notes the failed steps of a run. */
  note(event: ResearchEvent): void;
  /** Notes the error that ended a run. */
  noteEnd(code: ErrorCode): void;
  /** Writes what was noted. Never rejects: a run does not fail because its errors cannot be counted. */
  save(): Promise<void>;
}

const NOTHING: ErrorTracker = {
  note: () => undefined,
  noteEnd: () => undefined,
  save: () => Promise.resolve(),
};

/** Codes of a run's end that are the user's own decision. */
const DECISIONS: ReadonlySet<ErrorCode> = new Set([
  "cancelled",
  "not-approved",
  "plan-waits",
  "finish",
  "budget",
]);

/** Opens the error tracking of a run; it does nothing where the feature is off. */
export function openErrorTracker({ workspace, settings }: EngineConfig): ErrorTracker {
  if (!isFeatureOn("errorTracking", settings)) return NOTHING;
  const seen: SeenError[] = [];
  return {
    note(event) {
      if (event.type !== "step" || event.phase !== "failed" || event.code === undefined) return;
      if (!DECISIONS.has(event.code)) seen.push({ code: event.code, where: placeOf(event.task, event.code) });
    },
    noteEnd(code) {
      if (!DECISIONS.has(code)) seen.push({ code, where: isFileError(code) ? "file" : "run" });
    },
    async save() {
      if (seen.length === 0) return;
      const sessions = settings.sessionStoragePath;
      await addErrorRecords(
        sessions,
        trustedRoot(statisticsFolder(sessions), workspace),
        seen,
        new Date(),
      ).catch(() => undefined);
    },
  };
}

/**
 * Counts a problem of the settings, where there are sessions already: a command that fails makes no folder.
 * @param layers as for `loadWorkspaceSettings`; a wrong value in them is passed over
 */
export async function trackSettingsError(
  workspace: string,
  layers: SettingsLayer[],
  error: unknown,
): Promise<void> {
  const { code } = toResearchError(error, "bad-settings", "settings");
  try {
    const { settings } = await inspectSettings(workspace, layers);
    const sessions = settings.sessionStoragePath;
    if (!isFeatureOn("errorTracking", settings) || !existsSync(sessions)) return;
    await addErrorRecords(
      sessions,
      trustedRoot(statisticsFolder(sessions), workspace),
      [{ code, where: "settings" }],
      new Date(),
    );
  } catch {
    // The problem itself is what the user is told.
  }
}

function placeOf(task: StepTask, code: ErrorCode): string {
  if (isFileError(code)) return "file";
  if (task.type === "search") return `search:${task.search}`;
  if (task.type === "read") return `read:${task.place.kind}`;
  return `model:${task.type}`;
}

function isFileError(code: ErrorCode): boolean {
  return code === "cannot-write" || code === "cannot-read";
}
