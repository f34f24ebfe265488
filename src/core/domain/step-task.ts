import { msg, toMessage, type Message } from "../../common/messages.js";
import * as z from "zod";
import { SourceLocation, formatLocation } from "./schema.js";

/**
 * What a step does, to what. The journal stores it and the events carry it, so that programs need not read a text;
 * each surface words it for people. `heading` is null for the report's summary.
 */
export const StepTask = z.discriminatedUnion("type", [
  z.object({ type: z.literal("plan"), withAnswers: z.boolean() }),
  /** `search` is the id of a search provider. */
  z.object({ type: z.literal("search"), search: z.string(), question: z.string() }),
  z.object({ type: z.literal("read"), place: SourceLocation }),
  z.object({ type: z.literal("extract"), title: z.string() }),
  z.object({ type: z.literal("outline"), round: z.number() }),
  z.object({ type: z.literal("write"), heading: z.string() }),
  z.object({ type: z.literal("summarize") }),
  z.object({ type: z.literal("check"), heading: z.string().nullable(), again: z.boolean() }),
  z.object({ type: z.literal("rewrite"), sentences: z.number(), heading: z.string().nullable() }),
  /** One sentence of a finished report. */
  z.object({ type: z.literal("recheck") }),
  /** A refresh reads the report of a session, a follow-up its sources. */
  z.object({ type: z.literal("load-report"), session: z.string() }),
  z.object({ type: z.literal("load-sources"), session: z.string() }),
  /** A step of a journal whose text is not known. */
  z.object({ type: z.literal("other"), label: z.string() }),
]);
export type StepTask = z.infer<typeof StepTask>;

/** The task as a text for people, such as "Reading docs/retries.md". */
export function describeStepTask(task: StepTask): Message {
  switch (task.type) {
    case "plan":
      return task.withAnswers ? msg`Planning with your answers` : msg`Planning`;
    case "search":
      return msg`Searching ${task.search}: ${task.question}`;
    case "read":
      return msg`Reading ${formatLocation(task.place)}`;
    case "extract":
      return msg`Extracting from ${task.title}`;
    case "outline":
      return task.round === 1 ? msg`Outlining` : msg`Outlining, round ${task.round}`;
    case "write":
      return msg`Writing “${task.heading}”`;
    case "summarize":
      return msg`Writing the summary`;
    case "check":
      return task.again
        ? msg`Checking ${describeHeading(task.heading)}, again`
        : msg`Checking ${describeHeading(task.heading)}`;
    case "rewrite":
      return msg`Rewriting ${task.sentences} of ${describeHeading(task.heading)}`;
    case "recheck":
      return msg`Checking a sentence again`;
    case "load-report":
      return msg`Loading the report of ${task.session}`;
    case "load-sources":
      return msg`Loading the sources of ${task.session}`;
    case "other":
      return toMessage(task.label);
  }
}

function describeHeading(heading: string | null): Message | string {
  return heading === null ? msg`the summary` : `“${heading}”`;
}
