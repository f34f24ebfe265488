import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { runResearch } from "../../../src/core/pipeline/research.js";
import { openOffline } from "../../../src/models/offline/offline-provider.js";
import { createSearxngSearch } from "../../../src/search/searxng/searxng-search.js";
import { inMemory } from "../../fakes/ports.js";
import { median } from "./processes.js";
import type { Part } from "./section.js";

/*
 * One research that asks four searches over real HTTP: three answer after different times, one refuses every connection.
 * How long it takes, against the waiting that the three that answer make necessary.
 */

/** Milliseconds. */
const SEARCHES = [400, 1000, 2000];
const LATENCY = { model: 2000, page: 1000 };
const QUESTION = "How long does a glacier mouse keep moving?";

export async function measureProviders(runs: number): Promise<Part> {
  const servers = await Promise.all(SEARCHES.map((latency, index) => startSearch(latency, index)));
  const dead = await startSearch(0, 9);
  await stop(dead.server);
  try {
    const done: { wall: number; path: number; sources: number; isNamed: boolean }[] = [];
    for (let run = 0; run < runs; run++) {
      done.push(await research([...servers, dead].map(({ address }) => address)));
    }
    const ratio = median(done.map(({ wall, path }) => wall / path));
    const isWhole = done.every(({ sources, isNamed }) => sources >= SEARCHES.length && isNamed);
    return {
      rows: [
        {
          what: "four searches, one of them dead: wall ÷ the critical path of the others",
          measured: `${ratio.toFixed(2)}${isWhole ? "" : " (NOT whole)"}`,
          reach: "≤ 1.10",
          ok: isWhole && ratio <= 1.1,
        },
      ],
      notes: [
        `Four searches: three answer after ${SEARCHES.map((each) => `${each / 1000} s`).join(", ")}, one refuses each ` +
          "connection and is named in the report's limits; each task of the model takes " +
          `${LATENCY.model / 1000} s and each page ${LATENCY.page / 1000} s; the median of ${runs} runs.`,
      ],
    };
  } finally {
    await Promise.all(servers.map(({ server }) => stop(server)));
  }
}

async function startSearch(latency: number, index: number): Promise<{ address: string; server: Server }> {
  const results = [0, 1].map((n) => ({
    url: `https://s${index}.example/${n}`,
    title: `Page ${n} of ${index}`,
  }));
  const server = createServer((_, response) => {
    setTimeout(() => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ query: "", results, unresponsive_engines: [] }));
    }, latency);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
}

/** The stages whose steps do not wait for each other, by the labels of their steps, with their latencies. */
const STAGES: [label: RegExp, latency: number][] = [
  [/^Planning/, LATENCY.model],
  [/^Searching/, Math.max(...SEARCHES)],
  [/^Reading/, LATENCY.page],
  [/^Extracting/, LATENCY.model],
  [/^Outlining/, LATENCY.model],
  [/^Writing “/, LATENCY.model],
  [/^Rewriting/, LATENCY.model],
  [/^Writing the summary/, LATENCY.model],
  [/^Checking the summary/, LATENCY.model],
];

async function research(
  addresses: string[],
): Promise<{ wall: number; path: number; sources: number; isNamed: boolean }> {
  const pages = Object.fromEntries(
    [...SEARCHES.keys()].flatMap((index) =>
      [0, 1].map((n) => [
        `https://s${index}.example/${n}`,
        `A glacier mouse keeps moving for about ${index + 2}${n} months. Source ${index}${n} counts it in summer.`,
      ]),
    ),
  );
  const labels = new Set<string>();
  const ports = inMemory({
    model: openOffline(),
    pages,
    delay: (label) => {
      labels.add(label);
      if (label.startsWith("Searching")) return Promise.resolve();
      return wait(label.startsWith("Reading") ? LATENCY.page : LATENCY.model);
    },
  });
  const searches = addresses.map((address, index) => ({
    ...createSearxngSearch(address),
    id: `search${index}`,
  }));
  const ask = {
    question: QUESTION,
    depth: "quick" as const,
    maxSources: 6,
    scope: ["web" as const],
    pages: [],
    session: "bench",
    day: "2026-11-22",
  };
  const began = performance.now();
  const report = await runResearch(ask, { ...ports, searches }, new AbortController().signal);
  const wall = performance.now() - began;
  const path = STAGES.reduce(
    (sum, [label, latency]) => sum + ([...labels].some((each) => label.test(each)) ? latency : 0),
    0,
  );
  const isNamed = report.limits.some(({ text }) => text.startsWith("Searching search3 failed"));
  return { wall, path, sources: report.sources.length, isNamed };
}
