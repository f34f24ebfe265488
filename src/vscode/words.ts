import * as vscode from "vscode";
import type { Progress } from "../monitoring/progress.js";
import type { SessionStatus } from "../sessions/list.js";
import { translated } from "./translate.js";

/* Numbers, days and states, as the language of the window writes them. */

/** A number: "12,500" or "12.500". */
export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(vscode.env.language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** A moment: "Nov 22, 2026, 10:15 AM" or "22.11.2026, 10:15". @param iso as a journal has it */
export function moment(iso: string): string {
  return new Intl.DateTimeFormat(vscode.env.language, { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(iso),
  );
}

/** What became of a session. */
export function statusWord(status: SessionStatus): string {
  const words: Record<SessionStatus, string> = {
    running: vscode.l10n.t("running"),
    done: vscode.l10n.t("done"),
    partial: vscode.l10n.t("partial"),
    failed: vscode.l10n.t("failed"),
    cancelled: vscode.l10n.t("cancelled"),
    interrupted: vscode.l10n.t("cut off"),
    damaged: vscode.l10n.t("damaged"),
  };
  return words[status];
}

/** An amount of money: "$0.0042" or "0,0042 $". */
export function dollars(usd: number): string {
  const places = usd === 0 ? 0 : usd < 0.1 ? 4 : 2;
  return new Intl.NumberFormat(vscode.env.language, {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(usd);
}

/** Where a run is, in one line: as progressLine says it, in the window's language. */
export function progressText({ doing, sources, calls, usd }: Progress): string {
  const asked = calls.model + calls.search;
  return [
    translated(doing),
    sources === 1 ? vscode.l10n.t("1 source") : vscode.l10n.t("{0} sources", number(sources)),
    asked === 1 ? vscode.l10n.t("1 call") : vscode.l10n.t("{0} calls", number(asked)),
    dollars(usd),
  ].join(" · ");
}
