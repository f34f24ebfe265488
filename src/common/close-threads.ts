import type { Pool } from "workerpool";

/** Milliseconds for threads to end. One that never began, or ended by itself, says nothing. */
const LONGEST_END_MS = 2000;

/** Ends the threads of a pool and what they do. Settles even if a thread is gone already. */
export async function closeThreads(threads: Pool): Promise<void> {
  await threads.terminate(true, LONGEST_END_MS).catch(() => undefined);
}
