import type { EngineAsked, EngineFigures, Timed } from "./engine-process.js";
import type { ResearchRequest } from "../../../src/core/domain/research-request.js";
import { createBenchConfig } from "./config.js";
import {
  median,
  runOnce,
  printProgress,
  printNotices,
  startIdle,
  startStandIns,
  temporaryFolder,
  type StandIns,
} from "./processes.js";
import type { Part } from "./section.js";
import { articleOf, htmlOf } from "./synthetic-web.js";

/*
 * One whole research: a dozen searches, sixty pages, six sections, each sentence checked. How long it
 * takes, against the waiting that it cannot do without.
 */

/** Milliseconds that each answer takes. */
const LATENCY = { model: 2000, search: 1000, page: 1000 };
const CHARACTERS = 12_000;
const QUESTION = "How do coastal towns adapt their harbours to rising seas?";

/** Another agent's figures for the same work at the same latencies: its defaults, with no check of its sentences. */
/** Output tokens of the same research when models copied their quotes. */
const COPYING = 11_331;
const OTHER = { seconds: 23.7, tokens: 190_900 };

export async function measurePipeline(runs: number): Promise<Part> {
  const standIns = await startStandIns({
    model: { latency: LATENCY.model, amounts: { questions: 6, twice: 5, sections: 6, sentences: 10 } },
    search: { latency: LATENCY.search, hits: 5 },
    pages: { latency: LATENCY.page, characters: CHARACTERS },
  });
  try {
    const done: { figures: EngineFigures; calls: Calls; idle: number }[] = [];
    for (let run = 1; run <= runs; run++) {
      const each = await research(standIns, false);
      done.push(each);
      const [ended] = each.figures.ended;
      printProgress(`  ${run} of ${runs}: ${seconds(each.figures.wall)} (${ended?.status ?? ""})`);
      if (run === 1) printProgress(timeline(each.figures.steps));
      printNotices(each.figures.notices);
    }
    const both = await research(standIns, true);
    printProgress(
      `  with Google's search too: ${seconds(both.figures.wall)}\n${timeline(both.figures.steps)}`,
    );
    const html = Array.from({ length: 20 }, (_, n) => htmlOf(articleOf(QUESTION, n, CHARACTERS)));
    const { milliseconds } = await runOnce<{ milliseconds: number }>("readability-process", { pages: html });

    const of = (figure: (each: (typeof done)[number]) => number): number => median(done.map(figure));
    const chains = done.map(({ figures }) => chainOf(figures.steps));
    const ratio = median(done.map(({ figures }, run) => figures.wall / (chains[run]?.milliseconds ?? 1)));
    const wall = of(({ figures }) => figures.wall);
    const tokens = of(({ figures }) => figures.ended[0]?.tokens.in ?? 0);
    const written = of(({ figures }) => figures.ended[0]?.tokens.out ?? 0);
    const cpu = of(({ figures }) => figures.cpu / figures.pages);
    const block = of(({ figures }) => figures.block);
    const idle = of((each) => each.idle);
    const [first] = done;
    const calls = first?.calls ?? { searches: 0, pages: 0, model: 0 };
    const whole = done.every(({ figures }) => figures.ended[0]?.status === "done");
    const what = `${calls.searches} searches, ${first?.figures.pages ?? 0} pages, ${calls.model} calls of the model`;
    return {
      rows: [
        {
          what: "one research: wall ÷ its critical path",
          measured: `${ratio.toFixed(2)} (${what}${whole ? "" : "; NOT whole"})`,
          reach: "≤ 1.10",
          ok: whole && ratio <= 1.1,
        },
        {
          what: `one research: wall (another agent without checks: ${OTHER.seconds} s)`,
          measured: seconds(wall),
          reach: "≤ 15 s",
          ok: whole && wall <= 15_000,
        },
        {
          what: `one research: input tokens (another agent: ${OTHER.tokens.toLocaleString("en")})`,
          measured: tokens.toLocaleString("en"),
          reach: "≤ 110,000",
          ok: whole && tokens <= 110_000,
        },
        {
          what: `one research: output tokens (copying its quotes: ${COPYING.toLocaleString("en")})`,
          measured: written.toLocaleString("en"),
          reach: "≤ 50%",
          ok: whole && written <= COPYING / 2,
        },
        {
          what: "one research: our own processor time for each page read and extracted",
          measured: `${cpu.toFixed(0)} ms (bare Readability with linkedom: ${milliseconds.toFixed(0)} ms)`,
          reach: "≤ 60 ms",
          ok: whole && cpu <= 60,
        },
        {
          what: "one research: longest block of the event loop",
          measured: `${block.toFixed(0)} ms (an idle process beside it: ${idle.toFixed(0)} ms)`,
          reach: "≤ 50 ms",
          ok: whole && block <= 50,
        },
        {
          what: "one research: wall with Google's search beside SearXNG's",
          measured: `${seconds(both.figures.wall)} (${both.calls.searches} searches, ${both.figures.pages} pages)`,
          reach: "",
          ok: null,
        },
      ],
      notes: [
        `One research: the median of ${runs} cold runs; the model answers after ${LATENCY.model / 1000} s, the search and ` +
          `each page after ${LATENCY.search / 1000} s, a robots.txt with a 404 at once. A page has ${CHARACTERS.toLocaleString("en")} ` +
          "characters of text and a host of its own; a search finds five. Tokens are a quarter of the characters of " +
          "instructions, prompt and schema. Gemini does not search beside SearXNG, but in the last row.",
        `Critical path: ${chains[0]?.said ?? ""}. The first search runs beside the plan; where the summary is begun before the ` +
          "sections are checked, that check is no part of it.",
      ],
    };
  } finally {
    standIns.stop();
  }
}

