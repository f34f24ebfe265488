import assert from "node:assert/strict";
import { toDraftParagraphs } from "../../../../src/core/pipeline/draft-paragraphs.js";
import { runResearch } from "../../../../src/core/pipeline/research.js";
import type { ResearchInput, RunState } from "../../../../src/core/pipeline/run-state.js";
import type { Claim, Report } from "../../../../src/core/domain/schema.js";
import type { SectionDraft } from "../../../../src/core/prompts/write.js";
import { inMemory, ScriptedModel, type Script } from "../../../fakes/ports.js";

const ask: ResearchInput = {
  question: "How do I keep journals?",
  depth: "quick",
  maxSources: 10,
  pages: [],
  scope: ["web"],
  session: "20261122-101500-how-do-i-7f3a",
  day: "2026-11-22",
};

const CODE = "journals:\n\tkeep: 30  # days\n\n  path: `./data`";
const LIST = "- days: how long a journal is kept\n- path: where it is kept";
const PAGE = `# Keeping\n\nSet how long journals are kept in the file.\n\n\`\`\`yaml\n${CODE}\n\`\`\`\n\n${LIST}\n`;
const SENTENCE = "Set how long journals are kept in the file.";

type Entry = SectionDraft["paragraphs"][number]["sentences"][number];

/** One run whose evidence is a sentence, code and a list, and whose section is written by `write`. */
async function research(
  write: (ids: { sentence: string; code: string; list: string }) => Entry[],
  change: Script = {},
): Promise<{ report: Report; model: ScriptedModel }> {
  const model = new ScriptedModel("gemini", {
    plan: () => ({ title: "Keeping", kind: "howto", questions: [], cover: [] }),
    extract: () => ({
      claims: [SENTENCE, CODE, LIST].map((quote) => ({ claim: "It says so.", quote, questions: ["q0"] })),
    }),
    outline: ({ evidence }) => ({
      sections: [{ heading: "How", evidence: evidence.map(({ id }) => id) }],
      gaps: [],
    }),
    write: ({ evidence }) => {
      const id = (quote: string): string => evidence.find((each) => each.quote === quote)?.id ?? "";
      return {
        paragraphs: [{ sentences: write({ sentence: id(SENTENCE), code: id(CODE), list: id(LIST) }) }],
        table: null,
      };
    },
    verify: ({ claims }) => ({
      verdicts: claims.map(({ index }) => ({ index, verdict: "supported", reason: "" })),
    }),
    conclude: () => ({ summary: [], disagreements: [], limits: [] }),
    ...change,
  });
  const ports = inMemory({ model, pages: { "https://one.example/a": PAGE } });
  return { report: await runResearch(ask, ports, new AbortController().signal), model };
}

const paragraphs = ({ summary, sections }: Report): Claim[][] =>
  sections.length === 0 ? summary.map((claim) => [claim]) : sections.flatMap((each) => each.paragraphs);

describe("a block in a section", () => {
  it("shows the quote of its evidence, whatever the model wrote, in a paragraph of its own", async () => {
    const { report } = await research(({ sentence, code, list }) => [
      { text: SENTENCE, evidence: [sentence] },
      { text: "keep: 99", evidence: [code], asBlock: true },
      { text: "", evidence: [list], asBlock: true },
      { text: "It is kept in a file.", evidence: [sentence] },
      { text: "It can be set.", evidence: [sentence] },
    ]);
    assert.deepEqual(
      paragraphs(report).map((claims) =>
        claims.map(({ text, asBlock, language }) => ({ text, asBlock, language })),
      ),
      [
        [{ text: SENTENCE, asBlock: undefined, language: undefined }],
        [{ text: CODE, asBlock: true, language: "yaml" }],
        [{ text: LIST, asBlock: true, language: undefined }],
        [
          { text: "It is kept in a file.", asBlock: undefined, language: undefined },
          { text: "It can be set.", asBlock: undefined, language: undefined },
        ],
      ],
    );
  });

  it("is supported without a model's check", async () => {
    const { report, model } = await research(({ sentence, code }) => [
      { text: SENTENCE, evidence: [sentence] },
      { text: "", evidence: [code], asBlock: true },
    ]);
    const sent = model.asked("verify").flatMap(({ claims }) => claims.map(({ text }) => text));
    assert.deepEqual(sent, [SENTENCE]);
    const block = paragraphs(report)
      .flat()
      .find(({ asBlock }) => asBlock === true);
    assert.equal(block?.verdict, "supported");
    assert.equal(block.reason, "");
  });

  it("is a sentence where Google alone vouches for its evidence", async () => {
    const run = { ports: { snapshots: {} } } as unknown as RunState;
    const given = new Map([
      ["e1", { id: "e1", quote: "Google says so.", claim: "", source: "example.org", grounded: true }],
    ]);
    const pool = { sources: [], sketches: [], evidence: [], tried: new Set<string>(), google: [] };
    const sentences = [
      { text: "", evidence: ["e1"], asBlock: true },
      { text: "So it is.", evidence: ["e1"], asBlock: true },
    ];
    assert.deepEqual(await toDraftParagraphs(run, [{ sentences }], given, pool), [
      [
        { text: "Google says so.", evidence: ["e1"] },
        { text: "So it is.", evidence: ["e1"] },
      ],
    ]);
  });

  it("is left out where it names no evidence or several, unless it has a text, which is then a sentence", async () => {
    const { report } = await research(({ sentence, code, list }) => [
      { text: SENTENCE, evidence: [sentence] },
      { text: "", evidence: [code, list], asBlock: true },
      { text: "", evidence: ["e99"], asBlock: true },
      { text: "A path is set.", evidence: [code, list], asBlock: true },
    ]);
    assert.deepEqual(
      paragraphs(report)
        .flat()
        .map(({ text, asBlock }) => [text, asBlock]),
      [
        [SENTENCE, undefined],
        ["A path is set.", undefined],
      ],
    );
    assert.deepEqual(report.limits, []);
  });
});
