import { formatMessage } from "../../../../src/common/messages.js";
import assert from "node:assert/strict";
import { ResearchError } from "../../../../src/common/errors.js";
import type { SearchResult } from "../../../../src/core/domain/ports.js";
import { renderReport } from "../../../../src/core/report/render-report.js";
import { runResearch } from "../../../../src/core/pipeline/research.js";
import type { ResearchInput } from "../../../../src/core/pipeline/run-state.js";
import {
  coverWithoutSkipped,
  createSteering,
  type SteeringChange,
  type SteeringControls,
} from "../../../../src/core/pipeline/steering.js";
import { inMemory, ScriptedModel, type Script } from "../../../fakes/ports.js";

const ask: ResearchInput = {
  question: "How are journals kept?",
  depth: "standard",
  maxSources: 10,
  pages: [],
  scope: ["web"],
  session: "20261122-101500-how-are-7f3a",
  day: "2026-11-22",
};

const texts: Record<string, string> = {
  own: "Journals are kept in a folder of their own.",
  days: "Journals are kept for 30 days by default.",
  lock: "A journal is locked by the one process that writes it.",
  both: "A locked journal is kept for 90 days after that.",
  size: "A journal may grow to 50 megabytes.",
};
const pages = Object.fromEntries(
  Object.entries(texts).map(([name, text]) => [`https://${name}.example/`, text]),
);
const urls = (...names: string[]): SearchResult => ({
  hits: names.map((name) => ({ place: { kind: "page", url: `https://${name}.example/` }, title: name })),
  grounded: null,
});
const find = ({ question }: { question: string }): SearchResult =>
  /lock/i.test(question)
    ? urls("lock", "both")
    : /days/i.test(question)
      ? urls("days", "both")
      : /size|grow/i.test(question)
        ? urls("size", "own")
        : urls("own");

/** Which questions a text is about, by its words; a text about none says nothing. */
const about = (text: string, questions: { id: string; question: string }[]): string[] =>
  questions
    .filter(({ question }) =>
      /lock/i.test(question)
        ? /lock/i.test(text)
        : /days/i.test(question)
          ? /days/i.test(text)
          : /size|grow/i.test(question)
            ? /grow|folder/i.test(text)
            : /folder/i.test(text),
    )
    .map(({ id }) => id);

const script: Script = {
  plan: () => ({
    title: "How journals are kept",
    kind: "explanation",
    questions: [
      { question: "How many days?", query: "journal days" },
      { question: "Who holds the lock?", query: "journal lock" },
    ],
    cover: ["the days of keeping", "the lock"],
  }),
  extract: ({ passages, questions }) => {
    const text = passages.map((each) => each.text).join("\n");
    const ids = about(text, questions);
    return { claims: ids.length === 0 ? [] : [{ claim: text, quote: text, questions: ids }] };
  },
  outline: ({ evidence }) => ({
    sections: evidence.map(({ id, claim }) => ({ heading: claim.slice(0, 20), evidence: [id] })),
    gaps: [],
  }),
  write: ({ evidence }) => ({
    paragraphs: evidence.map(({ id, quote }) => ({ sentences: [{ text: quote, evidence: [id] }] })),
    table: null,
  }),
  verify: ({ claims }) => ({
    verdicts: claims.map(({ index }) => ({ index, verdict: "supported", reason: "" })),
  }),
  conclude: ({ evidence }) => ({
    summary: evidence.slice(0, 1).map(({ id, quote }) => ({ text: `In short: ${quote}`, evidence: [id] })),
    disagreements: [],
    limits: [],
  }),
};

type Given = Parameters<typeof inMemory>[0];

