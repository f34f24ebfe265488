import { formatMessage } from "../../../../src/common/messages.js";
import { describeStepTask } from "../../../../src/core/domain/step-task.js";
import assert from "node:assert/strict";
import { openOffline } from "../../../../src/models/offline/offline-provider.js";
import {
  applyClarifications,
  applyRevision,
  searchWords,
  clarifyingQuestions,
  toPageAddresses,
} from "../../../../src/core/pipeline/plan.js";
import type { PlanDraft } from "../../../../src/core/prompts/plan.js";
import {
  planProblemError,
  isPlanProblem,
  renderPlanDocument,
  readPlanDocument,
  type PlanProblem,
} from "../../../../src/core/pipeline/plan-document.js";
import type { PlanRevision } from "../../../../src/core/pipeline/plan.js";
import type { Depth, Plan } from "../../../../src/core/domain/schema.js";
import { runResearch } from "../../../../src/core/pipeline/research.js";
import { inMemory, ScriptedModel, type Script } from "../../../fakes/ports.js";

const PLAN: Plan = {
  title: "How journals are kept",
  kind: "explanation",
  questions: [
    { id: "q1", question: "What is the default?", query: "journal default days", also: ["retention"] },
    { id: "q2", question: "Which are *never* removed?", query: "journal never removed" },
  ],
  cover: ["the default", "failed runs"],
};
const WORDS = {
  about: ["Change what you like -- then run it.", "--> not the end"],
  questions: "Sub-questions",
  cover: "Must be covered",
  pages: "Pages to read",
};

const read = (text: string, depth: Depth = "standard"): PlanRevision => {
  const found = readPlanDocument(text, depth);
  assert.ok(!isPlanProblem(found), JSON.stringify(found));
  return found;
};
const problem = (text: string, depth: Depth = "standard"): PlanProblem => {
  const found = readPlanDocument(text, depth);
  assert.ok(isPlanProblem(found), JSON.stringify(found));
  return found;
};

