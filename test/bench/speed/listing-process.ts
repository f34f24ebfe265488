/*
 * Lists sessions once, in a process that has done nothing before: a folder in, what it took out.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { listSessions } from "../../../src/sessions/list.js";

process.once("message", ({ sessions }: { sessions: string }) => {
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
