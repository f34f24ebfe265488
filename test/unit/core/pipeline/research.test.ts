import { formatMessage } from "../../../../src/common/messages.js";
import { describeStepTask } from "../../../../src/core/domain/step-task.js";
import assert from "node:assert/strict";
import { ResearchError } from "../../../../src/common/errors.js";
import { msg } from "../../../../src/common/messages.js";
import { findFormProblems } from "../../../../src/core/report/report-form.js";
import { parseReport, splitReportLines } from "../../../../src/core/report/parse-report.js";
import { listCitations, renderReport } from "../../../../src/core/report/render-report.js";
import { runResearch } from "../../../../src/core/pipeline/research.js";
import type { ResearchInput } from "../../../../src/core/pipeline/run-state.js";
import type { SearchResult } from "../../../../src/core/domain/ports.js";
import type { Report } from "../../../../src/core/domain/schema.js";
import { inMemory, ScriptedModel, type Script } from "../../../fakes/ports.js";

const ask: ResearchInput = {
  question: "How long are journals kept?",
  depth: "standard",
  maxSources: 10,
  pages: [],
  scope: ["web"],
  session: "20261122-101500-how-long-7f3a",
  day: "2026-11-22",
};

const pages = {
  "https://one.example/a": "Journals are kept for 30 days by default. They can be kept longer.",
  "https://two.example/b": "A journal of a failed run is never removed by the program itself.",
};

const QUOTE: Record<string, string> = {
  "Journals are": "Journals are kept for 30 days by default.",
  "A journal": "A journal of a failed run is never removed by the program itself.",
};

/** A model that answers each task as it should; tests replace single answers. */
function goodScript(change: Script = {}): Script {
  return {
    plan: () => ({
      title: "How long journals are kept",
      kind: "lookup",
      questions: [
        { question: "What is the default?", query: "journal default days" },
        { question: "Which journals are never removed?", query: "journal never removed" },
      ],
      cover: ["the default"],
    }),
    extract: ({ passages }) => {
      const text = passages.map((each) => each.text).join("\n");
      const quotes = Object.entries(QUOTE).filter(([start]) => text.startsWith(start));
      return {
        claims: quotes.map(([, quote]) => ({ claim: `It says: ${quote}`, quote, questions: ["q1"] })),
      };
    },
    outline: ({ evidence }) => ({
      sections: evidence.map(({ id }) => ({ heading: `On ${id}`, evidence: [id] })),
      gaps: [],
    }),
    write: ({ evidence }) => ({
      paragraphs: evidence.map(({ id, quote }) => ({ sentences: [{ text: quote, evidence: [id] }] })),
      table: null,
    }),
    rewrite: ({ sentences }) => ({
      sentences: sentences.map(({ index, evidence }) => ({
        index,
        text: evidence[0]?.quote ?? null,
        evidence: evidence.map(({ id }) => id),
      })),
    }),
    verify: ({ claims }) => ({
      verdicts: claims.map(({ index }) => ({ index, verdict: "supported", reason: "" })),
    }),
    conclude: ({ evidence }) => ({
      summary: evidence.slice(0, 1).map(({ id, quote }) => ({ text: `In short: ${quote}`, evidence: [id] })),
      disagreements: [],
      limits: [],
    }),
    ...change,
  };
}

const run = async (
  change: Script = {},
  more: Partial<Parameters<typeof inMemory>[0]> = {},
  asked: Partial<ResearchInput> = {},
): Promise<{ report: Report; model: ScriptedModel; ports: ReturnType<typeof inMemory> }> => {
  const model = new ScriptedModel("gemini", goodScript(change));
  const ports = inMemory({ model, pages, ...more });
  const report = await runResearch({ ...ask, ...asked }, ports, new AbortController().signal);
  return { report, model, ports };
};

const sentences = (report: Report): string[] =>
  report.sections.flatMap(({ paragraphs }) => paragraphs.flat().map(({ text }) => text));

