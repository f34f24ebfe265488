import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as z from "zod";
import { FEATURE_NAMES, FeatureTogglesSchema, isFeatureOn } from "../../../src/config/features.js";
import { FaultList } from "../../../src/config/faults.js";

describe("features", () => {
  it("are all on in production, and nothing that leaves the machine is on in development", () => {
    for (const name of FEATURE_NAMES) {
      assert.equal(isFeatureOn(name, { environment: "production" }), true, name);
      assert.equal(isFeatureOn(name, { environment: "staging" }), true, name);
    }
    for (const name of ["searxngSearch", "googleSearch", "pageReading"] as const) {
      assert.equal(isFeatureOn(name, { environment: "development" }), false, name);
      assert.equal(isFeatureOn(name, { environment: "development", features: { [name]: true } }), true, name);
    }
  });

  it("are read from an object and from a list", () => {
    for (const given of [
      { cache: false, statistics: true },
      " cache = off,statistics=on",
      "cache=FALSE,statistics=true",
    ])
      assert.deepEqual(FeatureTogglesSchema.parse(given), { cache: false, statistics: true });
  });

  it("refuse unknown names and values of each kind", () => {
    for (const given of [
      "cache",
      "cache=maybe",
      "caches=off",
      "cache=off=on",
      { cache: "off" },
      { caches: false },
      [],
      1,
    ])
      assert.equal(FeatureTogglesSchema.safeParse(given).success, false, JSON.stringify(given));
  });

  it("stand in package.json as in the list", () => {
    const Manifest = z.object({
      contributes: z.object({
        configuration: z.array(
          z.object({
            properties: z.record(
              z.string(),
              z.object({
                properties: z.record(z.string(), z.object({ type: z.literal("boolean") })).optional(),
              }),
            ),
          }),
        ),
      }),
    });
    const { contributes } = Manifest.parse(JSON.parse(readFileSync("package.json", "utf8")));
    const found = contributes.configuration.flatMap((each) => each.properties["deepResearch.features"] ?? []);
    assert.deepEqual(Object.keys(found[0]?.properties ?? {}), FEATURE_NAMES);
  });
});

describe("faults", () => {
  it("are read from a text and from a list", () => {
    const expected = [
      { part: "model", code: "overloaded", every: 3 },
      { part: "read", code: "timeout", every: 1 },
    ];
    assert.deepEqual(FaultList.parse("model:overloaded:3, read:timeout"), expected);
    assert.deepEqual(FaultList.parse(["model:overloaded:3", "read:timeout"]), expected);
    assert.deepEqual(FaultList.parse(""), []);
  });

  it("are refused with an unknown part, code or number", () => {
    for (const given of [
      "disk:timeout",
      "read:eaten",
      "read",
      "read:timeout:0",
      "read:timeout:x",
      "read:timeout:1:2",
      7,
    ])
      assert.equal(FaultList.safeParse(given).success, false, String(given));
  });
});
