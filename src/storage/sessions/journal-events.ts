import * as z from "zod";
import { toResearchError, ResearchError } from "../../common/errors.js";
import { removeInvisibleDeep } from "../../common/invisible-characters.js";
import type { JournalEvent } from "../../core/domain/events.js";
import { parseStepLabel } from "../../core/domain/step-labels.js";
import { PlanDraft, planFromDraft } from "../../core/pipeline/plan.js";
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

/** An event of a run that was, with when it happened. */
export interface TimedEvent {
  event: JournalEvent;
  at: Date;
}

const Kept = Source.pick({ place: true, title: true, sha256: true });

/**
 * Tells a journal again as the events of its runs, as far as it knows them: whoever follows a run can
 * follow one that has ended. Values are read only of the plan and of what was read.
 * @throws ResearchError "no-session", "damaged-session" or "newer-session"
 */
export async function* journalEvents(file: string): AsyncGenerator<TimedEvent, void, undefined> {
  let header: Header | null = null;
  let at = new Date(0);
  const read = new Map<string, { place: SourceLocation; title: string; sha256: string | null }>();
  const known = new Set<string>();
  let questions = 0;
  let round = 1;
  let reviewed = false;
  const started = (of: Header, resumed: boolean): TimedEvent => {
    const { id, question, engine, depth, maxSources } = of;
    return { at, event: { type: "started", session: id, question, engine, depth, maxSources, resumed } };
  };
  const planned = (plan: Plan): TimedEvent => {
    known.clear();
    for (const { question } of plan.questions) known.add(question);
    questions = plan.questions.length;
    return { at, event: { type: "planned", plan, estimate: null } };
  };
  /** A question that no plan has was a gap. */
  const asked = (question: string): TimedEvent[] => {
    if (known.has(question) || question === header?.question) return [];
    known.add(question);
    const gap = { id: `q${++questions}`, question, query: question };
    return [{ at, event: { type: "gaps", round: round + 1, questions: [gap] } }];
  };

  let number = 0;
  for await (const { text, whole } of journalLines(file)) {
    if (!whole) break;
    if (++number === 1) {
      try {
        header = parseHeader(text, file);
      } catch (error) {
        // Its copy may still be there.
        if (toResearchError(error, "damaged-session", file).code === "newer-session") throw error;
        continue;
      }
      at = new Date(header.started);
      yield started(header, false);
      continue;
    }
    const line = lineOf(text);
    if (line === null) continue;
    if ("at" in line) at = new Date(line.at);
    switch (line.type) {
      case "asked":
        if (header !== null) break;
        assertSupportedSchema(line.header, file);
        header = line.header;
        at = new Date(header.started);
        yield started(header, false);
        break;
      case "resumed":
        if (header !== null) yield started(header, true);
        break;
      case "intent": {
        const { key, kind, label } = line;
        const doing = parseStepLabel(label);
        if (doing.what === "search") yield* asked(doing.question);
        if (doing.what === "outline") round = doing.round;
        yield { at, event: { type: "step", phase: "started", key, kind, label } };
        break;
      }
      case "failure": {
        const { key, kind, label, error, usage = NO_USAGE } = line;
        yield { at, event: { type: "step", phase: "failed", key, kind, label, error, usage } };
        break;
      }
      case "outcome": {
        const { key, kind, label, by, usage, milliseconds } = line;
        yield {
          at,
          event: { type: "step", phase: "done", key, kind, label, by, usage, milliseconds, reused: false },
        };
        if (kind === "read") {
          const source = Kept.safeParse(valueOf(text));
          if (!source.success) break;
          read.set(source.data.sha256 ?? "", source.data);
          yield { at, event: { type: "source", state: "read", ...source.data } };
        } else if (!reviewed && header !== null && parseStepLabel(label).what === "plan") {
          const draft = PlanDraft.safeParse(valueOf(text));
          if (draft.success)
            yield planned(
              planFromDraft(removeInvisibleDeep(draft.data).value, header.question, header.depth),
            );
        }
        break;
      }
      case "steered": {
        if (line.skip !== undefined)
          yield { at, event: { type: "steered", round: line.round, skip: line.skip } };
        if (line.add !== undefined) yield* asked(line.add);
        break;
      }
      case "plan": {
        const plan = Plan.safeParse(line.plan);
        if (!plan.success) break;
        reviewed = true;
        yield planned(plan.data);
        break;
      }
      case "evidence": {
        const quotes = new Map<string, number>();
        for (const { sha256 } of line.evidence)
          if (sha256 !== null) quotes.set(sha256, (quotes.get(sha256) ?? 0) + 1);
        const counted = new Set(line.sources?.map(({ sha256 }) => sha256) ?? read.keys());
        for (const source of line.sources ?? [])
          if (source.sha256 === null) yield { at, event: { type: "source", state: "read", ...source } };
        for (const [sha256, source] of read) {
          const { place } = source;
          yield counted.has(sha256)
            ? { at, event: { type: "evidence", place, kept: quotes.get(sha256) ?? 0, dropped: 0 } }
            : { at, event: { type: "source", state: "duplicate", ...source } };
        }
        break;
      }
      case "ended": {
        const { status, report, error, verdicts } = line;
        // A record of all verdicts, as the schema has it.
        const judged = verdicts === undefined ? {} : { verdicts: verdicts };
        yield { at, event: { type: "ended", status, report, error, ...judged } };
        break;
      }
      default:
    }
  }
  if (header === null)
    throw new ResearchError(
      "damaged-session",
      `The session at ${file} is damaged: its first line cannot be read.`,
    );
}

/** The lines that are told again need no value: of what a model answered most is text. */
function lineOf(text: string): JournalLine | null {
  return JournalLine.safeParse(parseJson(stripOutcomeValue(text))).data ?? null;
}

function valueOf(text: string): unknown {
  return z.object({ value: z.unknown() }).safeParse(parseJson(text)).data?.value;
}
