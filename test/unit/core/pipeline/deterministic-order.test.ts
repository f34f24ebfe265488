import assert from "node:assert/strict";
import { openOffline } from "../../../../src/models/offline/offline-provider.js";
import { ResearchError } from "../../../../src/common/errors.js";
import type { SearchResult } from "../../../../src/core/domain/ports.js";
import { runResearch } from "../../../../src/core/pipeline/research.js";
import type { ResearchInput } from "../../../../src/core/pipeline/run-state.js";
import type { Question, Report } from "../../../../src/core/domain/schema.js";
import { aFolder } from "../../../fakes/temporary-folder.js";
import { makePdf, paragraph } from "../../../fakes/pdf.js";
import { inMemory } from "../../../fakes/ports.js";
import { aWorkspace } from "../../../fakes/workspace.js";

/* The same question on the same pages gives the same report, in whatever order they come. */

/** Numbers from 0 to 1, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const facts = Array.from(
  { length: 60 },
  (_, n) =>
    `The ${["kestrel", "fulmar", "petrel"][n % 3]!} journal keeps entry ${n} for ${n + 3} days before it is removed.`,
);
const article = (from: number, to: number): string => facts.slice(from, to).join("\n\n");

/** Near-copies where A is like B, and B like C, but A is not like C; one page at two addresses; one that fails. */
const pages: Record<string, string> = {
  "https://a.example/one": article(0, 40),
  "https://b.example/two": article(3, 43),
  "https://c.example/three": article(6, 46),
  "https://d.example/four": article(0, 40).toUpperCase(),
  "http://e.example/five/": article(44, 54),
  "https://www.e.example/five": article(44, 54),
  "https://f.example/six": article(50, 60),
  "https://g.example/seven": article(20, 30),
  "https://h.example/eight": article(30, 36),
};
const gone = ["https://x.example/gone", "https://y.example/gone"];
const addresses = [...Object.keys(pages), ...gone];

const ask: ResearchInput = {
  question: "How long does the kestrel journal keep an entry, and how long does the fulmar journal?",
  depth: "quick",
  maxSources: 8,
  pages: gone,
  scope: ["web"],
  session: "20261122-101500-order",
  day: "2026-11-22",
};

/** Each question finds the pages in an order of its own; the first ones are what it reads at once. */
const FIRST: Record<string, number[]> = { q0: [1, 4], q1: [5, 0], q2: [2, 3] };

function found({ id }: Question): SearchResult {
  const first = FIRST[id] ?? [];
  const order = [...first, ...addresses.keys()].filter((each, at, all) => all.indexOf(each) === at);
  const hits = order.map((each) => addresses[each]!);
  return { hits: hits.map((url) => ({ place: { kind: "page", url }, title: url })), grounded: null };
}

async function reportOf(seed: number): Promise<Report> {
  const next = numbers(seed);
  const turns = async (most: number): Promise<void> => {
    for (let n = Math.floor(next() * most); n > 0; n--) await new Promise((resolve) => setImmediate(resolve));
  };
  const ports = inMemory({
    model: openOffline(),
    pages,
    find: async (question) => {
      await turns(40);
      return found(question);
    },
    // Some pages are slow, others at once.
    delay: (label) => turns(label.startsWith("Reading") && next() < 0.3 ? 200 : 10),
  });
  const { reader } = ports;
  ports.reader = {
    read: async (place, signal) => {
      await turns(30);
      if (place.kind === "page" && gone.includes(place.url)) {
        throw new ResearchError("unreachable", `${place.url} could not be reached.`);
      }
      return reader.read(place, signal);
    },
  };
  return runResearch(ask, ports, new AbortController().signal);
}

describe("a report", () => {
  it("is the same in fifty orders in which its sources may come", async function () {
    this.timeout(120_000);
    const first = await reportOf(0);
    assert.ok(first.sources.length >= 4);
    for (let seed = 1; seed <= 50; seed++) {
      const other = await reportOf(seed);
      assert.deepEqual(
        other.sources.map(({ place }) => place),
        first.sources.map(({ place }) => place),
        `order ${seed}`,
      );
      assert.equal(other.partial, first.partial, `order ${seed}`);
      // A diff of whole reports would tell nobody anything.
      assert.ok(JSON.stringify(other) === JSON.stringify(first), `order ${seed} gave another report`);
    }
  });

  it("is the same of a page and its PDF, whichever is read first and however slow", async function () {
    this.timeout(60_000);
    const text = facts.slice(0, 12);
    const folder = await aFolder({
      "guide.pdf": makePdf([paragraph(text.flatMap((each) => [each, ""]))]),
      "guide.html": `<html><head><title>Guide</title></head><body>${text.map((each) => `<p>${each}</p>`).join("")}</body></html>`,
      "copy.md": text.join("\n\n"),
      "other.md": text.join("\n\n"),
    });
    try {
      const sources = async (slow: RegExp): Promise<string> => {
        const workspace = aWorkspace(folder.path);
        const wait = (file: string): Promise<void> =>
          new Promise((resolve) => setTimeout(resolve, slow.test(file) ? 300 : 0));
        const ports = inMemory({ model: openOffline(), pages: {} });
        ports.searches = [workspace.search];
        ports.reader = {
          read: async (place, signal) => {
            await wait(place.kind === "workspace" ? place.path : "");
            return workspace.read(place, signal);
          },
        };
        const asked = { ...ask, pages: [], scope: ["workspace" as const] };
        const report = await runResearch(asked, ports, new AbortController().signal);
        await workspace.close();
        return JSON.stringify(report);
      };
      const first = await sources(/none/);
      // Four files, one text: one of them stands for all.
      assert.equal((JSON.parse(first) as Report).sources.length, 1);
      for (const slow of [/pdf$/, /html$/, /copy/, /other/]) {
        assert.ok((await sources(slow)) === first, `with ${slow.source} slow`);
      }
    } finally {
      await folder.remove();
    }
  });
});
