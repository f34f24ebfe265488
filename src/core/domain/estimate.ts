/** From the least to the most that may be expected. */
export type EstimateRange = [number, number];

/** What a research may cost. */
export interface Estimate {
  /** Calls of the model, searches through it included. */
  calls: EstimateRange;
  /** In and out together. */
  tokens: EstimateRange;
  usd: EstimateRange;
}
