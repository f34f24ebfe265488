import * as z from "zod";
import type { Model, Reader } from "../../core/domain/ports.js";
import { Reading } from "../../core/domain/reading.js";
import { NO_USAGE } from "../../core/domain/schema.js";
import { TASKS, type TaskName } from "../../core/prompts/tasks.js";
import { DAY_MS, type Cache } from "./cache.js";

/*
 * Ports that look into the cache first. Only what may be kept across sessions passes here: pages that
 * we read ourselves, and the model's tasks; searches never do, nor what Google vouches for, nor what was
 * written from it.
 */

/** Raised when the text of a page is made in another way than before. */
const READING = 2;

/** The tasks that never see evidence: they are given the question, or the text of one source that we read. */
const WITHOUT_EVIDENCE: ReadonlySet<TaskName> = new Set(["plan", "extract"]);

/**
 * A model that is not asked again what it was asked before.
 * @param models who answers for each role, the first choice first: only its answers are kept
 * @param googled whether evidence may be Google's: then the answers to tasks that see it are the session's alone
 */
export function createCachedModel(
  model: Model,
  models: Record<"think" | "read", readonly string[]>,
  cache: Cache,
  googled: boolean,
): Model {
  return {
    ...model,
    async answer(task, input, signal) {
      if (googled && !WITHOUT_EVIDENCE.has(task)) return model.answer(task, input, signal);
      const about = TASKS[task];
      const [first] = models[about.role];
      // With another prompt it is another question.
      const asked = ["model", first, task, about.instructions, about.prompt.toString(), input];
      const known = await cache.get(asked, about.output as z.ZodType);
      if (known !== null) {
        // The schema is the task's own; the registry's type loses that pairing.
        return { value: known.value as never, usage: NO_USAGE, by: "cache" };
      }
      const answer = await model.answer(task, input, signal);
      // What a lesser model said while the first did not answer is not said for it later.
      if (answer.by === first) cache.put(asked, answer.value);
      return answer;
    },
  };
}

/** A reader of pages that keeps each for a day; the date of reading stays the true one. */
export function createCachedReader(reader: Reader, cache: Cache): Reader {
  return {
    async read(place, signal) {
      if (place.kind !== "page") return reader.read(place, signal);
      const asked = ["page", READING, place.url];
      const known = await cache.get(asked, Reading, DAY_MS);
      if (known !== null) return { ...known.value, readAt: known.at };
      const reading = await reader.read(place, signal);
      cache.put(asked, reading);
      return reading;
    },
  };
}
