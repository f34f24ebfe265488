import assert from "node:assert/strict";
import { openOffline } from "../../../../src/models/offline/offline-provider.js";
import type { TaskInput, TaskName, TaskOutput } from "../../../../src/core/prompts/tasks.js";

const model = openOffline();

async function answer<N extends TaskName>(task: N, input: TaskInput<N>): Promise<TaskOutput<N>> {
  return (await model.answer(task, input, new AbortController().signal)).value;
}

const LIST = [
  "- maxBoats `number` (optional) - Default: `4`. The number of boats on the river at a time. More would meet.",
  "- waitTimeout `number` (optional) - The time that a boat stays at the dock. Set to 0 to go at once.",
  "- deckColor `string` (optional) - Paints the boat before it leaves the dock for the first time.",
].join("\n");

async function claimsFor(question: string, passages: TaskInput<"extract">["passages"]) {
  const { claims } = await answer("extract", {
    questions: [{ id: "q0", question }],
    title: "Ferry",
    format: "markdown",
    passages,
    missed: [],
  });
  return claims.flatMap((claim) => ("quote" in claim ? [claim] : []));
}

describe("entries of lists in the offline engine", () => {
  it("are quoted whole, with their names", async () => {
    const claims = await claimsFor("How long does a boat stay?", [{ heading: "Options", text: LIST }]);
    for (const line of LIST.split("\n"))
      assert.ok(
        claims.some(({ quote }) => quote === line),
        line,
      );
  });

  it("are quoted with the lines that go on behind a colon, and with comments that are code", async () => {
    const text =
      "- Skip the river for the next boat:\n  `<!-- ferry-skip -->`\n- Stop all boats: `<!-- ferry-stop -->`";
    const claims = await claimsFor("How do I skip the next boat?", [{ heading: "Marks", text }]);
    assert.deepEqual(
      claims.map(({ claim }) => claim),
      [
        "- Skip the river for the next boat: `<!-- ferry-skip -->`.",
        "- Stop all boats: `<!-- ferry-stop -->`.",
      ],
    );
  });

  it("are told from navigation whose words run together", async () => {
    const text =
      "- SkipBoatMode: Reads StartTimeSec, StopTimeSec and DockNameList before a boat leaves.\n- HomeGuideDocs PageIndexList BlogNewsPosts";
    const claims = await claimsFor("What does SkipBoatMode do?", [{ heading: "Modes", text }]);
    assert.equal(claims.length, 1);
    assert.match(claims[0]?.quote ?? "", /^- SkipBoatMode: /);
  });

  it("lead the answer where their name or text is what was asked for", async () => {
    const claims = await claimsFor("How do I set the timeout for waiting?", [
      { heading: "Options", text: LIST },
    ]);
    const evidence = claims.map(({ claim }, at) => ({
      ...{ id: `e${at + 1}`, claim, source: "Ferry", heading: "Options", questions: ["q0"] },
    }));
    const outline = await answer("outline", {
      question: "How do I set the timeout for waiting?",
      kind: "howto",
      questions: [],
      cover: [],
      evidence,
      mayAsk: false,
    });
    const wanted = evidence.find(({ claim }) => claim.startsWith("- waitTimeout"))?.id;
    assert.equal(outline.sections[0]?.evidence[0], wanted);
    assert.ok(
      !outline.sections[0]?.evidence.includes(
        evidence.find(({ claim }) => claim.includes("deckColor"))?.id ?? "",
      ),
    );
  });

  it("are ranked by name, in a list with long and short ones", async () => {
    const entry = (id: string, claim: string, heading: string, under: string) => ({
      ...{ id, claim, heading, under, source: "ferry(1)", questions: ["q0"] },
    });
    const { sections } = await answer("outline", {
      question: "How do I move the local boat to a remote shore?",
      kind: "howto",
      questions: [],
      cover: [],
      evidence: [
        entry(
          "e1",
          "- Boat=: Says how the boat is moved when a remote shore has no dock.",
          "Boat=",
          "OPTIONS",
        ),
        entry("e2", "- LocalMove: Moves the boat of this shore to the remote one.", "OPTIONS", ""),
        entry("e3", "- Lamp: Lights the boat.", "OPTIONS", ""),
      ],
      mayAsk: false,
    });
    assert.deepEqual(sections[0]?.evidence, ["e2"]);
    assert.equal(sections[0].heading, "LocalMove");
  });

  it("that are sections are quoted with the name in their heading", async () => {
    const above = "### `maxBoats`\n\n";
    const text = "Type: `number`\n\nThe number of boats on the river at a time. More of them would meet.";
    const [first] = await claimsFor("How many boats are on the river?", [
      { heading: "Options > maxBoats", text, above },
    ]);
    assert.ok(first !== undefined);
    assert.equal(first.quote, `${above}Type: \`number\`\n\nThe number of boats on the river at a time.`);
    const { paragraphs } = await answer("write", {
      question: "How many boats are on the river?",
      kind: "lookup",
      heading: "maxBoats",
      others: [],
      evidence: [{ id: "e1", quote: first.quote, claim: first.claim, source: "Ferry" }],
    });
    assert.equal(paragraphs[0]?.sentences[0]?.text, "`maxBoats`: Type: `number`.");
    const { verdicts } = await answer("verify", {
      claims: [
        {
          index: 0,
          text: "`maxBoats`: Type: `number`.",
          evidence: [{ id: "e1", quote: first.quote, claim: "", source: "" }],
        },
      ],
    });
    assert.equal(verdicts[0]?.verdict, "supported");
  });

  it("tell a definition by the term that they begin with", async () => {
    const text =
      '- "Moored". The boat lies at a dock. It may leave.\n- "Adrift". No dock holds the boat. A moored boat is not.';
    const claims = await claimsFor('What does "moored" mean in a report?', [{ heading: "States", text }]);
    assert.ok(claims.some(({ quote }) => quote === '- "Moored". The boat lies at a dock. It may leave.'));
  });
});
