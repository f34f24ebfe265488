import path from "node:path";
import * as z from "zod";
import { isMissingPathError } from "../../common/errors.js";
import { ensureFolder, PRIVATE_FILE, PRIVATE_FOLDER, writeFileAtomic } from "../../common/files.js";
import { parseJson } from "../../common/parse-json.js";
import { readRegularText } from "../../common/read-file.js";
import { statisticsFolder } from "../../config/storage-folders.js";

/*
 * What went wrong in a data folder, counted: a code and where, and nothing of what was asked, read or written. The file
 * is this machine's own and not for git.
 */

/** Where an error arose: a kind of call, the settings, a file, or the run as a whole. */
const ErrorPlace = z.string().regex(/^(?:(?:model|search|read):[a-z-]{1,40}|settings|file|run)$/);

export const ErrorRecord = z.object({
  /** An error code of ours. */
  code: z.string().regex(/^[a-z-]{1,40}$/),
  where: ErrorPlace,
  count: z.int().min(1),
  /** When it was first and last seen, ISO 8601. */
  first: z.iso.datetime(),
  last: z.iso.datetime(),
});
export type ErrorRecord = z.infer<typeof ErrorRecord>;

/** An error that was just seen. */
export type SeenError = Pick<ErrorRecord, "code" | "where">;

/** Records that are kept: those that were seen last. */
export const MOST_ERROR_RECORDS = 200;
const LIMIT = { maxBytes: 1024 ** 2 };

function recordsFile(sessions: string): string {
  return path.join(statisticsFolder(sessions), "errors.json");
}

/** The records of a data folder, last seen first. What is damaged is left out. @param sessions its folder of sessions */
export async function readErrorRecords(sessions: string): Promise<ErrorRecord[]> {
  let text: string;
  try {
    text = await readRegularText(recordsFile(sessions), LIMIT);
  } catch {
    return [];
  }
  const list = z.array(z.unknown()).safeParse(parseJson(text)).data ?? [];
  return list
    .flatMap((each) => ErrorRecord.safeParse(each).data ?? [])
    .sort((a, b) => (a.last === b.last ? (a.where < b.where ? -1 : 1) : a.last < b.last ? 1 : -1));
}

/**
 * Counts errors that were seen.
 * @param root the folder below which no link is followed
 * @throws ResearchError "cannot-write"
 */
export async function addErrorRecords(
  sessions: string,
  root: string,
  seen: readonly SeenError[],
  now: Date,
): Promise<void> {
  const at = now.toISOString();
  const records = new Map(
    (await readErrorRecords(sessions)).map((each) => [`${each.where} ${each.code}`, each]),
  );
  for (const { code, where } of seen) {
    const key = `${where} ${code}`;
    const known = records.get(key);
    const record = { code, where, count: (known?.count ?? 0) + 1, first: known?.first ?? at, last: at };
    if (ErrorRecord.safeParse(record).success) records.set(key, record);
  }
  const kept = [...records.values()].sort((a, b) => (a.last < b.last ? 1 : -1)).slice(0, MOST_ERROR_RECORDS);
  const folder = statisticsFolder(sessions);
  await ensureFolder(root, folder, PRIVATE_FOLDER);
  await ignoreInGit(folder);
  await writeFileAtomic(recordsFile(sessions), `${JSON.stringify(kept, null, 2)}\n`, PRIVATE_FILE);
}

/**
 * Removes the records of errors that were last seen before a time.
 * @param root the folder below which no link is followed
 * @throws ResearchError "cannot-write"
 */
export async function removeOldErrorRecords(sessions: string, root: string, before: Date): Promise<void> {
  const records = await readErrorRecords(sessions);
  const kept = records.filter(({ last }) => new Date(last).getTime() >= before.getTime());
  if (kept.length === records.length) return;
  await ensureFolder(root, statisticsFolder(sessions), PRIVATE_FOLDER);
  await writeFileAtomic(recordsFile(sessions), `${JSON.stringify(kept, null, 2)}\n`, PRIVATE_FILE);
}

async function ignoreInGit(folder: string): Promise<void> {
  const file = path.join(folder, ".gitignore");
  try {
    await readRegularText(file, LIMIT);
  } catch (error) {
    if (isMissingPathError(error)) await writeFileAtomic(file, "*\n", PRIVATE_FILE);
  }
}
