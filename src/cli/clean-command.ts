import * as z from "zod";
import { findOldData, hasRetention, removeOldData } from "../app/retention.js";
import { ResearchError } from "../common/errors.js";
import { loadConfig } from "./flags.js";
import { EXIT, forTerminal, print, printJson } from "./output.js";
import { askYesNo } from "./terminal-input.js";

const Flags = z.object({
  workspace: z.string().optional(),
  json: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  git: z.boolean().default(false),
  yes: z.boolean().default(false),
});

/** Removes for good what is older than the settings' limits; with --dry-run it only says what that is. */
export async function cleanCommand(options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const config = await loadConfig(flags);
  if (!hasRetention(config.settings)) {
    throw new ResearchError(
      "bad-settings",
      "No limit is set, so nothing is ever removed.",
      "Set RETENTION_SESSION_DAYS, RETENTION_SNAPSHOT_DAYS or RETENTION_ERROR_DAYS.",
    );
  }
  const { signal } = new AbortController();
  const now = new Date();
  const old = await findOldData(config, now, signal, { withGit: flags.git });
  const ids = {
    sessions: old.sessions.map(({ id }) => id),
    snapshots: old.snapshots.map(({ id }) => id),
    inGit: old.inGit.map(({ id }) => id),
  };
  const many = ids.sessions.length + ids.snapshots.length + old.errors;
  if (!flags.dryRun && many > 0) {
    const what = `${ids.sessions.length} sessions, the snapshots of ${ids.snapshots.length}, ${old.errors} counted errors`;
    if (!flags.yes && !(await askYesNo(forTerminal(`Delete ${what} for good? [y/N] `), signal)))
      throw new ResearchError(
        "not-approved",
        "Nothing was deleted.",
        "To delete without confirmation, add --yes; to preview, add --dry-run.",
      );
    await removeOldData(config, old, now);
  }
  if (flags.json) {
    printJson({ removed: !flags.dryRun, ...ids, errors: old.errors });
    return EXIT.done;
  }
  for (const id of ids.sessions) print(`session   ${id}`);
  for (const id of ids.snapshots) print(`snapshots ${id}`);
  if (old.errors > 0) print(`errors    ${old.errors}`);
  if (many === 0) print("Nothing is older than its limit.");
  if (ids.inGit.length > 0)
    process.stderr.write(
      `${ids.inGit.length} sessions are kept because Git tracks them; --git removes them too.\n`,
    );
  return EXIT.done;
}
