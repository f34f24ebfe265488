import type { RunResult } from "../app/run-result.js";
import { formatChangesLine, formatChanges } from "../core/report/report-diff.js";
import { toShellPath } from "./output.js";

/** Prints what a refresh changed, line by line. */
export function printRefresh(
  workspace: string,
  { session, status, refresh: done }: RunResult,
  say: (line: string) => void,
): void {
  if (done === undefined) return;
  say(`${toShellPath(workspace, done.report)}: ${formatChangesLine(done.changes)}.`);
  for (const line of formatChanges(done.changes)) say(`  ${line}`);
  if (done.draft === null) return;
  if (done.edited) say("The report was edited by hand; the refreshed one does not include those edits.");
  const whole = status === "done" ? "" : " (partial)";
  say(
    `The refreshed report${whole} is ready. To use it: deep-research accept ${session}; to remove it: deep-research discard ${session}`,
  );
}
