import { ResearchError } from "../../common/errors.js";
import { isArchived, unarchiveSession } from "../archive/archive-sessions.js";
import { Journal, readJournal } from "./journal.js";
import { lockSession } from "./session-lock.js";
import { journalPath, readSession, assertOwnFolder, resolveSessionFolder } from "./session.js";

/** The longest name: a list reads no more of a journal's end. */
export const MAX_NAME_LENGTH = 200;

/**
 * Gives a session a name of its own; an empty one takes it away. The last line says it, so that a list
 * needs no more than that.
 * @throws ResearchError "no-session"; "session-running" while it runs; "conflict" for a name that is too long
 */
export async function renameSession(sessions: string, id: string, given: string, now: Date): Promise<void> {
  const name = given.replace(/\s+/g, " ").trim();
  if (name.length > MAX_NAME_LENGTH) {
    throw new ResearchError(
      "conflict",
      `The name has ${name.length} characters; the limit is ${MAX_NAME_LENGTH}.`,
      "Shorten it.",
    );
  }
  if (await isArchived(sessions, id)) await unarchiveSession(sessions, id, new AbortController().signal);
  await readSession(sessions, id);
  await assertOwnFolder(sessions, id);
  const folder = resolveSessionFolder(sessions, id);
  const lock = await lockSession(folder);
  try {
    const { ended, wholeBytes } = await readJournal(journalPath(folder));
    const journal = await Journal.reopen(journalPath(folder), wholeBytes);
    try {
      const end = ended === null ? null : { ...ended };
      delete end?.name;
      await Promise.all([
        journal.append({ type: "named", at: now.toISOString(), name }),
        // How it ended is said once more: an end is the last line, or there is none.
        ...(end === null ? [] : [journal.append(name === "" ? end : { ...end, name })]),
      ]);
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}
