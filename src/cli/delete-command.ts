import * as z from "zod";
import { clearCachedFiles } from "../app/cache.js";
import { resolveSessionIds } from "../app/resolve-session-id.js";
import { deleteListedSession, discardPermanently, findSessionsToDelete } from "../app/sessions.js";
import { ResearchError } from "../common/errors.js";
import { loadConfig } from "./flags.js";
import { EXIT, forTerminal, print, printJson } from "./output.js";
import { askYesNo } from "./terminal-input.js";

/* Deletes sessions for good: a terminal has no trash. */

const Flags = z.object({
  workspace: z.string().optional(),
  json: z.boolean().default(false),
  keepReport: z.boolean().default(false),
  cache: z.boolean().default(false),
  yes: z.boolean().default(false),
});

/** Deletes sessions with their reports, and says what is left elsewhere. */
export async function deleteCommand(given: string[], options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const config = await loadConfig(flags);
  const ids = await resolveSessionIds(config, given);
  const found = await findSessionsToDelete(config, ids);
  const missing = ids.filter((id) => !found.some((each) => each.id === id));
  if (missing.length > 0)
    throw new ResearchError(
      "no-session",
      `There is no session ${JSON.stringify(missing[0])}. Nothing was deleted.`,
      "List them: deep-research sessions",
    );
  const reports = flags.keepReport ? [] : found.flatMap(({ report }) => report ?? []);
  const names = [...found.map(({ id }) => id), ...reports].join(", ");
  const question = forTerminal(`Delete ${names} for good? [y/N] `);
  if (!flags.yes && !(await askYesNo(question, new AbortController().signal)))
    throw new ResearchError(
      "not-approved",
      "Nothing was deleted.",
      "To delete without confirmation, add --yes.",
    );
  for (const each of found) await deleteListedSession(config, each, !flags.keepReport, discardPermanently);
  if (flags.cache) await clearCachedFiles(config);
  if (flags.json) printJson({ deleted: found.map(({ id }) => id), reports });
  else for (const { id } of found) print(id);
  const cache = flags.cache ? "" : "the cache of pages and answers (deep-research clear-cache), ";
  process.stderr.write(`Not deleted: ${cache}backups and copies in git.\n`);
  return EXIT.done;
}
