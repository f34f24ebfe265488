import { formatMessage } from "../../../../src/common/messages.js";
import assert from "node:assert/strict";
import { estimateResearch, describeEstimate } from "../../../../src/core/pipeline/estimate.js";
import type { ResearchError } from "../../../../src/common/errors.js";
import { addUsageTo, Budget, type BudgetLimits } from "../../../../src/storage/sessions/budget.js";
import { zeroSpent, addStepCost } from "../../../../src/storage/sessions/journal.js";

describe("a budget", () => {
  const none: BudgetLimits = { calls: 0, tokens: 0, usd: 0, minutes: 0 };
  const open: Budget[] = [];
  afterEach(() => open.splice(0).forEach((budget) => budget.close()));
  const of = (
    limits: Partial<BudgetLimits>,
    spent = zeroSpent(),
    grace = 10,
  ): Budget & { said: string[] } => {
    const said: string[] = [];
    const budget = new Budget({ ...none, ...limits }, spent, ({ line }) => said.push(line), grace);
    open.push(budget);
    return Object.assign(budget, { said });
  };

  it("lets everything through where there is no limit", () => {
    const budget = of({});
    for (let n = 0; n < 1000; n++) budget.begin("model", 1e6);
    assert.deepEqual(budget.said, []);
  });

  it("stops its limit on minutes while the user is asked", async () => {
    const budget = of({ minutes: 0.15 / 60 });
    budget.setWaiting(true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(budget.said, []);
    budget.setWaiting(false);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(budget.said.length, 1);
  });

  it("counts what is under way, so that many at once do not overrun it", () => {
    const budget = of({ calls: 3 });
    budget.begin("model", 10);
    budget.begin("search", 10);
    budget.begin("model", 10);
    assert.throws(() => budget.begin("model", 10), { code: "budget", message: /The limit of 3 calls/ });
    assert.throws(() => budget.begin("model", 10), { code: "budget" });
    assert.equal(budget.said.length, 1);
    // Reading costs nothing.
    budget.begin("read", 10)();
  });

  it("gives back what a failed call had reserved, once", () => {
    const budget = of({ calls: 1 });
    const release = budget.begin("model", 10);
    release();
    release();
    budget.begin("model", 10);
    assert.throws(() => budget.begin("model", 10), { code: "budget" });
  });

  it("counts what earlier runs of the session have spent", () => {
    const spent = zeroSpent();
    addUsageTo(spent, "model", { in: 900, out: 50, usd: 0.02 });
    assert.throws(() => of({ calls: 1 }, spent).begin("model", 4), { code: "budget" });
    assert.throws(() => of({ tokens: 1400 }, spent).begin("model", 4), {
      code: "budget",
      message: /1400 tokens/,
    });
    of({ tokens: 1500 }, spent).begin("model", 4);
    assert.throws(() => of({ usd: 0.02 }, spent).begin("model", 4), {
      code: "budget",
      message: /0\.02 dollars/,
    });
    of({ usd: 0.05 }, spent).begin("model", 4);
  });

  it("counts only what is paid for", () => {
    const spent = zeroSpent();
    const free = { in: 0, out: 0, usd: 0 };
    addUsageTo(spent, "model", free);
    addUsageTo(spent, "search", free);
    const budget = of({ calls: 2 }, spent);
    // A failure is paid for as an answer is.
    addStepCost(spent, { in: 90, out: 0, usd: 0 });
    budget.begin("search", 4, true);
    budget.begin("model", 4, true);
    budget.begin("model", 4);
    assert.throws(() => budget.begin("model", 4), { code: "budget", message: /2 calls/ });
    assert.throws(() => budget.begin("search", 4, true), { code: "budget" });
    assert.deepEqual(spent.calls, { model: 1, search: 1, read: 0 });
  });

  it("ends at its minutes, reading too, and soon after also what is under way", async () => {
    const budget = of({ minutes: 0.0005 });
    budget.begin("read", 1);
    await assert.rejects(budget.over, { code: "finish", message: /minutes for this run has been reached/ });
    assert.throws(() => budget.begin("read", 1), { code: "finish" });
    assert.throws(() => budget.begin("model", 1), { code: "finish" });
    assert.equal(budget.said.length, 1);
  });

  it("ends when the user wants what is there", async () => {
    const budget = of({});
    budget.finish();
    assert.throws(() => budget.begin("model", 1), { code: "finish" });
    await assert.rejects(budget.over, (error: ResearchError) => error.code === "finish");
  });
});

describe("an estimate", () => {
  const model = { rates: { think: { in: 1, out: 5 }, read: { in: 0.3, out: 2.5 } }, extractCharacters: 4000 };
  const small = { depth: "quick", questions: 2, maxSources: 5, searches: [], model } as const;

  it("is a range that grows with sources, questions and rounds", () => {
    const a = estimateResearch(small);
    const b = estimateResearch({ ...small, depth: "deep", questions: 9, maxSources: 60 });
    for (const { calls, tokens, usd } of [a, b]) {
      for (const [low, high] of [calls, tokens, usd]) assert.ok(low > 0 && low < high);
    }
    assert.ok(b.calls[1] > a.calls[1] && b.usd[1] > a.usd[1] && b.tokens[0] > a.tokens[0]);
    const searched = estimateResearch({
      ...small,
      searches: [{ kind: "answers", cost: { tokens: true, perCall: null } }],
    });
    assert.equal(searched.calls[1], a.calls[1] + 2);
  });

  it("costs nothing where the model is free, and reads as a line", () => {
    const free = estimateResearch({ ...small, model: { ...model, rates: null } });
    assert.deepEqual(free.usd, [0, 0]);
    assert.match(
      formatMessage(describeEstimate(free)),
      /^\d+ to \d+ calls, [\d,]+ to [\d,]+ tokens, no charge$/,
    );
    assert.match(
      formatMessage(describeEstimate(estimateResearch(small))),
      /, (?:less than )?\$0\.\d\d to \$0\.\d\d$/,
    );
  });
});