/** A run that is steered as `delay` says: it is called before each step does its work. */
function steered(
  more: Omit<Partial<Given>, "delay"> & {
    change?: Script;
    known?: SteeringChange[];
    ask?: Partial<ResearchInput>;
    delay?: (label: string, steering: SteeringControls) => Promise<void> | void;
    signal?: AbortSignal;
  } = {},
) {
  const { change = {}, known = [], delay, signal = new AbortController().signal, ...given } = more;
  const model = new ScriptedModel("gemini", { ...script, ...change });
  const changes = [...known];
  const { controls: steering, state } = createSteering(known, (each) => Promise.resolve(changes.push(each)));
  const ports = inMemory({
    model,
    pages,
    find,
    ...given,
    delay: async (label) => delay?.(label, steering),
  });
  ports.steering = state;
  const report = runResearch({ ...ask, ...more.ask }, ports, signal).then((each) =>
    renderReport(each, { workspace: "../..", session: "../sessions/s" }),
  );
  return { report, model, ports, steering, changes };
}

const once = (label: RegExp, act: (steering: SteeringControls) => Promise<void>) => {
  let isDone = false;
  return async (step: string, steering: SteeringControls): Promise<void> => {
    if (isDone || !label.test(step)) return;
    isDone = true;
    await act(steering);
  };
};

/** The same session again: from its outcomes and its changes, with nobody there to ask. */
async function replayed(
  first: ReturnType<typeof steered>,
  asked: Partial<ResearchInput> = {},
): Promise<string> {
  const silent = steered({
    ask: asked,
    known: first.changes,
    outcomes: first.ports.outcomes,
    change: Object.fromEntries(
      Object.keys(script).map((task) => [task, () => assert.fail(`${task} is asked again`)]),
    ),
    find: () => assert.fail("a search is made again"),
  });
  silent.ports.reader.read = () => assert.fail("a page is read again");
  // The fake keeps texts by hash, so the first run's are there for the second.
  silent.ports.snapshots.text = first.ports.snapshots.text;
  return silent.report;
}

const refused = (pattern: RegExp) => (error: unknown) =>
  error instanceof ResearchError && error.code === "too-late" && pattern.test(error.message);

