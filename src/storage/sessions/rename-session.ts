import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import { isArchived, unarchiveSession } from "../archive/archive-sessions.js";
import { Journal, readJournal } from "./journal.js";
import { lockSession } from "./session-lock.js";
import { journalPath, readSession, assertOwnFolder, resolveSessionFolder } from "./session.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";

/** Maximum length of a name: lists read only a limited part of a journal's end. */
export const MAX_NAME_LENGTH = 200;

/**
 * Renames a session; an empty name removes it. The name is repeated in the last line, where lists find it.
 * @throws ResearchError "no-session"; "session-running" while it runs; "conflict" for a name that is too long
 */
export async function renameSession(sessions: string, id: string, given: string, now: Date): Promise<void> {
  const name = collapseWhitespace(given);
  if (name.length > MAX_NAME_LENGTH) {
    throw new ResearchError(
      "conflict",
      msg`The name has ${name.length} characters; the limit is ${MAX_NAME_LENGTH}.`,
      msg`Shorten it.`,
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
        // Repeat the end: it must be the last line of a finished session.
        ...(end === null ? [] : [journal.append(name === "" ? end : { ...end, name })]),
      ]);
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}
