import { formatMessage } from "../../../../src/common/messages.js";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { formatChangesLine, formatChanges, diffClaims } from "../../../../src/core/report/report-diff.js";
import { ResearchError } from "../../../../src/common/errors.js";
import type { Reader, SearchResult, Ports, SnapshotStore } from "../../../../src/core/domain/ports.js";
import {
  refreshResearch,
  type SessionReport,
  type RefreshOutcome,
} from "../../../../src/core/pipeline/refresh.js";
import { parseReport } from "../../../../src/core/report/parse-report.js";
import { listClaims, renderReport } from "../../../../src/core/report/render-report.js";
import { runResearch } from "../../../../src/core/pipeline/research.js";
import type { ResearchInput } from "../../../../src/core/pipeline/run-state.js";
import type { PackageLocation, Plan, Report } from "../../../../src/core/domain/schema.js";
import { inMemory, ScriptedModel, type Script } from "../../../fakes/ports.js";
import { EMPTY_READING } from "../../../../src/core/domain/empty-reading.js";
import { ReplacedSourceError } from "../../../../src/core/domain/replaced-source.js";
import { msg } from "../../../../src/common/messages.js";
import { aReport } from "../../../fakes/report.js";

const ask: ResearchInput = {
  question: "How long are journals kept?",
  depth: "quick",
  maxSources: 10,
  pages: [],
  scope: ["web"],
  session: "20261122-101500-how-long-7f3a",
  day: "2026-11-22",
};
const again: ResearchInput = {
  ...ask,
  session: "20261210-101500-how-long-11aa",
  day: "2026-12-10",
};

const A = "https://one.example/a";
const B = "https://two.example/b";
const PAGES = {
  [A]: "Journals are kept for 30 days by default. They can be kept longer on request.",
  [B]: "A journal of a failed run is never removed by the program itself.",
};

/** Answers as an honest model would: each sentence of a source is a claim, each source a section. */
const honest = (change: Script = {}): Script => ({
  plan: () => ({
    title: "How long journals are kept",
    kind: "lookup",
    questions: [{ question: "What is the default?", query: "journal default days" }],
    cover: ["the default"],
  }),
  extract: ({ passages }) => ({
    claims: passages
      .flatMap(({ text }) => text.match(/[^.]+\./g) ?? [])
      .map((quote) => ({ claim: quote.trim(), quote: quote.trim(), questions: ["q0"] })),
  }),
  outline: ({ evidence }) => ({
    sections: [
      {
        heading: "The rule",
        evidence: evidence.filter(({ claim }) => !claim.includes("failed")).map(({ id }) => id),
      },
      {
        heading: "Failed runs",
        evidence: evidence.filter(({ claim }) => claim.includes("failed")).map(({ id }) => id),
      },
    ],
    gaps: [],
  }),
  write: ({ evidence }) => ({
    paragraphs: evidence.map(({ id, quote }) => ({ sentences: [{ text: quote, evidence: [id] }] })),
    table: null,
  }),
  rewrite: () => ({ sentences: [] }),
  verify: ({ claims }) => ({
    verdicts: claims.map(({ index }) => ({ index, verdict: "supported", reason: "" })),
  }),
  conclude: ({ sections }) => ({
    summary: sections.flatMap(({ sentences }) => sentences.slice(0, 1)),
    disagreements: [],
    limits: [],
  }),
  ...change,
});

