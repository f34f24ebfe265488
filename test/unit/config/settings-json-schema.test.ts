import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as z from "zod";
import { createSettingsJsonSchema } from "../../../src/config/settings-json-schema.js";
import { SETTING_NAMES, SETTINGS } from "../../../src/config/settings-schema.js";

const FILE = "media/deep-research.schema.json";
const JsonSchema = z.looseObject({
  additionalProperties: z.literal(false),
  properties: z.record(z.string(), z.looseObject({ description: z.string() })),
});

describe("the schema of deep-research.yaml", () => {
  it("is the one that the settings give", () => {
    assert.deepEqual(
      JSON.parse(readFileSync(FILE, "utf8")),
      createSettingsJsonSchema(),
      "Run npm run settings-schema",
    );
  });

  it("has what a workspace may set, with its values and its default, and nothing else", () => {
    const { properties } = JsonSchema.parse(JSON.parse(readFileSync(FILE, "utf8")));
    const allowed = SETTING_NAMES.filter((name) => SETTINGS[name].workspace);
    assert.deepEqual(Object.keys(properties), allowed);
    assert.deepEqual(properties["depth"]?.["enum"], ["quick", "standard", "deep"]);
    assert.deepEqual(
      [
        properties["maxSources"]?.["type"],
        properties["maxSources"]?.["maximum"],
        properties["maxSources"]?.["default"],
      ],
      ["integer", 100, 10],
    );
    for (const [name, property] of Object.entries(properties))
      assert.ok("type" in property || "anyOf" in property, `${name} has a type`);
  });

  it("is contributed for YAML, and packaged", () => {
    const Manifest = z.object({
      contributes: z.object({
        yamlValidation: z.array(z.object({ fileMatch: z.string(), url: z.string() })),
      }),
    });
    const { contributes } = Manifest.parse(JSON.parse(readFileSync("package.json", "utf8")));
    assert.deepEqual(contributes.yamlValidation, [{ fileMatch: "deep-research.yaml", url: `./${FILE}` }]);
    assert.ok(readFileSync(".vscodeignore", "utf8").split("\n").includes(`!${FILE}`));
  });
});
