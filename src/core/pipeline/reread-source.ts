import { msg, StoredMessage, type Message } from "../../common/messages.js";
import * as z from "zod";
import { toResearchError, isCancelled, isStopRequest } from "../../common/errors.js";
import { extractEvidence, lineRange, withAuthority } from "./read-source.js";
import { createQuoteLocator } from "../evidence/locate-quote.js";
import type { Reader } from "../domain/ports.js";
import { ReplacedSourceError } from "../domain/replaced-source.js";
import type { RunState } from "./run-state.js";
import {
  NO_USAGE,
  Source,
  formatLocation,
  isLocalLocation,
  type Evidence,
  type SourceLocation,
  type Question,
} from "../domain/schema.js";

/*
 * A source of an earlier report, looked at again.
 */

/** What a second look brought. That it failed is an outcome, too: the report is the same when it is made again. */
const Look = z.discriminatedUnion("state", [
  /** `why`: another place was read, which took the place of the old one. */
  z.object({ state: z.literal("read"), source: Source, why: StoredMessage.optional() }),
  z.object({ state: z.literal("gone"), why: StoredMessage }),
  z.object({ state: z.literal("unread"), why: StoredMessage }),
]);

/** A source then and now. */
export type RereadResult =
  | { state: "same"; old: Source; source: Source }
  | { state: "changed"; old: Source; source: Source; why?: Message }
  | { state: "vanished"; old: Source; why: Message }
  | { state: "kept"; old: Source; why: Message };

/** Reads a source again, as a durable step; one that Google found cannot be read. */
export async function rereadSource(run: RunState, old: Source): Promise<RereadResult> {
  const { steps, reader, snapshots, clock, emit } = run.ports;
  const { place, title } = old;
  if (place.kind === "grounded") {
    return { state: "kept", old, why: msg`Sources found by Google cannot be read again.` };
  }
  const look = await steps.run({
    kind: "read",
    task: { type: "read", place },
    input: { again: place },
    outcome: Look,
    work: async () => {
      const by = place.kind;
      try {
        const { at, reading, why } = await readOrReplacement(reader, place, run.signal);
        const kept = await snapshots.keep(at, reading, reading.readAt ?? clock.now());
        const source = withAuthority(kept, reading);
        const replaced = why === null ? {} : { why };
        return { value: { state: "read" as const, source, ...replaced }, usage: NO_USAGE, by };
      } catch (error) {
        run.signal.throwIfAborted();
        if (isCancelled(error) || isStopRequest(error)) throw error;
        const why = toResearchError(error, "unreadable", msg`Reading ${formatLocation(place)} failed`);
        // Where the disk is at fault, the source is not.
        if (why.code === "cannot-write") throw why;
        const isGone = why.gone === true || (isLocalLocation(place) && why.code === "empty-page");
        return {
          value: { state: isGone ? ("gone" as const) : ("unread" as const), why: why.text },
          usage: NO_USAGE,
          by,
        };
      }
    },
    holds: (known) => (known.state === "read" ? snapshots.has(known.source) : Promise.resolve(true)),
  });
  if (look.state === "read") {
    emit({ type: "source", state: "read", place, title: look.source.title });
    const { source } = look;
    const { why } = look;
    if (why !== undefined) return { state: "changed", old, source, why };
    return source.textSha256 === old.textSha256
      ? { state: "same", old, source }
      : { state: "changed", old, source };
  }
  emit({ type: "source", state: "failed", place, title, error: look.why });
  return { state: look.state === "gone" ? "vanished" : "kept", old, why: look.why };
}

/** Reads a place or, where another took its place, that one. @throws ResearchError where neither can be read */
async function readOrReplacement(
  reader: Reader,
  place: SourceLocation,
  signal: AbortSignal,
): Promise<{ at: SourceLocation; reading: Awaited<ReturnType<Reader["read"]>>; why: Message | null }> {
  try {
    return { at: place, reading: await reader.read(place, signal), why: null };
  } catch (error) {
    if (!(error instanceof ReplacedSourceError)) throw error;
    const { replacement, what } = error;
    return { at: replacement, reading: await reader.read(replacement, signal), why: what };
  }
}

/** Evidence of one source, as it is now. */
export interface ReextractedEvidence {
  /** What was known and still stands, at its new place; by the same id. */
  standing: Omit<Evidence, "source">[];
  /** What the text did not say before. */
  fresh: Omit<Evidence, "id" | "source">[];
}

/** Finds the earlier quotes in a text that changed, and asks what else it says now. */
export async function reextractEvidence(
  run: RunState,
  { old, source }: { old: Source; source: Source },
  known: Evidence[],
  questions: Question[],
): Promise<ReextractedEvidence> {
  const { snapshots, emit } = run.ports;
  const text = await snapshots.text(source);
  const before = (await snapshots.has(old)) ? await snapshots.text(old) : null;
  const find = createQuoteLocator(text);
  const findBefore = before === null ? null : createQuoteLocator(before);
  const standing = known.flatMap((evidence) => {
    const found = find(evidence.quote);
    return found === null ? [] : [{ ...evidence, ...found, ...placed(source, text, found) }];
  });
  const { found, dropped } = await extractEvidence(run, source, text, questions);
  emit({ type: "evidence", place: source.place, kept: found.length, dropped });
  // A model may pick different quotes each time, so only text that was not in the old version counts as new.
  const fresh = found.filter(({ quote, start, end }) =>
    findBefore === null
      ? !standing.some((each) => start < each.end && each.start < end)
      : findBefore(quote) === null,
  );
  return { standing, fresh };
}

function placed(
  source: Source,
  text: string,
  at: { start: number; end: number },
): Pick<Evidence, "quote" | "lines" | "pages"> {
  const isLined = isLocalLocation(source.place) && source.pages === null;
  return {
    quote: text.slice(at.start, at.end),
    lines: isLined ? lineRange(text, at, source.lines) : null,
    pages: source.pages === null ? null : lineRange(text, at, source.pages),
  };
}
