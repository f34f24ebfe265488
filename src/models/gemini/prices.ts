import type { Rate } from "../../core/domain/ports.js";
import type { Usage } from "../../core/domain/schema.js";

/*
 * Models, their retirement, and their prices in USD per million tokens. The one place to change when Google changes
 * them.
 */

/** The day on which the prices were looked up, and how many days later they may have changed. */
export const PRICES_DATE = "2026-11-22";
const STALE_AFTER_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether the prices are so old that they may be wrong. */
export function arePricesStale(day: Date): boolean {
  return day.getTime() - Date.parse(PRICES_DATE) > STALE_AFTER_DAYS * DAY_MS;
}

/** When a model is retired, and which one replaces it. */
export interface Retirement {
  /** The first day (UTC) without the model. */
  from: string;
  successor: string;
}

/** Models whose end Google has announced. Until it is refused, Google reroutes and bills such a model as its successor. */
export const RETIREMENTS: Readonly<Record<string, Retirement>> = {
  "gemini-2.5-pro": { from: "2026-12-01", successor: "gemini-3.8-flash" },
  "gemini-2.5-flash": { from: "2026-12-01", successor: "gemini-3.5-flash-lite" },
};

/**
 * The models to ask on a day, each that has ended replaced by its successor, and none twice.
 * @returns the models, and the replacements that were made
 */
export function replaceRetiredModels(
  models: readonly string[],
  day: Date,
  retirements: Readonly<Record<string, Retirement>> = RETIREMENTS,
): { models: string[]; replaced: { model: string; from: string; successor: string }[] } {
  const today = day.toISOString().slice(0, 10);
  const replaced: { model: string; from: string; successor: string }[] = [];
  const current = models.map((model) => {
    const retirement = retirements[model];
    if (retirement === undefined || retirement.from > today) return model;
    replaced.push({ model, ...retirement });
    return retirement.successor;
  });
  return { models: [...new Set(current)], replaced };
}

/** Whether the model that answered is the one that was asked: a version of it counts. */
export function isSameModel(asked: string, answered: string): boolean {
  const name = answered.replace(/^models\//, "");
  return name === asked || name.startsWith(`${asked}-0`) || name === `${asked}-latest`;
}

/** Whether a model has a published price. */
export function hasPrice(model: string): boolean {
  return Object.hasOwn(PRICES, model);
}

interface Price {
  /** The first day (UTC) on which it holds. */
  from: string;
  in: number;
  out: number;
}

const PRICES: Record<string, Price[]> = {
  "gemini-3.8-flash": [
    { from: "2026-01-01", in: 0.75, out: 3.75 },
    { from: "2027-01-01", in: 1.5, out: 7.5 },
  ],
  "gemini-3.6-flash": [{ from: "2026-01-01", in: 0.75, out: 3.75 }],
  "gemini-3.5-flash-lite": [{ from: "2026-01-01", in: 0.3, out: 2.5 }],
  "gemini-4-hydrogen": [{ from: "2026-01-01", in: 1.5, out: 7.5 }],
};

/** Who is asked for what, and who instead, in this order. */
export const MODELS_BY_ROLE = {
  think: ["gemini-3.8-flash", "gemini-3.6-flash", "gemini-3.5-flash-lite"],
  read: ["gemini-3.5-flash-lite", "gemini-3.6-flash"],
} as const;

/** What a million tokens cost on a day, in USD; 0 for a model without a published price. */
export function rateOf(model: string, day: Date): Rate {
  const today = day.toISOString().slice(0, 10);
  const price = PRICES[model]?.findLast(({ from }) => from <= today);
  return { in: price?.in ?? 0, out: price?.out ?? 0 };
}

/**
 * What tokens cost on a day. Google Search is not counted: 5,000 searches a month are free on a paid
 * key, so that a search's price cannot be told from here.
 */
export function priceOf(model: string, tokens: { in: number; out: number }, day: Date): Usage {
  const rate = rateOf(model, day);
  return { in: tokens.in, out: tokens.out, usd: (tokens.in * rate.in + tokens.out * rate.out) / 1e6 };
}

export function addUsage(a: Usage, b: Usage): Usage {
  return { in: a.in + b.in, out: a.out + b.out, usd: a.usd + b.usd };
}
