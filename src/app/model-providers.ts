import { readGeminiBaseUrl } from "../config/environment.js";
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
 * @param environment the machine's own variables, which may say where Gemini is
 * @throws ResearchError "bad-key", "billing", "no-network" … if the key does not work
 */
export async function tryApiKey(
  key: string,
  environment: Record<string, string | undefined>,
  signal: AbortSignal,
): Promise<void> {
  const access = { key, baseUrl: readGeminiBaseUrl(environment) };
  await chooseModelProvider(access).tryKey?.(access, signal);
}
