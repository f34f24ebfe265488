import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";

/** The lines of a journal that matter to the bench: what was begun, what came of it, how it ended. */
const Line = z.looseObject({ type: z.string().optional(), key: z.string().optional() });
export type JournalLine = z.infer<typeof Line>;

/** The whole lines after the first; empty where there is no whole first line, and so no session yet. */
export function linesOf(journal: string): JournalLine[] | null {
  if (!existsSync(journal)) return null;
  const whole = readFileSync(journal, "utf8").split("\n").slice(0, -1);
  return whole.length === 0 ? null : whole.slice(1).map((line) => Line.parse(JSON.parse(line)));
}

/** The journals below a sessions' folder. */
export function journalsIn(sessions: string): string[] {
  if (!existsSync(sessions)) return [];
  return readdirSync(sessions)
    .filter((name) => !name.startsWith("."))
    .map((id) => path.join(sessions, id, "journal.jsonl"));
}

/** How often a call that had been completed was begun or completed again, in the order of the lines. */
export function repeatsIn(lines: JournalLine[]): number {
  const completed = new Set<string>();
  let repeats = 0;
  for (const { type, key = "" } of lines) {
    if (type === "intent" && completed.has(key)) repeats++;
    if (type === "outcome") {
      if (completed.has(key)) repeats++;
      completed.add(key);
    }
  }
  return repeats;
}
