import { msg, type Message } from "../common/messages.js";
import type { ResearchRequest } from "../core/domain/research-request.js";
import { DEPTHS } from "../core/domain/schema.js";
import { SCHEMA } from "../storage/sessions/journal-schema.js";
import { estimateSession } from "./estimate-session.js";
import { chooseProvider } from "./model-access.js";
import type { EngineConfig } from "./types.js";

/**
 * A warning that a run may take more calls than the provider's free tier allows a day; null if it takes fewer, or if there
 * is no such limit. A key does not show whether it belongs to the free tier.
 */
export function describeFreeTierLimit(
  config: EngineConfig,
  { depth, maxSources, scope, sites = [] }: Pick<ResearchRequest, "depth" | "maxSources" | "scope" | "sites">,
): Message | null {
  const { id, freeCallsPerDay } = chooseProvider(config);
  if (freeCallsPerDay === undefined) return null;
  const { calls } = estimateSession(
    config,
    { schema: SCHEMA, engine: id, depth, maxSources, scope, sites },
    DEPTHS[depth].questions,
  );
  if (calls[1] <= freeCallsPerDay) return null;
  return msg`This run may take up to ${calls[1]} calls; Google’s free tier allows about ${freeCallsPerDay} a day.`;
}