describe("the method", () => {
  it("goes from a question to a report whose sentences cite quotes", async () => {
    const { report } = await run();
    assert.equal(report.status, "done");
    assert.deepEqual(sentences(report), Object.values(QUOTE));
    assert.equal(report.summary[0]?.verdict, "supported");
    assert.deepEqual(
      report.evidence.map(({ id, quote, check, source }) => [id, quote, check, source]),
      [
        ["e1", QUOTE["Journals are"], "exact", 0],
        ["e2", QUOTE["A journal"], "exact", 1],
      ],
    );
  });

  it("works on all sub-questions at once, and no page waits for another question's search", async () => {
    let release = (): void => undefined;
    const slow = new Promise<void>((resolve) => (release = resolve));
    const extracted: string[] = [];
    const { report } = await run(
      {},
      {
        find: ({ id }): SearchResult => ({
          hits: [{ place: { kind: "page", url: Object.keys(pages)[id === "q2" ? 1 : 0]! }, title: "x" }],
          grounded: null,
        }),
        delay: async (label) => {
          if (label.startsWith("Extracting")) {
            extracted.push(label);
            release();
          }
          // The second question's search ends only once the first one's page is being extracted.
          if (label.includes("never removed")) await slow;
        },
      },
    );
    assert.equal(report.sources.length, 2);
    assert.equal(extracted.length, 2);
  });

  it("starts the first search with the plan", async () => {
    const started: string[] = [];
    await run({}, { delay: (label) => Promise.resolve(void started.push(label)) });
    assert.deepEqual(started.slice(0, 2).sort(), ["Planning", `Searching memory: ${ask.question}`]);
  });

  it("searches for each wording of a question, where the search has none of its own", async () => {
    const plan: Script["plan"] = () => ({
      title: "T",
      kind: "lookup",
      questions: [
        {
          question: "What is the default?",
          query: "journal default days",
          also: ["retention", "Retention ", "", "keep", "more"],
        },
      ],
      cover: [],
    });
    const asked: string[] = [];
    const find = ({ query }: { query: string }): SearchResult => {
      asked.push(query);
      return {
        hits: Object.keys(pages).map((url) => ({ place: { kind: "page", url }, title: "x" })),
        grounded: null,
      };
    };
    await run({ plan }, { find, wordings: true });
    assert.deepEqual(asked, [ask.question, "journal default days", "retention", "keep"]);
    asked.length = 0;
    await run({ plan }, { find });
    assert.deepEqual(asked, [ask.question, "journal default days"]);
  });

  it("writes the summary while the sections are checked, from what code finds nothing wrong with", async () => {
    let release = (): void => undefined;
    const summarising = new Promise<void>((resolve) => (release = resolve));
    const write: Script["write"] = ({ evidence }) => ({
      paragraphs: evidence.map(({ id, quote }) => ({
        sentences: [
          { text: quote, evidence: [id] },
          { text: "It takes 4711 days.", evidence: [id] },
        ],
      })),
      table: null,
    });
    const { report, model } = await run(
      { write },
      {
        delay: async (label) => {
          if (label === "Writing the summary") release();
          if (label.startsWith("Checking “")) await summarising;
        },
      },
    );
    assert.equal(report.status, "done");
    const told = model.asked("conclude")[0]?.sections.flatMap(({ sentences: given }) => given) ?? [];
    assert.deepEqual(
      told.map(({ text }) => text),
      Object.values(QUOTE),
    );
  });

  it("tells what it may cost, and spends nothing but the plan where that is declined", async () => {
    const declined = new ResearchError("not-approved", "No.");
    const model = new ScriptedModel("gemini", goodScript());
    const ports = inMemory({ model, pages });
    ports.approve = ({ calls }) => {
      assert.ok(calls[0] > 0 && calls[1] >= calls[0]);
      return Promise.reject(declined);
    };
    await assert.rejects(runResearch(ask, ports, new AbortController().signal), declined);
    assert.deepEqual(
      ports.events.flatMap((event) =>
        event.type === "step" && event.phase === "started"
          ? [formatMessage(describeStepTask(event.task))]
          : [],
      ),
      ["Planning"],
    );
    const planned = ports.events.find((event) => event.type === "planned");
    assert.ok(planned?.type === "planned" && planned.estimate.tokens[1] > 0);
  });

  it("ends with what is there when the budget allows no more reading", async () => {
    const spare = new ScriptedModel("offline", goodScript());
    const model = new ScriptedModel("gemini", goodScript());
    const ports = inMemory({ model, spare, pages });
    const { steps } = ports;
    let isOver = false;
    ports.steps = {
      record: (step, value) => steps.record(step, value),
      run: (step) => {
        if (step.task.type === "extract") isOver = true;
        return isOver
          ? Promise.reject(new ResearchError("finish", "You asked for what was there."))
          : steps.run(step);
      },
    };
    const report = await runResearch(ask, ports, new AbortController().signal);
    assert.equal(report.status, "partial");
    assert.equal(
      report.partial,
      "You asked for what was there. The report shows the evidence found so far as quotes.",
    );
    assert.ok(report.summary.length + report.sections.length > 0);
  });

  it("spends nothing but the plan before the plan was looked at", async () => {
    const model = new ScriptedModel("gemini", goodScript());
    const ports = inMemory({ model, pages });
    const before: string[] = [];
    const review = (plan: Parameters<NonNullable<typeof ports.review>>[0]) => {
      before.push(
        ...ports.events.flatMap((event) =>
          event.type === "step" ? [formatMessage(describeStepTask(event.task))] : [],
        ),
      );
      return Promise.resolve({ ...plan, questions: plan.questions.slice(0, 1) });
    };
    await runResearch(ask, { ...ports, review }, new AbortController().signal);
    assert.deepEqual(before, ["Planning"]);
    const searched = ports.events.flatMap((event) => (event.type === "searched" ? [event.question] : []));
    assert.deepEqual(searched.sort(), [ask.question, "What is the default?"].sort());
  });

  it("asks once more for a quote that does not stand there, then drops and counts it", async () => {
    const { report, model, ports } = await run({
      extract: ({ passages, missed }) => ({
        claims: passages[0]!.text.startsWith("Journals")
          ? missed.length === 0
            ? [
                { claim: "x", quote: "Journals are kept for 31 days by default.", questions: ["q1"] },
                { claim: "y", quote: "Journals are kept forever and ever.", questions: ["q1"] },
              ]
            : [
                { claim: "x", quote: "Journals are kept for 30 days by default.", questions: ["q1"] },
                { claim: "y", quote: "Journals are kept forever and a day.", questions: ["q1"] },
              ]
          : [],
      }),
    });
    assert.equal(model.count("extract"), 3);
    assert.deepEqual(
      report.evidence.map(({ quote }) => quote),
      [QUOTE["Journals are"]],
    );
    const counted = ports.events
      .filter((event) => event.type === "evidence")
      .map(({ kept, dropped }) => [kept, dropped]);
    assert.deepEqual(counted.sort(), [
      [0, 0],
      [1, 1],
    ]);
  });

  it("quotes the parts that a model points at, and drops numbers that are none", async () => {
    const { report, model, ports } = await run({
      extract: ({ passages }) => ({
        claims: passages[0]!.text.startsWith("Journals")
          ? [
              { claim: "x", parts: [1], questions: ["q1"] },
              { claim: "y", parts: [99, 100], questions: ["q1"] },
            ]
          : [],
      }),
    });
    assert.equal(model.count("extract"), 2);
    assert.deepEqual(
      report.evidence.map(({ quote, check }) => [quote, check]),
      [[QUOTE["Journals are"], "exact"]],
    );
    const counted = ports.events.filter((event) => event.type === "evidence").map(({ dropped }) => dropped);
    assert.deepEqual(counted.sort(), [0, 1]);
  });

  it("goes on with the offline engine's plan where the model's cannot be used", async () => {
    const { report, ports } = await run({
      plan: (input, call) => {
        if (call === 0) throw new ResearchError("bad-answer", msg`It is no JSON.`);
        // The scripted model is the fallback model, too.
        return goodScript().plan!(input, call);
      },
    });
    assert.equal(report.status, "partial");
    assert.match(report.partial, /the offline engine made the plan instead/);
    assert.ok(ports.events.some(({ type }) => type === "planned"));
  });

  it("lets a section cite nothing but the evidence that it was given", async () => {
    const { report } = await run({
      write: ({ evidence }) => ({
        paragraphs: [
          {
            sentences: [
              {
                text: "Cites another section's evidence.",
                evidence: [evidence[0]!.id === "e1" ? "e2" : "e1"],
              },
              { text: "Cites nothing.", evidence: [] },
              { text: evidence[0]!.quote, evidence: [evidence[0]!.id, "e99"] },
            ],
          },
        ],
        table: null,
      }),
    });
    assert.deepEqual(sentences(report), Object.values(QUOTE));
    assert.deepEqual(
      report.sections.flatMap(({ paragraphs }) => paragraphs.flat().map(({ evidence }) => evidence)),
      [["e1"], ["e2"]],
    );
    assert.match(report.limits[0]?.text ?? "", /4 sentences were removed/);
  });

  it("rewrites what fails, by code or by the model, and removes what fails twice more", async () => {
    const lie = "Journals are kept for 99 days by default.";
    const { report, model } = await run({
      write: ({ evidence }) => ({
        paragraphs: [
          {
            sentences: [
              { text: evidence[0]!.id === "e1" ? lie : "It is a lie.", evidence: [evidence[0]!.id] },
            ],
          },
        ],
        table: null,
      }),
      rewrite: ({ sentences: failed }) => ({
        sentences: failed.map(({ index, text, evidence }) => ({
          index,
          text: text === lie ? evidence[0]!.quote : "It is a lie still.",
          evidence: [],
        })),
      }),
      verify: ({ claims }) => ({
        verdicts: claims.map(({ index, text }) =>
          text.startsWith("It is a lie")
            ? { index, verdict: "unsupported" as const, reason: "not said" }
            : { index, verdict: "supported" as const, reason: "" },
        ),
      }),
    });
    assert.deepEqual(sentences(report), [QUOTE["Journals are"]]);
    assert.equal(model.count("rewrite"), 3);
    // The number was caught by code: the model was never asked about it.
    const asked = model.calls
      .filter(({ task }) => task === "verify")
      .map(({ input }) => JSON.stringify(input));
    assert.equal(
      asked.some((input) => input.includes("99 days")),
      false,
    );
  });

  it("calls a check that gave no answer neither a pass nor a fail", async () => {
    const { report } = await run({ verify: () => ({ verdicts: [] }) });
    assert.equal(report.summary[0]?.verdict, "not-checked");
    const failing = await run({
      verify: () => {
        throw new ResearchError("overloaded", "Busy.");
      },
    });
    assert.equal(failing.report.summary[0]?.verdict, "not-checked");
    assert.equal(failing.report.status, "partial");
  });

  it("reads no more sources than it may, and tries the next where one does not open", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [
        `https://many.example/${n}`,
        `Journals are kept for 30 days by default. ${n}`,
      ]),
    );
    const hits = [...Object.keys(many).slice(0, 3), "https://gone.example/", ...Object.keys(many).slice(3)];
    const find = (): SearchResult => ({
      hits: hits.map((url) => ({ place: { kind: "page", url }, title: url })),
      grounded: null,
    });
    for (const maxSources of [1, 4, 7]) {
      const { report, ports } = await run({}, { pages: many, find }, { maxSources, depth: "quick" });
      assert.equal(report.sources.length, maxSources);
      const read = ports.events.filter((event) => event.type === "source" && event.state === "read");
      assert.equal(read.length, maxSources);
    }
  });

  it("takes the same text at two addresses for one source, and one address in two spellings too", async () => {
    const text = "Journals are kept for 30 days by default.";
    const { report } = await run(
      {},
      {
        pages: {
          "https://one.example/a": text,
          "https://one.example/a/?utm_source=x#top": text,
          "https://mirror.example/a": text,
        },
      },
    );
    assert.equal(report.sources.length, 1);
  });

  it("takes what a page of a site calls its own address for that page, and of no other site", async () => {
    const pages = {
      "https://one.example/a?print=1": "Journals are kept for 30 days by default. Printed.",
      "https://one.example/a": "Journals are kept for 30 days by default. Shown.",
      "https://other.example/b": "Journals are kept for 30 days by default. Claimed.",
    };
    const canonical = {
      "https://one.example/a?print=1": "https://one.example/a",
      "https://other.example/b": "https://one.example/a",
    };
    const { report, ports } = await run({}, { pages, canonical });
    assert.equal(report.sources.length, 2);
    const doubles = ports.events.filter((event) => event.type === "source" && event.state === "duplicate");
    assert.equal(doubles.length, 1);
  });

  it("reads the next page where one turned out to be a copy", async () => {
    const prose = Array.from({ length: 60 }, (_, n) => `Sentence ${n} speaks of journal ${n * 7}.`).join(" ");
    const pages = {
      "https://one.example/a": `Journals are kept for 30 days by default. ${prose}`,
      "https://copy.example/a": `Journals are kept for 30 days by default. ${prose} From our partner.`,
      "https://two.example/b": "A journal of a failed run is never removed by the program itself.",
    };
    const { report } = await run({}, { pages }, { maxSources: 2, depth: "quick" });
    assert.deepEqual(
      report.sources.map(({ place }) => (place.kind === "page" ? place.url : "")),
      ["https://one.example/a", "https://two.example/b"],
    );
  });

  it("reads the next page while the copies of others are still extracted, not after that", async () => {
    const prose = Array.from({ length: 60 }, (_, n) => `Sentence ${n} speaks of journal ${n * 7}.`).join(" ");
    const next = "https://two.example/b";
    const pages = {
      "https://one.example/a": `Journals are kept for 30 days by default. ${prose}`,
      "https://copy.example/a": `Journals are kept for 30 days by default. ${prose} From our partner.`,
      [next]: "A journal of a failed run is never removed by the program itself.",
    };
    let release = (): void => undefined;
    const isNextRead = new Promise<void>((resolve) => (release = resolve));
    const delay = async (label: string): Promise<void> => {
      if (label === `Reading ${next}`) release();
      // Nothing is extracted before the next page is read.
      if (label.startsWith("Extracting")) await isNextRead;
    };
    const { report } = await run({}, { pages, delay }, { maxSources: 2, depth: "quick" });
    assert.equal(report.sources.length, 2);
  });

  it("says why a site that the user named was not read", async () => {
    const site = "https://gone.example/docs/";
    const find = (): SearchResult => ({
      hits: [{ place: { kind: "page", url: site }, title: site }],
      grounded: null,
    });
    await assert.rejects(run({}, { find, pages: {} }, { scope: [], sites: [site] }), {
      message: /A site that you named was not read: There is no such page\./,
    });
  });

  it("removes a sentence with a name that its quotes do not hold, whatever the model says of it", async () => {
    const named = "Babbage keeps journals for 30 days by default.";
    const { report, model } = await run({
      write: ({ evidence }) => ({
        paragraphs: [{ sentences: [{ text: named, evidence: [evidence[0]?.id ?? ""] }] }],
        table: null,
      }),
      rewrite: ({ sentences: failed }) => ({
        sentences: failed.map(({ index, evidence }) => ({
          index,
          text: named,
          evidence: evidence.map(({ id }) => id),
        })),
      }),
    });
    assert.ok(sentences(report).every((sentence) => !sentence.includes("Babbage")));
    const whys = model.asked("rewrite").flatMap(({ sentences: failed }) => failed.map(({ why }) => why));
    assert.ok(whys.length > 0 && whys.every((why) => /^not in its quotes: .*Babbage$/.test(why)));
  });

  describe("a sentence whose sense code doubts", () => {
    const doubted = "Journals are never kept for 30 days by default.";
    const write: Script["write"] = ({ evidence }) => ({
      paragraphs: [{ sentences: [{ text: doubted, evidence: [evidence[0]?.id ?? ""] }] }],
      table: null,
    });
    const verdictOf = (report: Report): [string, string] | undefined =>
      report.sections
        .flatMap(({ paragraphs }) => paragraphs.flat())
        .filter(({ text }) => text === doubted)
        .map(({ verdict, reason }): [string, string] => [verdict, reason])[0];

    it("is the model's to judge", async () => {
      const { report } = await run({
        write,
        verify: ({ claims }) => ({
          verdicts: claims.map(({ index }) => ({ index, verdict: "supported" as const, reason: "" })),
        }),
      });
      assert.deepEqual(verdictOf(report), ["supported", ""]);
    });

    it("is qualified where the model's check gave no answer", async () => {
      const { report } = await run({ write, verify: () => ({ verdicts: [] }) });
      assert.deepEqual(verdictOf(report), ["qualified", "its quotes do not say “never”"]);
    });
  });

  it("makes a second round of the gaps, within the depth", async () => {
    const outline: Script["outline"] = ({ evidence }, call) => ({
      sections: [{ heading: "All", evidence: evidence.map(({ id }) => id) }],
      gaps: call === 0 ? [{ question: "And failed runs?", query: "failed run", what: "failed runs" }] : [],
    });
    const find = ({ query }: { query: string }): SearchResult => ({
      hits: [
        { place: { kind: "page", url: Object.keys(pages)[query === "failed run" ? 1 : 0]! }, title: "x" },
      ],
      grounded: null,
    });
    const standard = await run({ outline }, { find });
    assert.deepEqual(
      standard.report.evidence.map(({ id }) => id),
      ["e1", "e2"],
    );
    assert.equal(standard.model.count("outline"), 2);
    const quick = await run({ outline }, { find }, { depth: "quick" });
    assert.deepEqual(
      quick.report.evidence.map(({ id }) => id),
      ["e1"],
    );
    assert.equal(quick.model.count("outline"), 1);
  });

  it("keeps some of the sources for the gaps", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [
        `https://many.example/${n}`,
        `Journals are kept for 30 days by default. ${n}`,
      ]),
    );
    const outline: Script["outline"] = ({ evidence }, call) => ({
      sections: [{ heading: "All", evidence: evidence.map(({ id }) => id) }],
      gaps: call === 0 ? [{ question: "And failed runs?", query: "failed run", what: "failed runs" }] : [],
    });
    const { report, ports } = await run({ outline }, { pages: many });
    const before = ports.events.slice(
      0,
      ports.events.findIndex(({ type }) => type === "outlined"),
    );
    assert.equal(before.filter((event) => event.type === "source" && event.state === "read").length, 7);
    assert.equal(report.sources.length, 10);
  });

  it("says a short answer once, and not again as its only section", async () => {
    const outline: Script["outline"] = ({ evidence }) => ({
      sections: [{ heading: "All", evidence: evidence.map(({ id }) => id) }],
      gaps: [],
    });
    const conclude: Script["conclude"] = ({ sections }) => ({
      summary: sections[0]!.sentences.slice(0, 1),
      disagreements: [],
      limits: [],
    });
    const { report } = await run({ outline, conclude });
    assert.deepEqual(
      report.summary.map(({ text }) => text),
      Object.values(QUOTE),
    );
    assert.deepEqual(report.sections, []);
    const own = await run({ outline });
    assert.equal(own.report.sections.length, 1);
  });

  it("takes invisible characters out of what the model wrote, and counts them", async () => {
    const { report } = await run({
      outline: ({ evidence }) => ({
        sections: [{ heading: "On\u202e both", evidence: evidence.map(({ id }) => id) }],
        gaps: [],
      }),
      write: ({ evidence }) => ({
        paragraphs: evidence.map(({ id, quote }) => ({
          sentences: [{ text: quote.replace(" ", "\u200b "), evidence: [id] }],
        })),
        table: null,
      }),
    });
    assert.deepEqual(sentences(report), Object.values(QUOTE));
    assert.equal(report.sections[0]?.heading, "On both");
    assert.ok(
      report.limits.some(
        ({ text }) => text === "3 invisible characters were removed from what the model wrote.",
      ),
    );
  });

  it("ends in an honest partial report when the model can be asked no more", async () => {
    const used = (): never => {
      throw new ResearchError("day-quota", "The day's quota is used up.", "Resume tomorrow.");
    };
    const spare = new ScriptedModel("offline", goodScript());
    const { report, model } = await run({ write: used }, { spare });
    assert.equal(report.status, "partial");
    assert.match(report.partial, /quota is used up/);
    assert.deepEqual(sentences(report), Object.values(QUOTE));
    assert.equal(model.count("conclude"), 0);
    await assert.rejects(run({ plan: used }, { spare }), /quota is used up/);
  });

  describe("a part of the question", () => {
    const plan: NonNullable<Script["plan"]> = () => ({
      title: "Journals and their price",
      kind: "lookup",
      questions: [
        { question: "How long are journals kept by default?", query: "journal default days" },
        { question: "What does storage in Frankfurt cost?", query: "storage cost Frankfurt" },
      ],
      cover: ["the default"],
    });
    const limitsOf = ({ limits }: Report): string[] => limits.map(({ text }) => text);
    const concludeWith =
      (...limits: string[]): NonNullable<Script["conclude"]> =>
      ({ evidence }) => ({
        summary: evidence.slice(0, 1).map(({ id, quote }) => ({ text: quote, evidence: [id] })),
        disagreements: [],
        limits: limits.map((text) => ({ text, evidence: [] })),
      });

    it("is named where no evidence is about it, and not where the answer stands", async () => {
      const { report } = await run({ plan });
      assert.deepEqual(limitsOf(report), [
        "Nothing was found about this point: What does storage in Frankfurt cost.",
      ]);
    });

    it("is named once, if the model names it in its own words", async () => {
      const limit = "The sources do not say what the storage in Frankfurt costs.";
      const { report } = await run({ plan, conclude: concludeWith(limit) });
      assert.deepEqual(limitsOf(report), [limit]);
    });

    it("is named where evidence was found and no sentence uses it", async () => {
      const { report } = await run({
        plan,
        extract: ({ passages }) => {
          const text = passages.map((each) => each.text).join("\n");
          const found = Object.entries(QUOTE).filter(([start]) => text.startsWith(start));
          return {
            claims: found.map(([start, quote]) => ({
              claim: quote,
              quote,
              questions: [start === "A journal" ? "q2" : "q1"],
            })),
          };
        },
        outline: ({ evidence }) => ({
          sections: evidence.slice(0, 1).map(({ id }) => ({ heading: `On ${id}`, evidence: [id] })),
          gaps: [],
        }),
      });
      assert.deepEqual(limitsOf(report), [
        "The report does not answer this point, although one quote is about it: What does storage in Frankfurt cost.",
      ]);
    });

    it("is named where the outline misses it and the conclusion forgets it", async () => {
      const outline: NonNullable<Script["outline"]> = ({ evidence }) => ({
        sections: evidence.map(({ id }) => ({ heading: `On ${id}`, evidence: [id] })),
        gaps: [{ question: "", query: "", what: "encryption at rest" }],
      });
      const { report } = await run({ outline });
      assert.deepEqual(limitsOf(report), ["Nothing was found about this point: encryption at rest."]);
      const told = await run({ outline, conclude: concludeWith("Encryption at rest is not described.") });
      assert.deepEqual(limitsOf(told.report), ["Encryption at rest is not described."]);
    });
  });

  it("names the documents whose format is not read, also where there is nothing else", async () => {
    const find = (hits: SearchResult["hits"]) => (): SearchResult => ({
      hits,
      grounded: null,
      unread: ["notes/plan.doc"],
    });
    const hits = Object.keys(pages).map((url) => ({ place: { kind: "page" as const, url }, title: url }));
    const { report } = await run({}, { find: find(hits) });
    const remark = "Not searched: notes/plan.doc (Word 97 files are not read; save it as .docx).";
    assert.deepEqual(
      report.limits.map(({ text }) => text),
      [remark],
    );
    await assert.rejects(run({}, { find: find([]) }), (error: Error) => error.message.includes(remark));
  });

  it("says what it could not find instead of writing an empty report", async () => {
    await assert.rejects(run({}, { find: () => ({ hits: [], grounded: null }) }), (error: unknown) => {
      return error instanceof ResearchError && error.code === "no-sources";
    });
  });

  it("calls what was searched by its name, to the model and where nothing was found", async () => {
    const none = { find: () => ({ hits: [], grounded: null }) };
    for (const [scope, told, searched] of [
      [["web"], ["the web"], "on the web"],
      [["workspace"], ["the workspace"], "in the workspace"],
      [["workspace", "web"], ["the workspace", "the web"], "in the workspace or on the web"],
    ] as const) {
      const { model } = await run({}, {}, { scope: [...scope] });
      assert.deepEqual(model.asked("plan")[0]?.scope, told);
      await assert.rejects(
        run({}, none, { scope: [...scope] }),
        new RegExp(`were found for this question ${searched}\\.`),
      );
    }
  });

  it("shows what Google says in a section of its own, as it came, and gives it to no task", async () => {
    const said =
      "Journals are kept for **90 days**.\n* [[1.1]](#source-1) <img src=x> [x](http://evil.example)";
    const { report, ports, model } = await run(
      {},
      {
        find: ({ id }) => ({
          hits: Object.keys(pages).map((url) => ({ place: { kind: "page", url }, title: url })),
          grounded:
            id === "q0"
              ? {
                  text: said,
                  pages: [{ url: "https://vertexaisearch.example/1", title: "one.example" }],
                  spans: [{ text: "Journals are kept for **90 days**.", pages: [0] }],
                  queries: ["journal days"],
                  suggestions:
                    '<div><a class="chip" href="https://www.google.com/search?q=a&amp;b=1">how <b>long</b></a><a href="javascript:alert(1)">bad</a><a href="https://google.com.evil.example/">bad</a><script>x</script></div>',
                }
              : null,
        }),
      },
      { scope: ["web", "google"] },
    );
    assert.deepEqual(report.google, [
      {
        question: ask.question,
        text: said,
        pages: [{ url: "https://vertexaisearch.example/1", title: "one.example" }],
        suggestions: [{ text: "how long", url: "https://www.google.com/search?q=a&b=1" }],
      },
    ]);
    assert.ok(report.evidence.length > 0 && report.evidence.every(({ check }) => check === "exact"));
    assert.ok(!JSON.stringify(model.calls).includes("90 days"));
    assert.deepEqual(model.asked("plan")[0]?.scope, ["the web"]);
    const text = renderReport(report, { workspace: "../..", session: "../sessions/s" });
    assert.match(text, /^## What Google Search says$/m);
    assert.match(text, /^> Journals are kept for \\\*\\\*90 days\\\*\\\*\.$/m);
    assert.match(
      text,
      /^Pages that Google names: \[one\.example\]\(https:\/\/vertexaisearch\.example\/1\)\.$/m,
    );
    assert.match(
      text,
      /^Google’s suggestions: \[how long\]\(https:\/\/www\.google\.com\/search\?q=a&b=1\)\.$/m,
    );
    const read = parseReport(text);
    assert.equal(read.citations.length, listCitations(report).length);
    assert.deepEqual(findFormProblems(splitReportLines(text), read), []);
    assert.ok(
      !ports.events.some((event) => event.type === "step" && JSON.stringify(event).includes("vertexai")),
    );
  });

  it("is done with what Google says alone, where nothing else was to be searched", async () => {
    const find = (): SearchResult => ({
      hits: [],
      grounded: { text: "It is 30.", pages: [], spans: [], queries: ["a b"], suggestions: "" },
    });
    const { report } = await run({}, { find }, { scope: ["google"], depth: "quick" });
    assert.equal(report.status, "done");
    assert.deepEqual(report.sources, []);
    assert.deepEqual(report.google?.[0]?.suggestions, [
      { text: "a b", url: "https://www.google.com/search?q=a%20b" },
    ]);
    const other = await run({}, { find }, { scope: ["web", "google"], depth: "quick" });
    assert.equal(other.report.status, "partial");
  });

  it("names a search that fails, limits or answers oddly in the limits, and the others go on", async () => {
    const kinds: [ConstructorParameters<typeof ResearchError>[0], string][] = [
      ["unreachable", "It cannot be reached."],
      ["rate-limit", "It is busy."],
      ["bad-answer", "It answered something else."],
      ["bad-key", "It does not know the key."],
    ];
    for (const [code, text] of kinds) {
      const model = new ScriptedModel("gemini", goodScript());
      const ports = inMemory({ model, pages });
      const [sound] = ports.searches;
      assert.ok(sound !== undefined);
      const broken = { ...sound, id: "broken", search: () => Promise.reject(new ResearchError(code, text)) };
      const odd = { ...sound, id: "odd", search: () => Promise.reject(new TypeError("x is undefined")) };
      const searches = [broken, sound, odd];
      const report = await runResearch(
        { ...ask, depth: "quick" },
        { ...ports, searches },
        new AbortController().signal,
      );
      assert.deepEqual([report.status, report.sources.length], ["done", 2], code);
      const limits = report.limits.map((each) => each.text);
      assert.deepEqual(
        limits.filter((each) => each.includes("broken")),
        [`Searching broken failed: ${text}`],
      );
      assert.equal(limits.filter((each) => each.startsWith("Searching odd failed")).length, 1);
      // Where nothing else finds anything, it is why there is no report.
      await assert.rejects(
        runResearch(
          { ...ask, depth: "quick" },
          { ...ports, searches: [broken] },
          new AbortController().signal,
        ),
        (error: unknown) =>
          error instanceof ResearchError &&
          error.text.template.length > 0 &&
          formatMessage(error.text).includes(text),
      );
    }
  });

  it("asks for each question the kinds of sources that the plan chose, and all where it chose none that is there", async () => {
    const asked: string[] = [];
    const model = new ScriptedModel(
      "gemini",
      goodScript({
        plan: ({ kinds }) => ({
          title: "T",
          kind: "lookup",
          questions: [
            { question: "A?", query: "a", sources: ["questions", "nonsense"] },
            { question: "B?", query: "b", sources: ["Encyclopedia"] },
            {
              question: "C?",
              query: "c",
              ...(kinds?.includes("questions") === true ? {} : { sources: ["web"] }),
            },
          ],
          cover: [],
        }),
      }),
    );
    const ports = inMemory({ model, pages });
    const [first] = ports.searches;
    assert.ok(first !== undefined);
    const searches = (["questions", "web", undefined] as const).map((covers) => ({
      ...first,
      id: covers ?? "any",
      ...(covers === undefined ? {} : { covers }),
      search: (...given: Parameters<typeof first.search>) => {
        asked.push(`${given[0].query}:${covers ?? "any"}`);
        return first.search(...given);
      },
    }));
    await runResearch({ ...ask, depth: "quick" }, { ...ports, searches }, new AbortController().signal);
    const of = (query: string): string[] => asked.filter((each) => each.startsWith(`${query}:`)).sort();
    assert.deepEqual(of("a"), ["a:any", "a:questions"]);
    assert.deepEqual(of("b"), ["b:any", "b:questions", "b:web"]);
    assert.deepEqual(of("c"), ["c:any", "c:questions", "c:web"]);
  });

  it("cites what Google says where an earlier version began the session", async () => {
    const grounded: SearchResult = {
      hits: [],
      grounded: {
        pages: Array.from({ length: 9 }, (_, n) => ({
          url: `https://vertexaisearch.example/${n}`,
          title: `site${n}.example`,
        })),
        spans: Array.from({ length: 9 }, (_, n) => ({
          text: `Journals are kept for ${n} days.`,
          pages: [n, 99],
        })),
        queries: ["journal days"],
        suggestions: "<div>chips</div>",
      },
    };
    const { report, ports } = await run(
      {},
      { find: () => grounded },
      { maxSources: 4, depth: "quick", earlierMethod: true },
    );
    assert.equal(report.google, undefined);
    assert.equal(report.sources.length, 4);
    assert.equal(
      ports.events.some((event) => event.type === "step" && event.kind === "read"),
      false,
    );
    assert.equal(
      report.evidence.every(({ check }) => check === "grounded"),
      true,
    );
    assert.equal(report.summary[0]?.verdict, "not-checked");
    const text = renderReport(report, { workspace: "../..", session: "../sessions/s" });
    assert.match(
      text,
      /Found with Google Search, not re-checkable: \[site0\.example\]\(https:\/\/vertexaisearch\.example\/0\)\. Searches: "journal days"\./,
    );
    assert.match(text, /\[\[1\]\]\(#source-1\) \*\(not checked: /);
    assert.doesNotMatch(text, /<div>/);
  });

  it("gives the same bytes from its journal, without asking anybody", async () => {
    const first = await run();
    const links = { workspace: "../..", session: "../sessions/s" };
    const silent = new ScriptedModel("gemini", {});
    const again = inMemory({ model: silent, pages: {}, outcomes: first.ports.outcomes });
    const texts = { ...again.snapshots, text: first.ports.snapshots.text };
    const report = await runResearch(ask, { ...again, snapshots: texts }, new AbortController().signal);
    assert.equal(renderReport(report, links), renderReport(first.report, links));
    assert.equal(silent.calls.length, 0);
  });

  it("stops at once when it is cancelled", async () => {
    const controller = new AbortController();
    const model = new ScriptedModel("gemini", goodScript());
    const ports = inMemory({
      model,
      pages,
      delay: (label) => {
        if (label.startsWith("Writing")) controller.abort();
        return Promise.resolve();
      },
    });
    await assert.rejects(runResearch(ask, ports, controller.signal), { name: "AbortError" });
    assert.equal(model.count("conclude"), 0);
  });
});
