import { msg } from "../common/messages.js";
import { ResearchError } from "../common/errors.js";
import type { ModelAccess, ModelProvider } from "../core/domain/model-provider.js";
import { geminiProvider } from "./gemini/gemini-provider.js";
import { offlineProvider } from "./offline/offline-provider.js";

/** Every model provider, first choice first. To add one, add a line. */
export const MODEL_PROVIDERS: readonly ModelProvider[] = [geminiProvider, offlineProvider];

/** The provider that a new session uses: the first that is configured. */
export function chooseModelProvider(access: ModelAccess): ModelProvider {
  return MODEL_PROVIDERS.find((provider) => provider.isConfigured(access)) ?? offlineProvider;
}

/**
 * The provider that a session names.
 * @throws ResearchError "newer-session" where this version does not have it
 */
export function getModelProvider(id: string): ModelProvider {
  const provider = MODEL_PROVIDERS.find((each) => each.id === id);
  if (provider !== undefined) return provider;
  throw new ResearchError(
    "newer-session",
    msg`The session uses the model provider “${id}”, which this version does not have.`,
    msg`Update Deep Research.`,
  );
}
