import assert from "node:assert/strict";
import { formatMessage } from "../../../../src/common/messages.js";
import type { Model } from "../../../../src/core/domain/ports.js";
import { NO_USAGE } from "../../../../src/core/domain/schema.js";
import type { PlanDraft } from "../../../../src/core/prompts/plan.js";
import { runResearch } from "../../../../src/core/pipeline/research.js";
import { openOffline } from "../../../../src/models/offline/offline-provider.js";
import { inMemory } from "../../../fakes/ports.js";

const QUESTION = "How long does a glacier mouse keep moving?";
const TEXT = "A glacier mouse keeps moving for about six years, by a few centimetres a day.";

/** The offline engine, with a plan that names pages. */
function planning(pages: string[]): Model {
  const offline = openOffline();
  return {
    ...offline,
    answer: async (task, input, signal) => {
      const answer = await offline.answer(task, input, signal);
      if (task !== "plan") return answer;
      const draft: PlanDraft = { ...(answer.value as PlanDraft), pages };
      return { value: draft as typeof answer.value, usage: NO_USAGE, by: "scripted" };
    },
  };
}

async function research(
  pages: string[],
  { scope = ["web" as const], before = false }: { scope?: ("web" | "workspace")[]; before?: boolean } = {},
) {
  const ports = inMemory({
    model: planning(pages),
    pages: {
      "https://docs.example/mouse": TEXT,
      "https://found.example/": "A glacier mouse is a ball of moss.",
    },
    find: () => ({
      hits: [{ place: { kind: "page", url: "https://found.example/" }, title: "Found" }],
      grounded: null,
    }),
  });
  const earlier = {
    question: "What is a mouse?",
    title: "A mouse",
    summary: ["See https://docs.example/mouse"],
  };
  const ask = {
    question: QUESTION, depth: "quick" as const, maxSources: 5, scope, pages: [], session: "s", day: "2026-11-22",
    ...(before ? { before: earlier } : {}),
  }; // prettier-ignore
  const report = await runResearch(ask, ports, new AbortController().signal);
  const read = report.sources.map(({ place }) => (place.kind === "page" ? place.url : "")).sort();
  const notices = ports.events.flatMap((event) =>
    event.type === "notice" ? [formatMessage(event.message)] : [],
  );
  return { read, notices };
}

describe("pages that a plan names", () => {
  it("are read beside what is found, and those that are not there are dropped and counted", async () => {
    const { read, notices } = await research([
      "https://docs.example/mouse",
      "https://docs.example/gone",
      "file:///etc/passwd",
    ]);
    assert.deepEqual(read, ["https://docs.example/mouse", "https://found.example/"]);
    assert.match(notices.join("\n"), /1 of the 2 pages that the plan named could not be read\./);
  });

  it("are not read where the web is not searched, nor where something read may have named them", async () => {
    for (const given of [{ scope: ["workspace" as const] }, { before: true }]) {
      const { read } = await research(["https://docs.example/mouse"], given);
      assert.deepEqual(read, ["https://found.example/"]);
    }
  });
});
