import path from "node:path";
import * as z from "zod";
import { ResearchError } from "../common/errors.js";
import { acceptKey, forgetKey } from "../common/user-state.js";
import { readFolderKey, type FolderKey } from "../app/load-config.js";
import { askYesNo, canAsk } from "./terminal-input.js";
import { EXIT, forTerminal, print, printJson } from "./output.js";

/* A key in a folder's `.env` is used only after the user accepted it, when asked or with this command. */

const Flags = z.object({
  workspace: z.string().optional(),
  json: z.boolean().default(false),
  remove: z.boolean().default(false),
});

/** Accepts the key in the folder's `.env`, or revokes that. */
export async function trustCommand(options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const workspace = path.resolve(flags.workspace ?? process.cwd());
  const file = path.join(workspace, ".env");
  if (flags.remove) {
    const wasAccepted = await forgetKey(workspace);
    if (flags.json) printJson({ file, accepted: false });
    else {
      print(
        forTerminal(
          wasAccepted ? `The key in ${file} is no longer used.` : `No key in ${file} was accepted.`,
        ),
      );
    }
    return EXIT.done;
  }
  const found = await readFolderKey(workspace);
  if (found === null) {
    throw new ResearchError(
      "bad-settings",
      `${file} contains no GEMINI_API_KEY.`,
      "Add it there, or set it in your environment.",
    );
  }
  await acceptKey(workspace, found.key);
  if (flags.json) printJson({ file, key: keyEnd(found.key), accepted: true });
  else print(forTerminal(`The key ${keyEnd(found.key)} in ${file} is now used for this folder.`));
  return EXIT.done;
}

/**
 * Asks in the terminal whether a folder's key may be used and remembers a yes; without a terminal, prints how
 * to accept it.
 */
export async function acceptKeyInTerminal(workspace: string, { file, key }: FolderKey): Promise<boolean> {
  if (!canAsk()) {
    const elsewhere = workspace === process.cwd() ? "" : " --workspace DIR";
    const line = `The key ${keyEnd(key)} in ${file} is not used because it has not been accepted for this folder. To accept it: deep-research trust${elsewhere}`;
    process.stderr.write(`${forTerminal(line)}\n`);
    return false;
  }
  const question = forTerminal(`Use the key ${keyEnd(key)} from ${file} for this folder? [y/N] `);
  if (!(await askYesNo(question, new AbortController().signal))) return false;
  await acceptKey(workspace, key);
  return true;
}

/** The last characters let the owner recognize the key and reveal nothing to others. */
function keyEnd(key: string): string {
  return key.length < 12 ? "…" : `…${key.slice(-4)}`;
}