describe("a plan as a document", () => {
  it("comes back as it was written", () => {
    const text = renderPlanDocument(PLAN, WORDS);
    assert.match(text, /^# How journals are kept\n\n<!--\n/);
    assert.deepEqual(applyRevision(PLAN, read(text)), PLAN);
    assert.deepEqual(applyRevision(PLAN, read(text.replaceAll("\n", "\r\n"))), PLAN);
    assert.deepEqual(applyRevision(PLAN, read(`\ufeff${text}`)), PLAN);
  });

  it("says what was changed: the title, questions added, removed, reordered and reworded, what to cover", () => {
    const text = renderPlanDocument(PLAN, WORDS)
      .replace("# How journals are kept", "# Journals")
      .replace(
        "1. What is the default?\n2. Which are *never* removed?",
        "2. Which are *never* removed?\n1. What are the defaults?\n\nAnd what of Windows\n  and its locks?\n* [ ] Is it fast?",
      )
      .replace("- the default\n", "- what is new\n");
    assert.deepEqual(applyRevision(PLAN, read(text)), {
      ...PLAN,
      title: "Journals",
      questions: [
        { id: "q1", question: "Which are *never* removed?", query: "journal never removed" },
        { id: "q2", question: "What are the defaults?", query: "defaults" },
        { id: "q3", question: "And what of Windows and its locks?", query: "Windows locks" },
        { id: "q4", question: "Is it fast?", query: "fast" },
      ],
      cover: ["what is new", "failed runs"],
    });
  });

  it("shows the pages that the plan names, and takes those that stand there", () => {
    const plan = { ...PLAN, pages: ["https://a.example/guide", "https://b.example/"] };
    const text = renderPlanDocument(plan, WORDS);
    assert.match(text, /## Pages to read\n\n- <https:\/\/a\.example\/guide>\n- <https:\/\/b\.example\/>\n/);
    assert.deepEqual(applyRevision(plan, read(text)), plan);
    const edited = text
      .replace("- <https://b.example/>", "- https://c.example/x")
      .replace("- <https://a.example/guide>\n", "");
    assert.deepEqual(applyRevision(plan, read(edited)).pages, ["https://c.example/x"]);
    assert.deepEqual(
      applyRevision(plan, read(text.slice(0, text.indexOf("## Pages")))),
      PLAN,
      "removed with its heading",
    );
  });

  it("takes addresses of the web alone, and not too many", () => {
    const wrong = [
      "file:///etc/passwd",
      "javascript:1",
      "ftp://a.example/",
      "https://u:p@a.example/",
      "a.example",
      "https://",
    ];
    assert.deepEqual(toPageAddresses([...wrong, `https://a.example/${"x".repeat(3000)}`]), []);
    const many = Array.from({ length: 20 }, (_, n) => `https://a.example/${n}`);
    assert.deepEqual(toPageAddresses([...many, ...many]), many.slice(0, 6));
  });

  it("is read leniently", () => {
    assert.deepEqual(read("What is it?").questions, ["What is it?"]);
    assert.deepEqual(read("- a?\n+ b?\n* c?\n4) d?\n10. e?").questions, ["a?", "b?", "c?", "d?", "e?"]);
    assert.deepEqual(read("# T\n## Fragen\n1. a?\n  - b?\n1. A?\n---\n3.\n## Abdecken\n- x\n- X\n"), {
      title: "T",
      questions: ["a?", "b?"],
      cover: ["x"],
      pages: [],
    });
    assert.deepEqual(read("1. a?\n## Must be covered\n- x").cover, ["x"], "the first heading was removed");
    assert.deepEqual(read("# T\n## Q\n1. a?").cover, []);
    assert.equal(applyRevision(PLAN, read("1. a?")).title, PLAN.title, "no title: the old one stays");
    assert.deepEqual(read("<!-- one -->\n1. What does <!-- mean? -->\n<!-- 2. b?\n-->\n3. c?").questions, [
      "What does <!-- mean? -->",
      "c?",
    ]);
    assert.deepEqual(read("1. a\u202e?\u0000").questions, ["a?"]);
  });

  it("says why it cannot be run", () => {
    for (const text of [
      "",
      "\n\n",
      "# Title only",
      "# T\n## Questions\n## Must be covered\n- x",
      "<!-- never ends\n1. a?",
      "1.\n- \n***\n---",
      "\u0000\u202e",
    ]) {
      assert.deepEqual(problem(text), { kind: "no-questions" }, JSON.stringify(text));
    }
    const many = Array.from({ length: 7 }, (_, n) => `${n + 1}. Question ${n}?`).join("\n");
    assert.deepEqual(problem(many), { kind: "too-many", found: 7, most: 5 });
    assert.deepEqual(problem(many, "quick"), { kind: "too-many", found: 7, most: 3 });
    assert.equal(read(many, "deep").questions.length, 7);
    assert.match(
      planProblemError(problem(many)).line,
      /has 7 questions, and this depth allows 5\. Remove 2 of them\./,
    );
    assert.deepEqual(problem(`1. a?\n2. ${"b".repeat(1001)}`), { kind: "too-long", number: 2, most: 1000 });
    assert.match(planProblemError({ kind: "no-questions" }).line, /no question left/);
  });

  it("is read whatever stands in it, and quickly", () => {
    for (const text of [
      "#".repeat(100_000),
      " ".repeat(100_000),
      "<!--".repeat(20_000),
      "- ".repeat(50_000),
      "1. a [".repeat(10_000),
      "# x #".repeat(9_000),
    ]) {
      const began = performance.now();
      readPlanDocument(text, "deep");
      assert.ok(performance.now() - began < 500, text.slice(0, 10));
    }
  });

  it("searches for what a question is about", () => {
    assert.equal(searchWords("What is the journal's default, and which default is it?"), "journal default");
    assert.equal(searchWords("Why is it so?"), "Why is it so?");
  });
});

const draft = (unclear: PlanDraft["unclear"]): PlanDraft => ({
  title: "T",
  kind: "lookup",
  questions: [{ question: "What is Mercury?", query: "mercury" }],
  cover: [],
  ...(unclear === undefined ? {} : { unclear }),
});

describe("asking back", () => {
  it("takes three questions at most, and options that differ", () => {
    assert.deepEqual(clarifyingQuestions(draft(undefined)), []);
    assert.deepEqual(
      clarifyingQuestions(
        draft([
          {
            question: " Which\nMercury? ",
            options: ["The planet", " The  planet", "The metal", "", "a", "b", "c"],
          },
          { question: "", options: ["x", "y"] },
          { question: "When?", options: ["now"] },
          { question: "Where?", options: ["x".repeat(101), "here"] },
          { question: "A fourth?", options: ["x", "y"] },
        ]),
      ),
      [
        { question: "Which Mercury?", options: ["The planet", "The metal", "a", "b"] },
        { question: "When?", options: [] },
        { question: "Where?", options: [] },
      ],
    );
    assert.equal(applyClarifications("How?", []), "How?");
    assert.equal(
      applyClarifications("How?", [
        { question: "What?", answer: " " },
        { question: "Who?", answer: "the\nlock" },
      ]),
      "How? (the lock)",
    );
  });

  it("is done by the offline engine only where a question names nothing", async () => {
    const plan = async (question: string, answers?: { question: string; answer: string }[]) =>
      (
        await openOffline().answer(
          "plan",
          { question, questions: 5, scope: [], ...(answers === undefined ? {} : { answers }) },
          new AbortController().signal,
        )
      ).value;
    for (const question of [
      "How does it work?",
      "What does this do?",
      "Why is it like that?",
      "Explain this code",
      "What is this project?",
    ]) {
      assert.equal(clarifyingQuestions(await plan(question)).length, 1, question);
    }
    for (const question of [
      "How does a crashed run continue?",
      "Who is told each day?",
      "How many tries are made?",
      "What is paid after 14 days?",
      "Will it retry?",
      "How does it handle errors?",
      "What is the project's licence?",
      "Wie funktioniert das?",
      "Why?",
      "Is this Postgres?",
    ]) {
      assert.deepEqual(clarifyingQuestions(await plan(question)), [], question);
    }
    const clear = await plan("How does it work?", [{ question: "What?", answer: "Retries" }]);
    assert.deepEqual(clarifyingQuestions(clear), []);
    assert.ok(clear.questions.some(({ query }) => query.includes("Retries")));
  });

  const pages = { "https://one.example/a": "Mercury is the planet nearest to the sun." };
  const script: Script = {
    plan: ({ answers }) => ({
      ...draft(
        answers === undefined
          ? [{ question: "Which Mercury?", options: ["The planet", "The metal"] }]
          : undefined,
      ),
      questions: [
        {
          question: answers === undefined ? "What is Mercury?" : "What is the planet Mercury?",
          query: "mercury",
        },
      ],
    }),
    extract: ({ passages }) => ({
      claims: [{ claim: "c", quote: passages[0]?.text ?? "", questions: ["q0"] }],
    }),
    outline: ({ evidence }) => ({
      sections: [{ heading: "All", evidence: evidence.map(({ id }) => id) }],
      gaps: [],
    }),
    write: ({ evidence }) => ({
      paragraphs: evidence.map(({ id, quote }) => ({ sentences: [{ text: quote, evidence: [id] }] })),
      table: null,
    }),
    verify: ({ claims }) => ({
      verdicts: claims.map(({ index }) => ({ index, verdict: "supported", reason: "" })),
    }),
    conclude: () => ({ summary: [], disagreements: [], limits: [] }),
  };
  const ask = {
    question: "How hot is Mercury?",
    depth: "quick",
    maxSources: 10,
    pages: [],
    scope: ["web"],
    session: "s",
    day: "2026-11-22",
  } as const;
  const run = async (
    clarify: ReturnType<typeof inMemory>["clarify"],
    paid = true,
    outcomes?: Map<string, unknown>,
  ) => {
    const model = new ScriptedModel("gemini", script);
    const ports = inMemory({ model, pages, ...(outcomes === undefined ? {} : { outcomes }) });
    ports.searches = ports.searches.map((search) => ({
      ...search,
      cost: { tokens: paid, perCall: null },
    }));
    if (clarify !== undefined) ports.clarify = clarify;
    const report = await runResearch(
      { ...ask, pages: [], scope: [...ask.scope] },
      ports,
      new AbortController().signal,
    );
    const started = ports.events.flatMap((event) =>
      event.type === "step" && event.phase === "started" ? [formatMessage(describeStepTask(event.task))] : [],
    );
    return { model, ports, report, started };
  };
  const ANSWER = [{ question: "Which Mercury?", answer: "The planet" }];

  it("happens once, and the answers are in the plan, the searches and all that follows", async () => {
    let times = 0;
    const { model, report, started, ports } = await run((unclear) => {
      times++;
      assert.deepEqual(unclear, [{ question: "Which Mercury?", options: ["The planet", "The metal"] }]);
      return Promise.resolve(ANSWER);
    });
    assert.equal(times, 1);
    assert.equal(model.count("plan"), 2);
    assert.deepEqual(model.asked("plan")[1]?.answers, ANSWER);
    assert.equal(model.asked("outline")[0]?.question, "How hot is Mercury? (The planet)");
    assert.equal(report.question, "How hot is Mercury?", "the report has the question as it was asked");
    // No search is paid for a question that turned out to mean another one.
    assert.deepEqual(started.filter((label) => label.startsWith("Searching")).sort(), [
      "Searching memory: How hot is Mercury? (The planet)",
      "Searching memory: What is the planet Mercury?",
    ]);
    assert.equal(started[0], "Planning");
    assert.ok(ports.events.some((event) => event.type === "clarified"));
    const again = await run(() => Promise.resolve(ANSWER), true, ports.outcomes);
    assert.deepEqual(again.started, [], "a replay asks nobody");
  });

  it("leaves the question as it stands where the user says nothing, or nobody can be asked", async () => {
    for (const clarify of [() => Promise.resolve([]), undefined]) {
      const { model, started } = await run(clarify);
      assert.equal(model.count("plan"), 1);
      assert.ok(started.includes("Searching memory: How hot is Mercury?"));
    }
  });

  it("lets the first search start with the plan where that costs nothing", async () => {
    const { started } = await run(() => Promise.resolve([]), false);
    assert.deepEqual(started.slice(0, 2).sort(), ["Planning", "Searching memory: How hot is Mercury?"]);
  });
});
