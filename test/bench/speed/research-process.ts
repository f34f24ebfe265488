/*
 * A process that asks a folder one question, and tells what it took:
 *   node out/bench/speed/research-process.js ROOT CACHE QUESTION
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { aWorkspace } from "../../fakes/workspace.js";

/** What the process prints, as JSON. */
export interface Answer {
  files: string[];
  /** From the start of the process to the answer. */
  seconds: number;
  /** MB of memory at its most, over what the process had before it was asked. */
  memory: number;
  /** Milliseconds that the event loop was held up at most. */
  held: number;
}

async function main([root = "", cache = "", question = ""]: string[]): Promise<void> {
  const idle = process.memoryUsage().rss;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const workspace = aWorkspace(root, { exclude: [cache], cache });
  const { value } = await workspace.search.search(
    { id: "q0", question, query: question },
    10,
    AbortSignal.timeout(300_000),
  );
  const seconds = performance.now() / 1000;
  // One more turn, so that a delay that has just ended is counted.
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  const answer: Answer = {
    files: value.hits.map(({ place }) => (place.kind === "workspace" ? place.path : "")),
    seconds,
    memory: (process.resourceUsage().maxRSS * 1024 - idle) / 1e6,
    held: delay.max / 1e6,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  await workspace.close();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
