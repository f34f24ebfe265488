import { msg } from "../common/messages.js";
import { ResearchError } from "../common/errors.js";
import type { Fault } from "../config/faults.js";
import type { Ports } from "../core/domain/ports.js";

/* Faults on purpose, so that a developer sees what a run does when a part fails. Only in the development environment. */

/** The ports of a run in which each call of a part, or each N-th, fails as the faults say. */
export function injectFaults(ports: Ports, faults: readonly Fault[]): Ports {
  const calls = new Map<Fault, number>();
  const failIfDue = async (part: Fault["part"]): Promise<void> => {
    for (const fault of faults.filter((each) => each.part === part)) {
      const count = (calls.get(fault) ?? 0) + 1;
      calls.set(fault, count);
      if (count % fault.every !== 0) continue;
      await Promise.reject(
        new ResearchError(
          fault.code,
          msg`A fault was injected (${fault.part}:${fault.code}).`,
          msg`Remove it from RESEARCH_FAULTS.`,
        ),
      );
    }
  };
  return {
    ...ports,
    model: {
      ...ports.model,
      answer: async (task, input, signal) => {
        await failIfDue("model");
        return ports.model.answer(task, input, signal);
      },
    },
    searches: ports.searches.map((search) => ({
      ...search,
      search: async (question, limit, signal) => {
        await failIfDue("search");
        return search.search(question, limit, signal);
      },
    })),
    reader: {
      read: async (place, signal) => {
        await failIfDue("read");
        return ports.reader.read(place, signal);
      },
    },
    snapshots: {
      keep: async (place, reading, readAt) => {
        await failIfDue("snapshot");
        return ports.snapshots.keep(place, reading, readAt);
      },
      text: (source) => ports.snapshots.text(source),
      has: (source) => ports.snapshots.has(source),
    },
  };
}
