import { createHash } from "node:crypto";
import * as z from "zod";
import type { Model, Reader } from "../../core/domain/ports.js";
import { Reading } from "../../core/domain/reading.js";
import { NO_USAGE } from "../../core/domain/schema.js";
import { TASKS, type TaskName } from "../../core/prompts/tasks.js";
import { DAY_MS, type Cache } from "./cache.js";

/*
 * Ports with a cache in front. Only data that may be shared between sessions is cached: pages that we read ourselves
 * and the model's tasks; never searches, grounded answers, or text written from them.
 */

/** Increase when the extraction of a text changes. */
const READING = 3;

/** Tasks that never see evidence, only the question or the text of one source that we read. */
const WITHOUT_EVIDENCE: ReadonlySet<TaskName> = new Set(["plan", "extract"]);

/**
 * A model with a cache for its answers.
 * @param models the models of each role, first choice first: only answers of the first choice are cached
 * @param googled whether evidence may come from Google: then answers to tasks that see it are not cached
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
      const definition = TASKS[task];
      const [first] = models[definition.role];
      // A changed prompt must not reuse old answers.
      const cacheKey = ["model", first, task, definition.instructions, definition.prompt.toString(), input];
      const cached = await cache.get(cacheKey, definition.output as z.ZodType);
      if (cached !== null) {
        // The schema belongs to this task; the registry's type loses that relation.
        return { value: cached.value as never, usage: NO_USAGE, by: "cache" };
      }
      const answer = await model.answer(task, input, signal);
      // Cache only answers of the first-choice model, so that a fallback's answer is never served in its place.
      if (answer.by === first) cache.put(cacheKey, answer.value);
      return answer;
    },
  };
}

/** A page reader that caches each page for a day and keeps the original reading date. */
export function createCachedReader(reader: Reader, cache: Cache): Reader {
  return {
    async read(place, signal) {
      if (place.kind !== "page") return reader.read(place, signal);
      const cacheKey = ["page", READING, place.url];
      const cached = await cache.get(cacheKey, Reading, DAY_MS);
      if (cached !== null) return { ...cached.value, readAt: cached.at };
      const reading = await reader.read(place, signal);
      cache.put(cacheKey, reading);
      return reading;
    },
  };
}

/** Turns the bytes of a document into its text. */
type ExtractText<D> = (document: D, signal: AbortSignal) => Promise<Omit<Reading, "commit">>;

const ExtractedText = Reading.omit({ commit: true });

/**
 * Extraction that keeps texts by the content of their documents: a PDF is parsed once, not at each question. What
 * fails is tried again.
 */
export function createCachedExtraction<D extends { bytes: Uint8Array; address: string }>(
  extract: ExtractText<D>,
  cache: Cache,
): ExtractText<D> {
  return async (document, signal) => {
    const hash = createHash("sha256").update(document.bytes).digest("hex");
    // A document without a title is called by its name.
    const cacheKey = ["document", READING, hash, document.address.split("/").at(-1)];
    const cached = await cache.get(cacheKey, ExtractedText);
    if (cached !== null) return cached.value;
    const text = await extract(document, signal);
    cache.put(cacheKey, text);
    return text;
  };
}
