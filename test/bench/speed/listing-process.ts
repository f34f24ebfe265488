/*
 * Lists sessions once, in a process that has done nothing before: a folder in, what it took out. Or, to be held
 * against that, opens each journal, reads its beginning and closes it, and nothing else.
 */
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { listSessions } from "../../../src/storage/sessions/list-sessions.js";

process.once("message", ({ sessions, bare }: { sessions: string; bare: boolean }) => {
  if (bare) {
    process.send?.({ milliseconds: bareReading(sessions), block: 0, count: 0 });
    return;
  }
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const began = performance.now();
  void listSessions(sessions).then((listed) => {
    const milliseconds = performance.now() - began;
    // The last stretch counts too: the monitor has to come round once more.
    setTimeout(() => {
      process.send?.({ milliseconds, block: Math.max(0, loop.max / 1e6 - 1), count: listed.length });
    }, 5);
  });
});
process.once("disconnect", () => process.exit());

/** @returns the milliseconds that the system alone takes */
function bareReading(sessions: string): number {
  const began = performance.now();
  const buffer = Buffer.allocUnsafe(1024);
  for (const name of readdirSync(sessions).filter((each) => !each.startsWith("."))) {
    const file = openSync(path.join(sessions, name, "journal.jsonl"), "r");
    readSync(file, buffer, 0, buffer.length, 0);
    closeSync(file);
  }
  return performance.now() - began;
}
