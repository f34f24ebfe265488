import { msg } from "../../common/messages.js";
import * as z from "zod";
import { toResearchError, ResearchError } from "../../common/errors.js";
import { removeInvisibleDeep } from "../../common/invisible-characters.js";
import type { JournalEvent } from "../../core/domain/events.js";
import { planFromDraft } from "../../core/pipeline/plan.js";
import { PlanDraft } from "../../core/prompts/plan.js";
import { NO_USAGE, Plan, Source, type SourceLocation } from "../../core/domain/schema.js";
import { journalLines } from "./journal.js";
import { parseJson } from "../../common/parse-json.js";
import {
  JournalLine,
  parseHeader,
  assertSupportedSchema,
  stripOutcomeValue,
  type Header,
} from "./journal-schema.js";

/** An event of an earlier run with its time. */
export interface TimedEvent {
  event: JournalEvent;
  at: Date;
}

const ReadSource = Source.pick({ place: true, title: true, sha256: true });

/**
 * Replays a journal as the events of its runs, so that observers of a run can also follow one that has ended. Only
 * the values of the plan and of readings are parsed.
 * @param journal its lines, where they are not in the file, as those of an archived session
 * @throws ResearchError "no-session", "damaged-session" or "newer-session"
 */
export async function* journalEvents(
  file: string,
  journal: AsyncIterable<{ text: string; whole: boolean }> = journalLines(file),
): AsyncGenerator<TimedEvent, void, undefined> {
  let header: Header | null = null;
  let at = new Date(0);
  const read = new Map<string, { place: SourceLocation; title: string; sha256: string | null }>();
  const knownQuestions = new Set<string>();
  let questions = 0;
  let round = 1;
  let reviewed = false;
  const startedEvent = (of: Header, resumed: boolean): TimedEvent => {
    const { id, question, engine, depth, maxSources } = of;
    return { at, event: { type: "started", session: id, question, engine, depth, maxSources, resumed } };
  };
  const plannedEvent = (plan: Plan): TimedEvent => {
    knownQuestions.clear();
    for (const { question } of plan.questions) knownQuestions.add(question);
    questions = plan.questions.length;
    return { at, event: { type: "planned", plan, estimate: null } };
  };
  /** A searched question that is not in the plan was added for a gap. */
  const gapEvents = (question: string): TimedEvent[] => {
    if (knownQuestions.has(question) || question === header?.question) return [];
    knownQuestions.add(question);
    const gap = { id: `q${++questions}`, question, query: question };
    return [{ at, event: { type: "gaps", round: round + 1, questions: [gap] } }];
  };

  let number = 0;
  for await (const { text, whole } of journal) {
    if (!whole) break;
    if (++number === 1) {
      try {
        header = parseHeader(text, file);
      } catch (error) {
        // The copy of the first line may still be readable.
        if (toResearchError(error, "damaged-session", file).code === "newer-session") throw error;
        continue;
      }
      at = new Date(header.started);
      yield startedEvent(header, false);
      continue;
    }
    const line = parseLine(text);
    if (line === null) continue;
    if ("at" in line) at = new Date(line.at);
    switch (line.type) {
      case "asked":
        if (header !== null) break;
        assertSupportedSchema(line.header, file);
        header = line.header;
        at = new Date(header.started);
        yield startedEvent(header, false);
        break;
      case "resumed":
        if (header !== null) yield startedEvent(header, true);
        break;
      case "intent": {
        const { key, kind, task } = line;
        if (task.type === "search") yield* gapEvents(task.question);
        if (task.type === "outline") round = task.round;
        yield { at, event: { type: "step", phase: "started", key, kind, task } };
        break;
      }
      case "failure": {
        const { key, kind, task, error, usage = NO_USAGE } = line;
        yield { at, event: { type: "step", phase: "failed", key, kind, task, error, usage } };
        break;
      }
      case "outcome": {
        const { key, kind, task, by, usage, milliseconds } = line;
        yield {
          at,
          event: { type: "step", phase: "done", key, kind, task, by, usage, milliseconds, reused: false },
        };
        if (kind === "read") {
          const source = ReadSource.safeParse(parseValue(text));
          if (!source.success) break;
          read.set(source.data.sha256 ?? "", source.data);
          yield { at, event: { type: "source", state: "read", ...source.data } };
        } else if (!reviewed && header !== null && task.type === "plan") {
          const draft = PlanDraft.safeParse(parseValue(text));
          if (draft.success)
            yield plannedEvent(
              planFromDraft(removeInvisibleDeep(draft.data).value, header.question, header.depth),
            );
        }
        break;
      }
      case "steered": {
        if (line.skip !== undefined)
          yield { at, event: { type: "steered", round: line.round, skip: line.skip } };
        if (line.add !== undefined) yield* gapEvents(line.add);
        break;
      }
      case "plan": {
        const plan = Plan.safeParse(line.plan);
        if (!plan.success) break;
        reviewed = true;
        yield plannedEvent(plan.data);
        break;
      }
      case "evidence": {
        const quotes = new Map<string, number>();
        for (const { sha256 } of line.evidence)
          if (sha256 !== null) quotes.set(sha256, (quotes.get(sha256) ?? 0) + 1);
        const reportSources = new Set(line.sources?.map(({ sha256 }) => sha256) ?? read.keys());
        for (const source of line.sources ?? [])
          if (source.sha256 === null) yield { at, event: { type: "source", state: "read", ...source } };
        for (const [sha256, source] of read) {
          const { place } = source;
          yield reportSources.has(sha256)
            ? { at, event: { type: "evidence", place, kept: quotes.get(sha256) ?? 0, dropped: 0 } }
            : { at, event: { type: "source", state: "duplicate", ...source } };
        }
        break;
      }
      case "ended": {
        const { status, report, error, verdicts, waited = 0 } = line;
        if (waited > 0) {
          yield { at: new Date(at.getTime() - waited), event: { type: "waiting", isWaiting: true } };
          yield { at, event: { type: "waiting", isWaiting: false } };
        }
        // The schema validates this as a record of all verdicts.
        const verdictField = verdicts === undefined ? {} : { verdicts: verdicts };
        yield { at, event: { type: "ended", status, report, error, ...verdictField } };
        break;
      }
      default:
    }
  }
  if (header === null)
    throw new ResearchError(
      "damaged-session",
      msg`The session at ${file} is damaged: its first line cannot be read.`,
    );
}

/** Most bytes of a journal are values, which most events do not need. */
function parseLine(text: string): JournalLine | null {
  return JournalLine.safeParse(parseJson(stripOutcomeValue(text))).data ?? null;
}

function parseValue(text: string): unknown {
  return z.object({ value: z.unknown() }).safeParse(parseJson(text)).data?.value;
}
