import * as vscode from "vscode";

/* Numbers and days, as the language of the window writes them. */

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
