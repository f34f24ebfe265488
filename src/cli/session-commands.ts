import { formatMessage } from "../common/messages.js";
import { clearCachedFiles, describeCleared } from "../app/cache.js";
import { listSessions } from "../app/sessions.js";
import { EXIT, forTerminal, print, printJson, toShellPath } from "./output.js";
import { Flags, loadConfig } from "./flags.js";

export async function sessionsCommand(options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const { workspace, settings } = await loadConfig(flags);
  const listed = await listSessions(settings.sessionStoragePath);
  if (flags.json) printJson(listed);
  else if (listed.length === 0) print("No sessions yet.");
  else {
    for (const { id, status, question, report, archived, why, environment } of listed) {
      const state = [status, environment, archived === true ? "archived" : undefined]
        .filter((each) => each !== undefined)
        .join(", ");
      print(
        forTerminal(
          `${id}  ${state}  ${why === undefined ? question : formatMessage(why)}${report === null ? "" : `  ${toShellPath(workspace, report)}`}`,
        ),
      );
    }
  }
  return EXIT.done;
}

export async function clearCacheCommand(options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const removed = await clearCachedFiles(await loadConfig(flags));
  if (flags.json) printJson(removed);
  else print(formatMessage(describeCleared(removed)));
  return EXIT.done;
}
