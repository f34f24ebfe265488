import type { EngineConfig } from "../../../src/app/types.js";
import type { ResearchRequest } from "../../../src/core/domain/research-request.js";
import type { EngineAsked, EngineFigures } from "./engine-process.js";
import { createBenchConfig } from "./config.js";
import { journalsIn, linesOf, repeatsIn } from "./journals.js";
import type { Part } from "./section.js";
import {
  runOnce,
  printProgress,
  printNotices,
  startIdle,
  startStandIns,
  temporaryFolder,
  type StandIns,
} from "./processes.js";

/*
 * A hundred researches begun at the same moment in one process, against a model, a search and pages of
 * which every fifth answer is a fault.
 */

const SESSIONS = 100;
const LATENCY = { model: 100, search: 50, page: 50 };
const FAULTS = 0.2;
/** Requests at one time for one key and model. */
const AT_ONCE = 64;
/** A request that hangs is given up after so many milliseconds. */
const TIMEOUT = 2000;
/** What makes the faults the same in each run of the bench. */
const SEED = "of a hundred sessions";

export async function measureConcurrency(): Promise<Part> {
  const alone = await run(1, null);
  printProgress(
    `  one alone: ${(alone.engine.wall / 1000).toFixed(1)} s, ${alone.engine.memory.toFixed(0)} MB`,
  );
  const together = await run(SESSIONS, { share: FAULTS, seed: SEED });
  const { engine, idle } = together;
  printProgress(
    `  ${SESSIONS} together: ${(engine.wall / 1000).toFixed(1)} s, ${engine.memory.toFixed(0)} MB`,
  );
  for (const problem of new Set(engine.ended.map((each) => each.problem).filter((each) => each !== "")))
    printProgress(`  ${problem}`);
  printNotices(engine.notices);

  const count = (status: string): number => engine.ended.filter((each) => each.status === status).length;
  const completed = count("done") + count("partial");
  const statuses = `${count("done")} done, ${count("partial")} partial, ${SESSIONS - completed} failed`;
  const { wire } = engine;
  // A request that was given up before it left is seen here and nowhere else.
  const seen = wire.requests >= together.requests;
  const over = Math.max(0, wire.most - AT_ONCE) + wire.inPause;
  const memory = engine.memory - alone.engine.memory;
  return {
    rows: [
      {
        what: `${SESSIONS} sessions at once, ${FAULTS * 100}% faults: completed`,
        measured: `${completed} of ${SESSIONS} (${statuses}) in ${(engine.wall / 1000).toFixed(0)} s`,
        reach: `${SESSIONS} of ${SESSIONS}`,
        ok: completed === SESSIONS,
      },
      {
        what: `${SESSIONS} sessions at once: completed calls repeated`,
        measured: `${together.again} in the journals, ${together.repeated} of ${together.requests} requests at the model`,
        reach: "0",
        ok: together.again === 0 && together.repeated === 0,
      },
      {
        what: `${SESSIONS} sessions at once: requests above the limit, or in a pause`,
        measured: seen
          ? `${over} (at most ${wire.most} at one time, ${wire.inPause} of ${wire.requests} in a pause)`
          : `${wire.requests} of ${together.requests} requests were seen`,
        reach: `0 (${AT_ONCE} for a key and model)`,
        ok: seen && over === 0,
      },
      {
        what: `${SESSIONS} sessions at once: peak memory above one session's`,
        measured: `${memory.toFixed(0)} MB (${engine.memory.toFixed(0)} against ${alone.engine.memory.toFixed(0)})`,
        reach: "≤ 400 MB",
        ok: memory <= 400,
      },
      {
        what: `${SESSIONS} sessions at once: longest block of the event loop`,
        measured: `${engine.block.toFixed(0)} ms (an idle process beside it: ${idle.toFixed(0)} ms)`,
        reach: "≤ 50 ms",
        ok: engine.block <= 50,
      },
    ],
    notes: [
      `Many sessions: each has a question of its own and reads four pages; the model answers after ${LATENCY.model} ms, ` +
        `the search and each page after ${LATENCY.search} ms. Faults met: ${together.faults}. A request counts as in a pause ` +
        "where it was made while the delay of a 429 for its key and model was running. Memory is the most that the " +
        "process ever held.",
    ],
  };
}

interface Together {
  engine: EngineFigures;
  idle: number;
  /** Completed calls that the journals show again, and that the model was asked again though the answer had come. */
  again: number;
  repeated: number;
  /** Requests that came to the model's stand-in. */
  requests: number;
  faults: string;
}

async function run(sessions: number, faults: { share: number; seed: string } | null): Promise<Together> {
  const folder = temporaryFolder();
  const standIns = await start(faults);
  const idle = await startIdle();
  try {
    const config: EngineConfig = {
      ...(await createBenchConfig(folder.path, standIns, sessions * 20)),
      modelTimeout: TIMEOUT,
    };
    const asked = Array.from({ length: sessions }, (_, index): ResearchRequest => ({
      question: `How did district${index + 1} repair its bridges and canals?`,
      depth: "quick",
      maxSources: 4,
      scope: ["web"],
      pages: [],
    }));
    const message: EngineAsked = { config, asked };
    const engine = await runOnce<EngineFigures>("engine-process", message, 600_000);
    const figures = await standIns.figures();
    const all = Object.entries(figures).flatMap(([part, each]) =>
      Object.entries(each.faults).map(([fault, count]) => `${part} ${fault} ${count}`),
    );
    const journals = journalsIn(config.settings.sessionStoragePath);
    return {
      engine,
      idle: await idle.block(),
      again: journals.reduce((sum, journal) => sum + repeatsIn(linesOf(journal) ?? []), 0),
      repeated: repeatedOf(figures.model.times, engine.wire.answered),
      requests: figures.model.requests,
      faults: all.join(", ") || "none",
    };
  } finally {
    idle.stop();
    standIns.stop();
    folder.remove();
  }
}

function start(faults: { share: number; seed: string } | null): Promise<StandIns> {
  return startStandIns({
    model: { latency: LATENCY.model, amounts: { questions: 2, twice: 0, sections: 2, sentences: 4 } },
    search: { latency: LATENCY.search, hits: 3 },
    pages: { latency: LATENCY.page, characters: 3000 },
    ...(faults === null ? {} : { faults }),
  });
}

/** Requests that were sent again after a whole answer to them had been read. */
function repeatedOf(times: Record<string, number>, answered: Record<string, number>): number {
  return Object.entries(answered).reduce(
    (sum, [asked, at]) => sum + Math.max(0, (times[asked] ?? at) - at),
    0,
  );
}
