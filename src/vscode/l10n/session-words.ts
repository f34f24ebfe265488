import { OFFLINE_PROVIDER } from "../../core/domain/schema.js";
import { providerName } from "../../app/model-providers.js";
import * as vscode from "vscode";
import { formatDollars } from "./format.js";
import {
  elapsedMilliseconds,
  PHASES,
  countReadSources,
  type RunProgress,
  type Phase,
} from "../../core/progress/run-progress.js";
import { describeStepTask } from "../../core/domain/step-task.js";
import { localizeText } from "./localize.js";
import type { Depth, ProviderId } from "../../core/domain/schema.js";
import type { GroupKey, SessionState } from "../sessions-view/group-sessions.js";

/* Describes a run's state for the view and the status bar, in the window's language. */

export function describeState(state: SessionState): string {
  const words: Record<SessionState, string> = {
    running: vscode.l10n.t("running"),
    done: vscode.l10n.t("done"),
    partial: vscode.l10n.t("partial"),
    failed: vscode.l10n.t("failed"),
    cancelled: vscode.l10n.t("cancelled"),
    interrupted: vscode.l10n.t("interrupted"),
    planned: vscode.l10n.t("awaiting plan review"),
    damaged: vscode.l10n.t("damaged"),
    newer: vscode.l10n.t("newer version"),
    archived: vscode.l10n.t("archived"),
  };
  return words[state];
}

export function describeGroup(key: GroupKey): string {
  const words: Record<GroupKey, string> = {
    today: vscode.l10n.t("Today"),
    week: vscode.l10n.t("Last 7 Days"),
    month: vscode.l10n.t("Last 30 Days"),
    older: vscode.l10n.t("Older"),
    archived: vscode.l10n.t("Archived"),
  };
  return words[key];
}

export function describeEngine(engine: ProviderId): string {
  return engine === OFFLINE_PROVIDER ? vscode.l10n.t("offline engine") : providerName(engine);
}

export function describeDepth(depth: Depth): string {
  const words: Record<Depth, string> = {
    quick: vscode.l10n.t("quick"),
    standard: vscode.l10n.t("standard"),
    deep: vscode.l10n.t("deep"),
  };
  return words[depth];
}

/** The current phase, such as "Gathering (2 of 5)". */
export function describePhase(phase: Phase): string {
  const words: Record<Phase, string> = {
    planning: vscode.l10n.t("Planning"),
    gathering: vscode.l10n.t("Gathering"),
    outlining: vscode.l10n.t("Outlining"),
    writing: vscode.l10n.t("Writing"),
    checking: vscode.l10n.t("Checking"),
  };
  return vscode.l10n.t("{0} ({1} of {2})", words[phase], PHASES.indexOf(phase) + 1, PHASES.length);
}

/** The step that was started last, such as "Reading docs/retries.md". */
export function describeStep({ doing }: RunProgress): string {
  if (doing === null) return vscode.l10n.t("Starting");
  return localizeText(describeStepTask(doing));
}

/** "3 sources · 12 calls · $0.0042" */
export function describeSpend(live: RunProgress): string {
  return `${describeSourceCount(countReadSources(live))} · ${describeCost(live)}`;
}

/** Whether no language model takes part: its steps are no calls, and cost nothing. */
export function isOffline({ engine }: RunProgress): boolean {
  return engine === OFFLINE_PROVIDER;
}

/** "12 calls · $0.0042", or "offline engine" */
export function describeCost(live: RunProgress): string {
  if (isOffline(live)) return describeEngine(OFFLINE_PROVIDER);
  return `${describeCallCount(live.calls.model + live.calls.search)} · ${formatDollars(live.usd)}`;
}

export function describeSourceCount(many: number): string {
  return many === 1 ? vscode.l10n.t("1 source") : vscode.l10n.t("{0} sources", many);
}

function describeCallCount(many: number): string {
  return many === 1 ? vscode.l10n.t("1 call") : vscode.l10n.t("{0} calls", many);
}

/** How long a run has worked: "42 s", "3 min 5 s" */
export function describeDuration(live: RunProgress, now: Date): string {
  return formatDuration(elapsedMilliseconds(live, now));
}

/** "42 s", "3 min 5 s" */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60
    ? vscode.l10n.t("{0} s", seconds)
    : vscode.l10n.t("{0} min {1} s", Math.floor(seconds / 60), seconds % 60);
}

/** The time if the day is today, otherwise the date. */
export function describeDay(started: string, now: Date): string {
  const began = new Date(started);
  const isToday = began.toDateString() === now.toDateString();
  const format: Intl.DateTimeFormatOptions = isToday
    ? { hour: "2-digit", minute: "2-digit" }
    : {
        day: "numeric",
        month: "short",
        ...(began.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }),
      };
  return new Intl.DateTimeFormat(vscode.env.language, format).format(began);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago something started, in few characters: "now", "5 min", "2 h", "3 d"; after a week the date. */
export function describeAge(started: string, now: Date): string {
  const age = now.getTime() - Date.parse(started);
  if (!(age < 7 * DAY)) return describeDay(started, now);
  if (age < MINUTE) return vscode.l10n.t("now");
  if (age < HOUR) return vscode.l10n.t("{0} min", Math.floor(age / MINUTE));
  if (age < DAY) return vscode.l10n.t("{0} h", Math.floor(age / HOUR));
  return vscode.l10n.t("{0} d", Math.floor(age / DAY));
}

export function shortenText(text: string, length = 60): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
