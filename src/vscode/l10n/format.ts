import * as vscode from "vscode";
import type { Estimate } from "../../core/domain/estimate.js";
import type { Verdict } from "../../core/domain/schema.js";

/* Formats numbers, dates and verdicts in the window's language. */

/** A number, such as "12,500" or "12.500". */
export function formatNumber(value: number, digits = 0): string {
  return new Intl.NumberFormat(vscode.env.language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** A date and time, such as "Nov 22, 2026, 10:15 AM" or "22.11.2026, 10:15". @param iso as in a journal */
export function formatDateTime(iso: string): string {
  return new Intl.DateTimeFormat(vscode.env.language, { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(iso),
  );
}

/** An amount in US dollars, such as "$0.0042" or "0,0042 $". */
export function formatDollars(usd: number): string {
  const places = usd === 0 ? 0 : usd < 0.1 ? 4 : 2;
  return new Intl.NumberFormat(vscode.env.language, {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(usd);
}

/** An estimate, such as "18 to 45 calls, $0.02 to $0.19". */
export function formatEstimate({ calls, usd }: Estimate): string {
  if (usd[1] === 0) return vscode.l10n.t("no charge");
  return vscode.l10n.t(
    "{0} to {1} calls, {2} to {3}",
    calls[0],
    calls[1],
    formatDollars(usd[0]),
    formatDollars(usd[1]),
  );
}

export function describeVerdict(verdict: Verdict): string {
  const words: Record<Verdict, string> = {
    supported: vscode.l10n.t("supported"),
    qualified: vscode.l10n.t("qualified"),
    contradicted: vscode.l10n.t("contradicted"),
    unsupported: vscode.l10n.t("unsupported"),
    "not-checked": vscode.l10n.t("not checked"),
  };
  return words[verdict];
}
