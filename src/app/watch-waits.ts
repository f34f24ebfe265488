import type { EventListener } from "../core/domain/events.js";
import type { RunCallbacks } from "./types.js";

type Asking = Pick<RunCallbacks, "review" | "clarify" | "approve">;

/**
 * Callbacks that tell when the run waits for the user, and for how long it did: this time does not count as run time.
 * @returns the callbacks, and the milliseconds of all waits so far
 */
export function watchWaits(
  { review, clarify, approve }: Asking,
  emit: EventListener,
): { asking: Asking; waited: () => number } {
  let waited = 0;
  const timed = async <T>(ask: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    emit({ type: "waiting", isWaiting: true });
    try {
      return await ask();
    } finally {
      waited += performance.now() - began;
      emit({ type: "waiting", isWaiting: false });
    }
  };
  return {
    asking: {
      ...(review === undefined ? {} : { review: (plan, about) => timed(() => review(plan, about)) }),
      ...(clarify === undefined ? {} : { clarify: (unclear) => timed(() => clarify(unclear)) }),
      ...(approve === undefined ? {} : { approve: (estimate) => timed(() => approve(estimate)) }),
    },
    waited: () => waited,
  };
}