interface Calls {
  searches: number;
  pages: number;
  model: number;
}

async function research(
  standIns: StandIns,
  isGoogled: boolean,
): Promise<{ figures: EngineFigures; calls: Calls; idle: number }> {
  const folder = temporaryFolder();
  const before = await standIns.figures();
  const idle = await startIdle();
  try {
    const config = await createBenchConfig(folder.path, standIns, 200);
    const scope: ResearchRequest["scope"] = isGoogled ? ["web", "google"] : ["web"];
    const asked: ResearchRequest = { question: QUESTION, depth: "deep", maxSources: 100, scope, pages: [] };
    const message: EngineAsked = { config, asked: [asked] };
    const figures = await runOnce<EngineFigures>("engine-process", message);
    const after = await standIns.figures();
    const grown = (part: "model" | "search" | "pages", name: string): number =>
      (after[part].by[name] ?? 0) - (before[part].by[name] ?? 0);
    const google = grown("model", "search");
    if (after.model.strange > 0) throw new Error("The model's stand-in was asked what no task of ours asks.");
    return {
      figures,
      idle: await idle.block(),
      calls: {
        searches: grown("search", "search") + google,
        pages: grown("pages", "page"),
        model: after.model.requests - before.model.requests - google,
      },
    };
  } finally {
    idle.stop();
    folder.remove();
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** The stages of the method, by the labels of their steps, in order. */
const STAGES = [
  { name: "plan", kind: "model", label: /^Planning/ },
  { name: "search", kind: "search", label: /^Searching/ },
  { name: "page", kind: "read", label: /^Reading/ },
  { name: "extract", kind: "model", label: /^Extracting/ },
  { name: "outline", kind: "model", label: /^Outlining/ },
  { name: "write", kind: "model", label: /^Writing “/ },
  { name: "check", kind: "model", label: /^Checking (?!the summary)/ },
  { name: "rewrite", kind: "model", label: /^Rewriting/ },
  { name: "conclude", kind: "model", label: /^Writing the summary/ },
  { name: "check of the summary", kind: "model", label: /^Checking the summary/ },
] as const;

interface Stage {
  name: string;
  kind: Timed["kind"];
  count: number;
  begin: number;
  end: number;
}

/** The stages that a run had. @throws Error where a step belongs to none: then this list is out of date */
function stagesOf(steps: Timed[]): Stage[] {
  const of = ({ kind, label }: Timed) =>
    STAGES.find((stage) => stage.kind === kind && stage.label.test(label));
  const unknown = steps.find((step) => of(step) === undefined);
  if (unknown !== undefined) throw new Error(`The bench knows no stage with a step “${unknown.label}”.`);
  return STAGES.flatMap((stage) => {
    const own = steps.filter((step) => of(step) === stage);
    if (own.length === 0) return [];
    const begin = Math.min(...own.map((step) => step.begin));
    const end = Math.max(...own.map((step) => step.end));
    return [{ name: stage.name, kind: stage.kind, count: own.length, begin, end }];
  });
}

/**
 * The longest chain of latencies that wait for each other. The steps of one stage do not wait for one
 * another, so each stage counts once, with the latency that its stand-in has.
 */
function chainOf(steps: Timed[]): { milliseconds: number; said: string } {
  const stages = stagesOf(steps);
  const begin = (name: string): number => stages.find((stage) => stage.name === name)?.begin ?? Infinity;
  const end = (name: string): number => stages.find((stage) => stage.name === name)?.end ?? 0;
  const overlap = begin("conclude") < end("check");
  const chain = stages
    .filter(({ name }) => !(overlap && name === "check"))
    .map(({ name, kind }) => ({ name, wait: LATENCY[kind === "read" ? "page" : kind] }));
  const milliseconds = chain.reduce((sum, { wait }) => sum + wait, 0);
  return {
    milliseconds,
    said: `${chain.map(({ name, wait }) => `${name} ${wait / 1000}`).join(" + ")} = ${milliseconds / 1000} s`,
  };
}

/** When each stage began and ended, a line each, for whoever looks for what stands in the way. */
function timeline(steps: Timed[]): string {
  return stagesOf(steps)
    .map(
      ({ name, count, begin, end }) =>
        `    ${seconds(begin).padStart(7)} – ${seconds(end).padEnd(7)} ${name} (${count})`,
    )
    .join("\n");
}