describe("a research that is steered", () => {
  it("goes its way as before where nothing is changed", async () => {
    const plain = steered();
    const model = new ScriptedModel("gemini", script);
    const ports = inMemory({ model, pages, find });
    const report = await runResearch(ask, ports, new AbortController().signal);
    assert.equal(await plain.report, renderReport(report, { workspace: "../..", session: "../sessions/s" }));
    assert.deepEqual(
      plain.model.calls.map(({ task }) => task).sort(),
      model.calls.map(({ task }) => task).sort(),
    );
  });

  it("waits no longer for a question that is skipped, and uses nothing that is about it alone", async () => {
    let release = (): void => undefined;
    const never = new Promise<void>((resolve) => (release = resolve));
    const run = steered({
      delay: async (label, steering) => {
        if (!/^Searching .*lock/.test(label)) return;
        await steering.skip("q2");
        await never;
      },
    });
    const report = await run.report;
    assert.match(report, /30 days/);
    assert.match(report, /90 days/, "another question found it too");
    assert.doesNotMatch(report, /one process/);
    const outline = run.model.asked("outline")[0];
    assert.deepEqual(
      outline?.questions.map(({ id }) => id),
      ["q0", "q1"],
    );
    assert.deepEqual(outline.cover, ["the days of keeping"]);
    assert.deepEqual(outline.leftOut, ["Who holds the lock?"]);
    assert.ok(outline.evidence.every(({ questions }) => !questions.includes("q2")));
    assert.deepEqual(run.changes, [{ round: 1, skip: "q2" }]);
    const states = run.ports.events.flatMap((event) =>
      event.type === "question" ? [`${event.id} ${event.state}`] : [],
    );
    assert.equal(states.filter((each) => each === "q1 searching").length, 1, "each is told once");
    assert.equal(states.filter((each) => each === "q2 skipped").length, 1);
    release();
    assert.equal(await replayed(run), report);
  });

  it("asks nothing again that was paid before a question was skipped, and extracts nothing more for it", async () => {
    const run = steered({
      // Both of the question's pages are read by then; what is under way is kept.
      delay: once(/^Extracting/, (steering) => steering.skip("q2")),
      change: {
        outline: ({ evidence }) => ({
          sections: [{ heading: "All", evidence: evidence.map(({ id }) => id) }],
          gaps: [],
        }),
      },
    });
    const report = await run.report;
    const asked = run.model.calls
      .filter(({ task }) => task === "extract")
      .map(({ input }) => JSON.stringify(input));
    assert.equal(new Set(asked).size, asked.length, "no extraction is paid twice");
    assert.equal(
      asked.some((input) => input.includes("one process")),
      false,
    );
    assert.equal(await replayed(run), report);
  });

  it("does not count against the report what failed for a question that is skipped", async () => {
    const run = steered({
      find: (question) => {
        if (/lock/i.test(question.question)) throw new ResearchError("unreachable", "The server is gone.");
        return find(question);
      },
      delay: once(/^Extracting/, (steering) => steering.skip("q2")),
    });
    assert.doesNotMatch(await run.report, /partial/i);
    const without = steered({
      find: (question) => {
        if (/lock/i.test(question.question)) throw new ResearchError("unreachable", "The server is gone.");
        return find(question);
      },
    });
    assert.match(await without.report, /partial/i);
  });

  it("gathers a question that is added before the outline, from what was read and from its own", async () => {
    const run = steered({
      delay: once(/^Reading https:\/\/own/, (steering) => steering.add("To what size  may it grow?")),
    });
    const report = await run.report;
    assert.match(report, /50 megabytes/);
    assert.equal(run.model.count("outline"), 1);
    assert.deepEqual(
      run.model
        .asked("outline")[0]
        ?.questions.map(({ id, question }) => [id, question])
        .at(-1),
      ["q3", "To what size may it grow?"],
    );
    // "own" was read for another question: it is asked about this one, too.
    const again = run.model.asked("extract").filter(({ questions }) => questions.length === 1);
    assert.deepEqual(
      again.map(({ passages }) => passages[0]?.text),
      [texts["own"]],
    );
    const added = run.ports.events.find((event) => event.type === "steered");
    const planned = run.ports.events.find((event) => event.type === "planned");
    assert.ok(added?.type === "steered" && "add" in added && planned?.type === "planned");
    assert.ok(added.estimate.calls[1] > planned.estimate.calls[1], "it costs more");
    assert.equal(await replayed(run), report);
  });

  it("gathers one that is added while it is outlined in a round of its own, and refuses it after that", async () => {
    let late: unknown;
    const run = steered({
      ask: { depth: "quick" },
      delay: async (label, steering) => {
        if (label === "Outlining") await steering.add("To what size may it grow?");
        if (label.startsWith("Writing “"))
          late ??= await steering.add("More?").catch((error: unknown) => error);
      },
    });
    const report = await run.report;
    assert.match(report, /50 megabytes/);
    assert.equal(run.model.count("outline"), 2);
    assert.deepEqual(run.changes, [{ round: 2, add: "To what size may it grow?" }]);
    assert.ok(refused(/already being written/)(late));
    assert.equal(await replayed(run, { depth: "quick" }), report);
  });

  it("reads no more than it may for what is added, and says so", async () => {
    const run = steered({
      ask: { maxSources: 4, depth: "quick" },
      delay: once(/^Reading https:\/\/own/, (steering) => steering.add("To what size may it grow?")),
    });
    await run.report;
    const read = new Set(
      run.ports.events.flatMap((event) =>
        event.type === "source" && event.state === "read" ? [JSON.stringify(event.place)] : [],
      ),
    );
    assert.equal(read.size, 4);
    assert.ok(
      run.ports.events.some(
        (event) =>
          event.type === "notice" &&
          formatMessage(event.message).includes("was added after the limit of 4 sources"),
      ),
    );
  });

  it("takes several changes in any order, and gives the same bytes when it is killed and resumed anywhere", async () => {
    const script = (cut = Infinity, controller = new AbortController()) => {
      let steps = 0;
      return async (label: string, steering: SteeringControls): Promise<void> => {
        if (++steps > cut) controller.abort();
        if (label.startsWith("Reading https://own"))
          await steering.add("To what size may it grow?").catch(() => undefined);
        if (label.startsWith("Extracting")) {
          await steering.skip("q2").catch(() => undefined);
          await steering.add("Is a journal locked?").catch(() => undefined);
        }
      };
    };
    const whole = steered({ delay: script() });
    const report = await whole.report;
    assert.equal(whole.changes.length, 3);
    assert.match(report, /50 megabytes/);
    assert.equal(await replayed(whole), report);
    let resumed = 0;
    for (let cut = 1; cut < 40; cut++) {
      const controller = new AbortController();
      const first = steered({ delay: script(cut, controller), signal: controller.signal });
      const ended = await first.report.catch(() => null);
      if (ended !== null) break;
      const outcomes = new Map(first.ports.outcomes);
      const had = new Set(outcomes.keys());
      const again = steered({ known: first.changes, outcomes, delay: script() });
      const second = await again.report;
      // Changes that the kill came before can be made by the second run alone.
      if (first.changes.length === whole.changes.length) {
        assert.deepEqual(again.changes, whole.changes);
        assert.equal(second, report, `cut after ${cut} steps`);
        resumed++;
      }
      const begun = again.ports.events.flatMap((event) =>
        event.type === "step" && event.phase === "started" ? [event.key] : [],
      );
      assert.deepEqual(
        begun.filter((key) => had.has(key)),
        [],
        "nothing that had an outcome is done again",
      );
    }
    assert.ok(resumed > 5);
  });

  it("leaves out one that was added, and asks anew what was left out", async () => {
    const run = steered({
      delay: async (label, steering) => {
        if (label.startsWith("Reading https://own"))
          await steering.add("To what size may it grow?").catch(() => undefined);
        if (/^Searching .*size/.test(label)) await steering.skip("q3");
        if (label.startsWith("Extracting")) {
          await steering.skip("q2");
          await steering.add("Who holds the lock?").catch(() => undefined);
        }
      },
    });
    const report = await run.report;
    assert.doesNotMatch(report, /50 megabytes/);
    assert.match(report, /one process/);
    assert.equal(await replayed(run), report);
  });

  it("refuses kindly what cannot be, with the reason", async () => {
    const said: Record<string, unknown> = {};
    const attempt = async (name: string, act: Promise<void>): Promise<void> => {
      said[name] = await act.then(
        () => "taken",
        (error: unknown) => error,
      );
    };
    const run = steered({
      delay: async (label, steering) => {
        if (label.startsWith("Planning")) await attempt("early", steering.skip("q1"));
        if (/^Searching .*lock/.test(label)) {
          assert.deepEqual(
            steering.questions().map(({ id }) => id),
            ["q1", "q2"],
          );
          await attempt("own", steering.skip("q0"));
          await attempt("unknown", steering.skip("q9"));
          await attempt("empty", steering.add(" \u200b "));
          await attempt("double", steering.add("how many DAYS?"));
        }
        if (label === "Outlining") {
          assert.deepEqual(steering.questions(), []);
          await attempt("late", steering.skip("q1"));
        }
      },
    });
    await run.report;
    assert.ok(refused(/no such question/)(said["early"]));
    assert.ok(refused(/own question cannot be skipped/)(said["own"]));
    assert.ok(refused(/no such question/)(said["unknown"]));
    assert.ok(said["empty"] instanceof ResearchError && said["empty"].code === "empty-question");
    assert.ok(refused(/already being researched/)(said["double"]));
    assert.ok(
      refused(/“How many days\?” can no longer be skipped: its sources are already gathered/)(said["late"]),
    );
    assert.deepEqual(run.changes, []);
  });

  it("knows what need not be covered any more", () => {
    const questions = [
      { id: "q0", question: "Postgres or SQLite?", query: "postgres sqlite" },
      { id: "q1", question: "What is Postgres good for?", query: "postgres" },
      { id: "q2", question: "What is SQLite good for?", query: "sqlite" },
    ];
    const cover = ["Postgres", "SQLite", "what both are good for", "licences"];
    assert.deepEqual(coverWithoutSkipped(cover, questions, new Set()), cover);
    assert.deepEqual(coverWithoutSkipped(cover, questions, new Set(["q2"])), [
      "Postgres",
      "what both are good for",
      "licences",
    ]);
  });
});
