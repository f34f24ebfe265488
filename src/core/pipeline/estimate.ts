import { msg, type Message, type MessageValue } from "../../common/messages.js";
import type { Estimate, EstimateRange } from "../domain/estimate.js";
import type { Model, SearchTraits } from "../domain/ports.js";
import { DEPTHS, type Depth } from "../domain/schema.js";
import { SOURCES_PER_ADDED_QUESTION } from "./steering.js";

/** What is known before a research begins. */
export interface EstimateInput {
  depth: Depth;
  /** Questions that are searched for, the user's own included. */
  questions: number;
  /** Questions that the user added while it ran. */
  added?: number;
  maxSources: number;
  /** The searches that each question is given to. */
  searches: readonly Pick<SearchTraits, "kind" | "cost">[];
  model: Pick<Model, "rates" | "extractCharacters">;
}

/** Tokens of one call: in, and out from least to most (thoughts are paid, too, and vary). */
const CALLS = {
  plan: { role: "think", in: 400, out: [200, 1500] },
  search: { role: "think", in: 150, out: [300, 2500] },
  outline: { role: "think", in: 600, out: [300, 3000] },
  write: { role: "think", in: 1800, out: [400, 3000] },
  rewrite: { role: "think", in: 1200, out: [200, 2000] },
  conclude: { role: "think", in: 2500, out: [400, 3000] },
  verify: { role: "read", in: 1500, out: [200, 1500] },
} as const;
/** Instructions, questions and schema around a source's passages, and the claims that come of it. */
const EXTRACT = { in: 500, out: [150, 1200] } as const;
/** What one source's evidence adds to the index that an outline and a summary see. */
const TOKENS_PER_INDEXED_SOURCE = 120;
/** Sections of a report, from a plain answer to a survey. */
const SECTIONS: EstimateRange = [1, 7];

/**
 * What a research may cost, from its plan and the day's prices. The least is a question that few
 * sources answer in one round; the most has every round, every source and every rewrite.
 */
export function estimateResearch({
  depth,
  questions,
  added = 0,
  maxSources,
  searches,
  model,
}: EstimateInput): Estimate {
  const { rounds } = DEPTHS[depth];
  // What a provider vouches for is not read by us, and may be all that is found.
  const hasAnswers = searches.some(({ kind }) => kind === "answers");
  const readable = hasAnswers ? 0 : Math.min(questions, maxSources);
  const asked: EstimateRange = [questions + added, questions + added + 3 * (rounds - 1)];
  const calls = searches.filter(({ cost }) => cost.tokens).length;
  const fees = searches.reduce((sum, { cost }) => sum + (cost.perCall ?? 0), 0);
  const counts: Counts = {
    plan: [1, 1],
    search: [asked[0] * calls, asked[1] * calls],
    // A quarter more: sources are asked again for quotes that were not found, and known sources about added questions.
    extract: [readable, Math.ceil((maxSources + added * SOURCES_PER_ADDED_QUESTION) * 1.25)],
    // What is added while a round is outlined is outlined in a round of its own.
    outline: [1, rounds + added],
    write: SECTIONS,
    rewrite: [0, SECTIONS[1]],
    conclude: [1, 1],
    verify: [SECTIONS[0] + 1, SECTIONS[1] * 2 + 1],
  };
  const { usd, ...estimate } = costOf(counts, [readable, maxSources], model);
  return { ...estimate, usd: [usd[0] + asked[0] * fees, usd[1] + asked[1] * fees] };
}

/** What a refresh may cost, once it is known which sources changed and how often Google is searched again. */
export function estimateRefresh(
  { changed, sections, searches }: { changed: number; sections: number; searches: number },
  model: EstimateInput["model"],
): Estimate {
  const counts: Counts = {
    plan: [0, 0],
    search: [searches, searches],
    extract: [changed, changed * 2],
    outline: [0, 0],
    // What changed in a source may be nothing that a section says.
    write: [0, sections],
    rewrite: [0, sections],
    conclude: [0, 1],
    verify: [0, sections * 2 + 1],
  };
  return costOf(counts, [changed, changed], model);
}

type Counts = Record<keyof typeof CALLS | "extract", EstimateRange>;

function costOf(counts: Counts, indexed: EstimateRange, model: EstimateInput["model"]): Estimate {
  const total: Estimate = { calls: [0, 0], tokens: [0, 0], usd: [0, 0] };
  for (const end of [0, 1] as const) {
    const sources = indexed[end];
    for (const [task, count] of Object.entries(counts) as [keyof Counts, EstimateRange][]) {
      const reads = task === "extract" || CALLS[task].role === "read";
      const rate = model.rates?.[reads ? "read" : "think"] ?? { in: 0, out: 0 };
      const shape = task === "extract" ? EXTRACT : CALLS[task];
      const more =
        task === "extract"
          ? model.extractCharacters / 4
          : task === "outline" || task === "conclude"
            ? sources * TOKENS_PER_INDEXED_SOURCE
            : 0;
      const tokens = { in: shape.in + more, out: shape.out[end] };
      total.calls[end] += count[end];
      total.tokens[end] += count[end] * (tokens.in + tokens.out);
      total.usd[end] += (count[end] * (tokens.in * rate.in + tokens.out * rate.out)) / 1e6;
    }
  }
  return { ...total, tokens: [round(total.tokens[0]), round(total.tokens[1])] };
}

function round(tokens: number): number {
  return Math.round(tokens / 100) * 100;
}

/** An estimate in a line: "18 to 45 calls, 30,000 to 120,000 tokens, $0.02 to $0.19". */
export function describeEstimate({ calls, tokens, usd }: Estimate): Message {
  const money = usd[1] === 0 ? msg`no charge` : msg`${dollars(usd[0])} to ${dollars(usd[1])}`;
  const [low, high] = tokens;
  return msg`${calls[0]} to ${calls[1]} calls, ${{ count: low }} to ${{ count: high }} tokens, ${money}`;
}

function dollars(usd: number): MessageValue {
  return usd > 0 && usd < 0.01 ? msg`less than $0.01` : { usd, places: 2 };
}
