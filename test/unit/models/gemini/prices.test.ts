import assert from "node:assert/strict";
import { ENGLISH_LOCALIZER } from "../../../../src/common/messages.js";
import { checkPrices } from "../../../../src/app/health/model-provider.js";
import type { HealthContext } from "../../../../src/app/health/check.js";
import {
  arePricesStale,
  hasPrice,
  isSameModel,
  MODELS_BY_ROLE,
  priceOf,
  replaceRetiredModels,
  RETIREMENTS,
} from "../../../../src/models/gemini/prices.js";

const day = (text: string): Date => new Date(`${text}T12:00:00Z`);

describe("Gemini's models and prices", () => {
  it("have a price for each model that is asked or succeeds another", () => {
    const successors = Object.values(RETIREMENTS).map(({ successor }) => successor);
    for (const model of [...MODELS_BY_ROLE.think, ...MODELS_BY_ROLE.read, ...successors])
      assert.ok(hasPrice(model), model);
    assert.equal(priceOf("gemini-3.8-flash", { in: 1e6, out: 0 }, day("2026-12-31")).usd, 0.75);
    assert.equal(priceOf("gemini-3.8-flash", { in: 1e6, out: 0 }, day("2027-01-01")).usd, 1.5);
  });

  it("replace a model that has ended from its last day on, and name none twice", () => {
    const asked = ["gemini-2.5-pro", "gemini-3.8-flash", "gemini-2.5-flash"];
    assert.deepEqual(replaceRetiredModels(asked, day("2026-11-30")), { models: asked, replaced: [] });
    const { models, replaced } = replaceRetiredModels(asked, day("2026-12-01"));
    assert.deepEqual(models, ["gemini-3.8-flash", "gemini-3.5-flash-lite"]);
    assert.deepEqual(
      replaced.map(({ model, successor }) => [model, successor]),
      [
        ["gemini-2.5-pro", "gemini-3.8-flash"],
        ["gemini-2.5-flash", "gemini-3.5-flash-lite"],
      ],
    );
  });

  it("tell a version of a model from another model", () => {
    for (const [asked, answered, same] of [
      ["gemini-3.8-flash", "gemini-3.8-flash", true],
      ["gemini-3.8-flash", "models/gemini-3.8-flash-001", true],
      ["gemini-3.5-flash", "gemini-3.5-flash-lite", false],
      ["gemini-2.5-pro", "gemini-3.8-flash", false],
    ] as const)
      assert.equal(isSameModel(asked, answered), same, `${asked} ${answered}`);
  });

  it("are said to be old after ninety days", () => {
    assert.equal(arePricesStale(day("2027-02-19")), false);
    assert.equal(arePricesStale(day("2027-02-21")), true);
    const on = { situation: { key: { value: null } }, l10n: ENGLISH_LOCALIZER } as unknown as HealthContext;
    assert.match(checkPrices(on, day("2026-11-29")).detail, /by the prices of 2026-11-22\.$/);
    const old = checkPrices(on, day("2027-06-01"));
    assert.deepEqual([old.state, old.detail.includes("may have changed")], ["warning", true]);
  });
});
