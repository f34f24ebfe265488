/*
 * What a step's label says, for programs: a journal and a stream of events know a step by its label.
 * A test holds that every label of the method is read back here.
 */

/** What is being done, to what. */
export type StepDescription =
  | { what: "plan" }
  | { what: "search"; search: string; question: string }
  | { what: "read"; where: string }
  | { what: "extract"; title: string }
  | { what: "outline"; round: number }
  | { what: "write"; heading: string }
  | { what: "summarise" }
  | { what: "check"; heading: string }
  | { what: "rewrite"; sentences: number; heading: string }
  | { what: "other"; label: string };

const READ: [RegExp, (found: string[]) => StepDescription][] = [
  [/^Planning(?: with your answers)?$/, () => ({ what: "plan" })],
  [/^Searching ([^:]+): (.+)$/s, ([search = "", question = ""]) => ({ what: "search", search, question })],
  [/^Reading (.+)$/s, ([where = ""]) => ({ what: "read", where })],
  [/^Extracting from (.*)$/s, ([title = ""]) => ({ what: "extract", title })],
  [/^Outlining(?:, round (\d+))?$/, ([round]) => ({ what: "outline", round: Number(round ?? 1) })],
  [/^Writing the summary$/, () => ({ what: "summarise" })],
  [/^Writing “(.*)”$/s, ([heading = ""]) => ({ what: "write", heading })],
  [/^Checking (.+?)(?:, again)?$/s, ([heading = ""]) => ({ what: "check", heading: bare(heading) })],
  [
    /^Rewriting (\d+) of (.+)$/s,
    ([many, heading = ""]) => ({ what: "rewrite", sentences: Number(many), heading: bare(heading) }),
  ],
];

/** The heading without its quotes; empty for the summary. */
function bare(heading: string): string {
  return heading === "the summary" ? "" : heading.replace(/^“|”$/g, "");
}

/** Reads a step's label; one that is not known is handed on as it is. */
export function parseStepLabel(label: string): StepDescription {
  for (const [pattern, doing] of READ) {
    const found = pattern.exec(label);
    if (found !== null) return doing(found.slice(1));
  }
  return { what: "other", label };
}
