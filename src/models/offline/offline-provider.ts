import type { Model } from "../../core/domain/ports.js";
import type { ModelProvider } from "../../core/domain/model-provider.js";
import { NO_USAGE, OFFLINE_PROVIDER } from "../../core/domain/schema.js";
import type { TaskInput, TaskName, TaskOutput } from "../../core/prompts/tasks.js";
import { concludeOffline } from "./conclude.js";
import { extractOffline } from "./extract.js";
import { outlineOffline } from "./outline.js";
import { planOffline } from "./plan.js";
import { rewriteOffline, verifyOffline } from "./verify.js";
import { writeOffline } from "./write.js";

/** What each task is answered by: the same input always gives the same output. */
const answers: { [N in TaskName]: (input: TaskInput<N>) => TaskOutput<N> } = {
  plan: planOffline,
  extract: extractOffline,
  outline: outlineOffline,
  write: writeOffline,
  rewrite: rewriteOffline,
  verify: verifyOffline,
  conclude: concludeOffline,
};

/** The offline engine as the registry knows it. It is always configured. */
export const offlineProvider: ModelProvider = {
  id: OFFLINE_PROVIDER,
  displayName: "offline engine",
  isRemote: false,
  modelsByRole: null,
  search: null,
  isConfigured: () => true,
  open: () => ({ model: openOffline(), search: null }),
  describe: () => openOffline(),
};

/**
 * The engine that needs no key and no network. It understands nothing: it takes questions apart by
 * their form, finds sentences by their words, and reports them as they stand, so every sentence of
 * its reports is a source's own. It costs nothing and never fails but by a cancel.
 */
export function openOffline(): Model {
  return {
    engine: OFFLINE_PROVIDER,
    // Reading costs nothing here: only what is very long is cut down to its best passages.
    extractCharacters: 24_000,
    rates: null,
    answer: <N extends TaskName>(task: N, input: TaskInput<N>, signal: AbortSignal) => {
      if (signal.aborted) return Promise.reject(abortError(signal));
      return Promise.resolve({ value: answers[task](input), usage: NO_USAGE, by: "offline engine" });
    },
  };
}

function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException("Cancelled", "AbortError");
}
