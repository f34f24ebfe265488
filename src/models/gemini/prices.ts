import type { Rate } from "../../core/domain/ports.js";
import type { Usage } from "../../core/domain/schema.js";

/*
 * Models and what they cost, in USD for a million tokens, as published on 2026-11-22. The one place
 * to change when Google changes them.
 */

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
