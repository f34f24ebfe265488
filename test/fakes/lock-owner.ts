import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { lockPath, lockSession } from "../../src/storage/sessions/session-lock.js";
import { aFolder } from "./temporary-folder.js";

const Lock = z.looseObject({ host: z.string(), pid: z.number(), namespace: z.string().nullable() });

/** What a lock of this process says, under another token and without the time at which the process began. */
export async function aLockOwner(): Promise<z.infer<typeof Lock> & { token: string; begun: null }> {
  const folder = await aFolder();
  try {
    const lock = await lockSession(folder.path);
    const owner = Lock.parse(JSON.parse(await readFile(lockPath(folder.path), "utf8")));
    await lock.release();
    return { ...owner, token: randomUUID(), begun: null };
  } finally {
    await folder.remove();
  }
}
