import * as z from "zod";
import type { StepTask } from "../../core/domain/step-task.js";

/*
 * Journals up to version 3 have a step's label in English instead of its task. This file reads the labels that those
 * versions wrote, and is never changed.
 */

const LABELS: [RegExp, (found: string[]) => StepTask][] = [
  [
    /^Planning( with your answers)?$/,
    ([withAnswers]) => ({ type: "plan", withAnswers: withAnswers !== undefined }),
  ],
  [/^Searching ([^:]+): (.+)$/s, ([search = "", question = ""]) => ({ type: "search", search, question })],
  [/^Reading (https?:\/\/.+)$/is, ([url = ""]) => ({ type: "read", place: { kind: "page", url } })],
  [/^Reading (.+)$/s, ([file = ""]) => ({ type: "read", place: { kind: "workspace", path: file } })],
  [/^Extracting from (.*)$/s, ([title = ""]) => ({ type: "extract", title })],
  [/^Outlining(?:, round (\d+))?$/, ([round]) => ({ type: "outline", round: Number(round ?? 1) })],
  [/^Writing the summary$/, () => ({ type: "summarize" })],
  [/^Writing “(.*)”$/s, ([heading = ""]) => ({ type: "write", heading })],
  [/^Checking a sentence again$/, () => ({ type: "recheck" })],
  [
    /^Checking (.+?)(, again)?$/s,
    ([heading = "", again]) => ({
      type: "check",
      heading: parseHeading(heading),
      again: again !== undefined,
    }),
  ],
  [
    /^Rewriting (\d+) of (.+)$/s,
    ([many, heading = ""]) => ({ type: "rewrite", sentences: Number(many), heading: parseHeading(heading) }),
  ],
  [/^Going through (\S+) again$/, ([session = ""]) => ({ type: "load-report", session })],
  [/^Going on from (\S+)$/, ([session = ""]) => ({ type: "load-sources", session })],
];

function parseHeading(heading: string): string | null {
  return heading === "the summary" ? null : heading.replace(/^“|”$/g, "");
}

/** The task that a label stands for; an unknown label is kept as it is. */
export function parseStepLabel(label: string): StepTask {
  for (const [pattern, toTask] of LABELS) {
    const found = pattern.exec(label);
    if (found !== null) return toTask(found.slice(1));
  }
  return { type: "other", label };
}

const Labelled = z.looseObject({ type: z.enum(["intent", "outcome", "failure"]), label: z.string() });

/** A line of a step with the task in place of the label; every other value as it is. */
export function replaceStepLabel(line: unknown): unknown {
  const { data } = Labelled.safeParse(line);
  if (data === undefined) return line;
  const { type, label, key, kind, ...rest } = data;
  return { type, key, kind, task: parseStepLabel(label), ...rest };
}