describe("a refresh", () => {
  /** Snapshots of both runs. */
  let kept: Map<string, string>;
  beforeEach(() => (kept = new Map()));

  const snapshots = (readAt: string): SnapshotStore => {
    const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
    return {
      keep: (place, { text, title, canonical, commit, lines, pages, warnings }) => {
        const sha256 = hash(readAt + text);
        kept.set(sha256, text);
        const textSha256 = hash(text);
        return Promise.resolve({ place, title, readAt, sha256, textSha256, canonical, commit, lines, pages, warnings, queries: [] }); // prettier-ignore
      },
      has: ({ sha256 }) => Promise.resolve(kept.has(sha256 ?? "")),
      text: ({ sha256 }) => Promise.resolve(kept.get(sha256 ?? "") ?? ""),
    };
  };
  const portsOf = (
    pages: Record<string, string>,
    model: ScriptedModel,
    more: Partial<Ports> = {},
    find?: () => SearchResult,
  ) => ({
    ...inMemory({ model, pages, ...(find === undefined ? {} : { find }) }),
    snapshots: snapshots("2026-11-22T10:15:00.000Z"),
    ...more,
  });

  const made = async (
    change: Script = {},
    find?: () => SearchResult,
    pages = PAGES,
    asked: Partial<ResearchInput> = {},
  ): Promise<SessionReport> => {
    let plan: Plan | undefined;
    const ports = portsOf(
      pages,
      new ScriptedModel("gemini", honest(change)),
      {
        emit: (event) => {
          if (event.type === "planned") plan = event.plan;
        },
      },
      find,
    );
    const report = await runResearch({ ...ask, ...asked }, ports, new AbortController().signal);
    assert.ok(plan !== undefined);
    return { report, plan, gaps: [] };
  };
  const refreshed = async (
    base: SessionReport,
    pages: Record<string, string>,
    change: Script = {},
    more: Partial<Ports> = {},
  ): Promise<RefreshOutcome & { model: ScriptedModel }> => {
    const model = new ScriptedModel("gemini", honest(change));
    const ports = portsOf(pages, model, {
      searches: [],
      snapshots: snapshots("2026-12-10T10:15:00.000Z"),
      ...more,
    });
    return { ...(await refreshResearch(base, again, ports, new AbortController().signal)), model };
  };
  const section = (report: Report | null, heading: string) =>
    report?.sections.find((each) => each.heading === heading);
  const said = (report: Report | null, heading: string): string[] =>
    section(report, heading)
      ?.paragraphs.flat()
      .map(({ text }) => text) ?? [];

  it("asks no model and leaves the report alone where nothing changed", async () => {
    const base = await made();
    const { report, changes, model } = await refreshed(base, PAGES);
    assert.equal(report, null);
    assert.equal(model.calls.length, 0);
    assert.equal(formatChangesLine(changes), "nothing changed");
    assert.deepEqual(changes.sections.rewritten, []);
  });

  it("writes only the sections anew whose source says something else now", async () => {
    const qualified: Script = {
      verify: ({ claims }) => ({
        verdicts: claims.map(({ index, text }) => ({
          index,
          verdict: text.includes("failed") ? "qualified" : "supported",
          reason: text.includes("failed") ? "only by itself" : "",
        })),
      }),
    };
    const base = await made(qualified);
    const { report, changes, model } = await refreshed(
      base,
      { ...PAGES, [A]: PAGES[A].replace("30", "90") },
      qualified,
    );
    assert.deepEqual(said(report, "The rule"), [
      "Journals are kept for 90 days by default.",
      "They can be kept longer on request.",
    ]);
    // To the letter, with its verdict.
    assert.deepEqual(section(report, "Failed runs"), section(base.report, "Failed runs"));
    assert.deepEqual(
      model.asked("write").map(({ heading }) => heading),
      ["The rule"],
    );
    assert.deepEqual([model.count("extract"), model.count("plan"), model.count("outline")], [1, 0, 0]);
    assert.deepEqual(
      changes.claims.reworded.map(({ before, after }) => [before.claim, after.claim]),
      [["Journals are kept for 30 days by default.", "Journals are kept for 90 days by default."]],
    );
    assert.deepEqual([changes.claims.added, changes.claims.removed], [[], []]);
    assert.deepEqual(changes.sections, { rewritten: ["The rule"], removed: [] });
    assert.deepEqual(
      changes.sources.map(({ title, state }) => [title, state]),
      [["A page", "changed"]],
    );
    assert.equal(formatChangesLine(changes), "1 claim reworded; 1 source changed");
    assert.equal(report?.session, again.session);
    assert.equal(report.date, "2026-12-10");
    // The summary said it, too.
    assert.ok(report.summary.some(({ text }) => text.includes("90 days")));
    // Every quote stands in the snapshot that it names.
    for (const { source, start, end, quote } of report.evidence) {
      assert.equal(kept.get(report.sources[source]?.sha256 ?? "")?.slice(start, end), quote);
    }
  });

  it("keeps quotes that only moved, writes nothing anew, and has them at their new place", async () => {
    const base = await made();
    const moved = { ...PAGES, [A]: `Welcome.\n\n${PAGES[A]}` };
    const { report, changes, model } = await refreshed(base, moved, {
      extract: ({ passages }) => ({
        claims: passages
          .flatMap(({ text }) => text.match(/[^.]+\./g) ?? [])
          .filter((quote) => !quote.includes("Welcome"))
          .map((quote) => ({ claim: quote.trim(), quote: quote.trim(), questions: ["q0"] })),
      }),
    });
    assert.deepEqual([model.count("write"), model.count("verify"), model.count("conclude")], [0, 0, 0]);
    assert.deepEqual(report?.sections, base.report.sections);
    assert.deepEqual(report.summary, base.report.summary);
    const quote = report.evidence.find(({ id }) => id === "e1");
    assert.equal(quote?.start, (base.report.evidence[0]?.start ?? 0) + "Welcome.\n\n".length);
    assert.equal(formatChangesLine(changes), "1 source changed");
  });

  it("shows a block as its source has it now, where only white space changed in it", async () => {
    const code = "keep  --days 30\n\t--to data";
    const now = "keep --days 30\n    --to data";
    const page = (shown: string): string => `Journals are kept.\n\n\`\`\`sh\n${shown}\n\`\`\``;
    const quotes: Script = {
      extract: ({ passages }) => ({
        claims: [code, now, PAGES[B]]
          .filter((quote) => passages.some(({ text }) => text.includes(quote)))
          .map((quote) => ({ claim: quote, quote, questions: ["q0"] })),
      }),
      write: ({ evidence }) => ({
        paragraphs: evidence.map(({ id, quote }) => ({
          sentences: [
            { text: "It is.", evidence: [id], ...(quote.startsWith("keep") ? { asBlock: true } : {}) },
          ],
        })),
        table: null,
      }),
      conclude: () => ({ summary: [], disagreements: [], limits: [] }),
    };
    const shown = ({ sections }: Report): [string, string | undefined][] =>
      sections
        .flatMap(({ paragraphs }) => paragraphs.flat())
        .flatMap(({ text, asBlock, language }) => (asBlock === true ? [[text, language]] : []));
    const before = await made(quotes, undefined, { ...PAGES, [A]: page(code) });
    assert.deepEqual(shown(before.report), [[code, "sh"]]);
    const { report, model } = await refreshed(before, { ...PAGES, [A]: page(now) }, quotes);
    assert.ok(report !== null);
    assert.deepEqual(shown(report), [[now, "sh"]]);
    assert.equal(model.count("write"), 0);
    const read = parseReport(renderReport(report, { workspace: "../..", session: "../sessions/s" }));
    assert.equal(read.sentences.find(({ block }) => block !== null)?.text, now);
  });

  it("removes a section whose only source vanished, and names it", async () => {
    const base = await made();
    const { report, changes } = await refreshed(
      base,
      { [A]: PAGES[A] },
      {},
      {
        reader: {
          read: (place) => {
            if (place.kind === "page" && place.url === B) {
              const error = new ResearchError("unreachable", "two.example answered HTTP 404 (not found).");
              error.gone = true;
              return Promise.reject(error);
            }
            return inMemory({ model: new ScriptedModel("gemini", {}), pages: PAGES }).reader.read(
              place,
              new AbortController().signal,
            );
          },
        },
      },
    );
    assert.deepEqual(
      listClaims(report!).map(({ text }) => text),
      ["Journals are kept for 30 days by default.", "They can be kept longer on request."],
    );
    assert.deepEqual(changes.sections.removed, ["Failed runs"]);
    assert.deepEqual(
      changes.claims.removed.map(({ claim }) => claim),
      [PAGES[B]],
    );
    assert.equal(
      report?.summary.some(({ text }) => text === PAGES[B]),
      false,
    );
    assert.ok(formatChanges(changes).some((line) => /^Source vanished: A page .*404/.test(line)));
    // Nothing is left of it in the report.
    assert.equal(renderReport(report, { workspace: "..", session: "s" }).includes("two.example"), false);
  });

  it("keeps a source that is merely out of reach as it was read, and says so", async () => {
    const base = await made();
    const { report, changes, model } = await refreshed(base, { [A]: PAGES[A] });
    assert.equal(report, null);
    assert.equal(model.calls.length, 0);
    assert.deepEqual(
      changes.sources.map(({ state, why }) => [state, formatMessage(why)]),
      [["kept", "There is no such page."]],
    );
    assert.equal(formatChangesLine(changes), "1 source not read again");
    assert.deepEqual(changes.sections.rewritten, []);
  });

  it("judges again what it writes again", async () => {
    const base = await made();
    const { report, changes } = await refreshed(
      base,
      { ...PAGES, [A]: `${PAGES[A]} An operator may shorten it.` },
      {
        verify: ({ claims }) => ({
          verdicts: claims.map(({ index, text }) =>
            text.includes("30 days")
              ? { index, verdict: "qualified", reason: "an operator may shorten it" }
              : { index, verdict: "supported", reason: "" },
          ),
        }),
      },
    );
    assert.deepEqual(said(report, "The rule").at(-1), "An operator may shorten it.");
    assert.deepEqual(
      changes.claims.added.map(({ claim }) => claim),
      ["An operator may shorten it."],
    );
    assert.deepEqual(changes.claims.judged, [
      { claim: "Journals are kept for 30 days by default.", before: "supported", after: "qualified" },
    ]);
  });

  it("says what it may cost before the model is asked, and stops where that is too much", async () => {
    const base = await made();
    const asked: number[] = [];
    const model = new ScriptedModel("gemini", honest());
    const changed = { ...PAGES, [A]: PAGES[A].replace("30", "90") };
    const ports = portsOf(changed, model, {
      searches: [],
      approve: ({ calls }) => {
        asked.push(...calls);
        return Promise.reject(new ResearchError("not-approved", "No."));
      },
    });
    await assert.rejects(refreshResearch(base, again, ports, new AbortController().signal), {
      code: "not-approved",
    });
    assert.equal(model.calls.length, 0);
    assert.equal(asked[0], 1);
    assert.ok((asked[1] ?? 0) > 4);
  });

  it("gives the same report when it is gone through again, also what could not be read", async () => {
    const base = await made();
    const outcomes = new Map<string, unknown>();
    const changed = { [A]: PAGES[A].replace("30", "90") };
    const run = (model: ScriptedModel, pages: Record<string, string>) =>
      refreshResearch(
        base,
        again,
        {
          ...inMemory({ model, pages, outcomes }),
          searches: [],
          snapshots: snapshots("2026-12-10T10:15:00.000Z"),
        },
        new AbortController().signal,
      );
    const first = await run(new ScriptedModel("gemini", honest()), changed);
    // By then the page is back; what was done is not done again.
    const silent = new ScriptedModel("gemini", {});
    assert.deepEqual(await run(silent, PAGES), first);
    assert.equal(silent.calls.length, 0);
  });

  const grounded = (text: string): SearchResult => ({
    hits: [],
    grounded: {
      pages: [{ url: `https://vertex.example/${text.length}`, title: "one.example" }],
      spans: [{ text, pages: [0] }],
      queries: ["journals"],
      suggestions: "",
    },
  });

  it("reads the version of a package that is installed now, says so, and keeps what still stands", async () => {
    const at = (version: string): PackageLocation => {
      return { kind: "package", ecosystem: "npm", name: "keep", version, path: "README.md", file: null };
    };
    const install = (version: string, text: string): Reader => ({
      read: (place) =>
        place.kind === "package" && place.version === version
          ? Promise.resolve({ ...EMPTY_READING, title: "keep", text, commit: null })
          : Promise.reject(
              new ReplacedSourceError(msg`keep 1.0.0 is not installed: ${version} is.`, at(version)),
            ),
    });
    const kept30 = "Journals are kept for 30 days by default.";
    const find = (): SearchResult => ({ hits: [{ place: at("1.0.0"), title: "keep" }], grounded: null });
    let plan: Plan | undefined;
    const first = portsOf(
      {},
      new ScriptedModel("gemini", honest()),
      {
        reader: install("1.0.0", `${kept30} A journal of a failed run is never removed.`),
        emit: (event) => {
          if (event.type === "planned") plan = event.plan;
        },
      },
      find,
    );
    const report = await runResearch(ask, first, new AbortController().signal);
    assert.ok(plan !== undefined && report.sections.length === 2);
    const now = await refreshed(
      { report, plan, gaps: [] },
      {},
      {},
      {
        reader: install("2.0.0", `${kept30} A journal of a failed run is removed after a week.`),
      },
    );
    assert.deepEqual(
      now.changes.sources.map(({ state, why }) => [state, formatMessage(why)]),
      [["changed", "keep 1.0.0 is not installed: 2.0.0 is."]],
    );
    assert.deepEqual(
      now.report?.sources.map(({ place }) => place),
      [at("2.0.0")],
    );
    assert.deepEqual(said(now.report, "The rule"), said(report, "The rule"));
    assert.deepEqual(said(now.report, "Failed runs"), ["A journal of a failed run is removed after a week."]);
  });

  it("leaves what Google said in its own section as it was", async () => {
    const found = (): SearchResult => ({
      hits: Object.keys(PAGES).map((url) => ({ place: { kind: "page", url }, title: url })),
      grounded: grounded("Google says 30 days.").grounded,
    });
    const base = await made({}, found);
    assert.equal(base.report.google?.[0]?.text, "Google says 30 days.");
    const same = await refreshed(base, PAGES);
    assert.equal(same.report, null);
    const { report } = await refreshed(base, { ...PAGES, [A]: "Journals are kept for 60 days by default." });
    assert.deepEqual(report?.google, base.report.google);
  });

  it("searches again for what Google found where it can, else keeps it and says so", async () => {
    const base = await made({}, () => grounded("Google says that journals stay for 30 days."), PAGES, {
      earlierMethod: true,
    });
    assert.equal(base.report.evidence[0]?.check, "grounded");
    const kept = await refreshed(base, {});
    assert.equal(kept.report, null);
    assert.deepEqual(
      kept.changes.sources.map(({ state }) => state),
      ["kept"],
    );
    const google = (text: string): Ports["searches"] => [
      {
        id: "google",
        usesQueryVariants: false,
        keeps: "hits",
        kind: "answers",
        cost: { tokens: true, perCall: null },
        search: () =>
          Promise.resolve({ value: grounded(text), usage: { in: 0, out: 0, usd: 0 }, by: "google" }),
      },
    ];
    const searched = await refreshed(
      base,
      {},
      {},
      {
        searches: google("Google says that journals stay for 90 days by now."),
      },
    );
    assert.deepEqual(
      listClaims(searched.report!)
        .filter(({ evidence }) => evidence.length > 0)
        .map(({ text }) => text),
      ["Google says that journals stay for 90 days by now."],
    );
    assert.equal(searched.changes.claims.reworded.length, 1);
    assert.deepEqual(
      searched.changes.sources.map(({ state }) => state),
      ["new"],
    );
  });

  it("refreshes a short answer that has no sections", async () => {
    const one = { outline: (input: { evidence: { id: string }[] }) => ({ sections: [{ heading: "All", evidence: input.evidence.map(({ id }) => id) }], gaps: [] }) }; // prettier-ignore
    const whole: Script = {
      ...one,
      conclude: ({ sections }) => ({
        summary: sections.flatMap(({ sentences }) => sentences),
        disagreements: [],
        limits: [],
      }),
    };
    const base = await made(whole);
    assert.equal(base.report.sections.length, 0);
    const { report } = await refreshed(base, { ...PAGES, [A]: PAGES[A].replace("30", "90") }, whole);
    assert.equal(report?.sections.length, 0);
    assert.deepEqual(
      listClaims(report).map(({ text }) => text),
      ["Journals are kept for 90 days by default.", "They can be kept longer on request.", PAGES[B]],
    );
  });
});

describe("what changed between two reports", () => {
  const report = (...texts: string[]): Report =>
    aReport({ quotes: texts, claims: texts.map((text) => ({ text })) });

  it("pairs the sentences that are most alike, and takes no sentence twice", () => {
    const { reworded, added, removed } = diffClaims(
      report("The cache keeps pages for a day.", "The cache keeps answers for a week.", "Nothing is sent."),
      report(
        "The cache keeps answers for two weeks.",
        "The cache keeps pages for a whole day.",
        "A key is optional.",
      ),
    );
    assert.deepEqual(reworded.map(({ before, after }) => [before.claim, after.claim]).sort(), [
      ["The cache keeps answers for a week.", "The cache keeps answers for two weeks."],
      ["The cache keeps pages for a day.", "The cache keeps pages for a whole day."],
    ]);
    assert.deepEqual(
      [added.map(({ claim }) => claim), removed.map(({ claim }) => claim)],
      [["A key is optional."], ["Nothing is sent."]],
    );
  });
});
