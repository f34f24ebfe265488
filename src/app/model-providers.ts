import type { ModelAccess } from "../core/domain/model-provider.js";
import { chooseModelProvider, MODEL_PROVIDERS } from "../models/providers.js";

/* What the editor and the terminal ask about model providers. */

/** A provider's name for people; its id where this version does not have it. */
export function providerName(id: string): string {
  return MODEL_PROVIDERS.find((provider) => provider.id === id)?.displayName ?? id;
}

/** Whether a provider sends prompts away from this machine. One that this version does not have counts as remote. */
export function isRemoteProvider(id: string): boolean {
  return MODEL_PROVIDERS.find((provider) => provider.id === id)?.isRemote ?? true;
}

/**
 * Tries a key with one free request.
 * @throws ResearchError "bad-key", "billing", "no-network" … if the key does not work
 */
export async function tryApiKey(access: ModelAccess, signal: AbortSignal): Promise<void> {
  await chooseModelProvider(access).tryKey?.(access, signal);
}
